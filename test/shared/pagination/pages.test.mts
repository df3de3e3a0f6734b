import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Send } from '../../../nodes/shared/http/client.js';
import { readPage, readRecords } from '../../../nodes/shared/pagination/pages.js';
import { pagesOf } from '../../../tools/fake-cobalt/server/paging.mts';
import {
	type Contents,
	listOf,
	cut,
	STYLES,
	patients,
	PATIENTS,
	numbers,
	records,
	ORDERS,
} from './lists.mts';

/** A list that does not say where it is. */
const silent = (contents: Contents) =>
	listOf((place) => ({ patients: cut(contents, place).patients }));

describe.each(STYLES)('a list whose pagination is in the style "%s"', (style) => {
	it.each([
		[0, [1]],
		[1, [1]],
		[99, [1]],
		[100, [1]],
		[101, [1, 2]],
		[200, [1, 2]],
		[250, [1, 2, 3]],
	])('reads all %i records, and no page more', async (total, expected) => {
		const { idsOf, pages, sizes } = patients({ total, style });
		expect(await idsOf(PATIENTS)).toEqual(numbers(total));
		expect(pages()).toEqual(expected);
		expect(sizes()).toEqual([100]);
	});

	it.each([
		[1, 1, [1]],
		[7, 7, [1]],
		[99, 99, [1]],
		[100, 100, [1]],
		[101, 100, [1, 2]],
		[199, 100, [1, 2]],
		[200, 100, [1, 2]],
		[201, 100, [1, 2, 3]],
		[250, 100, [1, 2, 3]],
		[251, 100, [1, 2, 3]],
		[10_000, 100, [1, 2, 3]],
	])('returns the first %i of 250 records in pages of %i', async (most, size, expected) => {
		const { idsOf, pages, sizes } = patients({ total: 250, style });
		expect(await idsOf(PATIENTS, most)).toEqual(numbers(Math.min(most, 250)));
		expect(pages()).toEqual(expected);
		expect(sizes()).toEqual([size]);
	});

	it('reads the shorter pages of a server that limits them', async () => {
		const { idsOf, pages } = patients({ total: 120, style, cap: 50 });
		expect(await idsOf(PATIENTS)).toEqual(numbers(120));
		expect(pages()).toEqual([1, 2, 3]);
	});
});

describe('a list with pages', () => {
	it('sends its own query and its page with each request', async () => {
		const { send, requests } = patients({ total: 101 });
		await readRecords(send, { ...PATIENTS, query: { last_name: 'Öz', active: true } });
		const query = { last_name: 'Öz', active: true, page_size: 100 };
		expect(requests).toEqual([
			{ method: 'GET', path: '/patients', query: { ...query, page: 1 } },
			{ method: 'GET', path: '/patients', query: { ...query, page: 2 } },
		]);
	});

	it('returns the first records in order in the fewest requests', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.record({
					total: fc.nat(120),
					cap: fc.integer({ min: 1, max: 40 }),
					pageSize: fc.integer({ min: 1, max: 40 }),
					max: fc.oneof(fc.integer({ min: 1, max: 150 }), fc.constant(Infinity)),
					style: fc.constantFrom(...STYLES),
				}),
				async ({ total, cap, pageSize, max: most, style }) => {
					const { idsOf, pages, sizes } = patients({ total, cap, style });
					const wanted = Math.min(total, most);
					expect(await idsOf({ ...PATIENTS, pageSize }, most)).toEqual(numbers(wanted));
					const size = Math.min(pageSize, most, cap);
					expect(pages()).toEqual(numbers(Math.max(1, Math.ceil(wanted / size))));
					expect(sizes()).toEqual([Math.min(pageSize, most)]);
				},
			),
		);
	});

	it('returns each record once and in order while new ones come in', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.record({
					total: fc.integer({ min: 1, max: 60 }),
					pageSize: fc.integer({ min: 2, max: 20 }),
					arrivals: fc.array(fc.nat(1), { maxLength: 60 }),
				}),
				async ({ total, pageSize, arrivals }) => {
					const ids = numbers(total);
					const cutter = pagesOf({ style: 'page', size: pageSize, max: pageSize });
					const { idsOf } = listOf((place) => {
						const { items, pagination } = cutter.cut(records(ids), place);
						const [count = 0] = arrivals.splice(0, 1);
						if (count > 0) ids.unshift(-ids.length);
						return { patients: items, pagination };
					});
					expect(await idsOf({ ...PATIENTS, pageSize })).toEqual(numbers(total));
				},
			),
		);
	});

	it('returns equal records as often as a page has them', async () => {
		const twins = [{ id: 1 }, { id: 1 }];
		const { idsOf } = listOf(() => ({ patients: twins }));
		expect(await idsOf(PATIENTS)).toEqual([1, 1]);
	});

	it('returns the response of the last page as well', async () => {
		const { send } = listOf(({ page }) => ({
			patients: records([page ?? 0]),
			pagination: { total_pages: 2 },
			timezone: `of page ${page ?? 0}`,
		}));
		const { response } = await readRecords(send, PATIENTS);
		expect(response).toMatchObject({ timezone: 'of page 2' });
	});

	it('fails with the error of a request', async () => {
		const error = new Error('No connection');
		const send: Send = async ({ query }) =>
			query?.page === 2 ? Promise.reject(error) : Promise.resolve(cut({ total: 250 }, { page: 1 }));
		await expect(readRecords(send, PATIENTS)).rejects.toBe(error);
	});
});

