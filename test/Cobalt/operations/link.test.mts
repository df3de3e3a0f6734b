/** Links with which a person connects an EHR, or renews a login. They are secrets. */
import { describe, expect, it } from 'vitest';

import { sensitiveFields } from '../../../nodes/shared/description/sensitiveFields.js';
import type { Cobalt, CobaltOptions, Fault } from '../../../tools/fake-cobalt/index.mts';
import { listenToLog } from '../../../tools/n8n-host/log.mts';
import { clinicAt, FROM_ITEM, referenceOf, runMultiple } from '../clinics.mts';
import { cobaltForTest, retry } from '../setup.mts';
import { runOperation } from './setup.mts';
import { watched } from './submissions/watched.mts';

const LINK = { mode: 'connect', userId: 'user_7', orgId: 'clinic_1' };

const RENEWAL = { ...LINK, mode: 'update' };

const create = async (
	cobalt: Cobalt,
	parameters: object = LINK,
	options: Parameters<typeof runOperation>[3] = {},
) =>
	await watched(
		cobalt,
		async () =>
			await runOperation(
				cobalt,
				'link.createToken',
				{ parameters: { ...LINK, ...parameters } },
				options,
			),
	);

const tokens = (cobalt: Cobalt) => cobalt.world.linkTokens().map(({ token }) => token);

const linkOf = (token: string | undefined) => `https://link.usecobalt.com?token=${String(token)}`;

describe('the access token', () => {
	it('sends no access token for a new connection', async () => {
		const cobalt = await cobaltForTest();
		const { requests } = await create(cobalt);
		expect(JSON.stringify(requests)).not.toContain(cobalt.keys.accessToken);
		expect(cobalt.world.linkTokens()).toEqual([expect.objectContaining({ access_token: null })]);
	});

	it('sends the access token of a renewal in the body only', async () => {
		const cobalt = await cobaltForTest();
		const { ended, requests } = await create(cobalt, RENEWAL);
		expect(requests[0]?.headers).not.toHaveProperty('access_token');
		expect(cobalt.world.linkTokens()).toEqual([
			expect.objectContaining({ org_id: 'clinic_1', access_token: cobalt.keys.accessToken }),
		]);
		expect(JSON.stringify(ended.json())).not.toContain(cobalt.keys.accessToken);
	});

	it('hides the access token in a preview', async () => {
		const cobalt = await cobaltForTest();
		const { ended, requests } = await create(cobalt, {
			...RENEWAL,
			options: { validateOnly: true },
		});
		expect(ended.json()[0]?.request).toEqual({
			method: 'POST',
			path: '/v1/link/token/create',
			body: { user_id: 'user_7', org_id: 'clinic_1', access_token: '***' },
		});
		expect(requests).toEqual([]);
	});

	it('renews a login that has expired', async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.settings.loginExpired = true;
		const { ended } = await create(cobalt, RENEWAL);
		expect(ended.json()).toEqual([
			expect.objectContaining({ link_url: expect.any(String) as string }),
		]);
	});
});

describe('the path of the request', () => {
	it.each<[CobaltOptions['linkPrefix'], number[]]>([
		['/v1', [200]],
		['', [404, 200]],
	])('finds the path when its prefix is %j', async (linkPrefix, statuses) => {
		const cobalt = await cobaltForTest({ linkPrefix });
		const { ended, requests } = await create(cobalt);
		expect(requests.map(({ status }) => status)).toEqual(statuses);
		expect(ended.json()).toEqual([
			{ link_url: linkOf(tokens(cobalt)[0]), expires_at: expect.any(String) as string },
		]);
	});

	it('quotes Cobalt when it knows neither path', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status: 404, times: 2 });
		const { ended, requests } = await create(cobalt);
		expect(ended.error?.message).toContain('Cobalt did not find what was requested');
		expect(requests).toHaveLength(2);
	});
});

it('hides a Link token that Cobalt repeats in a refusal', async () => {
	const cobalt = await cobaltForTest();
	const message = 'Token lt_198908HJDKJSH98789OHKJL is in use';
	cobalt.faults.add({ kind: 'status', status: 400, body: { success: false, message } });
	const { ended } = await create(cobalt);
	expect(ended.error?.message).toContain('Token *** is in use');
	expect(JSON.stringify(ended.run)).not.toContain('lt_1989');
});

