/** The connection test of a credential with several clinics. */
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';

import { testByNode } from '../../tools/n8n-host/credentialTest.mts';
import { credentialTypes } from '../../tools/n8n-host/n8n.mts';
import type { Cobalt } from '../../tools/fake-cobalt/index.mts';
import { clinicAt, multipleCredentialOf } from '../Cobalt/clinics.mts';
import { cobaltForTest } from '../Cobalt/setup.mts';
import { listen } from '../listen.mts';

const TYPE = 'cobaltMultipleClinicsApi';

const test = async (cobalt: Cobalt, change: object = {}) =>
	await testByNode(TYPE, { ...multipleCredentialOf(cobalt), ...change });

describe('the connection test', () => {
	it.each([1, 3, 50])('tries every token of %d', async (clinics) => {
		const cobalt = await cobaltForTest({ clinics });
		expect(await test(cobalt)).toEqual({
			status: 'OK',
			message: `Connection successful! Clinics: ${clinics}`,
		});
		const tokens = cobalt.world
			.requests({ path: '/webhook-events' })
			.map(({ headers }) => headers.access_token);
		expect(new Set(tokens)).toEqual(new Set(cobalt.clinics.map(({ keys }) => keys.accessToken)));
		expect(cobalt.world.requests()).toHaveLength(clinics * 2);
	});

	it('names the clinics whose login has expired', async () => {
		const cobalt = await cobaltForTest({ clinics: 12 });
		for (const index of [1, 10]) clinicAt(cobalt, index).world.settings.loginExpired = true;
		expect(await test(cobalt)).toEqual({
			status: 'Error',
			message:
				'The EHR login of these clinics has expired, reconnect it through Cobalt Link: clinic_2, clinic_11.',
		});
	});

	it('names at most ten of them', async () => {
		const cobalt = await cobaltForTest({ clinics: 12 });
		for (const { world } of cobalt.clinics) world.settings.loginExpired = true;
		expect((await test(cobalt)).message).toMatch(/: clinic_1, .*clinic_10 and 2 more\.$/);
	});

	it('gives the line of a wrong token, which may be what is written in place of the name', async () => {
		const cobalt = await cobaltForTest({ clinics: 2 });
		const tokens = cobalt.clinics.map(({ keys }) => keys.accessToken);
		const accessTokens = `clinic_1: ${tokens[0]}\n${tokens[1]}: clinic_2`;
		const { status, message } = await test(cobalt, { accessTokens });
		expect(status).toBe('Error');
		expect(message).toMatch(/^Cobalt rejected the keys.*: line 2\.$/);
		expect(message).not.toContain(tokens[1]);
	});

	it('repeats no token that Cobalt repeats', async () => {
		const cobalt = await cobaltForTest({ clinics: 2 });
		const [, second = ''] = cobalt.clinics.map(({ keys }) => keys.accessToken);
		const body = { success: false, message: `No ${second} here` };
		cobalt.faults.add({ kind: 'status', status: 401, body, path: '/webhook-events', times: 9 });
		const { message } = await test(cobalt);
		expect(message).toContain('No *** here');
	});

	it('finds tokens under the name of another clinic', async () => {
		const cobalt = await cobaltForTest({ clinics: 3 });
		const [first, second, third] = cobalt.clinics.map(({ keys }) => keys.accessToken);
		const accessTokens = `clinic_1: ${second}\nclinic_2: ${first}\nclinic_3: ${third}`;
		expect(await test(cobalt, { accessTokens })).toEqual({
			status: 'Error',
			message: 'Cobalt knows the access token under another reference ID: line 1, line 2.',
		});
	});

	it('accepts a clinic that has no settings', async () => {
		const cobalt = await cobaltForTest({ clinics: 2 });
		const body = { success: false, message: 'No settings found' };
		cobalt.faults.add({ kind: 'status', status: 404, body, path: '/settings', times: 9 });
		expect((await test(cobalt)).status).toBe('OK');
	});

	it('says which line cannot be read, and sends nothing', async () => {
		const cobalt = await cobaltForTest();
		const { status, message } = await test(cobalt, { accessTokens: 'clinic_1: a\nclinic_2' });
		expect(status).toBe('Error');
		expect(message).toContain("'Clinics' in the Cobalt credential has no colon in line 2.");
		expect(cobalt.world.requests()).toEqual([]);
	});

	it.each([
		['clientSecret', '', "'Client Secret' in the Cobalt credential is empty"],
		['clientId', 'wrong', 'Cobalt rejected the keys'],
		['baseUrl', 'http://cobalt.example.com', 'must start with https://'],
	])('says what is wrong with %s', async (field, value, finding) => {
		const cobalt = await cobaltForTest({ clinics: 2 });
		const { status, message } = await test(cobalt, { [field]: value });
		expect(status).toBe('Error');
		expect(message).toContain(finding);
	});

	it('says that the host cannot be reached, after one try for some clinics', async () => {
		const cobalt = await cobaltForTest({ clinics: 50 });
		await cobalt.close();
		const { status, message } = await test(cobalt);
		expect(status).toBe('Error');
		expect(message).toContain('the connection was refused');
	});

	it.each([429, 500, 503])('does not call the keys wrong at a %d', async (code) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status: code });
		const { status, message } = await test(cobalt);
		expect(status).toBe('Error');
		expect(message).not.toContain('keys');
	});

	it.each([
		['a web page', '<html>Welcome</html>'],
		['an empty answer', ''],
		['other JSON', '{"hello":"world"}'],
	])('is not fooled by %s', async (_, answer) => {
		const cobalt = await cobaltForTest();
		const port = await listen(createServer((_request, response) => response.end(answer)));
		const { status } = await test(cobalt, { baseUrl: `http://127.0.0.1:${port}` });
		expect(status).toBe('Error');
	});
});

describe('the credential', () => {
	const { properties = [], authenticate } = credentialTypes[TYPE]?.type ?? {};

	it('masks everything that is secret, and has all tokens in one field', () => {
		const masked = properties.filter(({ typeOptions }) => typeOptions?.password === true);
		expect(masked.map(({ name }) => name)).toEqual([
			'clientSecret',
			'accessTokens',
			'webhookSecret',
		]);
		// n8n restores masked fields of a list by their positions, so a list would mix up the clinics.
		expect(properties.filter(({ type }) => /collection/i.test(type))).toEqual([]);
	});

	it('is of no use to other nodes, which know no clinic', () => {
		expect(authenticate).toBeUndefined();
	});
});
