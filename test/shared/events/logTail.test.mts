import { describe, expect, it } from 'vitest';

import { entriesAt, MINUTE, NOON, SECOND, tailOf, type LogPlan } from './tailing.mts';

describe('the first read of the log', () => {
	it('goes back two minutes further than needed, since clocks may differ', async () => {
		const { read } = tailOf({
			entries: entriesAt(
				...[0, 1, 2, 3, 4, 5].map((index) => NOON - (index + 1) * 40 * SECOND),
				...[1, 2, 3, 4].map((index) => NOON - index * 60 * MINUTE),
			),
		});
		// The last of page 1 is just two minutes old: there may be more of that moment.
		expect(await read()).toEqual({
			isComplete: true,
			emitted: ['0', '1', '2', '3', '4', '5'],
			pages: [1, 2],
		});
	});

	it('goes back as far as needed', async () => {
		const hours = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((hour) => NOON - hour * 60 * MINUTE);
		const { read } = tailOf({ entries: entriesAt(...hours) });
		expect(await read(NOON - 280 * MINUTE)).toMatchObject({ isComplete: true, pages: [1, 2] });
	});

	it('ends at the end of the log', async () => {
		const { read } = tailOf({ entries: entriesAt(NOON, NOON, NOON, NOON) });
		expect(await read()).toEqual({
			isComplete: true,
			emitted: ['0', '1', '2', '3'],
			pages: [1, 2],
		});
	});

	it('is complete for an empty log', async () => {
		const { log, read } = tailOf();
		expect(await read()).toEqual({ isComplete: true, emitted: [], pages: [1] });
		log.entries = entriesAt(NOON);
		log.now = NOON + SECOND;
		expect(await read()).toMatchObject({ isComplete: true, emitted: ['0'] });
	});

	it('reports each page before it requests the next one', async () => {
		const order: string[] = [];
		const { tail } = tailOf({
			entries: entriesAt(NOON, NOON, NOON, NOON),
			onRead: (page) => order.push(`page ${page}`),
		});
		await tail.read(NOON, 20, (events) => order.push(`${events.length} events`) > 0);
		expect(order).toEqual(['page 1', '3 events', 'page 2', '1 events']);
	});

	it('stops, incomplete, when no more pages are needed', async () => {
		const { log, tail, read, pages } = tailOf({ entries: entriesAt(NOON, NOON, NOON, NOON) });
		expect(await tail.read(NOON, 20, () => false)).toBe(false);
		expect(pages).toHaveLength(1);
		expect(tail.isInReach(NOON, 1)).toBe(true);
		// It has no say in how far the next one goes back.
		log.now = NOON + SECOND;
		expect(await read()).toMatchObject({ isComplete: true, pages: [1, 2] });
	});

	it('throws the error of a page, and starts again in the next read', async () => {
		const error = new Error('No connection');
		let fails = true;
		const { read } = tailOf({
			entries: entriesAt(NOON, NOON, NOON, NOON),
			onRead: (page) => {
				if (page === 2 && fails) throw error;
			},
		});
		await expect(read()).rejects.toBe(error);
		fails = false;
		expect(await read()).toMatchObject({ isComplete: true, pages: [1, 2] });
	});

	it.each([
		['2025-03-10T11:00:00Z', '2025-03-09'],
		['2025-03-10T12:02:00Z', '2025-03-10'],
		['2025-03-10T12:01:59.999Z', '2025-03-09'],
		['2025-03-10T00:01:00Z', '2025-03-09'],
		['2025-03-10T23:59:59Z', '2025-03-10'],
		['2025-01-01T06:00:00Z', '2024-12-31'],
	])('requests the day that is early enough in every timezone: since %s', async (since, day) => {
		const { read, pages } = tailOf();
		await read(Date.parse(since));
		expect(pages).toEqual([{ page: 1, startDate: day }]);
	});
});

