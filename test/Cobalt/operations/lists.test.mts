/** Get Many: as many records as are wanted, in as many requests as that takes and no more. */
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt, CobaltOptions } from '../../../tools/fake-cobalt/index.mts';
import { after } from '../../../tools/n8n-host/virtualTime.mts';
import { cobaltForTest, run, type RunOptions } from '../setup.mts';
import { watched } from './submissions/watched.mts';

const INSURERS = { resource: 'insuranceProvider', operation: 'getAll' };
const CHECKS = { resource: 'eligibilityCheck', operation: 'getAll' };
const PHARMACIES = { resource: 'pharmacy', operation: 'getAll' };
const EVENTS = { resource: 'webhookEvent', operation: 'getAll' };
const DAYS = { start_date: '2020-01-01', end_date: '2026-12-31' };
const YEARS = { startDate: '2020-01-01', endDate: '2026-12-31' };
const CLAIMS = { resource: 'claim', operation: 'getAll', ...YEARS };
const REFERRALS = { resource: 'referral', operation: 'getAll', ...YEARS };
const ALL = { returnAll: true };

/** What came out, and the queries by which it was asked for. */
async function list(cobalt: Cobalt, parameters: INodeParameters, options: RunOptions = {}) {
	const { ended, requests } = await watched(
		cobalt,
		async () => await run(cobalt, { parameters, items: [{}], ...options }),
	);
	return { ended, json: ended.json(), requests, queries: requests.map(({ query }) => query) };
}

const page = (number: number, size: number) => ({
	page: String(number),
	page_size: String(size),
});

describe('Limit', () => {
	it('returns 50 records by default', async () => {
		const cobalt = await cobaltForTest();
		const { json, queries } = await list(cobalt, INSURERS);
		expect(json).toHaveLength(50);
		expect(queries).toEqual([page(1, 50)]);
	});

	it.each([
		[1, [page(1, 1)]],
		[99, [page(1, 99)]],
		[100, [page(1, 100)]],
		[101, [page(1, 100), page(2, 100)]],
		[129, [page(1, 100), page(2, 100)]],
		[130, [page(1, 100), page(2, 100)]],
		[131, [page(1, 100), page(2, 100)]],
		[200, [page(1, 100), page(2, 100)]],
		[201, [page(1, 100), page(2, 100)]],
	])('limits 130 records to %d, in order, with the fewest requests', async (limit, pages) => {
		const cobalt = await cobaltForTest();
		const { json, queries } = await list(cobalt, { ...INSURERS, limit });
		const ids = cobalt.world.insuranceProviders().map(({ id }) => id);
		expect(json.map((json) => json.insurance_provider_id)).toEqual(ids.slice(0, limit));
		expect(queries).toEqual(pages);
	});

	it('reads the limit from an expression', async () => {
		const cobalt = await cobaltForTest();
		const { json } = await list(
			cobalt,
			{ ...INSURERS, limit: '={{ $json.max }}' },
			{ items: [{ max: 3 }] },
		);
		expect(json).toHaveLength(3);
	});

	it('limits a list without pages, and requests no page', async () => {
		const cobalt = await cobaltForTest();
		const { json, queries } = await list(cobalt, { ...PHARMACIES, limit: 2 });
		expect(json.map(({ name }) => name)).toEqual(['Corner Pharmacy', 'Hudson Drugs']);
		expect(queries).toEqual([{}]);
	});

	it('limits each item separately', async () => {
		const cobalt = await cobaltForTest();
		const { ended } = await list(
			cobalt,
			{ ...INSURERS, limit: '={{ $json.max }}' },
			{ items: [{ max: 2 }, { max: 1 }, { max: 3 }] },
		);
		expect(ended.items().map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 0, 1, 2, 2, 2].map((item) => ({ item })),
		);
	});
});

