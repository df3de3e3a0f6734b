import fc from 'fast-check';
import { DateTime, FixedOffsetZone } from 'luxon';
import { describe, expect, it } from 'vitest';

import { date, dateTime, isLocalTime } from '../../../nodes/shared/parsers/dateTime.js';
import { expectRefused, NOTHING } from './reading.mts';

const NEW_YORK = 'America/New_York';
const COBALTS_FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/;

const inNewYork = (value: unknown) => dateTime(value, { timezone: NEW_YORK });
const dateInNewYork = (value: unknown) => date(value, { timezone: NEW_YORK });

/** Neither a date nor a date and time, whatever the timezone. */
const NONSENSE: Array<[string, unknown]> = [
	['30 February', '2025-02-30 10:00'],
	['29 February of a common year', '2025-02-29 10:00'],
	['month 13', '2025-13-01 10:00'],
	['month 0', '2025-00-10 10:00'],
	['31 April', '2025-04-31 10:00'],
	['year 0', '0000-01-01 10:00'],
	['the American order', '03/15/2025 10:00'],
	['the European order', '15.03.2025 10:00'],
	['words', 'next Tuesday'],
	['an emoji', '😀'],
	['right-to-left text', 'مساء الخير'],
	['NUL', '2025-03-15\u0000T10:00'],
	['__proto__', '__proto__'],
	['10,000 letters', 'x'.repeat(10_000)],
	['10,000 digits', '9'.repeat(10_000)],
	['a number', 1741791600000],
	['no number', NaN],
	['a boolean', true],
	['an object', {}],
	['an object that pretends to be a date', { isLuxonDateTime: true }],
	['an empty array', []],
	['an array', ['2025-03-15T10:00:00Z']],
	['an invalid Date', new Date(NaN)],
	['an invalid Luxon date', DateTime.invalid('for the test')],
	['a Date of a year with five digits', new Date(Date.UTC(12_000, 0, 1))],
	['a Luxon date of a year with five digits', DateTime.utc(12_000, 1, 1)],
];

