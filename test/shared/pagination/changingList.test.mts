import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { listOf, records, numbers, PATIENTS, ORDERS, patients } from './lists.mts';

describe('a list that changes while it is read', () => {
	it('returns a record once that has moved to the next page', async () => {
		const { idsOf, pages } = listOf(({ page }) => ({
			patients: records(page === 1 ? numbers(100) : numbers(11, 100)),
			pagination: { total_pages: 2 },
		}));
		expect(await idsOf(PATIENTS)).toEqual(numbers(110));
		expect(pages()).toEqual([1, 2]);
	});

	it('returns as many records as requested when some have moved', async () => {
		const { idsOf, pages } = listOf(({ page = 1 }) => ({
			patients: records(numbers(10, 1 + (page - 1) * 9)),
			pagination: { total_pages: 9 },
		}));
		expect(await idsOf({ ...PATIENTS, pageSize: 10 }, 20)).toEqual(numbers(20));
		expect(pages()).toEqual([1, 2, 3]);
	});

	it.each([
		['does not say where it is', undefined],
		['says that this is its end', { total_pages: 2 }],
	])('ends with a page of only moved records when it %s', async (_, pagination) => {
		const { idsOf, pages } = listOf(({ page }) => ({
			patients: records(page === 1 ? numbers(100) : [100]),
			pagination,
		}));
		expect(await idsOf(PATIENTS)).toEqual(numbers(100));
		expect(pages().slice(0, 2)).toEqual([1, 2]);
	});
});

describe('a list without an end', () => {
	const SAME = 'Cobalt returns the same page of this list again and again';

	it.each<[string, unknown]>([
		['more pages', { total_pages: 5 }],
		['its last page', { total_pages: 2 }],
		['no pages', undefined],
	])('fails when the same page comes again and reports %s', async (_, pagination) => {
		const { idsOf, pages } = listOf(() => ({
			patients: records(numbers(100)),
			pagination: pagination as IDataObject,
		}));
		await expect(idsOf(PATIENTS)).rejects.toThrow(SAME);
		expect(pages()).toEqual([1, 2]);
	});

	it('fails when the same page comes again without documented pages', async () => {
		const { idsOf, pages } = listOf(() => ({
			orders: ['a', 'b'],
			pagination: { total_pages: 3 },
		}));
		await expect(idsOf(ORDERS)).rejects.toThrow(SAME);
		expect(pages()).toEqual([undefined, 2]);
	});

	it('returns the first page of an endless list when it is enough', async () => {
		const { idsOf } = listOf(() => ({ patients: records(numbers(100)) }));
		expect(await idsOf(PATIENTS, 100)).toEqual(numbers(100));
	});

	it('fails after 1,000 pages', async () => {
		const { idsOf, requests } = listOf(({ page = 1 }) => ({
			patients: records([page]),
			pagination: { current_page: page, total_pages: page + 1 },
		}));
		await expect(idsOf(PATIENTS)).rejects.toThrow('This list has more than 1000 pages');
		expect(requests).toHaveLength(1_000);
	});

	it('reads a list of exactly 1,000 pages', async () => {
		const { idsOf, requests } = patients({ total: 1_000, cap: 1 });
		expect(await idsOf(PATIENTS)).toEqual(numbers(1_000));
		expect(requests).toHaveLength(1_000);
	});
});
