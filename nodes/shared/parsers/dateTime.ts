import { tryToParseDateTime } from 'n8n-workflow';

import { asTyped } from '../visibleText';
import { InvalidValueError, isEmpty, type Parser } from './parser';
import { requireTimezone } from './timezone';

/** ISO 8601 or "date, blank, time", with seconds, am/pm and an offset all optional. */
const DATE_AND_TIME =
	/^(\d{4}-\d{2}-\d{2})(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([ap])\.?m\.?)?(?:\s*(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?))?$/i;

const DATE = /^\d{4}-\d{2}-\d{2}$/;

const DAY_MS = 86_400_000;

/** Longer than any date and time; what goes beyond it is not worth a look. */
const LONGEST = 64;

/** Luxon's tokens for the form of a time without zone and offset. */
const WALL_TIME = "yyyy-MM-dd'T'HH:mm:ss";

/** What Cobalt recommends for appointments: the wall time and its offset. */
const COBALT_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/;

const NOT_A_DATE = "Enter a date such as 2025-03-15, or pass n8n's own date from an expression.";

const NOT_A_TIME =
	"Enter a date and time such as 2025-03-15T14:00:00-05:00 or 2025-03-15 2:00 PM, or pass n8n's own date from an expression.";

/** n8n's `toDateTime('excel')` takes what the cell shows for a time in UTC. */
const FROM_A_SPREADSHEET = "Number($json.date).toDateTime('excel')";

const NUMBER_FOR_A_DATE = `${NOT_A_DATE} For a number from a spreadsheet, use {{ ${FROM_A_SPREADSHEET} }}.`;

/** Cells have fractions of days, cut somewhere: half a minute more makes the minute that they show. */
const NUMBER_FOR_A_TIME = `${NOT_A_TIME} For a number from a spreadsheet, use {{ ${FROM_A_SPREADSHEET}.toUTC().plus({ seconds: 30 }).toFormat('yyyy-MM-dd HH:mm') }}.`;

/**
 * A moment, as `YYYY-MM-DDTHH:mm:ss±HH:MM`, the form that Cobalt recommends for appointments.
 * Takes ISO text, date plus time (24 hours or am/pm), a Luxon DateTime and a JavaScript Date.
 * Where there is no offset, the workflow's timezone decides; of an hour that the clocks run through
 * twice, the first.
 */
export const dateTime: Parser<string> = (value, { timezone }) => {
	if (isEmpty(value)) return undefined;
	if (isMoment(value)) return format(parse(value, timezone));
	const text = typeof value === 'string' ? asTyped(value) : '';
	if (DATE.test(text)) throw new InvalidValueError('has no time', NOT_A_TIME);
	const written = readWritten(text);
	if (written === undefined) {
		throw new InvalidValueError(
			'is not a date and time',
			isNumber(value) ? NUMBER_FOR_A_TIME : NOT_A_TIME,
		);
	}
	const { wallTime, offset } = written;
	const moment = parse(wallTime, timezone, offset);
	if (moment.toFormat(WALL_TIME) !== wallTime) {
		throw new InvalidValueError(
			`does not exist in ${timezone}, where the clocks go forward then`,
			'Enter another time, or add the offset that is meant.',
		);
	}
	return format(offset === '' ? firstOf(moment) : moment);
};

/**
 * A calendar date, as `YYYY-MM-DD`. Of a date with a time, the date as it is written (a birthday does
 * not move with a timezone). A moment in UTC, which is what JavaScript and JSON make of any moment, has
 * the date that it is then in the workflow's timezone.
 *
 * Midnight UTC is the exception, however it is written: that date in UTC, for so spreadsheets (n8n's
 * `toDateTime('excel')`), databases and JavaScript write a date without a time.
 */
export const date: Parser<string> = (value, { timezone }) => {
	if (isEmpty(value)) return undefined;
	if (isMoment(value)) return dayOf(parse(value, timezone), timezone);
	const text = typeof value === 'string' ? asTyped(value) : '';
	const written = DATE.test(text) ? { wallTime: text, offset: '' } : readWritten(text);
	if (written === undefined) {
		throw new InvalidValueError('is not a date', isNumber(value) ? NUMBER_FOR_A_DATE : NOT_A_DATE);
	}
	const { wallTime, offset } = written;
	requireCalendarDate(dateOf(wallTime));
	return offset === '' ? dateOf(wallTime) : dayOf(parse(wallTime, timezone, offset), timezone);
};