describe('dateTime', () => {
	it.each([
		['2025-03-15T14:00:00-05:00', '2025-03-15T14:00:00-05:00'],
		['2025-03-15T14:00:00+02:00', '2025-03-15T14:00:00+02:00'],
		['2025-03-15T14:00:00+0530', '2025-03-15T14:00:00+05:30'],
		['2025-03-15T14:00:00-00:30', '2025-03-15T14:00:00-00:30'],
		['2025-03-15T14:00:00Z', '2025-03-15T14:00:00+00:00'],
		['2025-03-15t14:00:00z', '2025-03-15T14:00:00+00:00'],
		['2025-03-15T14:00:00.123Z', '2025-03-15T14:00:00+00:00'],
		['2025-03-15T14:00-05:00', '2025-03-15T14:00:00-05:00'],
		// As PostgreSQL writes it.
		['2025-03-15 14:00:00-05', '2025-03-15T14:00:00-05:00'],
		['2025-03-15 2:00 PM -05:00', '2025-03-15T14:00:00-05:00'],
		['2025-03-09T02:30:00-05:00', '2025-03-09T02:30:00-05:00'],
	])('keeps the offset of %s', (text, expected) => {
		expect(inNewYork(text)).toBe(expected);
	});

	it.each([
		['2025-03-15T14:00:00', '2025-03-15T14:00:00-04:00'],
		['2025-03-15T14:00', '2025-03-15T14:00:00-04:00'],
		['2025-01-15T14:00', '2025-01-15T14:00:00-05:00'],
		['2025-03-15 14:00', '2025-03-15T14:00:00-04:00'],
		['  2025-03-15   14:00:59.999 ', '2025-03-15T14:00:59-04:00'],
		['2025-03-15 9:05', '2025-03-15T09:05:00-04:00'],
		['2025-03-15 2:00 PM', '2025-03-15T14:00:00-04:00'],
		['2025-03-15 2:00pm', '2025-03-15T14:00:00-04:00'],
		['2025-03-15 02:00 p.m.', '2025-03-15T14:00:00-04:00'],
		['2025-03-15 2:00\u202fPM', '2025-03-15T14:00:00-04:00'],
		['2025-03-15 11:59 am', '2025-03-15T11:59:00-04:00'],
		['2025-03-15 12:00 am', '2025-03-15T00:00:00-04:00'],
		['2025-03-15 12:30 pm', '2025-03-15T12:30:00-04:00'],
		['2024-02-29 10:00', '2024-02-29T10:00:00-05:00'],
	])("uses the workflow's timezone for a time without an offset: %j", (text, expected) => {
		expect(inNewYork(text)).toBe(expected);
	});

	it.each([
		['UTC', '2025-07-01T12:00:00+00:00'],
		['Europe/Berlin', '2025-07-01T12:00:00+02:00'],
		['Asia/Kolkata', '2025-07-01T12:00:00+05:30'],
		['America/Phoenix', '2025-07-01T12:00:00-07:00'],
		['Australia/Lord_Howe', '2025-07-01T12:00:00+10:30'],
	])('uses the timezone %s', (timezone, expected) => {
		expect(dateTime('2025-07-01 12:00', { timezone })).toBe(expected);
	});

	it.each([
		[NEW_YORK, '2025-03-09 02:30'],
		[NEW_YORK, '2025-03-09T02:00:00'],
		['Australia/Sydney', '2025-10-05 02:30'],
		['Europe/London', '2025-03-30 1:30 am'],
	])('refuses a time that the clocks in %s skip: %s', (timezone, text) => {
		expect(expectRefused(dateTime, text, timezone)).toContain(timezone);
	});

	// One timezone of each hemisphere, so that one of them is not in winter time on the day of the test.
	it.each([
		[NEW_YORK, '2025-11-02 01:30', '2025-11-02T01:30:00-04:00'],
		['Europe/London', '2025-10-26 01:30', '2025-10-26T01:30:00+01:00'],
		['Australia/Sydney', '2025-04-06 02:30', '2025-04-06T02:30:00+11:00'],
		['Pacific/Auckland', '2025-04-06 02:30', '2025-04-06T02:30:00+13:00'],
	])('uses the first of two times when clocks in %s go back: %s', (timezone, text, expected) => {
		expect(dateTime(text, { timezone })).toBe(expected);
	});

	it("keeps the moment of n8n's own DateTime", () => {
		const moment = DateTime.fromISO('2025-03-15T14:00:00.5+02:00', { setZone: true });
		expect(inNewYork(moment)).toBe('2025-03-15T14:00:00+02:00');
	});

	it.each(['ar-EG', 'fa', 'th-TH-u-ca-buddhist', 'de'])(
		"writes Cobalt's format whatever the locale of n8n's DateTime: %s",
		(locale) => {
			const moment = DateTime.fromISO('2025-03-15T14:00:00Z', { zone: 'UTC', locale });
			expect(inNewYork(moment)).toBe('2025-03-15T14:00:00+00:00');
			expect(dateInNewYork(moment)).toBe('2025-03-15');
		},
	);

	it('reads a JavaScript Date', () => {
		expect(inNewYork(new Date('2025-03-15T14:00:00Z'))).toBe('2025-03-15T10:00:00-04:00');
	});

	it.each(NOTHING)('returns undefined when nothing is entered: %j', (nothing) => {
		expect(inNewYork(nothing)).toBeUndefined();
	});

	it.each([
		...NONSENSE,
		['24:00', '2025-03-15 24:00'],
		['25:00', '2025-03-15 25:00'],
		['minute 60', '2025-03-15 10:60'],
		['second 60', '2025-03-15 10:00:60'],
		['14:00 PM', '2025-03-15 14:00 PM'],
		['0:30 am', '2025-03-15 0:30 am'],
		['an offset of 25 hours', '2025-03-15T10:00:00+25:00'],
		['an offset of 75 minutes', '2025-03-15T10:00:00+05:75'],
		['the name of a timezone', '2025-03-15 10:00 EST'],
		['words behind it', '2025-03-15T10:00:00Z or later'],
		['a time alone', '10:00'],
	])('refuses %s as a date and time', (_, value) => {
		expectRefused(dateTime, value, NEW_YORK);
	});

	it.each([
		'2025-03-15 9:00-10:00',
		'2025-03-15 9:00–10:00',
		'2025-03-15 09:00-0930',
		'2025-03-15 10:00-11:30',
		'2025-03-15 14:00-14:30',
		'2025-03-15 9:00 AM-10:00',
		'2025-03-15T14:00-14:30',
	])('takes no range of times for a time with an offset: %s', (text) => {
		expect(expectRefused(dateTime, text, NEW_YORK)).toBe('is perhaps a range of times');
	});

	it('says that the time is missing when only a date is entered', () => {
		expect(expectRefused(dateTime, '2025-03-15')).toBe('has no time');
	});

	it('refuses a text of megabytes', () => {
		const text = `2025-03-15 14:00${' '.repeat(4_000_000)}x`;
		expect(expectRefused(dateTime, text)).toBe('is not a date and time');
	});

	it("writes the same instant in Cobalt's format", () => {
		const moments = fc.record({
			seconds: fc.integer({ min: Date.UTC(1980) / 1000, max: Date.UTC(2100) / 1000 }),
			offset: fc.integer({ min: -12 * 60, max: 14 * 60 }),
			timezone: fc.constantFrom('UTC', NEW_YORK, 'Asia/Kathmandu', 'Australia/Lord_Howe'),
		});
		const check = (value: unknown, timezone: string, ms: number) => {
			const read = dateTime(value, { timezone }) ?? '';
			expect(read).toMatch(COBALTS_FORM);
			expect(Date.parse(read)).toBe(ms);
		};
		fc.assert(
			fc.property(moments, ({ seconds, offset, timezone }) => {
				const moment = DateTime.fromSeconds(seconds);
				const shifted = moment.setZone(FixedOffsetZone.instance(offset));
				check(shifted.toISO(), timezone, seconds * 1000);
				check(shifted.toFormat('yyyy-MM-dd h:mm:ss a ZZZ'), timezone, seconds * 1000);
				check(shifted, timezone, seconds * 1000);
				check(moment.toJSDate(), timezone, seconds * 1000);
			}),
		);
	});
});