describe('a later read of the log', () => {
	/** A log that was read at noon, its newest event a second old; and then nine more came, one a second. */
	const later = async (between: LogPlan = {}) => {
		const old = Array.from({ length: 30 }, (_, index) => NOON - (index + 1) * SECOND);
		const tail = tailOf({ entries: entriesAt(...old), ...between });
		await tail.read();
		const { log } = tail;
		log.now = NOON + 9 * SECOND;
		const fresh = [9, 8, 7, 6, 5, 4, 3, 2, 1].map((index) => NOON + index * SECOND);
		log.entries = [
			...fresh.map((created) => ({ id: `new ${created - NOON}`, created })),
			...log.entries,
		];
		return tail;
	};

	it('goes back to the previous read, and three seconds further', async () => {
		const { read } = await later();
		const { isComplete, emitted, pages } = await read();
		expect({ isComplete, pages }).toEqual({ isComplete: true, pages: [1, 2, 3, 4, 5] });
		// The newest one was of −1 s: back to −4 s, and to the end of that page.
		expect(emitted.slice(0, 9).every((id) => id.startsWith('new'))).toBe(true);
		expect(emitted.slice(9)).toEqual(['0', '1', '2', '3', '4', '5']);
	});

	it('goes back further for an earlier moment, and no further than needed', async () => {
		const { read } = await later();
		const { pages, emitted } = await read(NOON - 6 * SECOND);
		// The newest one was of −1 s: six seconds and three more before it is −10 s, at the end of page 7.
		expect(pages).toEqual([1, 2, 3, 4, 5, 6, 7]);
		expect(emitted.slice(9)).toEqual([
			'0',
			'1',
			'2',
			'3',
			'4',
			'5',
			'6',
			'7',
			'8',
			'9',
			'10',
			'11',
		]);
	});

	it('goes back no further than to the moment needed', async () => {
		const { log, read } = await later();
		log.now = NOON + 10 * MINUTE;
		log.entries = [
			...entriesAt(log.now, log.now - SECOND, log.now - 9 * MINUTE, log.now - 9.5 * MINUTE),
			...log.entries,
		];
		expect((await read()).pages).toEqual([1]);
	});

	it('reads one page when little happened', async () => {
		const { log, read } = await later({ pageSize: 10 });
		await read();
		for (let seconds = 10; seconds < 100; seconds += 10) {
			const since = log.now;
			log.now = NOON + seconds * SECOND;
			log.entries = [{ id: 'another', created: log.now }, ...log.entries];
			expect((await read(since, 1)).isComplete).toBe(true);
		}
	});

	it("goes back no further when Cobalt's clock is ahead by up to two minutes", async () => {
		const ahead = 2 * MINUTE;
		const old = Array.from({ length: 30 }, (_, index) => NOON + ahead - index * SECOND);
		const { log, read } = tailOf({ entries: entriesAt(...old) });
		await read();
		log.now = NOON + SECOND;
		log.entries = [{ id: 'new', created: log.now + ahead }, ...log.entries];
		const { emitted, pages } = await read(NOON);
		expect(emitted).toContain('new');
		expect(pages).toEqual([1, 2]);
	});

	it('finds an event that is listed three seconds late in its place', async () => {
		const { log, read } = tailOf({
			entries: entriesAt(NOON, NOON - SECOND, NOON - 2 * SECOND),
			pageSize: 1,
		});
		await read();
		log.now += SECOND;
		log.entries = [...log.entries, { id: 'late', created: NOON - 3 * SECOND }];
		expect((await read()).emitted).toEqual(['0', '1', '2', 'late']);
	});

	it('finds all events of one moment', async () => {
		const { log, read } = tailOf({ entries: entriesAt(...Array<number>(5).fill(NOON)) });
		await read();
		log.now += SECOND;
		const more = Array.from({ length: 5 }, (_, index) => ({ id: `more ${index}`, created: NOON }));
		log.entries = [...more, ...log.entries];
		const { emitted } = await read();
		for (const { id } of more) expect(emitted).toContain(id);
	});

	it('goes back as far after an incomplete read as after the complete one before it', async () => {
		const { log, read } = await later();
		expect((await read(NOON, 2)).isComplete).toBe(false);
		log.now += SECOND;
		log.entries = [{ id: 'newest', created: log.now }, ...log.entries];
		const { isComplete, emitted } = await read(NOON);
		expect(isComplete).toBe(true);
		expect(emitted).toContain('new 1000');
	});

	it('misses nothing when pages shift while they are read', async () => {
		let added = 0;
		const tail = tailOf({
			entries: entriesAt(...[1, 2, 3, 4, 5, 6, 7, 8].map((index) => NOON - index * SECOND)),
			onRead: () => {
				const { log } = tail;
				added += 1;
				log.now += SECOND;
				log.entries = [{ id: `added ${added}`, created: log.now }, ...log.entries];
			},
		});
		const first = await tail.read();
		expect(first.emitted).toEqual(['0', '1', '2', '2', '3', '4', '4', '5', '6', '6', '7']);
		const known = added;
		const second = await tail.read(NOON);
		for (let each = 1; each <= known; each += 1) expect(second.emitted).toContain(`added ${each}`);
	});
});

