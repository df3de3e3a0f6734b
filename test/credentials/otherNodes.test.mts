import type { IExecuteFunctions } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../tools/fake-cobalt/index.mts';
import { PACKAGE_NAME } from '../../tools/n8n-host/n8n.mts';
import { executeContextOf, singleNode } from '../../tools/n8n-host/singleNode.mts';
import { cobaltForTest, credentialOf } from '../Cobalt/setup.mts';
import { openElsewhere } from '../shared/http/elsewhere.mts';

/** What n8n gives a node to make requests with, such as its HTTP Request node. */
function contextFor(cobalt: Cobalt): IExecuteFunctions {
	const single = singleNode('HTTP Request', `${PACKAGE_NAME}.cobalt`);
	return executeContextOf(single, credentialOf(cobalt), 'manual');
}

/** A Cobalt that sends its visitors elsewhere, and what arrives there. */
async function cobaltThatRedirects(status: 301 | 302 | 303 | 307 | 308) {
	const { location, visitors } = await openElsewhere();
	const cobalt = await cobaltForTest();
	cobalt.faults.add({ kind: 'redirect', status, location, path: '/locations', times: 2 });
	return { cobalt, location, visitors };
}

/** What the HTTP Request node and others ask for, in n8n's newer form and in its older one. */
const FOLLOWED = {
	followRedirect: true,
	followAllRedirects: true,
	maxRedirects: 21,
	disableFollowRedirect: false,
	sendCredentialsOnCrossOriginRedirect: true,
};

type Send = (this: IExecuteFunctions, ...given: unknown[]) => Promise<unknown>;

/** The helpers that take a credential along. The types say of two of them that they are out of use, but nodes use them. */
const FORMS: Array<[string, (url: string, method: string) => unknown[]]> = [
	['httpRequestWithAuthentication', (url, method) => ['cobaltApi', { ...FOLLOWED, url, method }]],
	['requestWithAuthentication', (uri, method) => ['cobaltApi', { ...FOLLOWED, uri, method }]],
	[
		'requestWithAuthenticationPaginated',
		(url, method) => [
			{ ...FOLLOWED, uri: url, method },
			0,
			{ continue: '={{ true }}', request: { url }, requestInterval: 0, maxRequests: 2 },
			'cobaltApi',
		],
	],
];

describe.each(FORMS)('a request by %s', (name, given) => {
	const send = async (cobalt: Cobalt, url: string, method = 'GET') => {
		const context = contextFor(cobalt);
		const helper = Reflect.get(context.helpers, name) as Send;
		return await helper.call(context, ...given(url, method));
	};

	it.each([301, 302, 303, 307, 308] as const)(
		'does not send the keys to the target of a redirect %d',
		async (status) => {
			const { cobalt, visitors } = await cobaltThatRedirects(status);
			for (const method of ['GET', 'POST']) {
				await expect(send(cobalt, `${cobalt.url}/v1/locations`, method)).rejects.toThrow();
			}
			expect(visitors).toEqual([]);
			expect(cobalt.world.requests({ path: '/locations' })).not.toEqual([]);
		},
	);

	it('reaches Cobalt with the keys', async () => {
		const cobalt = await cobaltForTest();
		await send(cobalt, `${cobalt.url}/v1/locations`);
		const [request] = cobalt.world.requests({ method: 'GET', path: '/locations' });
		expect(request).toMatchObject({
			status: 200,
			headers: { access_token: cobalt.keys.accessToken },
		});
	});

	it('does not send the keys to another host', async () => {
		const { cobalt, location, visitors } = await cobaltThatRedirects(302);
		await expect(send(cobalt, location)).rejects.toThrow('can only be used for requests to');
		expect(visitors).toEqual([]);
	});
});
