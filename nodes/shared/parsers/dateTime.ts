import { tryToParseDateTime } from 'n8n-workflow';

import { asTyped } from '../visibleText';
import { InvalidValueError, isEmpty, type Parser } from './parser';
import { requireTimezone } from './timezone';

/** ISO 8601, or date and time separated by a space; seconds, am/pm and offset are optional. */
const DATE_AND_TIME =
	/^(\d{4}-\d{2}-\d{2})(T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([ap])\.?m\.?)?(?:(\s*)(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?))?$/i;

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A date whose first number is the month in some countries and the day in others. */
const YEAR_LAST = /^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(\d{2})?(?!\d)/;

const DAY_MS = 86_400_000;

/** Characters. Longer than any date and time, so that a huge text is not searched. */
const MAX_LENGTH = 64;

/** Luxon's format for a local time, without zone or offset. */
const WALL_TIME = "yyyy-MM-dd'T'HH:mm:ss";

/** The form that Cobalt recommends for appointments (docs/api-notes.md, "What the documents disagree on"). */
const COBALT_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/;

const NOT_A_DATE = 'Enter a date such as 2025-03-15, or use an n8n date from an expression.';

const NOT_A_TIME =
	'Enter a date and time such as 2025-03-15T14:00:00-05:00 or 2025-03-15 2:00 PM, or use an n8n date from an expression.';

/** n8n's `toDateTime('excel')` reads the cell's time as UTC. */
const FROM_A_SPREADSHEET = "Number($json.date).toDateTime('excel')";

const YEAR_FIRST =
	"Write 2025-03-15. For dates of the US, use {{ DateTime.fromFormat($json.date, 'M/d/yyyy', { zone: 'utc' }).toFormat('yyyy-MM-dd') }}.";

/** `9:00-10:00` is how people write a range, and would be nine o'clock on Hawaii. */
const ONE_TIME =
	'Enter the start alone, such as 2025-03-15 2:00 PM. With an offset, write 2025-03-15T14:00:00-05:00.';

/** In UTC, no clock time is skipped when the clocks go forward. */
const YEAR_FIRST_WITH_TIME =
	"Write 2025-03-15 2:00 PM. For times of the US such as 3/15/2025 2:00 PM, use {{ DateTime.fromFormat($json.date, 'M/d/yyyy h:mm a', { zone: 'utc' }).toFormat('yyyy-MM-dd HH:mm') }}.";

const NUMBER_FOR_A_DATE = `${NOT_A_DATE} For a number from a spreadsheet, use {{ ${FROM_A_SPREADSHEET} }}.`;

/** Cells hold truncated fractions of days: half a minute more gives the minute that the cell shows. */
const NUMBER_FOR_A_TIME = `${NOT_A_TIME} For a number from a spreadsheet, use {{ ${FROM_A_SPREADSHEET}.toUTC().plus({ seconds: 30 }).toFormat('yyyy-MM-dd HH:mm') }}.`;

/**
 * An instant, as `YYYY-MM-DDTHH:mm:ss±HH:MM`, the form that Cobalt recommends for appointments.
 * Accepts ISO text, date plus time (24 hours or am/pm), a Luxon DateTime and a JavaScript Date.
 * Without an offset, the time is in the timezone of the context; if it occurs twice because the clocks go back,
 * the first is meant.
 */
export const dateTime: Parser<string> = (value, { timezone }) => {
	if (isEmpty(value)) return undefined;
	if (isInstant(value)) return format(parse(value, timezone));
	const text = typeof value === 'string' ? asTyped(value) : '';
	if (DATE.test(text)) throw new InvalidValueError('has no time', NOT_A_TIME);
	const written = readWritten(text);
	if (written === undefined) {
		requireYearFirst(text, YEAR_FIRST_WITH_TIME);
		throw new InvalidValueError(
			'is not a date and time',
			isNumber(value) ? NUMBER_FOR_A_TIME : NOT_A_TIME,
		);
	}
	const { wallTime, offset } = written;
	// With an offset, it is an instant already, and n8n's parser would take much longer to say so.
	if (offset !== '') return wallTime + inFull(offset);
	const instant = parse(wallTime, timezone);
	if (instant.toFormat(WALL_TIME) !== wallTime) {
		throw new InvalidValueError(
			`does not exist in ${timezone}, because the clocks go forward at that time`,
			'Enter another time, or add an offset such as -05:00.',
		);
	}
	return format(firstOf(instant));
};

/** Whether a value is a date and time as text without an offset, whose instant depends on a timezone. */
export function isLocalTime(value: unknown): boolean {
	return typeof value === 'string' && readWritten(asTyped(value))?.offset === '';
}

/**
 * A calendar date, as `YYYY-MM-DD`. A date with a time gives the date as written (a birthday does not move
 * with a timezone). An instant in UTC, which is what JavaScript and JSON make of any instant, gives its date in
 * the workflow's timezone.
 *
 * Midnight UTC is the exception and gives its date in UTC: spreadsheets (n8n's `toDateTime('excel')`),
 * databases and JavaScript write a date without a time that way.
 */
export const date: Parser<string> = (value, { timezone }) => {
	if (isEmpty(value)) return undefined;
	if (isInstant(value)) return dayOf(parse(value, timezone), timezone);
	const text = typeof value === 'string' ? asTyped(value) : '';
	const written = DATE.test(text) ? { wallTime: text, offset: '' } : readWritten(text);
	if (written === undefined) {
		requireYearFirst(text, YEAR_FIRST);
		throw new InvalidValueError('is not a date', isNumber(value) ? NUMBER_FOR_A_DATE : NOT_A_DATE);
	}
	const { wallTime, offset } = written;
	requireCalendarDate(dateOf(wallTime));
	return offset === '' ? dateOf(wallTime) : dayOf(parse(wallTime, timezone, offset), timezone);
};

