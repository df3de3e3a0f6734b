/** A read changes nothing: what passes by itself is waited out, and the rest is told of in words. */
import type { INode } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt, Fault } from '../../../tools/fake-cobalt/index.mts';
import { cobaltForTest, run, type RunOptions } from '../setup.mts';
import { secondsOf, watched } from './submissions/watched.mts';

const SETTINGS = { resource: 'account', operation: 'getSettings' };
const PROVIDERS = { resource: 'provider', operation: 'getAll' };
const REFERRALS = {
	resource: 'referral',
	operation: 'getAll',
	startDate: '2020-01-01',
	endDate: '2026-12-31',
	returnAll: true,
};
const VISIT = { resource: 'appointment', operation: 'get', appointmentId: '={{ $json.id }}' };

async function read(cobalt: Cobalt, options: RunOptions) {
	return await watched(cobalt, async () => await run(cobalt, { items: [{}], ...options }));
}

const busy = (retryAfter?: string) =>
	({
		kind: 'status',
		status: 429,
		...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
	}) as const;

describe('failures that pass', () => {
	it.each<Fault>([
		{ kind: 'drop' },
		{ kind: 'dropAfterAccept' },
		{ kind: 'cut' },
		{ kind: 'html' },
		{ kind: 'empty' },
		{ kind: 'truncated' },
		{ kind: 'status', status: 408 },
		{ kind: 'status', status: 500 },
		{ kind: 'status', status: 502, body: '<html>Bad gateway</html>' },
		{ kind: 'status', status: 503 },
		{ kind: 'status', status: 504 },
		busy(),
	])('repeats a read after %o', async (fault) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, times: 3 });
		const { ended, requests } = await read(cobalt, { parameters: SETTINGS });
		expect(ended.error).toBeUndefined();
		expect(ended.json()).toEqual([expect.objectContaining({ timezone: 'America/New_York' })]);
		expect(secondsOf(requests)).toEqual([0, 1, 3, 7]);
	});

	it.each([
		['seconds', '12'],
		['a date', new Date('2025-03-10T15:00:12.000Z').toUTCString()],
	])('waits as long as Cobalt asks in %s', async (_, retryAfter) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(busy(retryAfter));
		const { ended, requests } = await read(cobalt, { parameters: PROVIDERS });
		expect(ended.json()).toHaveLength(3);
		expect(secondsOf(requests)).toEqual([0, 12]);
	});

	it('repeats only the page that failed', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status: 503, after: 1, times: 3 });
		cobalt.faults.add({ kind: 'drop', after: 2, times: 3 });
		const { ended, requests } = await read(cobalt, { parameters: REFERRALS });
		expect(ended.json()).toHaveLength(230);
		expect(requests.map(({ query }) => query.page).join('')).toBe('122223333');
	});

	it('repeats only the item that failed', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status: 503, after: 1 });
		const { ended, requests } = await read(cobalt, {
			parameters: PROVIDERS,
			items: [{}, {}, {}],
		});
		expect(ended.json()).toHaveLength(9);
		expect(requests).toHaveLength(4);
	});
});

describe('failures that stay', () => {
	it.each<[Fault, string]>([
		[{ kind: 'drop' }, 'The connection to Cobalt was lost before a response arrived'],
		[{ kind: 'cut' }, 'The connection to Cobalt was lost before a response arrived'],
		[{ kind: 'html' }, 'Something in between responded instead of Cobalt (HTTP 200, a web page)'],
		[{ kind: 'empty' }, "Cobalt's response is empty (HTTP 200)"],
		[{ kind: 'truncated' }, "Cobalt's response is incomplete or not valid JSON (HTTP 200)"],
		[{ kind: 'status', status: 503 }, 'Cobalt could not process the request (HTTP 503)'],
		[
			{ kind: 'redirect', location: 'https://example.com/' },
			'Something in between seems to have responded instead of Cobalt (HTTP 307)',
		],
		[
			{ kind: 'status', status: 403, body: '<html></html>' },
			'Something in between responded instead of Cobalt (HTTP 403, a web page)',
		],
		[
			{ kind: 'status', status: 200, body: {} },
			"Cobalt's response does not contain the requested data",
		],
	])('fails after four attempts: %o', async (fault, message) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, times: Infinity });
		const { ended, requests } = await read(cobalt, { parameters: SETTINGS });
		expect(ended.error?.message).toBe(
			`Account: Get Settings did not complete: ${message} [item 0]`,
		);
		expect(requests).toHaveLength(4);
	});

	it('fails after a minute when Cobalt keeps asking to slow down', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...busy(), times: Infinity });
		const { ended, requests } = await read(cobalt, { parameters: SETTINGS });
		expect(ended.error?.message).toBe(
			'Account: Get Settings did not complete: Cobalt is limiting requests (HTTP 429) [item 0]',
		);
		expect(secondsOf(requests)).toEqual([0, 1, 3, 7, 15, 31, 47]);
	});

	it('fails at once when Cobalt asks to wait longer than a minute', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(busy('61'));
		const { ended, requests } = await read(cobalt, { parameters: SETTINGS });
		expect(ended.error?.message).toContain('Cobalt is limiting requests');
		expect(ended.error?.description).toContain('61 seconds');
		expect(requests).toHaveLength(1);
	});

	it.each<[Fault, string]>([
		[
			{ kind: 'status', status: 400, body: { success: false, message: 'No such filter.' } },
			'Cobalt rejected the request (HTTP 400): No such filter.',
		],
		[{ kind: 'status', status: 401 }, 'Cobalt rejected the keys: Injected fault: 401'],
		[{ kind: 'status', status: 403 }, 'Cobalt does not allow this request: Injected fault: 403'],
		[
			{ kind: 'status', status: 404 },
			'Cobalt did not find what was requested: Injected fault: 404',
		],
		[
			{ kind: 'status', status: 200, body: { success: false, message: 'Closed.' } },
			'Cobalt rejected the request: Closed.',
		],
	])('fails at once when another attempt is no use: %o', async (fault, message) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(fault);
		const { ended, requests } = await read(cobalt, { parameters: SETTINGS });
		expect(ended.error?.message).toBe(
			`Account: Get Settings did not complete: ${message} [item 0]`,
		);
		expect(requests).toHaveLength(1);
	});

	it('fails at once when the EHR login has expired', async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.settings.loginExpired = true;
		for (const parameters of [SETTINGS, PROVIDERS, REFERRALS]) {
			const { ended, requests } = await read(cobalt, { parameters });
			expect(ended.error?.message).toContain(
				' did not complete: The EHR login for this access token has expired [item 0]',
			);
			expect(ended.error?.description).toContain('Cobalt Link');
			expect(requests).toHaveLength(1);
		}
	});

	it('fails with the error of the first item that failed', async () => {
		const cobalt = await cobaltForTest();
		const { ended } = await read(cobalt, { parameters: VISIT, items: [{ id: 'x' }, { id: 'y' }] });
		expect(ended.error?.message).toBe(
			'Appointment: Get did not complete: Cobalt did not find what was requested: Appointment not found. [item 0]',
		);
	});

	it('reads again with Retry On Fail after four attempts', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status: 503, times: 6 });
		const { ended, requests } = await read(cobalt, {
			parameters: PROVIDERS,
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1000 },
		});
		expect(ended.error).toBeUndefined();
		expect(ended.json()).toHaveLength(3);
		expect(requests).toHaveLength(7);
	});
});

