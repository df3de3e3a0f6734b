import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { settleBatch } from '../../../../nodes/CobaltTrigger/poll/inFlight.js';
import { LogCursor, type SeenEvent } from '../../../../nodes/CobaltTrigger/poll/logCursor.js';
import {
	readSavedCursor,
	rewind,
	type SavedCursor,
} from '../../../../nodes/CobaltTrigger/poll/savedCursor.js';
import { beginAt, eventAt, keyOf, reread, T0 } from './cursors.mts';

const OVERLAP_MS = 3_000;

/** What is saved of a poll that hands over these events. */
function handedOver(saved: SavedCursor, events: SeenEvent[], by = 'here', now = T0): SavedCursor {
	const cursor = new LogCursor(saved, { overlapMs: OVERLAP_MS, now: () => now });
	for (const event of events) cursor.markEmitted(event);
	return reread(cursor.save(true, { keys: events.map(({ key }) => key), by }), OVERLAP_MS);
}

const isNew = (saved: SavedCursor, event: SeenEvent): boolean =>
	new LogCursor(saved, { overlapMs: OVERLAP_MS, now: () => T0 }).isNew(event);

describe('a batch in flight', () => {
	const [first, second] = [eventAt(1, 0), eventAt(2, 10)];
	const before = handedOver(beginAt(T0), [first], 'here', T0 - 100_000);
	const settled = settleBatch(before, { now: T0, processId: 'here', maxAgeMs: Infinity });
	const saved = handedOver(settled.cursor, [second]);

	it.each([
		['of this process', 'here', 0, Infinity, false],
		['of this process, long ago', 'here', 1e9, Infinity, false],
		['of another one', 'there', 0, Infinity, true],
		['of another one, long ago', 'there', 1e9, Infinity, true],
		['of another one, longer ago than n8n’s table may know', 'there', 1e9, 1e8, false],
	])('a batch %s: is emitted again: %s', (_, processId, ageMs, maxAgeMs, isAgain) => {
		const { cursor, isRewound } = settleBatch(saved, { now: T0 + ageMs, processId, maxAgeMs });
		expect(isRewound).toBe(isAgain);
		expect([first, second].map((event) => isNew(cursor, event))).toEqual([false, isAgain]);
	});

	it('rewind returns the position before the batch, with the keys that were emitted before', () => {
		const { inFlight, ...place } = rewind(saved);
		expect(inFlight).toBeUndefined();
		expect(place).toMatchObject({ start: before.start, highWaterMark: before.highWaterMark });
		expect(Object.values(place.seen)).toEqual([first.key]);
	});

	it('a batch in flight includes the one just before it', () => {
		const both = handedOver(handedOver(beginAt(T0), [first]), [second]);
		expect([first, second].map((event) => isNew(rewind(both), event))).toEqual([true, true]);
	});

	it('a batch in flight needs hardly more room than one that has arrived', () => {
		const events = Array.from({ length: 3_000 }, (_, id) => eventAt(id, id));
		const batch = handedOver(beginAt(T0), events);
		const { cursor } = settleBatch(batch, { now: T0 + 1e9, processId: 'here', maxAgeMs: 0 });
		const [inFlight, allDelivered] = [batch, cursor].map((each) => JSON.stringify(each).length);
		expect(Number(inFlight) - Number(allDelivered)).toBeLessThan(300);
	});

	it.each([null, 7, {}, { ...saved.inFlight, by: 7 }, { ...saved.inFlight, place: { start: 1 } }])(
		'readSavedCursor ignores an invalid batch in flight: %j',
		(inFlight) => {
			expect(readSavedCursor({ ...saved, inFlight }, OVERLAP_MS)).not.toHaveProperty('inFlight');
		},
	);
});

/** What becomes of a look: n8n goes on, is started anew, or is killed before the run has begun. */
const step = fc.record({
	arrivals: fc.array(fc.integer({ min: -2_000, max: OVERLAP_MS }), { maxLength: 6 }),
	most: fc.integer({ min: 1, max: 4 }),
	ending: fc.constantFrom('goes on', 'restarts', 'is killed'),
});

it('emits each event once, whenever n8n is killed or restarted', () => {
	fc.assert(
		fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
			let saved = beginAt(T0);
			let newest = T0;
			let process = 0;
			const log: SeenEvent[] = [];
			/** n8n's table, in the order in which runs began. */
			const begun: string[] = [];
			const rest = { arrivals: [], most: 1_000, ending: 'goes on' };
			for (const { arrivals, most, ending } of [...steps, rest, rest, rest]) {
				const before = newest;
				for (const back of arrivals) {
					const timestamp = Math.max(T0, before - back);
					newest = Math.max(newest, timestamp);
					log.push({ key: keyOf(log.length), timestamp });
				}
				log.sort((one, other) => one.timestamp - other.timestamp);
				const processId = String(process);
				const now = T0 + log.length * 60_000;
				const { cursor: place } = settleBatch(saved, { now, processId, maxAgeMs: Infinity });
				const cursor = new LogCursor(place, { overlapMs: OVERLAP_MS, now: () => newest });
				const fresh = log.filter((event) => cursor.isNew(event));
				const batch = fresh.slice(0, most);
				for (const event of batch) cursor.markEmitted(event);
				const keys = batch.map(({ key }) => key);
				saved = reread(
					cursor.save(batch.length === fresh.length, { keys, by: processId }),
					OVERLAP_MS,
				);
				if (ending !== 'is killed') begun.push(...keys.filter((key) => !begun.includes(key)));
				if (ending !== 'goes on') process += 1;
			}
			expect(begun.sort()).toEqual(log.map(({ key }) => key).sort());
		}),
		{ numRuns: 500 },
	);
});