describe('date', () => {
	it.each([
		['1980-05-17', '1980-05-17'],
		[' 1980-05-17 ', '1980-05-17'],
		['1980-05-17T00:00:00Z', '1980-05-17'],
		['1980-05-17T23:30:00+14:00', '1980-05-17'],
		['1980-05-17 12:00 am', '1980-05-17'],
		['2024-02-29', '2024-02-29'],
		[DateTime.fromISO('1980-05-17', { zone: 'UTC' }), '1980-05-17'],
		[DateTime.fromISO('1980-05-17', { zone: 'Pacific/Kiritimati' }), '1980-05-17'],
	])('keeps the date that is written, whatever the timezone: %s', (value, expected) => {
		expect(dateInNewYork(value)).toBe(expected);
	});

	it("reads a JavaScript Date in the workflow's timezone", () => {
		expect(dateInNewYork(new Date('1980-05-17T12:00:00Z'))).toBe('1980-05-17');
		expect(dateInNewYork(new Date('1980-05-17T02:00:00Z'))).toBe('1980-05-16');
	});

	it.each(NOTHING)('returns undefined when nothing is entered: %j', (nothing) => {
		expect(dateInNewYork(nothing)).toBeUndefined();
	});

	it.each([
		...NONSENSE,
		['a month of one digit', '1980-5-17'],
		['a day of three digits', '1980-05-170'],
		['a date with words', '1980-05-17 or so'],
		['a date with a time that does not exist', '1980-05-17T99:00'],
	])('refuses %s as a date', (_, value) => {
		expectRefused(date, value, NEW_YORK);
	});

	it('returns any day of the calendar as it was entered', () => {
		const days = fc.date({
			min: new Date('1900-01-01'),
			max: new Date('2100-01-01'),
			noInvalidDate: true,
		});
		fc.assert(
			fc.property(
				days.filter((day) => !Number.isNaN(day.getTime())),
				(day) => {
					const text = day.toISOString().slice(0, 10);
					expect(dateInNewYork(text)).toBe(text);
				},
			),
		);
	});
});

const ZONES = [
	'UTC',
	NEW_YORK,
	'Europe/London',
	'Europe/Berlin',
	'Asia/Tokyo',
	'Pacific/Kiritimati',
];

