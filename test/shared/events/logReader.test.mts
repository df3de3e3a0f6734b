import { describe, expect, it } from 'vitest';

import { eventOf } from '../../../nodes/shared/events/event.js';
import {
	LogReader,
	UnsortedLogError,
	type LogPosition,
	type EventsPage,
} from '../../../nodes/shared/events/logReader.js';
import { orderOf, timed } from '../../../nodes/shared/events/timestampedEvent.js';
import type { Send } from '../../../nodes/shared/http/client.js';
import {
	DAY_MS,
	entries,
	SimulatedLog,
	T0,
	UnknownSortKey,
	type Entry,
	type Told,
} from './simulatedLog.mts';

const ENDLESS = 'Cobalt gives the same page of its events again and again';

const TOLD: Told[] = ['all', 'total', 'pages', 'nothing'];

const isRefused = (error: unknown) => error instanceof UnknownSortKey;

const readerOf = (send: Send, bookmark?: LogPosition) =>
	new LogReader({ send, query: {}, isRefused, bookmark });

const bookmark = (page: number, startDate = '2025-03-09'): LogPosition => ({
	startDate,
	page,
	sort: 'created',
});

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

const idsIn = ({ events }: EventsPage) => events.map(({ event }) => event.id);

async function pagesSince(reader: LogReader, since: number): Promise<EventsPage[]> {
	const pages: EventsPage[] = [];
	for await (const page of reader.since(since)) pages.push(page);
	return pages;
}

const idsSince = async (reader: LogReader, since: number) =>
	(await pagesSince(reader, since)).flatMap(idsIn);

const ids = (list: Entry[]) => list.map(({ id }) => id);

/** A log that gives the same, whatever page is asked for. */
function still(created: unknown[], most = 2_000) {
	let asked = 0;
	const webhook_events = created.map((moment, id) => ({ id: `e${id}`, created: moment }));
	const send: Send = async () => {
		asked += 1;
		if (asked > most) throw new Error('Endless');
		return Promise.resolve({ webhook_events });
	};
	return { send, asked: () => asked };
}

describe('a reading of the log', () => {
	it.each(TOLD)('asks for days, order and pages (told of pages: %s)', async (told) => {
		const log = new SimulatedLog(entries(150), { told });
		expect(await idsSince(readerOf(log.send), T0)).toEqual(ids(entries(150)));
		// 15:00 UTC is still the same day at UTC-12. Whether that day is among what is listed, nobody says.
		const query = { start_date: '2025-03-09', sort: 'created', page_size: 100 };
		expect(log.requests).toEqual([
			{ ...query, page: 1 },
			{ ...query, page: 2 },
		]);
	});

	it('adds what else is asked for', async () => {
		const log = new SimulatedLog([]);
		const query = { event_type: 'x.done' };
		await pagesSince(new LogReader({ send: log.send, query, isRefused }), T0);
		expect(log.requests).toMatchObject([{ event_type: 'x.done', sort: 'created' }]);
	});

	it('of an empty log is one empty page', async () => {
		const log = new SimulatedLog([]);
		expect(await pagesSince(readerOf(log.send, bookmark(1)), T0)).toMatchObject([
			{ number: 1, events: [], isLast: true },
		]);
		expect(log.pages).toEqual([1]);
	});

	it.each([-12, -7, 0, 14])('begins early enough wherever its days are: UTC%i', async (zone) => {
		for (const hour of [0, 6, 11, 12, 13, 18, 23]) {
			const since = Date.parse('2025-03-10T00:00:00Z') + hour * 3_600_000;
			const log = new SimulatedLog([{ id: 'at once', moment: since }], { zone });
			expect(await idsSince(readerOf(log.send), since)).toEqual(['at once']);
		}
	});

	it.each(TOLD)('of 30,000 events finds its place in few requests (%s)', async (told) => {
		const log = new SimulatedLog(entries(30_000), { told });
		const reader = readerOf(log.send);
		expect((await idsSince(reader, T0 + 29_990_000)).slice(-10)).toEqual(ids(entries(10, 29_990)));
		expect(log.requests.length).toBeLessThan(25);
	});

	it('goes on from its bookmark with one request', async () => {
		const log = new SimulatedLog(entries(1_050));
		const reader = readerOf(log.send);
		await pagesSince(reader, T0 + 1_020_000);
		expect(reader.bookmark).toEqual({ ...bookmark(11), total: 1_050 });
		log.requests.length = 0;
		const again = readerOf(log.send, reader.bookmark);
		expect(await idsSince(again, T0 + 1_030_000)).toEqual(ids(entries(50, 1_000)));
		expect(log.pages).toEqual([11]);
	});

	it.each([1, 3, 11, 12, 40, 5_000])('finds its place from a bookmark on page %i', async (page) => {
		const log = new SimulatedLog(entries(1_050));
		const [first] = await pagesSince(readerOf(log.send, bookmark(page)), T0 + 250_000);
		expect(first?.number).toBe(3);
		expect(log.requests.length).toBeLessThan(40);
	});

	it('goes on among equal moments where it stopped', async () => {
		const same = Array.from({ length: 950 }, (_, id) => ({ id: `s${id}`, moment: T0 }));
		const log = new SimulatedLog(same);
		const stopped = { ...bookmark(5), total: 950 };
		const pages: number[] = [];
		for await (const { number } of readerOf(log.send, stopped).since(T0, true)) pages.push(number);
		expect(pages).toEqual([5, 6, 7, 8, 9, 10]);
	});

	it('goes back among equal moments when entries have gone since', async () => {
		const same = Array.from({ length: 949 }, (_, id) => ({ id: `s${id}`, moment: T0 }));
		const log = new SimulatedLog(same);
		await readerOf(log.send, { ...bookmark(5), total: 950 })
			.since(T0, true)
			.next();
		expect(log.pages.at(-1)).toBe(1);
	});

	it('forgets a bookmark of another day', async () => {
		const log = new SimulatedLog(entries(1_050));
		await readerOf(log.send, bookmark(9, '2025-03-08')).since(T0).next();
		expect(log.pages[0]).toBe(1);
	});

	it('goes back over pages of equal moments to the first of them', async () => {
		const same = Array.from({ length: 430 }, (_, id) => ({ id: `s${id}`, moment: T0 + 50_000 }));
		const log = new SimulatedLog([...entries(50), ...same, ...entries(50, 60)]);
		for (const page of [1, 2, 3, 4, 5, 6]) {
			const found = await idsSince(readerOf(log.send, bookmark(page)), T0 + 50_000);
			expect(found).toEqual(expect.arrayContaining(ids(same)));
		}
	});

	it('takes offsets for what they are', async () => {
		const offsets = [-420, 0, 330, 840, -720];
		const mixed = entries(250).map((entry, index) => ({
			...entry,
			offset: offsets[index % offsets.length],
		}));
		const log = new SimulatedLog(mixed);
		const [page] = await pagesSince(readerOf(log.send, bookmark(3)), T0 + 120_000);
		expect(page?.number).toBe(2);
		expect(page?.events.map(({ moment }) => moment)).toEqual(
			entries(100, 100).map(({ moment }) => moment),
		);
	});
});

