/** What Cobalt does at once is done once, whatever n8n repeats. */
import type { INode } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt, Fault } from '../../../../tools/fake-cobalt/index.mts';
import type { Ended } from '../../../../tools/n8n-host/workflow.mts';
import { cobaltForTest, retry } from '../../setup.mts';
import { change, provider, REGISTER, UPDATE } from './setup.mts';
import { secondsOf, watched } from '../submissions/watched.mts';

const RETRY: Partial<INode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 };

async function changeAgain(cobalt: Cobalt, ended: Ended) {
	return await watched(cobalt, async () => await retry(cobalt, ended));
}

/** Cobalt turns a request away before it takes it. */
const refuse: Fault = {
	kind: 'status',
	status: 400,
	body: { success: false, message: 'Closed.' },
};

const paths = (count: number) =>
	Array.from({ length: count }, (_none, index) => ({ path: `hook-${index}` }));

describe('changes in a repeated run', () => {
	it.each<Partial<INode>>([
		{},
		{ onError: 'continueRegularOutput' },
		{ onError: 'continueErrorOutput' },
	])('makes each change once when Retry On Fail repeats the node, %o', async (onError) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(refuse);
		const { ended, requests } = await change(cobalt, REGISTER, {
			items: paths(5),
			settings: { ...RETRY, ...onError },
		});
		expect(ended.items()).toHaveLength(5);
		expect(requests).toHaveLength(6);
		expect(
			cobalt.world
				.webhooks()
				.map(({ url }) => url)
				.sort(),
		).toEqual(paths(5).map(({ path }) => `https://example.com/${path}`));
	});

	it.each([0, 2, 4])('makes each change once when a retry follows item %d', async (failing) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, after: failing });
		const { ended: stopped } = await change(cobalt, REGISTER, { items: paths(5) });
		expect(stopped.error?.message).toContain(`Closed. [item ${failing}]`);
		const { ended } = await changeAgain(cobalt, stopped);
		expect(ended.error).toBeUndefined();
		expect(ended.items().map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3, 4].map((item) => ({ item })),
		);
		expect(cobalt.world.webhooks()).toHaveLength(5);
		expect(cobalt.world.requests({ path: '/webhook' })).toHaveLength(6);
	});

	it('does not remove again in a retry what it has removed', async () => {
		const cobalt = await cobaltForTest();
		await change(cobalt, REGISTER, { items: paths(2) });
		const ids = cobalt.world.webhooks().map(({ id }) => ({ id }));
		cobalt.faults.add({ ...refuse, after: 1 });
		const { ended, requests } = await change(
			cobalt,
			{ resource: 'webhook', operation: 'delete', webhookId: '={{ $json.id }}' },
			{ items: ids, settings: RETRY },
		);
		expect(ended.json()).toEqual(
			ids.map(({ id }) => expect.objectContaining({ webhook_id: id, deleted: true }) as object),
		);
		expect(requests).toHaveLength(3);
		expect(cobalt.world.webhooks()).toEqual([]);
	});

	it('outputs a change that an earlier try made when Cobalt gave it no ID', async () => {
		const cobalt = await cobaltForTest({ webhookResponse: 'guide' });
		cobalt.faults.add({ ...refuse, after: 1 });
		const { ended } = await change(cobalt, REGISTER, { items: paths(2), settings: RETRY });
		expect(ended.json()).toHaveLength(2);
		for (const json of ended.json()) expect(json).not.toEqual({});
	});

	it('outputs a change that an earlier try made with the same ID', async () => {
		const cobalt = await cobaltForTest();
		const ids = cobalt.world.providers().map(({ id }) => ({ id }));
		cobalt.faults.add({ ...refuse, after: 2 });
		const { ended } = await change(
			cobalt,
			{ ...UPDATE, providerId: '={{ $json.id }}', updateFields: { status: 'inactive' } },
			{ items: ids, settings: RETRY },
		);
		expect(ended.json().map(({ provider_id }) => provider_id)).toEqual(ids.map(({ id }) => id));
		expect(cobalt.world.requests({ method: 'PATCH' })).toHaveLength(4);
	});
});

describe('a change that Cobalt may have made', () => {
	it.each([
		[{ kind: 'drop' }, 0],
		[{ kind: 'dropAfterAccept' }, 1],
		[{ kind: 'cut' }, 1],
		[{ kind: 'status', status: 500 }, 0],
		[{ kind: 'statusAfterAccept', status: 504 }, 1],
		[{ kind: 'status', status: 408 }, 0],
		[{ kind: 'html' }, 1],
		[{ kind: 'empty' }, 1],
		[{ kind: 'truncated' }, 1],
	] as const)('sends a change only once after %o', async (fault, registered) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(fault);
		const { ended: stopped } = await change(cobalt, REGISTER, {
			items: paths(1),
			settings: RETRY,
		});
		expect(stopped.error?.message).toContain('Webhook: Create may or may not have reached Cobalt');
		expect(stopped.error?.description).toContain('not submitted again');
		expect(stopped.error?.description).toContain("Check with a 'Get' or 'Get Many' operation");
		const { ended } = await changeAgain(cobalt, stopped);
		expect(ended.error?.message).toContain('may or may not have reached Cobalt');
		expect(cobalt.world.requests()).toHaveLength(1);
		expect(cobalt.world.webhooks()).toHaveLength(registered);
	});

	it('sends a change with an unknown outcome to the error output', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'dropAfterAccept' });
		const { ended } = await change(cobalt, REGISTER, {
			items: paths(2),
			settings: { onError: 'continueErrorOutput' },
		});
		expect(ended.items()).toHaveLength(1);
		expect(ended.json('Cobalt', 1)).toEqual([
			expect.objectContaining({
				details: expect.objectContaining({ job_status: 'unknown' }) as object,
			}),
		]);
	});
});

it('sends a change again after 429, once Cobalt allows it', async () => {
	const cobalt = await cobaltForTest();
	const busy = { kind: 'status', status: 429, headers: { 'retry-after': '3' } } as const;
	cobalt.faults.add({ ...busy, times: 2 });
	const { ended, requests } = await change(cobalt, REGISTER, { items: paths(1) });
	expect(ended.error).toBeUndefined();
	expect(secondsOf(requests)).toEqual([0, 3, 6]);
	expect(cobalt.world.webhooks()).toHaveLength(1);
});

it('reports an expired EHR login, and changes nothing', async () => {
	const cobalt = await cobaltForTest();
	cobalt.world.settings.loginExpired = true;
	const { ended, requests } = await change(cobalt, {
		...UPDATE,
		providerId: provider(cobalt).id,
		updateFields: { status: 'inactive' },
	});
	expect(ended.error?.message).toBe(
		'Provider: Update was not submitted: The EHR login for this access token has expired [item 0]',
	);
	expect(requests).toHaveLength(1);
	expect(provider(cobalt).status).toBe('active');
});
