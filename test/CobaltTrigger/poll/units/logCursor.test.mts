import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LogCursor, type SeenEvent } from '../../../../nodes/CobaltTrigger/poll/logCursor.js';
import {
	readSavedCursor,
	type SavedCursor,
} from '../../../../nodes/CobaltTrigger/poll/savedCursor.js';
import { beginAt, eventAt, keyOf, reread, T0 } from './cursors.mts';

const MINUTE_MS = 60_000;

interface Given {
	saved?: SavedCursor;
	overlapMs?: number;
	now?: number;
}

const cursorOf = ({ saved = beginAt(T0), overlapMs = 10 * MINUTE_MS, now = T0 }: Given = {}) =>
	new LogCursor(saved, { overlapMs, now: () => now });

const kept = (cursor: LogCursor, isAtEnd = true): SavedCursor => reread(cursor.save(isAtEnd), 0);

const countOf = ({ seen }: SavedCursor) => Object.values(seen).join('').length / 10;

describe('LogCursor', () => {
	it('starts at its start, whatever the overlap', () => {
		for (const overlapMs of [0, 1, 24 * 60 * MINUTE_MS]) {
			const cursor = cursorOf({ overlapMs });
			expect(cursor).toMatchObject({ start: T0, isResumed: false });
			expect([-1, 0, 1].map((ms) => cursor.isNew(eventAt(1, ms)))).toEqual([false, true, true]);
		}
	});

	it('recognizes events that it took, but not those that it passed', () => {
		const cursor = cursorOf({ now: T0 + MINUTE_MS });
		cursor.markEmitted(eventAt(1, 500));
		cursor.markRead(T0 + 700);
		expect(cursor.isNew(eventAt(1, 500))).toBe(false);
		const next = cursorOf({ saved: kept(cursor) });
		expect([1, 2].map((id) => next.isNew(eventAt(id, 700)))).toEqual([false, true]);
		expect(kept(cursor)).toMatchObject({ highWaterMark: T0 + 700 });
	});

	it('distinguishes events of one moment by their keys', () => {
		const cursor = cursorOf();
		for (const id of [1, 2, 3]) cursor.markEmitted(eventAt(id, 0));
		const next = cursorOf({ saved: kept(cursor) });
		expect([1, 2, 3, 4].map((id) => next.isNew(eventAt(id, 0)))).toEqual([
			false,
			false,
			false,
			true,
		]);
	});

	it('takes an event without a moment once', () => {
		const unknown = { key: keyOf(1), timestamp: NaN };
		const cursor = cursorOf();
		expect(cursor.isNew(unknown)).toBe(true);
		cursor.markEmitted(unknown);
		const saved = kept(cursor);
		expect(saved).toMatchObject({ start: T0, highWaterMark: T0 });
		expect(cursorOf({ saved }).isNew(unknown)).toBe(false);
	});

	it('resumes where it stopped, and then reads again from its start', () => {
		const now = T0 + 60 * MINUTE_MS;
		const first = cursorOf({ now });
		first.markEmitted(eventAt(1, 20 * MINUTE_MS));
		const second = cursorOf({ now, saved: kept(first, false) });
		expect(second).toMatchObject({ start: T0 + 20 * MINUTE_MS, isResumed: true });
		second.markEmitted(eventAt(2, 40 * MINUTE_MS));
		const third = cursorOf({ now, saved: kept(second) });
		expect(third).toMatchObject({ start: T0, isResumed: false });
		expect(third.isNew(eventAt(3, 10 * MINUTE_MS))).toBe(true);
		expect(third.isNew(eventAt(1, 20 * MINUTE_MS))).toBe(false);
		const fourth = cursorOf({ now, saved: kept(third) });
		expect(fourth.start).toBe(T0 + 30 * MINUTE_MS);
	});

	it.each([true, false])(
		'ignores events that are dated in the future (at the end: %s)',
		(isAtEnd) => {
			const cursor = cursorOf({ now: T0 });
			cursor.markEmitted(eventAt(1, 0));
			expect(kept(cursor, isAtEnd).highWaterMark).toBe(T0);
			cursor.markEmitted(eventAt(2, 1));
			cursor.markRead(T0 + 365 * 24 * 60 * MINUTE_MS);
			cursor.markEmitted({ key: keyOf(3), timestamp: Date.parse('+200000-01-01T00:00:00Z') });
			const saved = kept(cursor, isAtEnd);
			expect(saved).toMatchObject({ start: T0, highWaterMark: T0 });
			const again = kept(cursorOf({ saved, now: T0 }));
			const next = cursorOf({ saved: again });
			expect(next.start).toBe(T0);
			expect([1, 2].map((id) => next.isNew(eventAt(id, 1)))).toEqual([false, false]);
		},
	);

	it('takes no event again when the overlap changes', () => {
		let saved = beginAt(T0);
		const events = Array.from({ length: 60 }, (_, id) => eventAt(id, id * MINUTE_MS));
		const emitted: string[] = [];
		for (const minutes of [10, 1440, 0, 1440, 5, 60, 10]) {
			const cursor = cursorOf({ saved, overlapMs: minutes * MINUTE_MS, now: T0 + 1e8 });
			for (const event of events.filter((one) => cursor.isNew(one))) {
				emitted.push(event.key);
				cursor.markEmitted(event);
			}
			saved = kept(cursor);
		}
		expect(emitted).toEqual(events.map(({ key }) => key));
	});
});

