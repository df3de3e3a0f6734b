import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';

import { findSlots, WEEKDAYS } from '../../../nodes/Cobalt/slots/findSlots.js';
import { slotsByMinute, type Search } from './slotModel.mts';

const MINUTE_MS = 60_000;

const HOUR = 60;

/** Half hours, changes at midnight, quarters, and clocks that go back in spring. */
const ZONES = [
	'America/New_York',
	'Europe/Berlin',
	'Australia/Lord_Howe',
	'America/Havana',
	'Asia/Kathmandu',
	'Africa/Casablanca',
	'America/Santiago',
];

/** Moments of 2025 at which the clocks of a zone change, or any days of a zone without them; epoch minutes. */
function changesOf(zone: string): number[] {
	const start = DateTime.fromISO('2025-01-01', { zone: 'utc' });
	const hours = Array.from({ length: 365 * 24 }, (_none, hour) => start.plus({ hours: hour }));
	const offset = (moment: DateTime) => moment.setZone(zone).offset;
	const changes = hours.filter((hour) => offset(hour) !== offset(hour.plus({ hours: 1 })));
	return (changes.length > 0 ? changes : [start]).map((hour) => hour.toMillis() / MINUTE_MS);
}

const CHANGES = new Map(ZONES.map((zone) => [zone, changesOf(zone)]));

/** Times of day that are close to those at which the clocks change. */
const hoursAround = (zone: string, change: number): fc.Arbitrary<[number, number]> => {
	const { hour, minute } = DateTime.fromMillis(change * MINUTE_MS, { zone });
	const shown = hour * HOUR + minute;
	return fc
		.tuple(
			fc.integer({ min: shown - 3 * HOUR, max: shown + 2 * HOUR }),
			fc.integer({ min: 1, max: 6 * HOUR }),
		)
		.map(([from, length]) => [Math.max(from, 0), Math.min(Math.max(from, 0) + length, 24 * HOUR)]);
};

const search: fc.Arbitrary<Search> = fc.constantFrom(...ZONES).chain((zone) =>
	fc.constantFrom(...(CHANGES.get(zone) ?? [])).chain((change) => {
		const window = fc.record({
			place: fc.integer({ min: 0, max: 1 }),
			from: fc.integer({ min: -12 * HOUR, max: 6 * HOUR }),
			length: fc.oneof(fc.constantFrom(15, 30, HOUR), fc.integer({ min: 1, max: 9 * HOUR })),
		});
		return fc.record({
			zone: fc.constant(zone),
			method: fc.constantFrom('gaps', 'slots'),
			duration: fc.oneof(fc.constantFrom(15, 30, HOUR), fc.integer({ min: 1, max: 3 * HOUR })),
			interval: fc.oneof(fc.constantFrom(5, 15, 45), fc.integer({ min: 1, max: 4 * HOUR })),
			countedFrom: fc.constantFrom('window', 'midnight'),
			freeBefore: fc.constantFrom(0, 0, 5, 30),
			freeAfter: fc.constantFrom(0, 0, 5, 30),
			notice: fc.constantFrom(0, HOUR),
			weekdays: fc.option(fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }), { nil: undefined }),
			hours: fc.option(hoursAround(zone, change), { nil: undefined }),
			dates: fc.option(
				fc.integer({ min: -1, max: 1 }).map((days) => {
					const day = DateTime.fromMillis(change * MINUTE_MS, { zone }).plus({ days });
					return [day, day].map((one) => one.toISODate() ?? '') as [string, string];
				}),
				{ nil: undefined },
			),
			now: fc.integer({ min: change - 20 * HOUR, max: change + 6 * HOUR }),
			windows: fc.array(window, { maxLength: 5 }).map((windows) =>
				windows.map(({ place, from, length }) => ({
					place,
					start: change + from,
					end: change + from + length,
				})),
			),
		});
	}),
);

function found({ zone, windows, now, hours, weekdays, dates, ...asked }: Search) {
	const records = windows.map(({ place, start, end }) => ({
		provider_id: place,
		range_start: new Date(start * MINUTE_MS).toISOString(),
		range_end: new Date(end * MINUTE_MS).toISOString(),
		timezone: zone,
	}));
	const values = {
		duration: asked.duration,
		interval: asked.interval,
		counted_from: asked.countedFrom,
		free_before: asked.freeBefore,
		free_after: asked.freeAfter,
		notice: asked.notice,
		calculation_method: asked.method,
		weekdays: weekdays?.map((day) => WEEKDAYS[day - 1]),
		start_date: dates?.[0],
		end_date: dates?.[1],
		hours_from: hours?.[0],
		hours_to: hours?.[1],
	};
	return findSlots(records, values, now * MINUTE_MS).records;
}

const byStart = (slots: Array<{ place: number; start: number }>) =>
	slots.sort((one, other) => one.start - other.start || one.place - other.place);

