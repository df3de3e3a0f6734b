import { describe, expect, it } from 'vitest';

import { UnsortedLogError } from '../../../nodes/shared/events/logReader.js';
import { bookmark, ids, idsIn, idsSince, pagesSince, readerOf, still } from './logReading.mts';
import { DAY_MS, entries, SimulatedLog, T0, type Entry, type PageInfo } from './simulatedLog.mts';

const ENDLESS = 'Cobalt returns the same page of its event log again and again';

type Change = (log: SimulatedLog) => void;

const add =
	(...late: Entry[]): Change =>
	(log) => {
		log.add(...late);
	};

/** The oldest go. */
const shift =
	(count: number): Change =>
	(log) => {
		log.entries = log.entries.slice(count);
	};

describe('a log that changes while it is read', () => {
	it('returns an entry twice that moves to the next page', async () => {
		const late = { id: 'late', timestamp: T0 + 10_500 };
		const log = new SimulatedLog(entries(250), { changes: [add(late)] });
		const found = await idsSince(readerOf(log.send), T0);
		expect(new Set(found)).toEqual(new Set(ids(entries(250))));
		expect(found.filter((id) => id === 'e99')).toHaveLength(2);
	});

	it.each([1, 30, 100, 140])('goes back when %i entries of the log disappear', async (count) => {
		const log = new SimulatedLog(entries(450), {
			changes: [shift(count)],
		});
		const found = await idsSince(readerOf(log.send), T0);
		const kept = ids(entries(450 - Math.max(count, 100), Math.max(count, 100)));
		expect(found).toEqual(expect.arrayContaining(kept));
	});

	it('ends when the log becomes empty', async () => {
		const log = new SimulatedLog(entries(250), { changes: [shift(250)] });
		expect(await idsSince(readerOf(log.send), T0)).toEqual(ids(entries(100)));
		expect(log.requests.length).toBeLessThan(5);
	});

	it('fails when the log loses entries with each request', async () => {
		const log = new SimulatedLog(entries(3_000), {
			changes: Array.from({ length: 500 }, () => shift(1)),
		});
		await expect(pagesSince(readerOf(log.send), T0)).rejects.toThrow(UnsortedLogError);
		expect(log.requests.length).toBeLessThan(200);
	});

	it('continues when a whole page of entries comes late', async () => {
		const late = Array.from({ length: 100 }, (_, id) => ({ id: `late${id}`, timestamp: T0 }));
		const log = new SimulatedLog(entries(250, 1), { changes: [add(...late)] });
		expect(await idsSince(readerOf(log.send), T0)).toEqual(
			expect.arrayContaining(ids(entries(250, 1))),
		);
	});

	it('finds its place when entries disappear from a log that reports only a total', async () => {
		const log = new SimulatedLog(entries(2_000), {
			pageInfo: 'total',
			changes: [() => undefined, () => undefined, () => undefined, shift(400)],
		});
		const found = await idsSince(readerOf(log.send, bookmark(18)), T0 + 950_000);
		expect(found).toEqual(expect.arrayContaining(ids(entries(1_050, 950))));
	});
});

describe('a log without an end', () => {
	it('fails when the log returns the same page again and again', async () => {
		const { send, asked } = still(
			entries(100).map(({ timestamp }) => new Date(timestamp).toISOString()),
		);
		await expect(pagesSince(readerOf(send), T0)).rejects.toThrow(ENDLESS);
		expect(asked()).toBe(3);
	});

	it('reads the first page of a log that always returns the same page', async () => {
		const { send, asked } = still(
			entries(100).map(({ timestamp }) => new Date(timestamp).toISOString()),
		);
		for await (const { events } of readerOf(send).since(T0)) {
			expect(events).toHaveLength(100);
			break;
		}
		expect(asked()).toBe(1);
	});

	it('fails to find the last page of a log that always returns the same page', async () => {
		const { send } = still(entries(100).map(({ timestamp }) => new Date(timestamp).toISOString()));
		await expect(readerOf(send).last(T0)).rejects.toThrow(ENDLESS);
	});
});

describe('the last page of the log', () => {
	it.each([
		['all', [1, 11]],
		['pages', [1, 11]],
		['total', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
		['nothing', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
	] satisfies Array<[PageInfo, number[]]>)(
		'finds the last page (reported %s)',
		async (pageInfo, pages) => {
			const log = new SimulatedLog(entries(1_050), { pageInfo });
			const reader = readerOf(log.send);
			expect(idsIn(await reader.last(T0))).toEqual(ids(entries(50, 1_000)));
			expect(log.pages).toEqual(pages);
			expect(reader.bookmark).toMatchObject(bookmark(11));
		},
	);

	it('returns an empty last page when no event is that recent', async () => {
		const log = new SimulatedLog(entries(10));
		expect((await readerOf(log.send).last(T0 + 2 * DAY_MS)).events).toEqual([]);
	});

	it('returns the last full page of a log that reports nothing', async () => {
		const log = new SimulatedLog(entries(200), { pageInfo: 'nothing' });
		expect(idsIn(await readerOf(log.send).last(T0))).toEqual(ids(entries(100, 100)));
	});

	it('returns the newest event when the log has become shorter meanwhile', async () => {
		const log = new SimulatedLog(entries(201), { changes: [shift(1)] });
		expect(idsIn(await readerOf(log.send).last(T0))).toContain('e200');
	});
});