describe('Return All', () => {
	it.each([
		['insurance providers', INSURERS, 130, [page(1, 100), page(2, 100)]],
		['referrals', REFERRALS, 230, [page(1, 100), page(2, 100), page(3, 100)]],
		['eligibility checks', CHECKS, 260, [page(1, 500)]],
		['pharmacies', PHARMACIES, 3, [{}]],
	])('returns all %s in the largest documented pages', async (_, parameters, count, pages) => {
		const cobalt = await cobaltForTest();
		const { json, queries } = await list(cobalt, { ...parameters, ...ALL, output: 'raw' });
		expect(new Set(json.map(({ id }) => id)).size).toBe(count);
		expect(json).toHaveLength(count);
		const days = queries[0]?.start_date === undefined ? {} : DAYS;
		expect(queries).toEqual(pages.map((page) => ({ ...days, ...page })));
	});

	it('returns all benefits of an eligibility check', async () => {
		const cobalt = await cobaltForTest();
		const { json, queries } = await list(cobalt, {
			resource: 'eligibilityCheck',
			operation: 'getBenefits',
			eligibilityCheckId: cobalt.world.eligibilityChecks()[0]?.id ?? '',
			...ALL,
		});
		expect(json.map(({ line_number }) => line_number)).toEqual(
			Array.from({ length: 130 }, (_none, index) => index + 1),
		);
		expect(queries).toEqual([page(1, 500)]);
	});

	it('reads all pages of claims, which Cobalt does not document', async () => {
		const cobalt = await cobaltForTest();
		const { json, queries } = await list(cobalt, { ...CLAIMS, ...ALL });
		expect(new Set(json.map(({ claim_id }) => claim_id)).size).toBe(130);
		expect(queries).toEqual([DAYS, { ...DAYS, page: '2' }, { ...DAYS, page: '3' }]);
	});

	it('stops reading undocumented pages at the limit', async () => {
		const cobalt = await cobaltForTest();
		const { json, queries } = await list(cobalt, { ...CLAIMS, limit: 60 });
		expect(json).toHaveLength(60);
		expect(queries).toHaveLength(2);
	});

	it('sends the filters with every page', async () => {
		const cobalt = await cobaltForTest();
		const { json, queries } = await list(cobalt, {
			...INSURERS,
			...ALL,
			filters: { active: true },
		});
		expect(json).toHaveLength(117);
		expect(queries.map(({ active }) => active)).toEqual(['true', 'true']);
	});

	it('returns a record once that moves to the next page while the list is read', async () => {
		const addEvents = (count: number, day: string) => {
			for (let index = 0; index < count; index += 1) {
				const time = new Date(index * 60_000).toISOString().slice(10);
				cobalt.world.addEvent({ type: 'patient.updated', created: `${day}${time}` });
			}
		};
		const options: CobaltOptions = {
			onRequest: ({ query }) => {
				if (query.page === '1') addEvents(3, '2025-03-09');
			},
		};
		const cobalt = await cobaltForTest(options);
		const { json } = await list(
			cobalt,
			{ ...EVENTS, ...ALL },
			{
				meanwhile: () => {
					addEvents(150, '2025-03-05');
				},
			},
		);
		const ids = json.map(({ event_id }) => event_id);
		expect(new Set(ids).size).toBe(ids.length);
		const old = cobalt.world.events().slice(0, 150);
		expect(old.filter(({ id }) => !ids.includes(id))).toEqual([]);
	});
});

it.each([
	['a search that finds nobody', { ...INSURERS, filters: { name: 'nobody' } }],
	['Return All of nothing', { ...INSURERS, ...ALL, filters: { name: 'nobody' } }],
	['an account without events', { ...EVENTS, ...ALL }],
	['a list without pages', { resource: 'appointment', operation: 'getAll', ...YEARS }],
])('%s returns no items and no error', async (_, parameters) => {
	const cobalt = await cobaltForTest();
	const { ended, requests } = await list(cobalt, parameters);
	expect(ended.error).toBeUndefined();
	expect(ended.run.status).toBe('success');
	expect(ended.items()).toEqual([]);
	expect(requests).toHaveLength(1);
});

it('returns no record for the item that finds none, and those of the others', async () => {
	const cobalt = await cobaltForTest();
	const { ended } = await list(
		cobalt,
		{ ...INSURERS, limit: 1, filters: { name: '={{ $json.name }}' } },
		{ items: [{ name: 'aetna' }, { name: 'nobody' }, { name: 'cigna' }] },
	);
	expect(ended.items().map(({ json, pairedItem }) => [json.name, pairedItem])).toEqual([
		['Aetna 1', { item: 0 }],
		['Cigna 1', { item: 2 }],
	]);
});