describe('the order of the log', () => {
	it.each(['created', 'created_at'])(
		'is asked for by the key that it knows: %s',
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

	it('is not asked for otherwise because of any other error', async () => {
		const error = new Error('No connection');
		const sorts: unknown[] = [];
		const reader = readerOf(async ({ query }) => {
			sorts.push(query?.sort);
			return Promise.reject(error);
		});
		await expect(pagesSince(reader, T0)).rejects.toBe(error);
		expect(sorts).toEqual(['created']);
	});

	it('is refused in the first words when neither key is known', async () => {
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
	])('is judged by what comes back: %s', (_, times, order) => {
		const events = times.map((time) => eventOf({ created: `2025-03-10T${time}Z` }));
		expect(orderOf(timed(events))).toBe(order);
	});

	it('does not matter in a log of one page', async () => {
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
	])('is not judged by %j', async (created) => {
		const { send } = still(created);
		expect((await pagesSince(readerOf(send), T0)).flatMap(idsIn)).toHaveLength(created.length);
	});
});

describe('the place in time', () => {
	const momentsOf = async (created: unknown[]) => {
		const [page] = await pagesSince(readerOf(still(created).send), T0);
		return page?.events.map(({ moment }) => (moment - T0) / 1000);
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
	])('of what has none is that of its neighbour: %j', async (created, moments) => {
		expect(await momentsOf(created)).toEqual(moments);
	});

	it('does not hide a page of which nothing can be read', async () => {
		const lost = entries(100, 100).map((entry) => ({ ...entry, created: 'soon' }));
		const log = new SimulatedLog([...entries(100), ...lost, ...entries(50, 200)]);
		for (const page of [1, 2, 3]) {
			const found = await idsSince(readerOf(log.send, bookmark(page)), T0 + 99_000);
			expect(found).toEqual(expect.arrayContaining([...ids(lost), ...ids(entries(50, 200))]));
		}
	});
});

