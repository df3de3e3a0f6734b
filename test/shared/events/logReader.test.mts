import { describe, expect, it } from 'vitest';

import { eventOf } from '../../../nodes/shared/events/event.js';
import { LogReader } from '../../../nodes/shared/events/logReader.js';
import { orderOf, timed } from '../../../nodes/shared/events/timestampedEvent.js';
import type { Send } from '../../../nodes/shared/http/client.js';
import {
	bookmark,
	ids,
	idsIn,
	idsSince,
	isRefused,
	pagesSince,
	readerOf,
	still,
} from './logReading.mts';
import { entries, SimulatedLog, T0, UnknownSortKey, type PageInfo } from './simulatedLog.mts';

const PAGE_INFOS: PageInfo[] = ['all', 'total', 'pages', 'nothing'];

describe('a read of the log', () => {
	it.each(PAGE_INFOS)('requests days, order and pages (pagination: %s)', async (pageInfo) => {
		const log = new SimulatedLog(entries(150), { pageInfo });
		expect(await idsSince(readerOf(log.send), T0)).toEqual(ids(entries(150)));
		// 15:00 UTC is still the same day at UTC-12. Whether that day is among what is listed, nobody says.
		const query = { start_date: '2025-03-09', sort: 'created', page_size: 100 };
		expect(log.requests).toEqual([
			{ ...query, page: 1 },
			{ ...query, page: 2 },
		]);
	});

	it('sends additional query parameters', async () => {
		const log = new SimulatedLog([]);
		const query = { event_type: 'x.done' };
		await pagesSince(new LogReader({ send: log.send, query, isRefused }), T0);
		expect(log.requests).toMatchObject([{ event_type: 'x.done', sort: 'created' }]);
	});

	it('reads one empty page of an empty log', async () => {
		const log = new SimulatedLog([]);
		expect(await pagesSince(readerOf(log.send, bookmark(1)), T0)).toMatchObject([
			{ number: 1, events: [], isLast: true },
		]);
		expect(log.pages).toEqual([1]);
	});

	it.each([-12, -7, 0, 14])('starts on an early enough day of a log at UTC%i', async (zone) => {
		for (const hour of [0, 6, 11, 12, 13, 18, 23]) {
			const since = Date.parse('2025-03-10T00:00:00Z') + hour * 3_600_000;
			const log = new SimulatedLog([{ id: 'at once', timestamp: since }], { zone });
			expect(await idsSince(readerOf(log.send), since)).toEqual(['at once']);
		}
	});

	it('continues from its position with one request', async () => {
		const log = new SimulatedLog(entries(1_050));
		const reader = readerOf(log.send);
		await pagesSince(reader, T0 + 1_020_000);
		expect(reader.bookmark).toEqual({ ...bookmark(11), total: 1_050 });
		log.requests.length = 0;
		const again = readerOf(log.send, reader.bookmark);
		expect(await idsSince(again, T0 + 1_030_000)).toEqual(ids(entries(50, 1_000)));
		expect(log.pages).toEqual([11]);
	});

	it.each([1, 3, 11, 12, 40, 5_000])('finds its place from a position on page %i', async (page) => {
		const log = new SimulatedLog(entries(1_050));
		const [first] = await pagesSince(readerOf(log.send, bookmark(page)), T0 + 250_000);
		expect(first?.number).toBe(3);
		expect(log.requests.length).toBeLessThan(40);
	});

	it('continues among equal moments where it stopped', async () => {
		const same = Array.from({ length: 950 }, (_, id) => ({ id: `s${id}`, timestamp: T0 }));
		const log = new SimulatedLog(same);
		const stopped = { ...bookmark(5), total: 950 };
		const pages: number[] = [];
		for await (const { number } of readerOf(log.send, stopped).since(T0, true)) pages.push(number);
		expect(pages).toEqual([5, 6, 7, 8, 9, 10]);
	});

	it('goes back among equal moments when entries have gone', async () => {
		const same = Array.from({ length: 949 }, (_, id) => ({ id: `s${id}`, timestamp: T0 }));
		const log = new SimulatedLog(same);
		await readerOf(log.send, { ...bookmark(5), total: 950 })
			.since(T0, true)
			.next();
		expect(log.pages.at(-1)).toBe(1);
	});

	it('ignores a position of another day', async () => {
		const log = new SimulatedLog(entries(1_050));
		await readerOf(log.send, bookmark(9, '2025-03-08')).since(T0).next();
		expect(log.pages[0]).toBe(1);
	});

	it('goes back over pages of equal moments to the first of them', async () => {
		const same = Array.from({ length: 430 }, (_, id) => ({ id: `s${id}`, timestamp: T0 + 50_000 }));
		const log = new SimulatedLog([...entries(50), ...same, ...entries(50, 60)]);
		for (const page of [1, 2, 3, 4, 5, 6]) {
			const found = await idsSince(readerOf(log.send, bookmark(page)), T0 + 50_000);
			expect(found).toEqual(expect.arrayContaining(ids(same)));
		}
	});

	it('compares moments with different offsets', async () => {
		const offsets = [-420, 0, 330, 840, -720];
		const mixed = entries(250).map((entry, index) => ({
			...entry,
			offset: offsets[index % offsets.length],
		}));
		const log = new SimulatedLog(mixed);
		const [page] = await pagesSince(readerOf(log.send, bookmark(3)), T0 + 120_000);
		expect(page?.number).toBe(2);
		expect(page?.events.map(({ timestamp }) => timestamp)).toEqual(
			entries(100, 100).map(({ timestamp }) => timestamp),
		);
	});
});

