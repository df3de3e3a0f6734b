import { DateTime } from 'luxon';

import type { Kind } from '../events/eventNames.mts';
import { Refusal } from '../server/response.mts';
import type { Context } from '../server/context.mts';
import { route } from '../server/route.mts';
import {
	anyOf,
	bool,
	commaListOf,
	day,
	eachOptional,
	integerFrom,
	listOf,
	missingParameters,
	oneOf,
	optional,
	phoneNumber,
	required,
	requireFields,
	text,
} from '../server/validation.mts';
import { isInEhr, localDayOf } from '../tasks/appointments.mts';
import { liveFetch } from '../tasks/liveFetch.mts';
import { isInEhr as isPatientInEhr } from '../tasks/patients.mts';
import { listedAppointment } from '../views/appointments.mts';
import { availability } from '../views/availability.mts';
import { livePatient } from '../views/patients.mts';
import type { Ehr } from '../world/ehr.mts';
import { checkEhrIds, contains, isSamePhone, isWithin, requireEClinicalWorks } from './lookups.mts';

const MAX_PROVIDERS = 10;

/** Refuses a window that runs backwards or ends more than this many days after its start. */
function checkWindow(start: string, end: string, max: number): void {
	const days = DateTime.fromISO(end).diff(DateTime.fromISO(start), 'days').days;
	if (days < 0) throw new Refusal(400, 'end_date must not be before start_date.');
	if (days > max) {
		throw new Refusal(
			400,
			max === 0
				? 'With several providers, start_date and end_date must be the same day.'
				: `The date range must not exceed ${max} days.`,
		);
	}
}

/** Up to five days for one provider, the same day for several. */
function checkProviders(ehr: Ehr, providers: string[], start: string, end: string): void {
	if (providers.length === 0) throw new Refusal(400, missingParameters(['provider_ids']));
	checkWindow(start, end, providers.length === 1 ? 5 : 0);
	checkEhrIds(ehr, { providers });
}

interface AppointmentSearch {
	start_date?: string;
	end_date?: string;
	mrn?: string;
	provider_ids?: string[];
}

/** Required fields and rules of each way to search for appointments. */
const appointmentSearches = {
	date_range: {
		needs: ['start_date', 'end_date'],
		check(_ehr: Ehr, { start_date = '', end_date = '' }: AppointmentSearch) {
			checkWindow(start_date, end_date, 7);
		},
		uses: ({ start_date, end_date }: AppointmentSearch): AppointmentSearch => ({
			start_date,
			end_date,
		}),
	},
	mrn: {
		needs: ['mrn'],
		check: () => undefined,
		uses: ({ mrn }: AppointmentSearch): AppointmentSearch => ({ mrn }),
	},
	provider: {
		needs: ['provider_ids', 'start_date', 'end_date'],
		check(ehr: Ehr, { provider_ids = [], start_date = '', end_date = '' }: AppointmentSearch) {
			checkProviders(ehr, provider_ids, start_date, end_date);
		},
		uses: ({ start_date, end_date, provider_ids }: AppointmentSearch): AppointmentSearch => ({
			start_date,
			end_date,
			provider_ids,
		}),
	},
};

function findAppointments(ehr: Ehr, { mrn, provider_ids, ...days }: AppointmentSearch) {
	const matching = ehr.appointments.filter(
		(appointment) =>
			isInEhr(appointment) &&
			isWithin(localDayOf(ehr, appointment), days) &&
			appointment.patient_mrn === (mrn ?? appointment.patient_mrn) &&
			(provider_ids?.includes(appointment.provider_ehr_id) ?? true),
	);
	return matching.map((appointment) => ({
		...listedAppointment(ehr, appointment, true),
		// Only a search by MRN says who made it. The names are invented.
		...(mrn === undefined ? {} : { created_by: appointment.source ? 'Cobalt' : 'Front desk' }),
	}));
}

interface PatientSearch {
	dob?: string;
	first_name?: string;
	last_name?: string;
	phone?: string;
	mrn?: string;
}

/** The fields of each way to search for patients. That half of a name is enough is not documented. */
const patientSearches = {
	dob: { needs: ['dob'], uses: ({ dob }: PatientSearch): PatientSearch => ({ dob }) },
	name: {
		needs: [],
		uses: ({ first_name, last_name }: PatientSearch): PatientSearch => ({ first_name, last_name }),
	},
	phone: { needs: ['phone'], uses: ({ phone }: PatientSearch): PatientSearch => ({ phone }) },
	mrn: { needs: ['mrn'], uses: ({ mrn }: PatientSearch): PatientSearch => ({ mrn }) },
};

