import fc from 'fast-check';
import { expect, it } from 'vitest';

import { LogReader } from '../../../nodes/shared/events/logReader.js';
import { SimulatedLog, T0, type Entry, type LogOptions, type PageInfo } from './simulatedLog.mts';

const SECOND_MS = 1_000;

/** Seconds around the moment since when the log is read: many are equal, and some are a day away. */
const second = fc.oneof(
	{ weight: 8, arbitrary: fc.integer({ min: -30, max: 60 }) },
	{ weight: 1, arbitrary: fc.integer({ min: -100_000, max: 100_000 }) },
);

const happened = fc.record({
	second,
	offset: fc.constantFrom(0, 0, -420, 330, 840),
	created: fc.option(fc.constantFrom('soon', '', '2025-13-40'), { nil: undefined, freq: 12 }),
});

type Happened = typeof happened extends fc.Arbitrary<infer T> ? T : never;

const entryOf =
	(name: string) =>
	({ second: at, offset, created }: Happened, index: number): Entry => ({
		id: `${name}${index}`,
		timestamp: T0 + at * SECOND_MS,
		offset,
		created,
	});

interface Reading {
	pageInfo: PageInfo;
	size: number;
	zone: number;
	page: number;
	isBookmarked: boolean;
	log: Happened[];
}

const reading = (pageInfo: PageInfo[]) =>
	fc.record({
		pageInfo: fc.constantFrom(...pageInfo),
		size: fc.integer({ min: 3, max: 8 }),
		zone: fc.integer({ min: -12, max: 14 }),
		page: fc.integer({ min: 1, max: 30 }),
		isBookmarked: fc.boolean(),
		log: fc.array(happened, { maxLength: 90 }),
	});

/** Reads all since T0, and says what of the log as it was at the beginning was not given. */
async function leftOut(
	{ pageInfo, size, zone, page, isBookmarked, log }: Reading,
	changes: LogOptions['changes'],
	max: number,
): Promise<string[]> {
	const simulated = new SimulatedLog(log.map(entryOf('e')), { pageInfo, size, zone, changes, max });
	const wanted = simulated.entries.filter(
		({ timestamp, created }) => timestamp >= T0 && created === undefined,
	);
	const reader = new LogReader({
		send: simulated.send,
		query: {},
		isRefused: () => false,
		...(isBookmarked && { bookmark: { startDate: '2025-03-10', page, sort: 'created' } }),
	});
	const given = new Set<string>();
	for await (const { events } of reader.since(T0)) {
		for (const { event } of events) given.add(event.id);
	}
	const kept = new Set(simulated.entries);
	return wanted.filter((entry) => kept.has(entry) && !given.has(entry.id)).map(({ id }) => id);
}

/** Pages of the log at most, with room to find the place in it. */
const bound = ({ log, size }: Reading, times = 1) =>
	(times + 1) * (2 * Math.ceil(log.length / size) + 25);

it('reads all of an unchanging log in a bounded number of requests', async () => {
	await fc.assert(
		fc.asyncProperty(reading(['all', 'total', 'pages', 'nothing']), async (one) => {
			expect(await leftOut(one, [], bound(one))).toEqual([]);
		}),
		{ numRuns: 400 },
	);
});

it('reads all existing entries while new and late entries come', async () => {
	await fc.assert(
		fc.asyncProperty(
			reading(['all', 'total', 'pages', 'nothing']),
			// Less than a page at once: page-fulls in a row look like a log that has no end.
			fc.array(fc.array(happened, { maxLength: 2 }), { maxLength: 40 }),
			async (one, arrivals) => {
				const changes = arrivals.map((some, turn) => (log: SimulatedLog) => {
					log.add(...some.map(entryOf(`late${turn}.`)));
				});
				const added = Math.ceil(arrivals.flat().length / one.size);
				expect(await leftOut(one, changes, bound(one) + 2 * added)).toEqual([]);
			},
		),
		{ numRuns: 400 },
	);
});

it('reads all remaining entries while others disappear', async () => {
	await fc.assert(
		fc.asyncProperty(
			reading(['all', 'total']),
			fc.array(fc.array(fc.nat(60), { maxLength: 8 }), { maxLength: 12 }),
			async (one, losses) => {
				const changes = losses.map((places) => (log: SimulatedLog) => {
					const gone = new Set(places.map((place) => log.entries[place]));
					log.entries = log.entries.filter((entry) => !gone.has(entry));
				});
				expect(await leftOut(one, changes, bound(one, losses.length))).toEqual([]);
			},
		),
		{ numRuns: 400 },
	);
});