/** Digits alone: spreadsheets keep dates as days since 1900, and programs as milliseconds since 1970. */
const isNumber = (value: unknown): boolean =>
	typeof value === 'number' || (typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value));

/** The date of a moment: see {@link date}. */
function dayOf(moment: Moment, timezone: string): string {
	const isMidnight = moment.toMillis() % DAY_MS === 0;
	if (isMidnight) return dateOf(format(moment.toUTC()));
	return dateOf(format(moment.zoneName === 'UTC' ? parse(moment.toJSDate(), timezone) : moment));
}

const dateOf = (time: string): string => time.slice(0, 'YYYY-MM-DD'.length);

/** A Luxon DateTime of any copy of Luxon, or a JavaScript Date. */
function isMoment(value: unknown): value is object {
	return (
		value instanceof Date ||
		(typeof value === 'object' && value !== null && 'isLuxonDateTime' in value)
	);
}

/** The parts of a written date and time; undefined for text that is none. */
function readWritten(text: string): { wallTime: string; offset: string } | undefined {
	const match = text.length > LONGEST ? null : DATE_AND_TIME.exec(text);
	if (match === null) return undefined;
	const [, date = '', hour = '', minute, second = '00', half, offset = ''] = match;
	const clock = `${hourOfDay(Number(hour), half)}:${minute}:${second}`;
	requireCalendarDate(date);
	if (!/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(clock)) {
		throw new InvalidValueError('has a time that does not exist', NOT_A_TIME);
	}
	return { wallTime: `${date}T${clock}`, offset: offset.toUpperCase() };
}

/** Two digits for the hour of the day; text that fits no hour where am/pm and the hour disagree. */
function hourOfDay(hour: number, half: string | undefined): string {
	if (half === undefined) return String(hour).padStart(2, '0');
	if (hour < 1 || hour > 12) return 'none';
	const afternoon = half.toLowerCase() === 'p';
	return String((hour % 12) + (afternoon ? 12 : 0)).padStart(2, '0');
}

/** JavaScript turns 30 February into 2 March; the calendar is asked instead. */
function requireCalendarDate(date: string): void {
	const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
	const inCalendar = new Date(Date.UTC(year, month - 1, day)).toISOString().startsWith(date);
	if (!inCalendar) throw new InvalidValueError('has a date that does not exist', NOT_A_DATE);
}

type Moment = ReturnType<typeof tryToParseDateTime>;

/** @param offset of text: without one, the workflow's timezone decides, as it does for a Date */
function parse(moment: string | object, timezone: string, offset = ''): Moment {
	const isText = typeof moment === 'string';
	if (isText ? offset === '' : moment instanceof Date) requireTimezone(timezone);
	const parsed = tryToParse(isText ? moment + offset : moment, timezone);
	if (parsed === undefined) {
		// Where there is no such timezone, n8n's expressions give invalid DateTimes.
		requireTimezone(timezone);
		throw new InvalidValueError('is not a valid date', NOT_A_TIME);
	}
	// A DateTime from an expression may be set to another calendar or other digits. One that was
	// calculated from a spreadsheet's number may be a fraction of a millisecond early.
	const ms = parsed.toMillis();
	return parsed
		.reconfigure({ locale: 'en', numberingSystem: 'latn', outputCalendar: 'gregory' })
		.plus({ milliseconds: Math.round(ms) - Math.floor(ms) });
}

/** n8n's parser throws for an invalid DateTime or Date. */
function tryToParse(moment: string | object, timezone: string): Moment | undefined {
	try {
		return tryToParseDateTime(moment, timezone);
	} catch {
		return undefined;
	}
}

/**
 * Of two moments with the same wall time, the first: which one Luxon picks depends on the season in
 * which it is asked. The offset of the day before still holds at the first of the two.
 */
function firstOf(moment: Moment): Moment {
	const offsetBefore = moment.minus({ days: 1 }).offset;
	const earlier = moment.plus({ minutes: moment.offset - offsetBefore });
	return earlier.toFormat(WALL_TIME) === moment.toFormat(WALL_TIME) ? earlier : moment;
}

function format(moment: Moment): string {
	const text = moment.toFormat(`${WALL_TIME}ZZ`);
	if (!COBALT_TIME.test(text)) throw new InvalidValueError('is not a valid date', NOT_A_TIME);
	return text;
}