it('fails when the response does not have the record', async () => {
	const cobalt = await cobaltForTest();
	for (const appointments of [undefined, null, [], 'none']) {
		cobalt.faults.add({
			kind: 'status',
			status: 200,
			body: { success: true, appointments },
			times: 4,
		});
		const { ended } = await read(cobalt, { parameters: VISIT, items: [{ id: 'abc' }] });
		expect(ended.error?.message).toBe(
			"Appointment: Get did not complete: Cobalt's response does not contain the requested data [item 0]",
		);
	}
});

it('reads a record from a list of one, and nested as in older responses', async () => {
	const cobalt = await cobaltForTest();
	const record = { id: 'abc', status: 'completed', patient_sex: 'male' };
	for (const body of [{ appointments: [record] }, { data: { appointments: record } }]) {
		cobalt.faults.add({ kind: 'status', status: 200, body: { success: true, ...body } });
		const { ended } = await read(cobalt, { parameters: VISIT, items: [{ id: 'abc' }] });
		expect(ended.json()).toEqual([{ appointment_id: 'abc', status: 'completed' }]);
	}
});

describe.each<Partial<INode>>([
	{ onError: 'continueRegularOutput' },
	{ onError: 'continueErrorOutput' },
])('the node setting %o', (settings) => {
	it('outputs the error of each failed item in its place', async () => {
		const cobalt = await cobaltForTest();
		await run(cobalt);
		const [visit] = cobalt.world.appointments();
		const { ended } = await read(cobalt, {
			parameters: VISIT,
			items: [{ id: 'gone' }, { id: visit?.id }, { id: '' }],
			settings,
		});
		expect(ended.error).toBeUndefined();
		const isSplit = settings.onError === 'continueErrorOutput';
		const failed = isSplit
			? ended.items('Cobalt', 1)
			: ended.items().filter(({ json }) => json.error);
		expect(failed.map(({ json, pairedItem }) => [json.error, pairedItem])).toEqual([
			[
				'Appointment: Get did not complete: Cobalt did not find what was requested: Appointment not found. [item 0]',
				{ item: 0 },
			],
			["'Appointment ID' is empty [item 2]", { item: 2 }],
		]);
		expect(failed[0]?.json.details).toMatchObject({ http_status: 404 });
		expect(ended.json().filter(({ error }) => error === undefined)).toEqual([
			expect.objectContaining({ appointment_id: visit?.id }),
		]);
		expect(ended.items()).toHaveLength(isSplit ? 1 : 3);
	});

	it('outputs the error, and no records, of a list that fails on its last page', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status: 404, after: 2 });
		const { ended } = await read(cobalt, { parameters: REFERRALS, settings });
		const all = [...ended.items(), ...ended.items('Cobalt', 1)];
		expect(all).toHaveLength(1);
		expect(all[0]?.json.error).toContain('Cobalt did not find what was requested');
	});
});

it('reads five items at once, and outputs them in order', async () => {
	const cobalt = await cobaltForTest();
	cobalt.faults.add({ kind: 'slow', ms: 2_000, times: Infinity });
	const names = ['aetna', 'blue', 'cigna', 'empire', 'fidelis', 'humana', 'aetna', 'blue'];
	const { ended, requests } = await read(cobalt, {
		parameters: {
			resource: 'insuranceProvider',
			operation: 'getAll',
			limit: 1,
			filters: { name: '={{ $json.name }}' },
		},
		items: names.map((name) => ({ name })),
	});
	expect(secondsOf(requests)).toEqual([0, 0, 0, 0, 0, 2, 2, 2]);
	expect(ended.json().map(({ name }) => name)).toEqual(
		names.map((name) => expect.stringMatching(new RegExp(`^${name}`, 'i')) as string),
	);
});