describe('the order of the log', () => {
	it.each(['created', 'created_at'])(
		'requests the order by the key that the log knows: %s',
		async (sortKey) => {
			const log = new SimulatedLog(entries(150), { sortKey });
			const reader = readerOf(log.send);
			expect(await idsSince(reader, T0)).toEqual(ids(entries(150)));
			expect(reader.bookmark).toMatchObject({ sort: sortKey, page: 2 });
			log.requests.length = 0;
			await pagesSince(readerOf(log.send, reader.bookmark), T0 + 149_000);
			expect(log.requests).toMatchObject([{ sort: sortKey, page: 2 }]);
		},
	);

	it('requests no other order after another error', async () => {
		const error = new Error('No connection');
		const sorts: unknown[] = [];
		const reader = readerOf(async ({ query }) => {
			sorts.push(query?.sort);
			return Promise.reject(error);
		});
		await expect(pagesSince(reader, T0)).rejects.toBe(error);
		expect(sorts).toEqual(['created']);
	});

	it('fails with the first error when the log knows no key', async () => {
		const errors: Error[] = [];
		const send: Send = async () => {
			errors.push(new UnknownSortKey());
			return Promise.reject(errors.at(-1) ?? new Error());
		};
		const failed = await pagesSince(readerOf(send), T0).catch((error: unknown) => error);
		// Each order once, and then without anything.
		expect(errors).toHaveLength(7);
		expect(failed).toBe(errors[0]);
	});

	it.each([
		['up and down', ['15:00:02', '15:00:00', '15:00:03', '15:00:01', '15:00:02'], undefined],
		['newest first', ['15:00:02', '15:00:01', '15:00:00'], 'newestFirst'],
		[
			'newest first, but for a late one',
			['15:00:04', '15:00:01', '15:00:02', '15:00:00'],
			'newestFirst',
		],
		['with unreadable ones between', ['15:00:02', 'soon', '15:00:00'], 'newestFirst'],
		['with equal ones', ['15:00:01', '15:00:01', '15:00:00'], 'newestFirst'],
		['oldest first', ['15:00:00', '15:00:01', '15:00:01'], 'oldestFirst'],
		['too few', ['15:00:02', '15:00:01'], undefined],
	])('detects the order of the events: %s', (_, times, order) => {
		const events = times.map((time) => eventOf({ created: `2025-03-10T${time}Z` }));
		expect(orderOf(timed(events))).toBe(order);
	});

	it('reads a log of one page in any order', async () => {
		const { send } = still([
			'2025-03-10T15:00:02Z',
			'2025-03-10T15:00:01Z',
			'2025-03-10T15:00:00Z',
		]);
		expect(await idsSince(readerOf(send), T0)).toEqual(['e2', 'e1', 'e0']);
	});

	it.each([
		[[]],
		[['2025-03-10T15:00:00Z']],
		[['2025-03-10T15:00:00Z', '2025-03-10T15:00:00Z']],
		[['soon', null]],
		[['2025-03-10T15:00:01Z', '2025-03-10T15:00:00Z', '2025-03-10T15:00:02Z']],
	])('does not detect an order in %j', async (created) => {
		const { send } = still(created);
		expect((await pagesSince(readerOf(send), T0)).flatMap(idsIn)).toHaveLength(created.length);
	});
});

describe('the moment of an event', () => {
	const timestampsOf = async (created: unknown[]) => {
		const [page] = await pagesSince(readerOf(still(created).send), T0);
		return page?.events.map(({ timestamp }) => (timestamp - T0) / 1000);
	};

	it.each([
		[
			['', '2025-03-10T15:00:01Z', 'soon', '2025-03-10T15:00:03Z', null],
			[1, 1, 1, 3, 3],
		],
		[
			['2025-03-10T08:00:05-07:00', {}],
			[5, 5],
		],
		[
			['soon', undefined],
			[NaN, NaN],
		],
	])('uses the moment of a neighbor for an event without one: %j', async (created, timestamps) => {
		expect(await timestampsOf(created)).toEqual(timestamps);
	});

	it('reads past a page without any moment', async () => {
		const lost = entries(100, 100).map((entry) => ({ ...entry, created: 'soon' }));
		const log = new SimulatedLog([...entries(100), ...lost, ...entries(50, 200)]);
		for (const page of [1, 2, 3]) {
			const found = await idsSince(readerOf(log.send, bookmark(page)), T0 + 99_000);
			expect(found).toEqual(expect.arrayContaining([...ids(lost), ...ids(entries(50, 200))]));
		}
	});
});
