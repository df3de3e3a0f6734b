import type { LocalTime } from './localTime';

const MINUTE_MS = 60_000;

const MINUTES_PER_DAY = 24 * 60;

/** An open time, in epoch milliseconds. The end is excluded. */
export interface Range {
	start: number;
	end: number;
}

/** The conditions for a slot. */
export interface SlotRules {
	/** Elapsed minutes, even across a clock change. */
	durationMinutes: number;
	/** Minutes from the start of one slot to that of the next. */
	intervalMinutes: number;
	/** Where the interval is counted from: the start of the window, or midnight, by the clocks. */
	countedFrom: 'window' | 'midnight';
	/** Minutes of the window that must stay free before and after a slot. */
	freeBefore: number;
	freeAfter: number;
	/** No slot starts before this time; epoch milliseconds. */
	earliest: number;
	/** The first and the last date (YYYY-MM-DD) on which slots start. Absent: no limit. */
	firstDate?: string;
	lastDate?: string;
	/** From 1 (Monday) to 7 (Sunday). Absent: every day. */
	weekdays?: ReadonlySet<number>;
	/** What the clocks show during a slot, in minutes since midnight: from the first to the second. */
	hours?: readonly [from: number, to: number];
	/** The clocks that dates, weekdays and hours are about. */
	local: LocalTime;
}

/** Where slots start in a window, in order; epoch milliseconds. */
export function slotStarts(window: Range, rules: SlotRules): number[] {
	const { durationMinutes, freeBefore, freeAfter } = rules;
	const last = window.end - (durationMinutes + freeAfter) * MINUTE_MS;
	const starts = [];
	let start = firstStart(window.start + freeBefore * MINUTE_MS, rules);
	for (; start <= last && !isTooLate(start, rules); start = nextStart(start, rules)) {
		if (isAllowed(start, rules)) starts.push(start);
	}
	return starts;
}

/** The windows of a response may go on for years. */
const isTooLate = (start: number, { lastDate, local }: SlotRules): boolean =>
	lastDate !== undefined && local.date(start) > lastDate;

/** The first start on the grid that is neither before a time nor too early for any slot. */
function firstStart(opensAt: number, rules: SlotRules): number {
	const { earliest, intervalMinutes } = rules;
	const missed = Math.max(earliest - opensAt, 0);
	if (rules.countedFrom === 'window') {
		const intervalMs = intervalMinutes * MINUTE_MS;
		return opensAt + Math.ceil(missed / intervalMs) * intervalMs;
	}
	const from = opensAt + missed;
	const minute = Math.ceil(from / MINUTE_MS) * MINUTE_MS;
	return isOnClock(minute, rules) ? minute : nextStart(minute, rules);
}

function nextStart(after: number, rules: SlotRules): number {
	if (rules.countedFrom === 'window') return after + rules.intervalMinutes * MINUTE_MS;
	let next = after;
	do next = towardsNext(next, rules);
	while (!isOnClock(next, rules));
	return next;
}

/** The next start on the grid if the clocks do not change before it, otherwise the next minute. */
function towardsNext(from: number, { intervalMinutes, local }: SlotRules): number {
	const minute = local.minuteOfDay(from);
	const onGrid = intervalMinutes - (minute % intervalMinutes);
	const next = from + Math.min(onGrid, MINUTES_PER_DAY - minute) * MINUTE_MS;
	return local.offsetAt(next) === local.offsetAt(from) ? next : from + MINUTE_MS;
}

const isOnClock = (ms: number, { intervalMinutes, local }: SlotRules): boolean =>
	local.minuteOfDay(ms) % intervalMinutes === 0;

function isAllowed(start: number, { firstDate, weekdays, hours, ...rules }: SlotRules): boolean {
	if (firstDate !== undefined && rules.local.date(start) < firstDate) return false;
	if (weekdays && !weekdays.has(rules.local.weekday(start))) return false;
	return hours === undefined || isWithinHours(start, hours, rules);
}

function isWithinHours(
	start: number,
	[from, to]: readonly [number, number],
	{ durationMinutes, local }: Pick<SlotRules, 'durationMinutes' | 'local'>,
): boolean {
	const end = start + durationMinutes * MINUTE_MS;
	if (local.offsetAt(start) === local.offsetAt(end)) {
		const minute = local.minuteOfDay(start);
		return minute >= from && minute + durationMinutes <= to;
	}
	// The clocks change during the slot, so they may show a time twice or skip one.
	for (let ms = start; ms < end; ms += MINUTE_MS) {
		const minute = local.minuteOfDay(ms);
		if (minute < from || minute >= to) return false;
	}
	return true;
}