describe('findSlots', () => {
	it('finds the same slots as a search minute by minute', () => {
		let slots = 0;
		fc.assert(
			fc.property(search, (asked) => {
				const expected = slotsByMinute(asked);
				const actual = found(asked).map(({ provider_id, start }) => ({
					place: Number(provider_id),
					start: Date.parse(start as string) / MINUTE_MS,
				}));
				expect(byStart(actual)).toEqual(expected);
				slots += expected.length;
			}),
			{ numRuns: 300 },
		);
		expect(slots).toBeGreaterThan(0);
	});

	it('returns slots in order, with the offsets of their timezone', () => {
		fc.assert(
			fc.property(search, (asked) => {
				const { zone, duration } = asked;
				const times = found(asked).map(
					({ start, end }) => [start as string, end as string] as const,
				);
				const starts = times.map(([start]) => Date.parse(start));
				expect(starts).toEqual([...starts].sort((one, other) => one - other));
				for (const [start = '', end = ''] of times) {
					const inZone = DateTime.fromISO(start, { zone });
					expect(start).toBe(inZone.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ"));
					expect(Date.parse(end) - Date.parse(start)).toBe(duration * MINUTE_MS);
				}
			}),
			{ numRuns: 100 },
		);
	});
});

const EASTERN = 'America/New_York';

const window = (start: string, end: string, more: object = {}) => ({
	range_start: start,
	range_end: end,
	provider_id: '118',
	timezone: EASTERN,
	...more,
});

const startsOf = (records: Array<ReturnType<typeof window>>, values: object, now = 0) =>
	findSlots(records, { duration: 60, ...values }, now).records.map(({ start }) => start);

describe('a slot', () => {
	it('returns the IDs of the window, and null for missing ones', () => {
		const records = [window('2025-06-02T09:00:00-04:00', '2025-06-02T10:00:00-04:00')];
		expect(findSlots(records, { duration: 60 }, 0).records).toEqual([
			{
				start: '2025-06-02T09:00:00-04:00',
				end: '2025-06-02T10:00:00-04:00',
				duration: 60,
				provider_id: '118',
				provider_name: null,
				facility_id: null,
				facility_name: null,
				timezone: EASTERN,
			},
		]);
	});

	it('returns the full duration when the clocks go forward or back at night', () => {
		const {
			records: [spring],
		} = findSlots(
			[window('2025-03-09T01:30:00-05:00', '2025-03-09T04:00:00-04:00')],
			{ duration: 60 },
			0,
		);
		expect(spring).toMatchObject({
			start: '2025-03-09T01:30:00-05:00',
			end: '2025-03-09T03:30:00-04:00',
		});
		expect(
			startsOf([window('2025-11-02T01:00:00-04:00', '2025-11-02T02:00:00-05:00')], {}),
		).toEqual(['2025-11-02T01:00:00-04:00', '2025-11-02T01:00:00-05:00']);
	});

	it('joins adjacent free times into one slot, but not two slots of the EHR', () => {
		const records = [
			window('2025-06-02T09:00:00-04:00', '2025-06-02T09:30:00-04:00'),
			window('2025-06-02T09:30:00-04:00', '2025-06-02T10:00:00-04:00'),
		];
		expect(startsOf(records, {})).toEqual(['2025-06-02T09:00:00-04:00']);
		expect(startsOf(records, { calculation_method: 'gaps' })).toHaveLength(1);
		expect(startsOf(records, { calculation_method: 'slots' })).toEqual([]);
	});

	it('never joins two locations or two providers into one slot', () => {
		const records = [
			window('2025-06-02T09:00:00-04:00', '2025-06-02T09:30:00-04:00', { facility_id: '2' }),
			window('2025-06-02T09:30:00-04:00', '2025-06-02T10:00:00-04:00', { facility_id: '3' }),
			window('2025-06-02T10:00:00-04:00', '2025-06-02T10:30:00-04:00', { provider_id: '204' }),
		];
		expect(startsOf(records, {})).toEqual([]);
	});

	it('returns slots in the chosen timezone, and filters its hours and days', () => {
		const records = [window('2025-06-02T20:00:00-04:00', '2025-06-02T23:00:00-04:00')];
		const values = { timezone: 'Europe/Berlin', weekdays: ['tuesday'], hours_from: 3 * 60 };
		expect(startsOf(records, values)).toEqual([
			'2025-06-03T03:00:00+02:00',
			'2025-06-03T04:00:00+02:00',
		]);
	});

	it('returns no slot in a window without available appointments', () => {
		const [open, full] = [2, 0].map((available_appointments) =>
			window('2025-06-02T09:00:00-04:00', '2025-06-02T10:00:00-04:00', { available_appointments }),
		);
		expect(startsOf(open ? [open] : [], {})).toHaveLength(1);
		expect(startsOf(full ? [full] : [], {})).toEqual([]);
	});
});

describe('the windows of free time', () => {
	it('reads a window without an offset in the timezone of the clinic', () => {
		expect(startsOf([window('2025-06-02T09:00:00', '2025-06-02T10:00:00')], {})).toEqual([
			'2025-06-02T09:00:00-04:00',
		]);
	});

	it.each([undefined, null, '', 'soon', '2025-06-02', '2025-02-30T09:00:00Z'])(
		'fails for a window whose end is %s',
		(end) => {
			const unreadable = { ...window('2025-06-02T09:00:00Z', ''), range_end: end as string };
			expect(() => startsOf([unreadable], {})).toThrow('does not contain the requested data');
		},
	);

	it.each([undefined, null, '', 'Eastern'])('needs a chosen timezone for the zone %s', (zone) => {
		const records = [
			{ ...window('2025-06-02T09:00:00Z', '2025-06-02T10:00:00Z'), timezone: zone as string },
		];
		expect(() => startsOf(records, {})).toThrow("Cobalt did not say what the clinic's timezone is");
		expect(startsOf(records, { timezone: 'UTC' })).toEqual(['2025-06-02T09:00:00+00:00']);
	});

	it('returns no slots without windows', () => {
		expect(startsOf([], {})).toEqual([]);
	});
});