describe('a list with misleading pages', () => {
	const PAGE = {
		success: true,
		insurance_providers: [
			{ id: '1', name: 'One' },
			{ id: '2', name: 'Two' },
		],
	};
	const response = (body: object, times = Infinity) =>
		({ kind: 'status', status: 200, body, times, path: '/insurance-providers' }) as const;

	it('fails when Cobalt returns the same page again and again', async () => {
		const cobalt = await cobaltForTest();
		const pagination = { current_page: 1, total_pages: 7, total_count: 700, page_size: 100 };
		cobalt.faults.add(response({ ...PAGE, pagination }));
		const { ended, requests } = await list(cobalt, { ...INSURERS, ...ALL });
		expect(ended.error?.message).toBe(
			'Insurance Provider: Get Many did not complete: Cobalt returns the same page of this list again and again [item 0]',
		);
		expect(requests).toHaveLength(2);
	});

	it('fails at an empty page if Cobalt reports more pages', async () => {
		const cobalt = await cobaltForTest();
		const pagination = { current_page: 1, total_pages: 7 };
		cobalt.faults.add(response({ ...PAGE, pagination }, 1));
		cobalt.faults.add(response({ success: true, insurance_providers: [], pagination }));
		const { ended, requests } = await list(cobalt, { ...INSURERS, ...ALL });
		expect(ended.error?.message).toBe(
			"Insurance Provider: Get Many did not complete: Cobalt's list is not complete: page 2 is empty, and it counts 7 pages [item 0]",
		);
		expect(requests).toHaveLength(2);
	});

	it('stops at a short page when Cobalt does not mention pages', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(response(PAGE));
		const { json, requests } = await list(cobalt, { ...INSURERS, ...ALL });
		expect(json).toHaveLength(2);
		expect(requests).toHaveLength(1);
	});

	it.each([
		['total_count', 'current_page'],
		['total_records', 'page'],
	])('reads a list to its end by its %s alone', async (total, current) => {
		const cobalt = await cobaltForTest();
		const second = { success: true, insurance_providers: [{ id: '3', name: 'Three' }] };
		cobalt.faults.add(
			response({ ...PAGE, pagination: { [current]: 1, [total]: 3, page_size: 2 } }, 1),
		);
		cobalt.faults.add(
			response({ ...second, pagination: { [current]: 2, [total]: 3, page_size: 2 } }),
		);
		const { json, requests } = await list(cobalt, { ...INSURERS, ...ALL });
		expect(json.map(({ name }) => name)).toEqual(['One', 'Two', 'Three']);
		expect(requests).toHaveLength(2);
	});

	it('reads a list that is nested as in older responses', async () => {
		const cobalt = await cobaltForTest();
		const { success, ...data } = PAGE;
		cobalt.faults.add(response({ success, data }));
		const { json } = await list(cobalt, { ...INSURERS, ...ALL });
		expect(json.map(({ name }) => name)).toEqual(['One', 'Two']);
	});

	it.each([
		['nothing', {}],
		['something else', { insurance_providers: 'none' }],
		['null', { insurance_providers: null }],
	])('fails when the response has %s instead of the list', async (_, body) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(response({ success: true, ...body }, 4));
		const { ended } = await list(cobalt, INSURERS);
		expect(ended.error?.message).toBe(
			"Insurance Provider: Get Many did not complete: Cobalt's response does not contain the requested data [item 0]",
		);
		expect(cobalt.world.requests()).toHaveLength(4);
	});

	it('requests a list again when a response does not have it', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(response({ success: true }, 1));
		const { ended, json } = await list(cobalt, INSURERS);
		expect(ended.error).toBeUndefined();
		expect(json.length).toBeGreaterThan(0);
		expect(cobalt.world.requests()).toHaveLength(2);
	});
});

describe('a cancelled execution', () => {
	const WAIT = {
		kind: 'status',
		status: 429,
		headers: { 'retry-after': '50' },
		path: '/referrals',
	} as const;

	it('stops a long list at once, and requests no other page', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...WAIT, after: 1 });
		let endedAt = 0;
		const { ended, requests } = await list(
			cobalt,
			{ ...REFERRALS, ...ALL },
			{
				meanwhile: (execution) => {
					after(10.5, execution.cancel);
					void execution.result.then(() => (endedAt = Date.now()));
				},
			},
		);
		expect(ended.run.status).toBe('canceled');
		expect(endedAt).toBe(Date.parse('2025-03-10T15:00:10.500Z'));
		expect(requests).toHaveLength(2);
	});

	it('stops a long list while Cobalt is slow to respond', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'slow', ms: 20_000, path: '/referrals', after: 1 });
		const { ended, requests } = await list(
			cobalt,
			{ ...REFERRALS, ...ALL },
			{
				settings: { retryOnFail: true, maxTries: 3 },
				meanwhile: (execution) => {
					after(5, execution.cancel);
				},
			},
		);
		expect(ended.run.status).toBe('canceled');
		expect(requests).toHaveLength(2);
	});

	it('sends no request for the items that have not started', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...WAIT, times: 5 });
		const { requests } = await list(
			cobalt,
			{ ...REFERRALS, ...ALL },
			{
				items: Array.from({ length: 12 }, () => ({})),
				meanwhile: (execution) => {
					after(5, execution.cancel);
				},
			},
		);
		expect(requests).toHaveLength(5);
	});
});