describe('a log with strange dates', () => {
	it.each([0, 1, 2])('reads past an unreadable moment in place %i', async (place) => {
		for (const strange of ['', 'yesterday']) {
			const entries = entriesAt(NOON, NOON - SECOND, NOON - 5 * MINUTE, NOON - 6 * MINUTE);
			entries.splice(place, 0, { id: 'strange', created: strange });
			const { read } = tailOf({ entries });
			const { isComplete, emitted } = await read();
			expect(isComplete).toBe(true);
			expect(emitted).toEqual(expect.arrayContaining(['0', '1', 'strange']));
		}
	});

	it('reads to the end, within its limit of pages, when no moment can be read', async () => {
		const entries = entriesAt('', '', '', '', '');
		expect(await tailOf({ entries }).read()).toMatchObject({ isComplete: true, pages: [1, 2] });
		expect(await tailOf({ entries }).read(NOON, 1)).toMatchObject({
			isComplete: false,
			pages: [1],
		});
	});

	it('reads the events after one that is dated in the future', async () => {
		const tomorrow = NOON + 24 * 60 * MINUTE;
		const { log, read } = tailOf({ entries: entriesAt(tomorrow, NOON - SECOND, NOON - MINUTE) });
		await read();
		log.now = NOON + 5 * MINUTE;
		const fresh = [4, 3, 2, 1].map((minute) => NOON + minute * MINUTE);
		log.entries = [
			...entriesAt(tomorrow),
			...fresh.map((created) => ({ id: 'fresh', created })),
			...log.entries.slice(1),
		];
		expect((await read(NOON)).emitted.filter((id) => id === 'fresh')).toHaveLength(4);
	});

	it('reports a log with the oldest events first as out of reach', async () => {
		const entries = entriesAt(...[3, 2, 1, 0].map((index) => NOON - index * 60 * MINUTE));
		const { tail, read } = tailOf({ entries });
		expect(tail.isInReach(NOON, 1)).toBe(true);
		expect(await read()).toMatchObject({ isComplete: false, emitted: ['0', '1', '2'], pages: [1] });
		expect(tail.isInReach(NOON + 60 * MINUTE, 20)).toBe(false);
	});

	it('reports a log that is unsorted on a later page as out of reach', async () => {
		const entries = entriesAt(NOON, NOON, NOON, NOON - 90 * MINUTE, NOON, NOON);
		const { tail, read } = tailOf({ entries });
		expect(await read(NOON - 100 * MINUTE)).toMatchObject({ isComplete: false, pages: [1, 2] });
		expect(tail.isInReach(NOON, 20)).toBe(false);
	});

	it('accepts as much disorder as clocks may differ', async () => {
		const { tail, read } = tailOf({ entries: entriesAt(NOON - 2 * MINUTE, NOON - SECOND, NOON) });
		expect(await read()).toMatchObject({ isComplete: true });
		expect(tail.isInReach(NOON, 1)).toBe(true);
	});
});

describe('a log that is too long', () => {
	const minutes = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((minute) => NOON - minute * MINUTE);

	it('reads and reports as many pages as allowed', async () => {
		const { read } = tailOf({ entries: entriesAt(...minutes) });
		const since = NOON - 7 * MINUTE;
		expect(await read(since, 2)).toEqual({
			isComplete: false,
			emitted: ['0', '1', '2', '3', '4', '5'],
			pages: [1, 2],
		});
	});

	it('is out of reach until less of the log or more pages are requested', async () => {
		const { tail, read } = tailOf({ entries: entriesAt(...minutes) });
		const since = NOON - 7 * MINUTE;
		expect(tail.isInReach(since, 1)).toBe(true);
		expect(tail.isInReach(since, 0)).toBe(false);
		await read(since, 2);
		expect(tail.isInReach(since, 2)).toBe(false);
		// The two pages came back to −6 minutes; two more are needed for the clocks.
		expect(tail.isInReach(NOON - 4 * MINUTE, 2)).toBe(false);
		expect(tail.isInReach(NOON - 4 * MINUTE + 1, 2)).toBe(true);
		expect(tail.isInReach(since, 3)).toBe(true);
		expect(tail.isInReach(NOON, 2)).toBe(true);
	});

	it('is out of reach when no page is allowed', () => {
		expect(tailOf().tail.isInReach(Infinity, 0)).toBe(false);
	});
});