describe('a log that changes while it is read', () => {
	it('gives again what moves to the next page', async () => {
		const late = { id: 'late', moment: T0 + 10_500 };
		const log = new SimulatedLog(entries(250), { changes: [add(late)] });
		const found = await idsSince(readerOf(log.send), T0);
		expect(new Set(found)).toEqual(new Set(ids(entries(250))));
		expect(found.filter((id) => id === 'e99')).toHaveLength(2);
	});

	it.each([1, 30, 100, 140])('is gone back in when %i of its entries go', async (count) => {
		const log = new SimulatedLog(entries(450), {
			changes: [shift(count)],
		});
		const found = await idsSince(readerOf(log.send), T0);
		const kept = ids(entries(450 - Math.max(count, 100), Math.max(count, 100)));
		expect(found).toEqual(expect.arrayContaining(kept));
	});

	it('can become empty', async () => {
		const log = new SimulatedLog(entries(250), { changes: [shift(250)] });
		expect(await idsSince(readerOf(log.send), T0)).toEqual(ids(entries(100)));
		expect(log.requests.length).toBeLessThan(5);
	});

	it('is given up when it loses entries again and again', async () => {
		const log = new SimulatedLog(entries(3_000), {
			changes: Array.from({ length: 500 }, () => shift(1)),
		});
		await expect(pagesSince(readerOf(log.send), T0)).rejects.toThrow(UnsortedLogError);
		expect(log.requests.length).toBeLessThan(200);
	});

	// BUGS.md 7

	it('is not endless because a page-full comes late', async () => {
		const late = Array.from({ length: 100 }, (_, id) => ({ id: `late${id}`, moment: T0 }));
		const log = new SimulatedLog(entries(250, 1), { changes: [add(...late)] });
		expect(await idsSince(readerOf(log.send), T0)).toEqual(
			expect.arrayContaining(ids(entries(250, 1))),
		);
	});

	it('is found through when it says a total alone, and entries go', async () => {
		const log = new SimulatedLog(entries(2_000), {
			told: 'total',
			changes: [() => undefined, () => undefined, () => undefined, shift(400)],
		});
		const found = await idsSince(readerOf(log.send, bookmark(18)), T0 + 950_000);
		expect(found).toEqual(expect.arrayContaining(ids(entries(1_050, 950))));
	});
});

describe('a log without end', () => {
	it('is given up when it gives the same page again and again', async () => {
		const { send, asked } = still(entries(100).map(({ moment }) => new Date(moment).toISOString()));
		await expect(pagesSince(readerOf(send), T0)).rejects.toThrow(ENDLESS);
		expect(asked()).toBe(3);
	});

	it('does not matter to one who stops', async () => {
		const { send, asked } = still(entries(100).map(({ moment }) => new Date(moment).toISOString()));
		for await (const { events } of readerOf(send).since(T0)) {
			expect(events).toHaveLength(100);
			break;
		}
		expect(asked()).toBe(1);
	});

	it('is given up when its last page is looked for', async () => {
		const { send } = still(entries(100).map(({ moment }) => new Date(moment).toISOString()));
		await expect(readerOf(send).last(T0)).rejects.toThrow(ENDLESS);
	});
});

describe('the last page of the log', () => {
	it.each([
		['all', [1, 11]],
		['pages', [1, 11]],
		['total', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
		['nothing', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
	] satisfies Array<[Told, number[]]>)('is found when it tells of %s', async (told, pages) => {
		const log = new SimulatedLog(entries(1_050), { told });
		const reader = readerOf(log.send);
		expect(idsIn(await reader.last(T0))).toEqual(ids(entries(50, 1_000)));
		expect(log.pages).toEqual(pages);
		expect(reader.bookmark).toMatchObject(bookmark(11));
	});

	it('is empty when there is nothing from that day on', async () => {
		const log = new SimulatedLog(entries(10));
		expect((await readerOf(log.send).last(T0 + 2 * DAY_MS)).events).toEqual([]);
	});

	it('has events when the log ends with a full page and does not say so', async () => {
		const log = new SimulatedLog(entries(200), { told: 'nothing' });
		expect(idsIn(await readerOf(log.send).last(T0))).toEqual(ids(entries(100, 100)));
	});

	it('has the newest event when the log has become shorter meanwhile', async () => {
		const log = new SimulatedLog(entries(201), { changes: [shift(1)] });
		expect(idsIn(await readerOf(log.send).last(T0))).toContain('e200');
	});
});

it('reads 300,000 events on one page', async () => {
	const webhook_events = entries(300_000).map(({ id, moment }) => ({
		id,
		created: new Date(moment).toISOString(),
	}));
	const answer = { webhook_events, pagination: { total_pages: 1 } };
	const send: Send = async () => Promise.resolve(answer);
	expect(await idsSince(readerOf(send), T0)).toHaveLength(300_000);
	expect((await readerOf(send).last(T0)).events).toHaveLength(300_000);
});
