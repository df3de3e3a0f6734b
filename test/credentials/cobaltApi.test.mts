import { createServer, type RequestListener } from 'node:http';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { testCredential } from '../../tools/n8n-host/credentialTest.mts';
import { TestCredentials } from '../../tools/n8n-host/credentials.mts';
import { cobaltForTest, credentialOf } from '../Cobalt/setup.mts';
import { listen } from '../listen.mts';

async function serverThat(responses: RequestListener): Promise<string> {
	return `http://127.0.0.1:${await listen(createServer(responses))}`;
}

describe('the connection test', () => {
	it.each(['', '/', '/v1', '/v1/'])('accepts good keys with %j after the base URL', async (end) => {
		const cobalt = await cobaltForTest();
		const credential = { ...credentialOf(cobalt), baseUrl: cobalt.url + end };
		expect(await testCredential(credential)).toMatchObject({ status: 'OK' });
		expect(cobalt.world.requests()).toEqual([
			expect.objectContaining({ method: 'GET', path: '/webhook-events' }),
		]);
	});

	it.each(['clientId', 'clientSecret', 'accessToken'])('recognizes a wrong %s', async (field) => {
		const cobalt = await cobaltForTest();
		const credential = { ...credentialOf(cobalt), [field]: 'wrong' };
		expect(await testCredential(credential)).toEqual({
			status: 'Error',
			message: expect.stringContaining('rejected the keys') as string,
		});
	});

	it('distinguishes an expired EHR login from wrong keys', async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.settings.loginExpired = true;
		expect(await testCredential(credentialOf(cobalt))).toEqual({
			status: 'Error',
			message: expect.stringContaining('EHR login for this access token has expired') as string,
		});
	});

	it('reports a host that cannot be reached', async () => {
		const cobalt = await cobaltForTest();
		await cobalt.close();
		expect(await testCredential(credentialOf(cobalt))).toEqual({
			status: 'Error',
			message: 'ECONNREFUSED',
		});
	});

	it.each([429, 500, 503])('does not call the keys wrong after a response %d', async (status) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status });
		const result = await testCredential(credentialOf(cobalt));
		expect(result.status).toBe('Error');
		expect(result.message).not.toContain('keys');
	});

	it.each<[string, RequestListener]>([
		['a web page', (_, response) => response.end('<html>Welcome</html>')],
		['an empty answer', (_, response) => response.end()],
		['other JSON', (_, response) => response.end('{"hello":"world"}')],
		['a redirect', (_, response) => response.writeHead(302, { location: '/login' }).end()],
	])('does not accept %s as a successful connection', async (_, responses) => {
		const cobalt = await cobaltForTest();
		const credential = { ...credentialOf(cobalt), baseUrl: await serverThat(responses) };
		expect(await testCredential(credential)).toEqual({
			status: 'Error',
			message: expect.stringContaining("The server at 'Base URL' is not the Cobalt API") as string,
		});
	});

	it('sends no keys unencrypted to another machine', async () => {
		const cobalt = await cobaltForTest();
		const credential = { ...credentialOf(cobalt), baseUrl: 'http://cobalt.example.com' };
		expect(await testCredential(credential)).toEqual({
			status: 'Error',
			message: "'Base URL' in the Cobalt credential must start with https://",
		});
	});
});

describe('the keys', () => {
	const credential = {
		clientId: ' id ',
		clientSecret: 'secret',
		accessToken: '\u200bto\u00adken\ufeff\r\n',
		baseUrl: '\u200bhttps://api.use\u200bcobalt.com\u00a0',
	};
	const authenticate = async (url: string) =>
		await new TestCredentials(credential).authenticate(credential, 'cobaltApi', { url });

	it('sends the keys in three headers, without the invisible characters of a paste', async () => {
		expect(await authenticate('/patients')).toMatchObject({
			url: 'https://api.usecobalt.com/v1/patients',
			headers: { client_id: 'id', client_secret: 'secret', access_token: 'token' },
		});
	});

	it('sends the keys with a full address of the same host', async () => {
		const { url } = await authenticate('https://api.usecobalt.com/v1/locations?page=2');
		expect(url).toBe('https://api.usecobalt.com/v1/locations?page=2');
	});

	it.each([
		'https://elsewhere.example/v1/patients',
		'http://api.usecobalt.com/v1/patients',
		'https://api.usecobalt.com.evil.example/',
		'https://api.usecobalt.com@evil.example/',
	])('sends no keys to %s', async (url) => {
		await expect(authenticate(url)).rejects.toThrow('can only be used for requests to');
	});

	it.each<[unknown, string]>([
		[undefined, 'is empty'],
		[null, 'is empty'],
		['', 'is empty'],
		[' \n', 'is empty'],
		['\u200b', 'is empty'],
		[4711, 'is not text'],
		[true, 'is not text'],
		[['token'], 'is not text'],
		[{ token: 'token' }, 'is not text'],
		['undefined', 'is the text "undefined"'],
		['null', 'is the text "null"'],
		['[object Object]', 'is the text "[object Object]"'],
		['={{ $json.token }}', 'is an expression that n8n did not resolve'],
		['{{ $json.token }}', 'is an expression that n8n did not resolve'],
		['tok\nen', 'has a character'],
		['tok\u0107en', 'has a character'],
	])('refuses keys that are %j, naming the field', async (value, finding) => {
		for (const [field, label] of [
			['clientId', 'Client ID'],
			['clientSecret', 'Client Secret'],
			['accessToken', 'Access Token'],
		] as const) {
			const broken = { ...credential, [field]: value } as ICredentialDataDecryptedObject;
			const sent = new TestCredentials(broken).authenticate(broken, 'cobaltApi', { url: '/x' });
			await expect(sent).rejects.toThrow(`'${label}' in the Cobalt credential ${finding}`);
		}
	});

	it.each([undefined, null, 4711, ['https://api.usecobalt.com'], 'undefined', '={{ $json.url }}'])(
		'sends no keys to the base URL %j',
		async (baseUrl) => {
			const broken = { ...credential, baseUrl } as ICredentialDataDecryptedObject;
			const sent = new TestCredentials(broken).authenticate(broken, 'cobaltApi', { url: '/x' });
			await expect(sent).rejects.toThrow("'Base URL' in the Cobalt credential is not a URL");
		},
	);
});