describe('a list without pagination fields', () => {
	it.each([
		[0, [1]],
		[9, [1]],
		[99, [1, 2]],
		[100, [1, 2]],
		[150, [1, 2, 3]],
		[200, [1, 2, 3]],
	])('ends after the last page of %i records', async (total, expected) => {
		const { idsOf, pages } = silent({ total });
		expect(await idsOf(PATIENTS)).toEqual(numbers(total));
		expect(pages()).toEqual(expected);
	});

	it.each([50, 25, 10])(
		'reads all records when the page size is ignored: %i on a page',
		async (cap) => {
			const { idsOf } = silent({ total: 120, cap });
			expect(await idsOf(PATIENTS)).toEqual(numbers(120));
		},
	);

	it.each([10, 50, 99])('reads one page when pages are ignored: %i records', async (total) => {
		const { idsOf } = listOf(() => ({ patients: records(numbers(total)) }));
		expect(await idsOf(PATIENTS)).toEqual(numbers(total));
	});

	it('requests no page beyond a limit at the end of a page', async () => {
		const { idsOf, pages } = silent({ total: 250 });
		expect(await idsOf(PATIENTS, 200)).toEqual(numbers(200));
		expect(pages()).toEqual([1, 2]);
	});
});

describe('the pagination fields of a response', () => {
	it.each<[string, unknown]>([
		['numbers', { current_page: 1, total_pages: 3, total_count: 250, page_size: 100 }],
		['text', { current_page: '1', total_pages: '3', total_count: '250', page_size: '100' }],
		['text with blanks', { total_pages: ' 3 ' }],
		['only a total', { total_count: 250 }],
		['only a total, of records', { total_records: '250' }],
		['a total beside null', { total_pages: null, total_count: null, total_records: 250 }],
		['a number of pages that is a word', { total_pages: 'three', total_count: 250 }],
		['nothing but null', { current_page: null, total_pages: null, total_count: null }],
		['nothing at all', {}],
		['a number', 3],
		['a list', [{ total_pages: 1 }]],
		['null', null],
	])('reads the pagination fields from %s', async (name, pagination) => {
		const { idsOf, pages } = listOf((place) => ({
			...cut({ total: 250 }, place),
			pagination: pagination as IDataObject,
		}));
		expect(await idsOf(PATIENTS)).toEqual(numbers(250));
		const isSilent = /^(nothing .*|a number|a list|null)$/.test(name);
		expect(pages()).toEqual(isSilent ? [1, 2, 3, 4] : [1, 2, 3]);
	});

	it.each([
		['with a total', { total_records: 120, page_size: 50 }],
		['with a total in text', { total_count: '120', page_size: '50' }],
		['without a total', { page_size: 50 }],
	])('counts pages by the size that came, not the requested one, %s', async (_, pagination) => {
		const { idsOf, pages } = listOf((place) => ({
			...cut({ total: 120, cap: 50 }, place),
			pagination,
		}));
		expect(await idsOf(PATIENTS)).toEqual(numbers(120));
		expect(pages()).toEqual([1, 2, 3]);
	});

	it.each([
		{ total_count: 200 },
		{ total_count: '200', page_size: '100' },
		{ total_records: 200 },
		{ total_count: null, total_records: '200' },
		{ total_pages: 2 },
		{ total_pages: '2', total_count: 900 },
	])('stops at a full last page: %j', async (pagination) => {
		const { idsOf, pages } = listOf((place) => ({ ...cut({ total: 200 }, place), pagination }));
		expect(await idsOf(PATIENTS)).toEqual(numbers(200));
		expect(pages()).toEqual([1, 2]);
	});

	it.each([
		['1 is empty, and it counts 3 pages', [], { total_pages: 3 }],
		['1 is empty, and its total is 1', [], { total_count: 1 }],
		['2 is empty, and it counts 3 pages', [1], { total_pages: 3 }],
	])('is contradicted by an empty one: page %s', async (reason, first, pagination) => {
		const { idsOf } = listOf(({ page }) => ({
			patients: page === 1 ? records(first) : [],
			pagination,
		}));
		await expect(idsOf(PATIENTS)).rejects.toThrow(`Cobalt's list is not complete: page ${reason}`);
		expect(await idsOf(PATIENTS, first.length || undefined).catch(() => [])).toEqual(first);
	});

	it.each([{ total_pages: 0 }, { total_count: 0 }, { page_size: 0 }])(
		'is not told by a zero beside records: %j',
		async (pagination) => {
			const { idsOf } = listOf((place) => ({ ...cut({ total: 150 }, place), pagination }));
			expect(await idsOf(PATIENTS)).toEqual(numbers(150));
		},
	);
});

