import { flag, toggle } from '../../shared/parsers/boolean';
import { wholeNumber } from '../../shared/parsers/number';
import type { Parser } from '../../shared/parsers/parser';
import { boolean, codeWord, number, options, required, type Field } from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import { GET_MANY, type Resource } from '../declarations/operation';
import { pick } from '../declarations/pick';
import {
	hoursWithRoom,
	startBeforeEnd,
	providerDateWindow,
	requires,
	type Rule,
} from '../declarations/rules';
import { findSlots } from '../slots/findSlots';
import { additionalFields, days, filters, locations, providers } from './sharedFields';
import { slotDuration, slotGrid, slotHours } from './slotFields';

const minutesUpToADay = wholeNumber(0, 24 * 60);

const GAPS = {
	name: 'Gaps',
	value: 'gaps',
	description: 'The free time between working hours and appointments',
};

const SLOTS = { name: 'Slots', value: 'slots', description: 'The slots defined in the EHR' };

/** Only Cobalt's page about the live fetch names this value. */
const EQUAL_SLOTS = { name: 'Equal Slots', value: 'equal_slots' };

/**
 * Settings for how windows are calculated. Cobalt documents their names and types, but not the defaults of
 * all of them.
 *
 * @param read read parser for yes and no, which a query needs as text, and a body as true and false
 */
const calculation = (read: Parser, methods: Parameters<typeof options>[2]): Field[] => [
	number('buffer', 'Buffer (Minutes)', {
		initially: 30,
		read: wholeNumber(0, 59),
		description: 'Minutes to keep free after a visit, up to 59',
	}),
	options('calculation_method', 'Calculation Method', methods, { initially: 'gaps' }),
	number('daily_appointment_limit', 'Daily Appointment Limit', {
		initially: 20,
		read: wholeNumber(1, 1_000),
		description: "Max number of visits per day of the type in 'Daily Limit Type'",
	}),
	codeWord('daily_limit_type', 'Daily Limit Type', {
		placeholder: 'e.g. follow_up',
		description: "The code of the visit type that 'Daily Appointment Limit' counts",
	}),
	boolean('facility_scoped_scheduling', 'Facility Scoped Scheduling', {
		read,
		description: 'Whether to calculate availability separately for each facility',
	}),
	boolean('fallback_to_default_hours', 'Fall Back to Default Hours', {
		read,
		description: 'Whether to assume default hours for providers without working hours',
	}),
	number('max_slot_duration', 'Max Slot Duration (Minutes)', {
		initially: 60,
		read: minutesUpToADay,
	}),
	options('provider_type', 'Provider Type', [
		{ name: 'Primary', value: 'primary' },
		{ name: 'Secondary', value: 'secondary' },
	]),
	pick('visitTypes', 'code', 'visit_type', 'Visit Type', {
		placeholder: 'Select a visit type…',
		idPlaceholder: 'e.g. follow_up',
		description:
			"The visit type after which the buffer is kept free: a code, or 'all'. This is not a filter.",
	}),
];

/** Slots have the length that the user sets, so the maximum does not apply. */
const isOfEverySlot = ({ key }: Field): boolean => key !== 'max_slot_duration';

/** Each of the two has no meaning without the other. */
const limitWithType: Rule[] = [
	requires('daily_appointment_limit', 'daily_limit_type'),
	requires('daily_limit_type', 'daily_appointment_limit'),
];

export const availability: Resource = {
	value: 'availability',
	name: 'Availability',
	defaultOperation: GET_MANY,
	operations: [
		{
			kind: 'submission',
			value: 'fetchLive',
			name: 'Fetch Live',
			action: 'Fetch live availability',
			description:
				"Retrieve the open times of providers directly from the EHR. Slower than 'Get Many', but always current. Up to 5 days for one provider, or a single day for up to 10.",
			method: 'POST',
			path: '/availability/fetch',
			isRead: true,
			fields: [...days('to include'), providers('list', 10)].map(required),
			optional: additionalFields([locations('list')]),
			settings: calculation(toggle, [EQUAL_SLOTS, GAPS, SLOTS]),
			rules: [startBeforeEnd, providerDateWindow, ...limitWithType],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.slow,
			terminalEvents: { completed: ['availability.live_fetch_completed'], failed: [] },
		},
		{
			kind: 'list',
			value: 'findSlots',
			name: 'Find Slots',
			action: 'Find open slots',
			description:
				"Retrieve the first slots of a given length in providers' open times, one item for each slot, from Cobalt's copy of the EHR",
			path: '/availability',
			key: 'results.availability',
			shared: ['timezone'],
			fields: [...days('to include'), slotDuration].map(required),
			optional: filters([...slotHours, locations('commas'), providers('commas')]),
			settings: [...slotGrid, ...calculation(flag, [GAPS, SLOTS]).filter(isOfEverySlot)],
			rules: [
				startBeforeEnd,
				hoursWithRoom('hours_from', 'hours_to', 'duration'),
				...limitWithType,
			],
			derive: findSlots,
		},
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many open times',
			description:
				"Retrieve a list of providers' open time windows, one item for each window, from Cobalt's copy of the EHR",
			path: '/availability',
			key: 'results.availability',
			shared: ['timezone'],
			fields: days('to include').map(required),
			optional: filters([locations('commas'), providers('commas')]),
			settings: calculation(flag, [GAPS, SLOTS]),
			rules: [startBeforeEnd, ...limitWithType],
			simplified: [
				'date',
				'range_start',
				'range_end',
				'provider_name',
				'facility_name',
				'duration_string',
				'timezone_abbr',
				'timezone',
				'provider_id',
				'facility_id',
			],
		},
	],
};
