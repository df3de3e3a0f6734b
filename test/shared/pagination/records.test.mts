import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { readRecords, type List } from '../../../nodes/shared/pagination/pages.js';
import { PATIENTS, listOf, cut, numbers } from './lists.mts';

describe('the records of a response', () => {
	const windows: List = { path: '/availability', key: 'results.availability' };

	it.each<[string, List, IDataObject]>([
		['at the top', PATIENTS, { patients: [{ id: 1 }] }],
		['in data', PATIENTS, { data: { patients: [{ id: 1 }] } }],
		['in data, beside null', PATIENTS, { patients: null, data: { patients: [{ id: 1 }] } }],
		['as data', PATIENTS, { data: [{ id: 1 }] }],
		['at a dotted key', windows, { results: { availability: [{ id: 1 }], timezone: 'UTC' } }],
		['at a dotted key in data', windows, { data: { results: { availability: [{ id: 1 }] } } }],
	])('finds the records %s', async (_, list, response) => {
		const { idsOf } = listOf(() => response);
		expect(await idsOf(list)).toEqual([1]);
	});

	it('reads all pages inside data', async () => {
		const { idsOf, pages } = listOf((place) => ({ data: cut({ total: 250 }, place) }));
		expect(await idsOf(PATIENTS)).toEqual(numbers(250));
		expect(pages()).toEqual([1, 2, 3]);
	});

	it('returns plain values of a list as objects', async () => {
		const { send } = listOf(() => ({
			visit_types: ['new_patient', 7, null, ['x'], { code: 'a' }],
		}));
		const { records: found } = await readRecords(send, { path: '/settings', key: 'visit_types' });
		expect(found).toEqual([
			{ value: 'new_patient' },
			{ value: 7 },
			{ value: null },
			{ value: ['x'] },
			{ code: 'a' },
		]);
	});

	it('keeps records unchanged, whatever their keys and texts', async () => {
		const record = JSON.parse(
			'{"__proto__": {"id": 2}, "name": "‫فاطمة 😀\\n../", "constructor": null}',
		) as IDataObject;
		const { send } = listOf(() => ({ patients: [record] }));
		expect((await readRecords(send, PATIENTS)).records).toEqual([record]);
	});

	it.each<IDataObject>([
		{},
		{ success: true },
		{ patients: null },
		{ patients: {} },
		{ patients: 'none' },
		{ patient: [] },
		{ data: null },
		{ data: {} },
		{ data: { patients: { length: 0 } } },
	])('fails when the response has no list: %j', async (response) => {
		const { idsOf, pages } = listOf(() => response);
		await expect(idsOf(PATIENTS)).rejects.toThrow(
			"Cobalt's response does not contain the requested data",
		);
		expect(pages()).toEqual([1]);
	});

	it.each<IDataObject>([{ results: [] }, { results: 'availability' }, { results: null }])(
		'fails when a dotted key leads nowhere: %j',
		async (response) => {
			const { idsOf } = listOf(() => response);
			await expect(idsOf(windows)).rejects.toThrow('does not contain the requested data');
		},
	);

	it('fails when a later page has no list', async () => {
		const { idsOf, pages } = listOf((place) =>
			place.page === 1 ? cut({ total: 250 }, place) : {},
		);
		await expect(idsOf(PATIENTS)).rejects.toThrow('does not contain the requested data');
		expect(pages()).toEqual([1, 2]);
	});
});

it('reads a list of 300,000 records in one page', async () => {
	const records = Array.from({ length: 300_000 }, (_, id) => ({ id }));
	const send = async () => Promise.resolve({ success: true, visits: records });
	const read = await readRecords(send, { path: '/visits', key: 'visits' });
	expect(read.records).toHaveLength(300_000);
});