function findPatients(ehr: Ehr, wanted: PatientSearch) {
	return ehr.patients.filter(
		(patient) =>
			isPatientInEhr(patient) &&
			patient.dob === (wanted.dob ?? patient.dob) &&
			patient.mrn === (wanted.mrn ?? patient.mrn) &&
			contains(patient.first_name, wanted.first_name) &&
			contains(patient.last_name, wanted.last_name) &&
			isSamePhone(patient.phone, wanted.phone),
	);
}

function start(
	context: Context,
	kind: Kind,
	body: Record<string, unknown>,
	readLive: () => object,
) {
	return context.dialect.fetching(
		'Live fetch request accepted. Results will be sent via webhook when ready.',
		context.ehrWorker.submit(liveFetch(context, kind, body, readLive)),
	);
}

const extra = oneOf('insurances', 'tasks');

export const liveFetchRoutes = [
	route({
		method: 'POST',
		path: '/appointments/fetch',
		body: {
			search_by: optional(oneOf('date_range', 'mrn', 'provider')),
			start_date: optional(day),
			end_date: optional(day),
			mrn: optional(text),
			provider_ids: optional(listOf(text, MAX_PROVIDERS)),
		},
		run(context, { body }) {
			const { ehr } = context;
			const search = appointmentSearches[body.search_by ?? 'date_range'];
			requireEClinicalWorks(ehr, 'Live fetch for appointments');
			requireFields(search.needs, body, missingParameters);
			search.check(ehr, body);
			const wanted = search.uses(body);
			return start(context, 'appointment.fetch', body, () => {
				const { start_date = null, end_date = null } = wanted;
				const appointments = findAppointments(ehr, wanted);
				return { appointment_count: appointments.length, start_date, end_date, appointments };
			});
		},
	}),
	route({
		method: 'POST',
		path: '/patients/fetch',
		missing: missingParameters,
		body: {
			// Required on the older page; the newer one does not say.
			search_by: required(oneOf('dob', 'name', 'phone', 'mrn')),
			dob: optional(day),
			phone: optional(phoneNumber),
			...eachOptional(['first_name', 'last_name', 'mrn'], text),
			include: optional(anyOf(listOf(extra), commaListOf(extra))),
		},
		run(context, { body }) {
			const { ehr } = context;
			const { needs, uses } = patientSearches[body.search_by];
			const wanted = uses(body);
			requireEClinicalWorks(ehr, 'Live fetch for patients');
			requireFields(needs, body, missingParameters);
			if (Object.values(wanted).every((value) => value === undefined)) {
				throw new Refusal(400, missingParameters(['first_name', 'last_name']));
			}
			return start(context, 'patient.fetch', body, () => {
				const patients = findPatients(ehr, wanted).map((patient) =>
					livePatient(ehr, patient, body.include ?? []),
				);
				return { patient_count: patients.length, patients };
			});
		},
	}),
	route({
		method: 'POST',
		path: '/availability/fetch',
		missing: missingParameters,
		body: {
			start_date: required(day),
			end_date: required(day),
			provider_ids: required(listOf(text, MAX_PROVIDERS)),
			location_ids: optional(listOf(text)),
			provider_type: optional(oneOf('primary', 'secondary')),
			calculation_method: optional(oneOf('slots', 'gaps', 'equal_slots')),
			...eachOptional(['visit_type', 'daily_limit_type'], text),
			buffer: optional(integerFrom(0, 59)),
			daily_appointment_limit: optional(integerFrom(1)),
			max_slot_duration: optional(integerFrom(0)),
			...eachOptional(['fallback_to_default_hours', 'facility_scoped_scheduling'], bool),
		},
		run(context, { body }) {
			const { ehr } = context;
			const { start_date, end_date, provider_ids } = body;
			checkProviders(ehr, provider_ids, start_date, end_date);
			checkEhrIds(ehr, { locations: body.location_ids ?? [] });
			return start(context, 'availability.fetch', body, () => ({
				start_date,
				end_date,
				availability: availability(ehr, {
					from: start_date,
					to: end_date,
					providers: provider_ids,
					locations: body.location_ids,
				}),
			}));
		},
	}),
];