describe('a link', () => {
	it.each<Fault>([
		{ kind: 'status', status: 503 },
		{ kind: 'status', status: 429 },
		{ kind: 'drop' },
		{ kind: 'dropAfterAccept' },
		{ kind: 'truncated' },
		{ kind: 'status', status: 200, body: { success: true } },
	])('requests a link again after %o', async (fault) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(fault);
		const { ended } = await create(cobalt);
		expect(ended.json()).toEqual([
			expect.objectContaining({ link_url: linkOf(tokens(cobalt).at(-1)) }),
		]);
	});

	it('requests a new link for each item, and for each item of a retry', async () => {
		const cobalt = await cobaltForTest();
		const refused = { kind: 'status', status: 400, after: 2 } as const;
		cobalt.faults.add(refused);
		const { ended } = await create(cobalt, LINK, { items: [{}, {}, {}] });
		expect(ended.error?.message).toContain('HTTP 400');
		const again = await retry(cobalt, ended);
		const links = again.json().map(({ link_url }) => link_url);
		expect(links).toEqual(tokens(cobalt).slice(-3).map(linkOf));
		expect(new Set(links).size).toBe(3);
	});

	it.each([
		['a successful run', undefined],
		['a run that fails later', { kind: 'status', status: 403, after: 1 } as const],
	])('keeps the link of %s out of the log and the errors', async (_, fault) => {
		const cobalt = await cobaltForTest();
		if (fault) cobalt.faults.add(fault);
		const lines = listenToLog();
		const { ended } = await create(cobalt, RENEWAL, { items: [{}, {}] });
		const [token = ''] = tokens(cobalt);
		expect(token).toMatch(/^lt_/);
		for (const text of [JSON.stringify(lines()), String(ended.error?.message)]) {
			expect(text).not.toContain(token);
			expect(text).not.toContain(cobalt.keys.accessToken);
		}
	});

	it('declares the link as sensitive output', () => {
		expect(sensitiveFields).toContain('link_url');
	});
});

describe('a credential with several clinics', () => {
	const PURPOSE = {
		resource: 'link',
		operation: 'createToken',
		mode: '={{ $json.purpose }}',
		userId: 'user_7',
		orgId: 'clinic_9',
	};

	it('makes a link for a new connection without a clinic, from two keys', async () => {
		const cobalt = await cobaltForTest({ clinics: 2 });
		const parameters = { ...PURPOSE, mode: 'connect' };
		const { ended, requests } = await watched(
			cobalt,
			async () => await runMultiple(cobalt, { parameters, items: [{}] }),
		);
		expect(Object.keys(ended.json()[0] ?? {})).toEqual(['link_url', 'expires_at']);
		expect(requests).toHaveLength(1);
		expect(requests[0]?.headers).not.toHaveProperty('access_token');
		expect(cobalt.world.linkTokens()).toEqual([
			expect.objectContaining({ org_id: 'clinic_9', access_token: null }),
		]);
	});

	it('renews the login of the clinic of the item, and none where the item has no clinic', async () => {
		const cobalt = await cobaltForTest({ clinics: 2 });
		const { ended } = await watched(
			cobalt,
			async () =>
				await runMultiple(cobalt, {
					parameters: { ...PURPOSE, ...FROM_ITEM },
					items: [
						{ purpose: 'connect' },
						{ purpose: 'update', access_token_reference_id: '' },
						{ purpose: 'update', access_token_reference_id: referenceOf(1) },
					],
					settings: { onError: 'continueErrorOutput' },
				}),
		);
		expect(ended.json('On Error').map(({ error }) => error)).toEqual([
			"Link: Create Token was not submitted: 'Clinic' is empty [item 1]",
		]);
		expect(cobalt.world.linkTokens().map(({ access_token }) => access_token)).toEqual([
			null,
			clinicAt(cobalt, 1).keys.accessToken,
		]);
	});
});
