import { describe, expect, it } from 'vitest';

import { loadOptions, searchList } from '../../../tools/n8n-host/picker.mts';
import { cobaltForTest, credentialOf } from '../setup.mts';
import { names, asked, entries } from './pickers.mts';

describe('a search in a list', () => {
	it.each([
		['providersByEhrId', 'DENEN', ['Dr. Michael Denenberg']],
		['providersByEhrId', '  okafor ', ['Dr. Amara Okafor – inactive']],
		['locationsById', 'river', ['Riverside Clinic (480 River Road, Albany)']],
		['locationsById', 'main street', ['Main Street Clinic (12 Main Street, Albany)']],
		['visitTypesByCode', 'follow', ['Follow-up (follow_up)']],
		['visitStatusesByCode', 'canc', ['Cancelled in advance (CANC)']],
		['pharmaciesByEhrId', 'drugs', ['Hudson Drugs (77 River Road, Albany)']],
		['pharmaciesByEhrId', 'nowhere', []],
	])('searches %s for "%s" in the whole list', async (method, filter, expected) => {
		const cobalt = await cobaltForTest();
		expect(await names(cobalt, method, filter)).toEqual(expected);
		expect(cobalt.world.requests()).toEqual([expect.objectContaining({ query: {} })]);
	});

	it.each<[string, string, string[], object[]]>([
		['first name', 'ellen', ['Ellen Brandt'], [{ first_name: 'ellen' }, { last_name: 'ellen' }]],
		[
			'last name',
			'Brand',
			['Ellen Brandt', 'Élodie Brandão'],
			[{ first_name: 'Brand' }, { last_name: 'Brand' }],
		],
		['both names', 'Raj Pat', ['Raj Patel'], [{ first_name: 'Raj', last_name: 'Pat' }]],
		['NPI', '1000000103', ['Tom Ash'], [{ npi: '1000000103' }]],
		['a name that nobody has', 'zz', [], [{ first_name: 'zz' }, { last_name: 'zz' }]],
	])('searches referring providers by %s at Cobalt', async (_, filter, expected, queries) => {
		const cobalt = await cobaltForTest();
		const found = await names(cobalt, 'referringProvidersByEhrId', filter);
		expect(found.map((name) => name.split(' (')[0])).toEqual(expected);
		const asked = cobalt.world.requests({ path: '/referring-providers' });
		expect(asked.map(({ query }) => query)).toEqual(expect.arrayContaining(queries));
		expect(asked).toHaveLength(queries.length);
	});

	it('shows a person once whose two names both match', async () => {
		const cobalt = await cobaltForTest();
		// Raj Patel has an a in both of his names, and both are asked for.
		expect(await names(cobalt, 'referringProvidersById', 'a')).toEqual([
			'Ellen Brandt (Cardiology, NPI 1000000100)',
			'Élodie Brandão (NPI 1000000102)',
			'Raj Patel (Dermatology, NPI 1000000101)',
			'Tom Ash (Orthopedics, NPI 1000000103)',
		]);
	});

	it('searches insurance providers by name at Cobalt', async () => {
		const cobalt = await cobaltForTest();
		const found = await searchList('insuranceProvidersById', asked(cobalt), 'humana 2');
		expect(found.results.map(({ name }) => name)).toEqual([
			'Humana 2 (60012)',
			'Humana 20 (60120) – inactive',
			'Humana 21 (60126)',
		]);
		expect(found.paginationToken).toBeUndefined();
		expect(cobalt.world.requests().map(({ query }) => query)).toEqual([
			{ name: 'humana 2', page: '1', page_size: '100' },
		]);
	});
});