describe('a saved cursor', () => {
	it.each([
		['close together', 10, 10_000],
		['a second apart', 1_000, 4_500],
	])('saves few keys, with a shorter overlap, of many events %s', (_, apartMs, least) => {
		const cursor = cursorOf({ now: T0 + 1e9, overlapMs: 1440 * MINUTE_MS });
		for (let id = 0; id < 25_000; id += 1) cursor.markEmitted(eventAt(id, id * apartMs));
		for (const isAtEnd of [true, false]) {
			const saved = kept(cursor, isAtEnd);
			expect(JSON.stringify(saved).length).toBeLessThan(121_000);
			expect(countOf(saved)).toBeGreaterThan(least);
			const next = cursorOf({ saved, now: T0 + 1e9 });
			for (let id = 0; id < 25_000; id += 100) {
				expect(next.isNew(eventAt(id, id * apartMs))).toBe(false);
			}
		}
	});

	it('saves all keys of the last second', () => {
		const cursor = cursorOf({ now: T0 + 1e9 });
		cursor.markEmitted(eventAt(0, 0));
		for (let id = 1; id <= 12_000; id += 1) cursor.markEmitted(eventAt(id, 5_000));
		const saved = kept(cursor, false);
		expect(countOf(saved)).toBe(12_000);
		const next = cursorOf({ saved, now: T0 + 1e9 });
		expect(next.isNew(eventAt(12_000, 5_000))).toBe(false);
		expect(next.isNew(eventAt(12_001, 5_000))).toBe(true);
		next.markEmitted(eventAt(12_001, 6_000));
		expect(countOf(kept(next))).toBe(1);
	});

	it('never starts in the future', () => {
		const cursor = cursorOf();
		for (let id = 0; id < 10_500; id += 1) cursor.markEmitted(eventAt(id, 1e8 + id * 1000));
		expect(kept(cursor).start).toBeLessThanOrEqual(T0);
	});

	it('saves the newest of 200,000 events', () => {
		const cursor = cursorOf({ now: T0 + 1e9 });
		for (let id = 0; id < 200_000; id += 1) cursor.markEmitted(eventAt(id, id));
		expect(countOf(kept(cursor))).toBeLessThanOrEqual(12_000);
	});

	it.each<[string, unknown]>([
		['nothing', undefined],
		['null', null],
		['text', '{}'],
		['a list', [beginAt(T0)]],
		['no place', { seen: {} }],
		['a place in words', { ...beginAt(T0), start: String(T0) }],
		['no number', { ...beginAt(T0), highWaterMark: NaN }],
		['a place without end', { ...beginAt(T0), start: Infinity }],
		['a place beyond time', { ...beginAt(T0), start: 1e17 }],
		['no keys', { ...beginAt(T0), seen: undefined }],
		['a list of keys', { ...beginAt(T0), seen: [] }],
		['keys of no second', { ...beginAt(T0), seen: { constructor: 'abcdefghij' } }],
		['a second of no keys', { ...beginAt(T0), seen: { 1741618800: 7 } }],
		['a prototype', JSON.parse(`{"start":1,"highWaterMark":1,"seen":{"__proto__":"x"}}`)],
	])('readSavedCursor refuses %s', (_, value) => {
		expect(readSavedCursor(value, 0)).toBeUndefined();
	});

	it.each([null, 'x', {}, NaN, 1e17])('readSavedCursor ignores an invalid resume: %j', (resume) => {
		expect(readSavedCursor({ ...beginAt(T0), resume }, 0)).toEqual(beginAt(T0));
	});
});

