import { route } from '../server/route.mts';
import {
	commaListOf,
	dayOrInstant,
	eachOptional,
	flag,
	integerFrom,
	listOf,
	objectOf,
	oneOf,
	oneOfAnyCase,
	optional,
	requireAny,
	required,
	shiftTime,
	text,
	wholeNumber,
	type Values,
} from '../server/validation.mts';
import { availability } from '../views/availability.mts';
import type { Ehr, Provider } from '../world/ehr.mts';
import { checkCobaltId, found } from './lookups.mts';

const weekday = oneOf('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday');

const recurrence = objectOf({
	rec_start_date: optional(dayOrInstant),
	rec_end_date: optional(dayOrInstant),
	recur_interval_type: optional(oneOf('days')),
	recur_interval_amount: optional(integerFrom(1)),
	recur_interval_description: optional(text),
});

const shift = objectOf({
	start: required(shiftTime),
	end: required(shiftTime),
	facility_id: optional(text),
	set_start_date: optional(dayOrInstant),
	set_end_date: optional(dayOrInstant),
	set_recur: optional(recurrence),
});

const status = oneOfAnyCase('active', 'inactive');

const providerFields = {
	status: optional(status),
	// A string in requests, a boolean in responses.
	hide_in_availability: optional(flag),
	hours: optional(listOf(objectOf({ day: required(weekday), shifts: required(listOf(shift)) }))),
};

type ProviderBody = Values<typeof providerFields>;

/** The hours as responses show them: `set_recur` becomes `recurrence`. */
function hoursFrom(ehr: Ehr, { hours = [] }: ProviderBody): Provider['hours'] {
	return hours.map(({ day: name, shifts }) => ({
		day: name,
		shifts: shifts.map(({ set_recur, facility_id, set_start_date, set_end_date, ...times }) => {
			checkCobaltId(ehr.locations, facility_id, 'Location');
			const facility = ehr.locations.find(({ id }) => id === facility_id);
			return {
				...times,
				facility_id: facility_id ?? null,
				facility_name: facility?.name ?? null,
				set_start_date: set_start_date ?? null,
				set_end_date: set_end_date ?? null,
				set_description: set_recur?.recur_interval_description ?? null,
				recurrence: set_recur ?? null,
				visit_type_rules: [],
			};
		}),
	}));
}

/** One endpoint for each kind of id. */
function updateProviderBy(key: 'id' | 'ehr_id', path: string) {
	return route({
		method: 'PATCH',
		path,
		body: providerFields,
		run({ ehr }, { params, body }) {
			const provider = found(
				ehr.providers.find((one) => one[key] === params.id),
				'Provider',
			);
			requireAny(body);
			Object.assign(
				provider,
				body.status === undefined ? {} : { status: body.status },
				body.hide_in_availability === undefined
					? {}
					: { hide_in_availability: body.hide_in_availability === 'true' },
				body.hours === undefined ? {} : { hours: hoursFrom(ehr, body) },
			);
			return {
				success: true,
				message: 'Provider status and hours updated successfully.',
				provider_id: provider.id,
			};
		},
	});
}

const dayIn = (value: string) => value.slice(0, 10);

export const accountRoutes = [
	route({
		method: 'GET',
		path: '/settings',
		run({ ehr }) {
			const { access_token_reference_id, timezone } = ehr.settings;
			const { visit_types, visit_statuses, required_patient_fields } = ehr.settings;
			return {
				success: true,
				data: {
					access_token_reference_id,
					visit_types,
					visit_statuses,
					required_patient_fields,
					timezone,
				},
			};
		},
	}),
	route({
		method: 'GET',
		path: '/providers',
		run: ({ ehr }) => ({ success: true, providers: ehr.providers }),
	}),
	updateProviderBy('id', '/providers/:id'),
	updateProviderBy('ehr_id', '/providers/ehr/:id'),
	route({
		method: 'GET',
		path: '/locations',
		run: ({ ehr }) => ({ success: true, locations: ehr.locations }),
	}),
	route({
		method: 'PATCH',
		path: '/locations/:id',
		body: { status: required(status) },
		run({ ehr }, { params, body }) {
			const location = found(
				ehr.locations.find(({ id }) => id === params.id),
				'Location',
			);
			location.status = body.status;
			return {
				success: true,
				message: 'Location status updated successfully.',
				location_id: location.id,
			};
		},
	}),
	route({
		method: 'GET',
		path: '/availability',
		query: {
			start_date: required(dayOrInstant),
			end_date: required(dayOrInstant),
			provider_type: optional(oneOf('primary', 'secondary')),
			calculation_method: optional(oneOf('slots', 'gaps')),
			...eachOptional(['provider_ids', 'location_ids'], commaListOf(text)),
			...eachOptional(['visit_type', 'daily_limit_type', 'slot_type'], text),
			buffer: optional(wholeNumber(0, 59)),
			daily_appointment_limit: optional(wholeNumber(1)),
			max_slot_duration: optional(wholeNumber(0)),
			...eachOptional(['fallback_to_default_hours', 'facility_scoped_scheduling'], flag),
		},
		run: ({ ehr }, { query }) => ({
			success: true,
			results: {
				availability: availability(ehr, {
					from: dayIn(query.start_date),
					to: dayIn(query.end_date),
					providers: query.provider_ids,
					locations: query.location_ids,
				}),
			},
			timezone: ehr.settings.timezone,
		}),
	}),
];