describe('a list without documented pages', () => {
	it('requests no page', async () => {
		const { idsOf, send, requests } = listOf(() => ({ orders: records(numbers(1_000)) }));
		expect(await idsOf(ORDERS)).toEqual(numbers(1_000));
		await readRecords(send, { ...ORDERS, query: { start_date: '2025-03-15' } }, 10);
		expect(requests).toEqual([
			{ method: 'GET', path: '/orders', query: {} },
			{ method: 'GET', path: '/orders', query: { start_date: '2025-03-15' } },
		]);
	});

	it.each([
		['pages', { total_pages: 3 }],
		['a total and the size of a page', { total_count: 120, page_size: 50 }],
	])('reads the next pages when the response reports %s', async (_, pagination) => {
		const { idsOf, pages, sizes } = listOf((place) => ({
			orders: cut({ total: 120, cap: 50 }, place).patients,
			pagination,
		}));
		expect(await idsOf(ORDERS)).toEqual(numbers(120));
		expect(pages()).toEqual([undefined, 2, 3]);
		expect(sizes()).toEqual([undefined]);
	});

	it('reads the next pages when the response reports only a total', async () => {
		const { idsOf, pages } = listOf((place) => ({
			orders: cut({ total: 120, cap: 50 }, place).patients,
			pagination: { total_count: 120 },
		}));
		expect(await idsOf(ORDERS)).toEqual(numbers(120));
		expect(pages()).toEqual([undefined, 2, 3]);
	});

	it('stops at the limit', async () => {
		const { idsOf, pages } = listOf(() => ({
			orders: records(numbers(50)),
			pagination: { total_pages: 3 },
		}));
		expect(await idsOf(ORDERS, 20)).toEqual(numbers(20));
		expect(pages()).toEqual([undefined]);
	});
});

describe('a single page', () => {
	it.each([
		[1, false],
		[2, false],
		[3, true],
	])('says whether page %i of 3 is the last', async (page, isLast) => {
		const { send, requests } = patients({ total: 250 });
		const found = await readPage(send, PATIENTS, page);
		expect(found).toMatchObject({ isLast, response: { pagination: { current_page: page } } });
		expect(found.records).toHaveLength(page === 3 ? 50 : 100);
		expect(requests).toMatchObject([{ query: { page, page_size: 100 } }]);
	});

	it('requests a shorter page', async () => {
		const { send, requests } = patients({ total: 250 });
		const { records: found, isLast } = await readPage(send, PATIENTS, 4, 20);
		expect(found).toEqual(records(numbers(20, 61)));
		expect(isLast).toBe(false);
		expect(requests).toMatchObject([{ query: { page: 4, page_size: 20 } }]);
	});

	it('is the last page beyond the end of the list', async () => {
		const { send } = patients({ total: 250 });
		expect(await readPage(send, PATIENTS, 4)).toMatchObject({ records: [], isLast: true });
	});
});
