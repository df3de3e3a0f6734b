import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { searchPage, type Way } from '../../../nodes/shared/events/pageSearch.js';

interface Log {
	/** The page that is searched for; it may move. */
	wanted: number;
	pages?: number;
	/** Whether the log loses entries before the page of this many requests is read. */
	shrinksAt?: (request: number) => boolean;
}

/** Searches for a page, and tells which were read. */
async function search(start: number, log: Log, isNearEnd = false) {
	const read: number[] = [];
	const { number } = await searchPage(
		async (page) => {
			read.push(page);
			const hasShrunk = log.shrinksAt?.(read.length) ?? false;
			if (hasShrunk) log.wanted -= 1;
			return Promise.resolve({ number: page, pages: log.pages, hasShrunk });
		},
		(page): Way => {
			if (page.number === log.wanted) return 'here';
			return page.number > log.wanted ? 'earlier' : 'later';
		},
		start,
		isNearEnd,
	);
	return { number, read };
}

describe('the search for a page', () => {
	it('makes one request when the search starts on the page wanted', async () => {
		expect(await search(7, { wanted: 7 })).toEqual({ number: 7, read: [7] });
	});

	it('searches in growing strides, and then by halves', async () => {
		expect(await search(1, { wanted: 12 })).toEqual({ number: 12, read: [1, 2, 4, 8, 16, 12] });
		expect(await search(40, { wanted: 30 })).toEqual({
			number: 30,
			read: [40, 39, 37, 33, 25, 29, 31, 30],
		});
	});

	it('searches back from the end of a log whose length is known, if the page is likely there', async () => {
		const { number, read } = await search(1, { wanted: 997, pages: 1_000 }, true);
		expect({ number, read }).toEqual({ number: 997, read: [1, 1_000, 999, 997] });
	});

	it('does not search beyond the first or the last page', async () => {
		expect(await search(3, { wanted: 0 })).toEqual({ number: 1, read: [3, 2, 1] });
		expect(await search(3, { wanted: 9, pages: 5 })).toEqual({ number: 5, read: [3, 4, 5] });
	});

	it('continues on the last page from beyond it', async () => {
		expect((await search(5_000, { wanted: 9, pages: 11 })).read).toEqual([5_000, 11, 9]);
	});

	it('starts again from the current page when the log loses entries', async () => {
		const log: Log = { wanted: 13, shrinksAt: (request) => request === 5 };
		expect((await search(1, log)).number).toBe(12);
	});

	it('ends in a log that loses entries with each request', async () => {
		const { read } = await search(900, { wanted: 1_000, shrinksAt: () => true });
		expect(read.length).toBeLessThan(60);
	});

	it('finds any page from any other in few requests', async () => {
		const page = fc.integer({ min: 1, max: 100_000 });
		await fc.assert(
			fc.asyncProperty(page, page, async (start, wanted) => {
				const { number, read } = await search(start, { wanted });
				expect(number).toBe(wanted);
				const distance = Math.abs(start - wanted);
				expect(read.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(distance + 1)) + 2);
			}),
		);
	});
});