/** The forms in which n8n hands on one and the same instant. */
const formsOf = (instant: DateTime, timezone: string): Array<[string, unknown]> => [
	['a Date', instant.toJSDate()],
	['a DateTime', instant.setZone(timezone)],
	['a DateTime in UTC', instant.toUTC()],
	['text of a DateTime', instant.setZone(timezone).toISO()],
	['text of a Date', instant.toJSDate().toISOString()],
	['text of a DateTime in UTC', instant.toUTC().toISO({ suppressMilliseconds: true })],
	['text of Python', instant.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss+00:00")],
];

describe.each(ZONES)('a date in %s', (timezone) => {
	const excel = DateTime.fromSeconds((29_358 - 25_569) * 86_400);

	it.each(formsOf(excel, timezone))('reads the date of a spreadsheet from %s', (_, value) => {
		expect(date(value, { timezone })).toBe('1980-05-17');
	});

	it.each(formsOf(DateTime.fromISO('1980-05-17', { zone: timezone }), timezone))(
		'reads the date that starts at midnight there from %s',
		(_, value) => {
			expect(date(value, { timezone })).toBe('1980-05-17');
		},
	);

	it('reads the same date from all forms of an instant', () => {
		const seconds = fc.integer({ min: Date.UTC(1950) / 1000, max: Date.UTC(2100) / 1000 });
		fc.assert(
			fc.property(seconds, (second) => {
				const instant = DateTime.fromSeconds(second);
				const days = formsOf(instant, timezone).map(([, value]) => date(value, { timezone }));
				expect(new Set(days).size).toBe(1);
			}),
		);
	});
});

it('date keeps the day in another offset, unless that is midnight UTC', () => {
	expect(dateInNewYork('1980-05-17T01:30:00+09:00')).toBe('1980-05-17');
	expect(dateInNewYork('1980-05-17T23:30:00-10:00')).toBe('1980-05-17');
	expect(dateInNewYork('1980-05-16T14:00:00-10:00')).toBe('1980-05-17');
});

describe("a spreadsheet's number", () => {
	it.each([29_358, '29358', 45_823.583_333, '45823.5833', 1_741_996_800_000])(
		"refuses a spreadsheet's number with advice: %j",
		(number) => {
			for (const reader of [date, dateTime]) {
				const read = () => reader(number, { timezone: NEW_YORK });
				expect(read).toThrow(
					expect.objectContaining({ advice: expect.stringContaining('spreadsheet') as string }),
				);
			}
		},
	);

	it("rounds the fraction of a spreadsheet's time to the minute", () => {
		for (let minute = 0; minute < 24 * 60; minute += 1) {
			const cell = DateTime.fromSeconds((45_823 + minute / 1440 - 25_569) * 86_400);
			expect(dateTime(cell.toUTC(), { timezone: 'UTC' })).toMatch(/:00\+00:00$/);
		}
	});
});

describe("the workflow's timezone", () => {
	it.each(['Mars/Olympus', 'local', 'system', 'DEFAULT', 'EST or so', 'America'])(
		'names a timezone that does not exist: %s',
		(timezone) => {
			const times = ['2025-07-01 14:00', new Date(0), DateTime.invalid('for the test')];
			for (const time of times) {
				expect(expectRefused(dateTime, time, timezone)).toContain("the workflow's timezone");
			}
			expect(dateTime('2025-07-01T14:00:00-04:00', { timezone })).toBe('2025-07-01T14:00:00-04:00');
			expect(date('1980-05-17', { timezone })).toBe('1980-05-17');
		},
	);
});

it.each(['3/15/2025 2:30 PM', '15.03.2025 14:30', '3-4-25 14:30', '03/04/2025'])(
	'asks for the year first in %s',
	(text) => {
		expect(expectRefused(dateTime, text)).toBe('has to begin with the year');
		expect(expectRefused(date, text)).toBe('has to begin with the year');
	},
);

it.each([
	['2025-03-15 2:00 PM', true],
	[' 2025-03-15T14:00 ', true],
	['2025-03-15T14:00:00-05:00', false],
	['2025-03-15T14:00:00Z', false],
	['2025-03-15', false],
	[new Date(0), false],
	[DateTime.fromISO('2025-03-15T14:00', { zone: 'Asia/Tokyo' }), false],
	[undefined, false],
])('tells whether a time has no offset: %s', (value, isLocal) => {
	expect(isLocalTime(value)).toBe(isLocal);
});