describe('a list of several pages', () => {
	it('reads the pages of a list one by one to its end', async () => {
		const cobalt = await cobaltForTest();
		const values: unknown[] = [];
		let token: string | undefined;
		do {
			const page = await searchList('insuranceProvidersById', asked(cobalt), undefined, token);
			values.push(...page.results.map(({ value }) => value));
			token = page.paginationToken;
		} while (token !== undefined);
		expect(values).toEqual(cobalt.world.insuranceProviders().map(({ id }) => id));
		expect(cobalt.world.requests().map(({ query }) => query)).toEqual([
			{ page: '1', page_size: '100' },
			{ page: '2', page_size: '100' },
		]);
	});

	it('searches for the same text on further pages', async () => {
		const cobalt = await cobaltForTest();
		const page = await searchList('insuranceProvidersById', asked(cobalt), '1', '2');
		expect(page.paginationToken).toBeUndefined();
		expect(cobalt.world.requests().map(({ query }) => query)).toEqual([
			{ name: '1', page: '2', page_size: '100' },
		]);
	});
});

describe('a list that cannot be read', () => {
	it('reports keys that Cobalt does not accept', async () => {
		const cobalt = await cobaltForTest();
		const credential = { ...credentialOf(cobalt), clientSecret: 'cs_live_wrong' };
		await expect(searchList('providersById', { credential })).rejects.toMatchObject({
			message: 'Cobalt rejected the keys: Invalid client_id, client_secret or access_token.',
			description: expect.stringContaining('Client Secret') as string,
		});
		await expect(loadOptions('providersByEhrId', { credential })).rejects.toThrow(
			'Cobalt rejected the keys',
		);
	});

	it('reports an invalid Base URL', async () => {
		const cobalt = await cobaltForTest();
		const credential = { ...credentialOf(cobalt), baseUrl: 'not an address' };
		await expect(searchList('providersById', { credential })).rejects.toThrow(
			"'Base URL' in the Cobalt credential is not a URL",
		);
	});

	it('reports an expired EHR login', async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.settings.loginExpired = true;
		await expect(searchList('locationsById', asked(cobalt))).rejects.toThrow(
			'The EHR login for this access token has expired',
		);
	});

	it.each([
		[{ kind: 'status', status: 503 }, 'Cobalt could not process the request (HTTP 503)'],
		[{ kind: 'status', status: 429 }, 'Cobalt is limiting requests (HTTP 429)'],
		[{ kind: 'drop' }, 'The connection to Cobalt was lost before a response arrived'],
		[{ kind: 'html' }, 'Something in between responded instead of Cobalt (HTTP 200, a web page)'],
		[
			{ kind: 'status', status: 200, body: { success: true } },
			"Cobalt's response does not contain the requested data",
		],
	] as const)('reports the cause after %o', async (fault, message) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, times: Infinity });
		for (const method of ['providersById', 'insuranceProvidersById', 'visitTypesByCode']) {
			await expect(searchList(method, asked(cobalt))).rejects.toThrow(message);
		}
		await expect(searchList('referringProvidersById', asked(cobalt), 'a')).rejects.toThrow(message);
	});
});

describe('incomplete records in a list', () => {
	const response = (body: object) =>
		({ kind: 'status', status: 200, body: { success: true, ...body } }) as const;

	it('leaves out providers without the ID that is needed', async () => {
		const cobalt = await cobaltForTest();
		const providers = [
			{ id: 'a', ehr_id: null, name: 'Dr. New' },
			{ id: 'b', ehr_id: 7, name: 'Dr. Old' },
		];
		cobalt.faults.add({ ...response({ providers }), times: 2 });
		expect(await entries(cobalt, 'providersByEhrId')).toEqual([{ name: 'Dr. Old', value: '7' }]);
		expect(await entries(cobalt, 'providersById')).toHaveLength(2);
	});

	it('lists visit types that are only codes, as in the older schema', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(response({ data: { visit_types: ['new_patient', 'follow_up'] } }));
		expect(await entries(cobalt, 'visitTypesByCode')).toEqual([
			{ name: 'follow_up', value: 'follow_up' },
			{ name: 'new_patient', value: 'new_patient' },
		]);
	});

	it('shows the ID of a location without a name', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(response({ locations: [{ id: 'a', ehr_id: '1', name: null }] }));
		expect(await entries(cobalt, 'locationsByEhrId')).toEqual([{ name: '1', value: '1' }]);
	});
});
