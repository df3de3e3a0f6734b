/**
 * The log's filter takes days, and no document says of which timezone; nor whether Cobalt's clock is right.
 * Whatever it is, jobs are found in the log as soon as they are done.
 */
import { expect, it } from 'vitest';

import type { CobaltOptions } from '../../tools/fake-cobalt/index.mts';
import { bookings, cobaltForTest } from '../Cobalt/setup.mts';
import { book, each, ON_LOOKUPS } from './setup.mts';
import { statusesOf } from './truth.mts';

/** A midnight in each zone, and those before and after a night in which the clocks change. */
const MIDNIGHTS: Array<[zone: string, midnight: string]> = [
	['utc', '2025-03-11T00:00:00Z'],
	['Etc/GMT+12', '2025-03-11T12:00:00Z'],
	['Asia/Tokyo', '2025-03-10T15:00:00Z'],
	['Pacific/Kiritimati', '2025-03-10T10:00:00Z'],
	['America/Los_Angeles', '2025-03-09T08:00:00Z'],
	['America/Los_Angeles', '2025-03-10T07:00:00Z'],
	['America/Los_Angeles', '2025-11-02T07:00:00Z'],
	['America/Los_Angeles', '2025-11-03T08:00:00Z'],
];

/** When the clocks change there. */
const CHANGES: Array<[zone: string, moment: string]> = [
	['America/Los_Angeles', '2025-03-09T10:00:00Z'],
	['America/Los_Angeles', '2025-11-02T09:00:00Z'],
];

const moments = [...MIDNIGHTS, ...CHANGES].flatMap(([dayZone, moment]) =>
	[-6, 1].map((seconds): [string, number, string] => [dayZone, seconds, moment]),
);

/** Twelve jobs of seven to twelve seconds. They are to be found in the log, and at once. */
async function bookTwelve(options: CobaltOptions, now: number): Promise<void> {
	const cobalt = await cobaltForTest(options);
	for (const seconds of [7, 8, 9, 10, 11, 12]) cobalt.ehrWorker.plan({ seconds, times: 2 });
	const ended = await book(cobalt, { items: bookings(12), now: new Date(now).toISOString() });
	expect(statusesOf(ended)).toEqual(each('completed', 12));
	const lookups = cobalt.world.requests(ON_LOOKUPS);
	expect((lookups.at(-1)?.at ?? 0) - now).toBeLessThan(13_500);
	// The last few are looked up one by one, for that is less work.
	expect(lookups.filter(({ query }) => query.job_id === undefined).length).toBeGreaterThan(4);
	expect(lookups.length).toBeLessThan(16);
}

it.each(moments)(
	'books and finds the result with log days of %s, %d seconds from %s',
	async (dayZone, seconds, moment) => {
		await bookTwelve({ dayZone }, Date.parse(moment) + seconds * 1000);
	},
);

const skews = [120, -120].flatMap((clockSkewSeconds) =>
	MIDNIGHTS.slice(0, 4).flatMap(([dayZone, midnight]) =>
		[-123, 117].map((seconds): [number, string, number, string] => [
			clockSkewSeconds,
			dayZone,
			seconds,
			midnight,
		]),
	),
);

it.each(skews)(
	"books and finds the result when Cobalt's clock is %d seconds ahead, with log days of %s, %d seconds from %s",
	async (clockSkewSeconds, dayZone, seconds, midnight) => {
		await bookTwelve({ dayZone, clockSkewSeconds }, Date.parse(midnight) + seconds * 1000);
	},
);
