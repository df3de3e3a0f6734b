/** Lists from which something is concluded that is not in them. */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { readWholeList } from '../../../nodes/shared/pagination/wholeList.js';
import { pagesOf } from '../../../tools/fake-cobalt/server/paging.mts';
import { cut, listOf, numbers, ORDERS, PATIENTS, patients, records } from './lists.mts';

const wholeOf = async ({ send }: ReturnType<typeof listOf>, list = PATIENTS) =>
	(await readWholeList(send, list)).map(({ id }) => id);

const repeated = (times: number, ...pages: number[]): number[] =>
	Array.from({ length: times }, () => pages).flat();

describe('a whole list', () => {
	it.each([
		[0, [1]],
		[1, [1]],
		[100, [1]],
		[101, [1, 2, 1, 2]],
		[250, [1, 2, 3, 1, 2, 3]],
	])(
		'is read once on one page, and until two readings agree on several: %i',
		async (total, asked) => {
			const list = patients({ total });
			expect(await wholeOf(list)).toEqual(numbers(total));
			expect(list.pages()).toEqual(asked);
		},
	);

	it.each([1, 7, 50])('is read to an empty page where it does not say its end: %i', async (cap) => {
		const list = listOf((place) => ({ patients: cut({ total: 60, cap }, place).patients }));
		expect(await wholeOf(list)).toEqual(numbers(60));
	});

	it('is one response where Cobalt documents no pages', async () => {
		const list = listOf(() => ({ orders: records([1, 2]) }));
		expect(await wholeOf(list, ORDERS)).toEqual([1, 2]);
		expect(list.pages()).toEqual([undefined]);
	});

	it('has every record that is there all the time, or is refused, whatever comes and goes', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 40 }),
				fc.integer({ min: 2, max: 12 }),
				fc.array(fc.record({ at: fc.nat(39), isGone: fc.boolean() }), { maxLength: 8 }),
				async (total, size, changes) => {
					const wanted = Math.floor(total / 2);
					const ids = numbers(total);
					const cutter = pagesOf({ style: 'current', size, max: size });
					const list = listOf((place) => {
						const { items, pagination } = cutter.cut(records(ids), place);
						const [change] = changes.splice(0, 1);
						const at = (change?.at ?? 0) % ids.length;
						if (change?.isGone === false) ids.splice(at, 0, 100 + changes.length);
						else if (change && ids[at] !== wanted) ids.splice(at, 1);
						return { patients: items, pagination };
					});
					const found = await wholeOf(list, { ...PATIENTS, pageSize: size }).catch(() => 'refused');
					if (wanted > 0 && found !== 'refused') expect(found).toContain(wanted);
				},
			),
		);
	});
});

describe('a list is refused', () => {
	const full = records(numbers(50));
	const zeros = { current_page: 1, total_pages: 0, total_count: 0, page_size: 0 };

	it.each<[string, IDataObject[], IDataObject | undefined]>([
		['its total is 1, and it shows 0', [], { total_pages: 1, total_count: 1 }],
		['it counts 3 pages, and has records on 0', [], { total_pages: 3 }],
		['its total is 0, and it shows 50', full, zeros],
		['it counts 0 pages, and has records on 1', full, { total_pages: 0 }],
		['it shows a record on several pages', full, { total_pages: 2 }],
		['it shows a record on several pages', full, undefined],
	])('with the reason: %s', async (reason, shown, pagination) => {
		const list = listOf(() => ({ patients: shown, pagination }));
		await expect(wholeOf(list)).rejects.toThrow(`Cobalt's list is not complete: ${reason}`);
	});

	it.each(['Ada Byron', 7, null, ['x']])('with an entry that is no record: %j', async (entry) => {
		const list = listOf(() => ({ patients: [{ id: 1 }, entry], pagination: { total_pages: 1 } }));
		await expect(wholeOf(list)).rejects.toThrow('it has entries that are no records');
	});

	it('with an empty page before its last one', async () => {
		const list = listOf((place) => ({
			...cut({ total: 250 }, place),
			...(place.page === 2 && { patients: [] }),
		}));
		await expect(wholeOf(list)).rejects.toThrow('its total is 250, and it shows 100');
		expect(list.pages()).toEqual(repeated(4, 1, 2));
	});

	it('when an empty page says that there were no more records than those before', async () => {
		const list = listOf((place) =>
			place.page === 1
				? cut({ total: 150 }, place)
				: { patients: [], pagination: { total_pages: 1, total_count: 100 } },
		);
		await expect(wholeOf(list)).rejects.toThrow('its count differs from page to page');
	});

	it('when no two readings agree', async () => {
		let first = 0;
		const list = listOf((place) => {
			const { pagination } = cut({ total: 150 }, place);
			first += place.page === 1 ? 1 : 0;
			const from = first + (place.page === 1 ? 0 : 100);
			return { patients: records(numbers(place.page === 1 ? 100 : 50, from)), pagination };
		});
		await expect(wholeOf(list)).rejects.toThrow('it changes each time it is read');
		expect(list.pages()).toEqual(repeated(4, 1, 2));
	});
});

it('a list that is read up to a limit need not have an end', async () => {
	const list = patients({ total: 10_000 });
	expect(await readWholeList(list.send, PATIENTS, 300)).toHaveLength(300);
	expect(list.pages()).toEqual([1, 2, 3]);
});