/** Only digits: spreadsheets store dates as days since 1900, programs as milliseconds since 1970. */
const isNumber = (value: unknown): boolean =>
	typeof value === 'number' || (typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value));

/** The date of an instant: see {@link date}. */
function dayOf(instant: Instant, timezone: string): string {
	const isMidnight = instant.toMillis() % DAY_MS === 0;
	if (isMidnight) return dateOf(format(instant.toUTC()));
	return dateOf(format(instant.zoneName === 'UTC' ? parse(instant.toJSDate(), timezone) : instant));
}

const dateOf = (time: string): string => time.slice(0, 'YYYY-MM-DD'.length);

/** A DateTime of any copy of Luxon, or a JavaScript Date. */
function isInstant(value: unknown): value is object {
	return (
		value instanceof Date ||
		(typeof value === 'object' && value !== null && 'isLuxonDateTime' in value)
	);
}

/** The parts of a date and time in text form; undefined for any other text. */
function readWritten(text: string): { wallTime: string; offset: string } | undefined {
	const match = text.length > MAX_LENGTH ? null : DATE_AND_TIME.exec(text);
	if (match === null) return undefined;
	const [, date = '', separator = '', hour = '', minute, seconds, half, gap, offset = ''] = match;
	const second = seconds ?? '00';
	const clock = `${hourOfDay(Number(hour), half)}:${minute}:${second}`;
	requireCalendarDate(date);
	const isOffset = /t/i.test(separator) || seconds !== undefined || (half && gap !== '');
	if (offset.startsWith('-') && (isEarlierThanAnyZone(offset) || !isOffset)) {
		throw new InvalidValueError('is perhaps a range of times', ONE_TIME);
	}
	if (!/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(clock)) {
		throw new InvalidValueError('has a time that does not exist', NOT_A_TIME);
	}
	return { wallTime: `${date}T${clock}`, offset: offset.toUpperCase() };
}

/** No clock is more than twelve hours behind UTC. */
const isEarlierThanAnyZone = (offset: string): boolean => inFull(offset) > '-12:00';

/** `Z`, `-05`, `+0530` and `+05:30` as Cobalt writes an offset: `±HH:MM`. */
function inFull(offset: string): string {
	if (/^Z$|^-00(:?00)?$/.test(offset)) return '+00:00';
	const digits = offset.replace(':', '');
	return `${digits.slice(0, 3)}:${digits.slice(3) || '00'}`;
}

/** Two digits for the hour of the day, or a text that matches no hour if am/pm contradicts it. */
function hourOfDay(hour: number, half: string | undefined): string {
	if (half === undefined) return String(hour).padStart(2, '0');
	if (hour < 1 || hour > 12) return 'none';
	const afternoon = half.toLowerCase() === 'p';
	return String((hour % 12) + (afternoon ? 12 : 0)).padStart(2, '0');
}

/** JavaScript turns February 30 into March 2; here it is refused. */
function requireCalendarDate(date: string): void {
	const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
	const inCalendar = new Date(Date.UTC(year, month - 1, day)).toISOString().startsWith(date);
	if (!inCalendar) throw new InvalidValueError('has a date that does not exist', NOT_A_DATE);
}

/**
 * Refuses dates such as 3/4/2025. Those that could only mean one day are refused, too: an import that works for
 * one row would book another one a month off.
 */
function requireYearFirst(text: string, advice: string): void {
	if (!YEAR_LAST.test(text)) return;
	throw new InvalidValueError(
		'has to begin with the year',
		`3/4/2025 is March 4 in the US and April 3 elsewhere. ${advice}`,
	);
}

type Instant = ReturnType<typeof tryToParseDateTime>;

/** @param offset of text; without one, the workflow's timezone applies, as it does to a Date */
function parse(instant: string | object, timezone: string, offset = ''): Instant {
	const isText = typeof instant === 'string';
	if (isText ? offset === '' : instant instanceof Date) requireTimezone(timezone);
	const parsed = tryToParse(isText ? instant + offset : instant, timezone);
	if (parsed === undefined) {
		// If the timezone does not exist, n8n's expressions return invalid DateTimes.
		requireTimezone(timezone);
		throw new InvalidValueError('is not a valid date', NOT_A_TIME);
	}
	// A DateTime from an expression may use another calendar or other digits. One calculated from a
	// spreadsheet's number may be a fraction of a millisecond early.
	const ms = parsed.toMillis();
	return parsed
		.reconfigure({ locale: 'en', numberingSystem: 'latn', outputCalendar: 'gregory' })
		.plus({ milliseconds: Math.round(ms) - Math.floor(ms) });
}

/** n8n's parser throws for an invalid DateTime or Date. */
function tryToParse(instant: string | object, timezone: string): Instant | undefined {
	try {
		return tryToParseDateTime(instant, timezone);
	} catch {
		return undefined;
	}
}

/**
 * The earlier of two instants with the same local time: which one Luxon picks depends on the current season.
 * The offset of the day before still applies at the earlier one.
 */
function firstOf(instant: Instant): Instant {
	const offsetBefore = instant.minus({ days: 1 }).offset;
	const earlier = instant.plus({ minutes: instant.offset - offsetBefore });
	return earlier.toFormat(WALL_TIME) === instant.toFormat(WALL_TIME) ? earlier : instant;
}

function format(instant: Instant): string {
	const text = instant.toFormat(`${WALL_TIME}ZZ`);
	if (!COBALT_TIME.test(text)) throw new InvalidValueError('is not a valid date', NOT_A_TIME);
	return text;
}