/** Looks at a log that grows: what appears late appears within the overlap. */
interface SimulatedPoll {
	/** Milliseconds, counted back from the newest, or on from it when negative. */
	arrivals: number[];
	/** How many it tells at most. */
	most: number;
	overlapMs: number;
}

const MIN_OVERLAP_MS = 2_000;

const poll: fc.Arbitrary<SimulatedPoll> = fc.record({
	arrivals: fc.array(fc.integer({ min: -3_000, max: MIN_OVERLAP_MS }), { maxLength: 8 }),
	most: fc.integer({ min: 1, max: 5 }),
	overlapMs: fc.integer({ min: MIN_OVERLAP_MS, max: 9_000 }),
});

it('takes each event exactly once over stopped reads, late events and changed overlaps', () => {
	fc.assert(
		fc.property(fc.array(poll, { maxLength: 25 }), fc.boolean(), (polls, hasFuture) => {
			let saved = beginAt(T0);
			let newest = T0;
			const log: Array<SeenEvent & { isWanted: boolean }> = [];
			if (hasFuture) log.push({ ...eventAt(99_999, 1e9), isWanted: true });
			const emitted: string[] = [];
			const rest = { arrivals: [], most: 1_000, overlapMs: MIN_OVERLAP_MS };
			for (const { arrivals, most, overlapMs } of [...polls, rest, rest, rest]) {
				const before = newest;
				for (const back of arrivals) {
					const timestamp = Math.max(T0, before - back);
					newest = Math.max(newest, timestamp);
					log.push({ key: keyOf(log.length), timestamp, isWanted: log.length % 3 > 0 });
				}
				log.sort((one, other) => one.timestamp - other.timestamp);
				const cursor = cursorOf({ saved, overlapMs, now: newest });
				let room = most;
				let isAtEnd = true;
				for (const event of log) {
					if (!cursor.isNew(event)) continue;
					if (!event.isWanted) {
						cursor.markRead(event.timestamp);
						continue;
					}
					if (room === 0) {
						isAtEnd = false;
						break;
					}
					room -= 1;
					emitted.push(event.key);
					cursor.markEmitted(event);
				}
				saved = kept(cursor, isAtEnd);
			}
			const wanted = log.filter(({ isWanted }) => isWanted).map(({ key }) => key);
			expect(emitted.sort()).toEqual(wanted.sort());
		}),
		{ numRuns: 1_000 },
	);
});

describe('the overlap after a backlog', () => {
	/** Where the log is read from once a backlog, read in two steps, has come to its end. */
	function startAfter(known?: number): number {
		const now = T0 + 600 * MINUTE_MS;
		const first = cursorOf({ now });
		first.markEmitted(eventAt(1, 60 * MINUTE_MS));
		if (known !== undefined) first.setBeganAt(known);
		const second = cursorOf({ saved: kept(first, false), now });
		expect(second).toMatchObject({ start: T0 + 60 * MINUTE_MS, isResumed: true });
		second.setBeganAt(T0 + 590 * MINUTE_MS);
		second.markEmitted(eventAt(2, 500 * MINUTE_MS));
		return kept(second).start;
	}

	it('goes back from the newest event that was there when the first step began', () => {
		expect(startAfter(T0 + 500 * MINUTE_MS)).toBe(T0 + 490 * MINUTE_MS);
	});

	it('goes back to the beginning of the backlog if no newer event is known', () => {
		expect(startAfter()).toBe(T0);
		expect(startAfter(-Infinity)).toBe(T0);
	});
});
