import type { IDataObject } from 'n8n-workflow';

import { firstText } from '../../shared/json';
import { UnexpectedResponseError } from '../../shared/pagination/pages';
import { dateTime, isLocalTime } from '../../shared/parsers/dateTime';
import { isTimezone } from '../../shared/parsers/timezone';
import { RequestError } from '../../shared/retry/errors';
import type { Derived } from '../declarations/operation';
import type { Values } from '../declarations/rules';
import { LocalTime } from './localTime';
import { slotStarts, type Range, type SlotRules } from './slotStarts';

const MINUTE_MS = 60_000;

/** The values of the field, starting with Monday. */
export const WEEKDAYS = [
	'monday',
	'tuesday',
	'wednesday',
	'thursday',
	'friday',
	'saturday',
	'sunday',
];

/** The timezone is unknown, and with it what the clocks show. */
class NoTimezoneError extends RequestError {
	readonly mayBeAccepted = false;

	readonly isTransient = false;

	readonly description = "Choose 'Timezone' under 'Options'.";

	constructor() {
		super("Cobalt did not say what the clinic's timezone is");
	}
}

/** A window in Cobalt's list, with its start and end. */
interface Window extends Range {
	record: IDataObject;
}

/**
 * Divides open windows into slots for one appointment each.
 *
 * @param records Cobalt's windows, each with the clinic's timezone
 * @param values the fields of Availability: Find Slots
 * @param now epoch milliseconds: no slot starts earlier
 * @returns the slots, the earliest first, and how many windows have no clear start and end
 * @throws UnexpectedResponseError if no window has a clear start and end; NoTimezoneError
 */
export function findSlots(records: readonly IDataObject[], values: Values, now: number): Derived {
	const [first] = records;
	if (first === undefined) return { records: [], unclear: 0 };
	const clinic = timezoneIn(first.timezone);
	const timezone = timezoneIn(values.timezone) ?? clinic;
	if (timezone === undefined) throw new NoTimezoneError();
	const rules = rulesOf(values, timezone, now);
	const durationMs = rules.durationMinutes * MINUTE_MS;
	const windows = records.flatMap((record) => windowOf(record, clinic) ?? []);
	if (windows.length === 0) throw new UnexpectedResponseError();
	const slots = openWindows(windows, values)
		.flatMap(({ record, ...range }) => slotStarts(range, rules).map((start) => ({ start, record })))
		.sort((one, other) => one.start - other.start)
		.map(({ start, record }) => ({
			start: rules.local.format(start),
			end: rules.local.format(start + durationMs),
			duration: rules.durationMinutes,
			...Object.fromEntries(OF_WINDOW.map((key) => [key, record[key] ?? null])),
			timezone,
		}))
		.filter(isFirst());
	// A time that is a guess must not be offered, and one bad window is no reason to offer nothing.
	return { records: slots, unclear: records.length - windows.length };
}

function timezoneIn(value: unknown): string | undefined {
	const name = firstText(value);
	return name !== undefined && isTimezone(name) ? name : undefined;
}

/** The fields that a slot copies from its window. */
const OF_WINDOW = ['provider_id', 'provider_name', 'facility_id', 'facility_name'] as const;

function rulesOf(values: Values, timezone: string, now: number): SlotRules {
	const duration = Number(values.duration);
	const { start_date, end_date, weekdays, hours_from: from, hours_to: to } = values;
	return {
		durationMinutes: duration,
		intervalMinutes: Number(values.interval ?? duration),
		countedFrom: values.counted_from === 'midnight' ? 'midnight' : 'window',
		freeBefore: Number(values.free_before ?? 0),
		freeAfter: Number(values.free_after ?? 0),
		earliest: now + Number(values.notice ?? 0) * MINUTE_MS,
		firstDate: firstText(start_date),
		lastDate: firstText(end_date),
		...(Array.isArray(weekdays) && {
			weekdays: new Set(weekdays.map((day) => WEEKDAYS.indexOf(String(day)) + 1)),
		}),
		...((from !== undefined || to !== undefined) && {
			hours: [Number(from ?? 0), Number(to ?? 24 * 60)],
		}),
		local: new LocalTime(timezone),
	};
}

/** @returns undefined for a window whose start or end is unclear */
function windowOf(record: IDataObject, clinic: string | undefined): Window | undefined {
	const start = timestampOf(record.range_start, clinic);
	const end = timestampOf(record.range_end, clinic);
	return start === undefined || end === undefined ? undefined : { start, end, record };
}

/** @param clinic the timezone of times without an offset */
function timestampOf(time: unknown, clinic: string | undefined): number | undefined {
	try {
		if (clinic === undefined && isLocalTime(time)) return undefined;
		const ms = Date.parse(dateTime(time, { timezone: clinic ?? 'UTC' }) ?? '');
		return Number.isNaN(ms) ? undefined : ms;
	} catch {
		return undefined;
	}
}

/**
 * Windows in which appointments may be made. Free time that touches or overlaps is merged into one window;
 * slots of the EHR stay separate (docs/api-notes.md, "What the documents do not say").
 */
function openWindows(windows: readonly Window[], { calculation_method: method }: Values): Window[] {
	const open = windows.filter(({ record }) => String(record.available_appointments) !== '0');
	if (method !== undefined && method !== 'gaps') return open;
	const byPlace = new Map<string, Window[]>();
	for (const window of [...open].sort((one, other) => one.start - other.start)) {
		const place = placeOf(window.record);
		const merged = byPlace.get(place) ?? [];
		const last = merged.at(-1);
		if (last && window.start <= last.end) {
			merged[merged.length - 1] = { ...last, end: Math.max(last.end, window.end) };
		} else merged.push(window);
		byPlace.set(place, merged);
	}
	return [...byPlace.values()].flat();
}

/** Identifies the provider and the location of a window or a slot. */
const placeOf = ({ provider_id, facility_id }: IDataObject): string =>
	JSON.stringify([firstText(provider_id), firstText(facility_id)]);

/** A filter that drops slots which an overlapping window has already produced. */
function isFirst(): (slot: IDataObject) => boolean {
	const known = new Set<string>();
	return (slot) => {
		const key = `${String(slot.start)} ${placeOf(slot)}`;
		const isNew = !known.has(key);
		known.add(key);
		return isNew;
	};
}
