import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import {
	entriesOf,
	methodName,
	type IdKind,
} from '../../../nodes/Cobalt/listSearch/searchableList.js';
import {
	searchableLists,
	type SearchableListName,
} from '../../../nodes/Cobalt/listSearch/searchableLists.js';
import type { CobaltRequest, Send } from '../../../nodes/shared/http/client.js';

interface Query {
	page?: number;
	name?: string;
	first_name?: string;
}

/** Picks from one of the lists, of an account that answers like this. */
function picker(name: SearchableListName, response: (query: Query) => IDataObject) {
	const requests: CobaltRequest[] = [];
	const send: Send = async (request) => {
		requests.push(request);
		return Promise.resolve(response(request.query as Query));
	};
	const entries = async (id: IdKind, filter?: string, page?: number) =>
		await entriesOf(send, searchableLists[name], id, filter, page);
	return {
		entries,
		names: async (id: IdKind, filter?: string) =>
			(await entries(id, filter)).results.map(({ name: shown }) => shown),
		queries: () => requests.map(({ query }) => query),
		paths: () => requests.map(({ path }) => path),
	};
}

const KEYS = {
	providers: 'providers',
	locations: 'locations',
	visitTypes: 'visit_types',
	visitStatuses: 'visit_statuses',
	referringProviders: 'referring_providers',
	insuranceProviders: 'insurance_providers',
	pharmacies: 'pharmacies',
} as const;

/** The same records, whatever is asked for. */
const having = (name: SearchableListName, records: unknown[]) =>
	picker(name, () => ({ [KEYS[name]]: records }));

const ADA = { id: 'a1', ehr_id: '118', name: 'Ada Byron', status: 'active' };
const OLD = { id: 'b2', ehr_id: 7, name: 'Old Doctor', status: 'Inactive' };

describe('the label of an entry', () => {
	it.each<[SearchableListName, IdKind, IDataObject, string]>([
		['providers', 'id', { id: 1, name: 'Ada Byron', status: 'active' }, 'Ada Byron'],
		['providers', 'id', { id: 1, name: 'Ada Byron', status: null }, 'Ada Byron'],
		['providers', 'id', { id: 1, name: 'Ada Byron', status: 'INACTIVE' }, 'Ada Byron – inactive'],
		['providers', 'ehr_id', { ehr_id: 118, name: ' فاطمة 😀 ' }, 'فاطمة 😀'],
		['locations', 'id', { id: 1, name: 'Main' }, 'Main'],
		['locations', 'id', { id: 1, name: 'Main', address: null }, 'Main'],
		['locations', 'id', { id: 1, name: 'Main', address: '1 High St' }, 'Main'],
		[
			'locations',
			'id',
			{ id: 1, name: 'Main', address: { address1: '1 High St', city: 'Troy' } },
			'Main (1 High St, Troy)',
		],
		[
			'locations',
			'id',
			{ id: 1, name: 'Main', address: { address1: ' ', city: 'Troy' }, status: 'inactive' },
			'Main (Troy) – inactive',
		],
		['visitTypes', 'code', { code: 'fu', description: 'Follow-up' }, 'Follow-up (fu)'],
		['visitTypes', 'code', { code: 'fu', description: '' }, 'fu'],
		['visitTypes', 'code', { code: 'fu' }, 'fu'],
		['visitStatuses', 'code', { code: 'R/S', description: 'Rescheduled' }, 'Rescheduled (R/S)'],
		['visitStatuses', 'code', { code: 7, description: 'Seven' }, 'Seven (7)'],
		['referringProviders', 'id', { id: 1, name: 'Omar Haddad' }, 'Omar Haddad'],
		['referringProviders', 'id', { id: 1, first_name: 'Omar', last_name: 'Haddad' }, 'Omar Haddad'],
		['referringProviders', 'id', { id: 1, first_name: null, last_name: 'Haddad' }, 'Haddad'],
		[
			'referringProviders',
			'id',
			{ id: 1, name: null, last_name: 'Haddad', speciality: 'Cardiology', npi: 1234567890 },
			'Haddad (Cardiology, NPI 1234567890)',
		],
		[
			'referringProviders',
			'id',
			{ id: 1, name: '', first_name: 'Omar', last_name: 'Haddad', npi: '' },
			'Omar Haddad',
		],
		['insuranceProviders', 'id', { id: 1, name: 'Aetna', payer_id: '60054' }, 'Aetna (60054)'],
		['insuranceProviders', 'id', { id: 1, name: 'Aetna', active: true }, 'Aetna'],
		['insuranceProviders', 'id', { id: 1, name: 'Aetna', active: false }, 'Aetna – inactive'],
		[
			'pharmacies',
			'ehr_id',
			{ ehr_id: 'p', name: 'Corner', address: { address1: '2 Low St', city: 'Troy' } },
			'Corner (2 Low St, Troy)',
		],
		['providers', 'id', { id: 'a1' }, 'a1'],
		['providers', 'id', { id: 'a1', name: ' ' }, 'a1'],
		['referringProviders', 'id', { id: 'a1' }, 'a1'],
	])('identifies an entry of %s by its %s: %j', async (name, id, record, label) => {
		const { names } = having(name, [record]);
		expect(await names(id)).toEqual([label]);
	});

	it.each<[SearchableListName, IDataObject]>([
		['insuranceProviders', { id: 'i1', payer_id: '60054' }],
		['locations', { id: 'l1', name: null, address: { city: 'Troy' } }],
		['referringProviders', { id: 'r1', npi: '1234567890' }],
	])('shows an ID rather than a detail alone for %s: %j', async (name, record) => {
		const { names } = having(name, [record]);
		expect((await names('id')).map((label) => label.trim().startsWith('('))).toEqual([false]);
	});
});

describe('the entries of a list', () => {
	it.each<[IdKind, string[]]>([
		['id', ['a1', 'b2']],
		['ehr_id', ['118', '7']],
	])('returns the IDs of the requested kind: %s', async (id, ids) => {
		const { entries, paths } = having('providers', [ADA, OLD]);
		expect((await entries(id)).results.map(({ value }) => value)).toEqual(ids);
		expect(paths()).toEqual(['/providers']);
	});

	it('sorts the entries by name', async () => {
		const { names } = having('providers', [
			{ id: 1, name: 'Zoe' },
			{ id: 2, name: 'Émile' },
			{ id: 3, name: 'ada' },
			{ id: 4, name: 'Fred' },
		]);
		expect(await names('id')).toEqual(['ada', 'Émile', 'Fred', 'Zoe']);
	});

	it.each([undefined, null, '', ' ', {}, [], true])(
		'leaves out an entry with the ID %j',
		async (ehr_id) => {
			const { entries } = having('providers', [{ ...OLD, ehr_id }, ADA]);
			expect(await entries('ehr_id')).toEqual({ results: [{ name: 'Ada Byron', value: '118' }] });
		},
	);

	it('returns each ID once', async () => {
		const { entries } = having('providers', [ADA, { ...OLD, ehr_id: 118 }, OLD]);
		const { results } = await entries('ehr_id');
		expect(results.map(({ value }) => value).sort()).toEqual(['118', '7']);
	});

	it('returns entries that are named like properties of objects', async () => {
		const { entries } = having('providers', [
			{ id: '__proto__', name: 'constructor' },
			{ id: 'toString', name: '__proto__' },
		]);
		expect(await entries('id')).toEqual({
			results: [
				{ name: '__proto__', value: 'toString' },
				{ name: 'constructor', value: '__proto__' },
			],
		});
	});

	it('returns no entries of an empty list', async () => {
		const { entries } = having('locations', []);
		expect(await entries('id')).toEqual({ results: [] });
	});

	it('reads all pages of a list that reports pages', async () => {
		const { entries, queries } = picker('providers', ({ page = 1 }) => ({
			providers: [{ id: `p${page}`, name: `Provider ${page}` }],
			pagination: { page, total_pages: 3 },
		}));
		expect((await entries('id')).results).toHaveLength(3);
		expect(queries()).toEqual([{}, { page: 2 }, { page: 3 }]);
	});

	it('fails when the response has no list', async () => {
		const { entries } = picker('providers', () => ({ success: true }));
		await expect(entries('id')).rejects.toThrow('does not contain the requested data');
	});

	it('fails with the error of the request', async () => {
		const error = new Error('No connection');
		const send: Send = async () => Promise.reject(error);
		await expect(entriesOf(send, searchableLists.providers, 'id')).rejects.toBe(error);
	});
});

describe('the codes of the settings', () => {
	const settings = (data: IDataObject) => ({ success: true, data });

	it('lists codes that are objects with a description', async () => {
		const { entries, paths } = picker('visitStatuses', () =>
			settings({
				visit_types: ['new_patient'],
				visit_statuses: [
					{ code: 'R/S', description: 'Rescheduled' },
					{ code: 'CANC', description: 'Cancelled in advance' },
				],
			}),
		);
		expect(await entries('code')).toEqual({
			results: [
				{ name: 'Cancelled in advance (CANC)', value: 'CANC' },
				{ name: 'Rescheduled (R/S)', value: 'R/S' },
			],
		});
		expect(paths()).toEqual(['/settings']);
	});

	it('lists codes that are plain text', async () => {
		const { entries } = picker('visitTypes', () =>
			settings({ visit_types: ['televisit1', 'new_patient', ' ', null, 'televisit1'] }),
		);
		expect(await entries('code')).toEqual({
			results: [
				{ name: 'new_patient', value: 'new_patient' },
				{ name: 'televisit1', value: 'televisit1' },
			],
		});
	});

	it('lists codes that are partly objects and partly text', async () => {
		const { names } = picker('visitTypes', () =>
			settings({ visit_types: ['new_patient', { code: 'fu', description: 'Follow-up' }] }),
		);
		expect(await names('code')).toEqual(['Follow-up (fu)', 'new_patient']);
	});

	it('fails when the settings have no codes', async () => {
		const { entries } = picker('visitStatuses', () => settings({ timezone: 'America/New_York' }));
		await expect(entries('code')).rejects.toThrow('does not contain the requested data');
	});
});

describe('the text that a person types', () => {
	it.each([
		['ada', ['Ada Byron']],
		['  BYRON ', ['Ada Byron']],
		['\u200bBy\u00adron', ['Ada Byron']],
		['\u200b', ['Ada Byron', 'Old Doctor – inactive']],
		['inactive', ['Old Doctor – inactive']],
		['o', ['Ada Byron', 'Old Doctor – inactive']],
		['', ['Ada Byron', 'Old Doctor – inactive']],
		['   ', ['Ada Byron', 'Old Doctor – inactive']],
		['nobody', []],
		['.*', []],
		['(', []],
		['–', ['Old Doctor – inactive']],
		['\\', []],
		['../', []],
		['😀', []],
		['x'.repeat(10_000), []],
	])('searches here when the API cannot search: %s', async (filter, expected) => {
		const { names, queries } = having('providers', [OLD, ADA]);
		expect(await names('id', filter)).toEqual(expected);
		expect(queries()).toEqual([{}]);
	});

	it('searches in codes and in their descriptions', async () => {
		const records = [{ code: 'CANC', description: 'Cancelled in advance' }, 'R/S'];
		const { names } = picker('visitStatuses', () => ({ data: { visit_statuses: records } }));
		expect(await names('code', 'advance')).toEqual(['Cancelled in advance (CANC)']);
		expect(await names('code', 'canc')).toEqual(['Cancelled in advance (CANC)']);
		expect(await names('code', 'r/')).toEqual(['R/S']);
	});

	it.each<[string, IDataObject[]]>([
		['1234567890', [{ npi: '1234567890' }]],
		[' 1234567890 ', [{ npi: '1234567890' }]],
		['\u200e1234567890', [{ npi: '1234567890' }]],
		['O\u2019Neil', [{ first_name: "O'Neil" }, { last_name: "O'Neil" }]],
		['Zoe\u0308', [{ first_name: 'Zoë' }, { last_name: 'Zoë' }]],
		['haddad', [{ first_name: 'haddad' }, { last_name: 'haddad' }]],
		['123456789', [{ first_name: '123456789' }, { last_name: '123456789' }]],
		['Omar Haddad', [{ first_name: 'Omar', last_name: 'Haddad' }]],
		[' Omar  van der\tBerg ', [{ first_name: 'Omar', last_name: 'van der Berg' }]],
		['فاطمة 😀', [{ first_name: 'فاطمة', last_name: '😀' }]],
		['../ &npi=1', [{ first_name: '../', last_name: '&npi=1' }]],
		['', [{}]],
		['  ', [{}]],
	])('searches referring providers with the API: "%s"', async (filter, expected) => {
		const { names, queries } = having('referringProviders', []);
		await names('id', filter);
		expect(queries()).toEqual(expected);
	});

	it('finds a referring provider by either name, and returns each once', async () => {
		const james = { id: 1, first_name: 'James', last_name: 'Smith' };
		const henry = { id: 2, first_name: 'Henry', last_name: 'James' };
		const both = { id: 3, first_name: 'James', last_name: 'James' };
		const { entries } = picker('referringProviders', ({ first_name }) => ({
			referring_providers: first_name === undefined ? [henry, both] : [james, both],
		}));
		expect(await entries('id', 'James')).toEqual({
			results: [
				{ name: 'Henry James', value: '2' },
				{ name: 'James James', value: '3' },
				{ name: 'James Smith', value: '1' },
			],
		});
	});

	it('shows what the API found by other fields', async () => {
		const { names } = having('referringProviders', [{ id: 1, name: 'Omar Haddad' }]);
		expect(await names('id', '1234567890')).toEqual(['Omar Haddad']);
	});
});

describe('a list with pages', () => {
	const pages = (total_pages: number | null) =>
		picker('insuranceProviders', ({ page = 0, name = 'any' }) => ({
			insurance_providers: [{ id: `i${page}`, name: `${name} ${page}` }],
			pagination: { current_page: page, total_pages },
		}));

	it.each([
		[undefined, '2'],
		[1, '2'],
		[2, '3'],
		[3, undefined],
	])('returns page %j and the token of the next page', async (page, paginationToken) => {
		const { entries, queries } = pages(3);
		expect(await entries('id', '', page)).toEqual({
			results: [{ name: `any ${page ?? 1}`, value: `i${page ?? 1}` }],
			...(paginationToken !== undefined && { paginationToken }),
		});
		expect(queries()).toEqual([{ page: page ?? 1, page_size: 100 }]);
	});

	it('searches on each page', async () => {
		const { entries, queries } = pages(2);
		expect(await entries('id', ' blue ', 1)).toMatchObject({ paginationToken: '2' });
		expect(await entries('id', ' blue ', 2)).not.toHaveProperty('paginationToken');
		expect(queries()).toEqual([
			{ name: 'blue', page: 1, page_size: 100 },
			{ name: 'blue', page: 2, page_size: 100 },
		]);
	});

	it('ends after a short page when the list does not number its pages', async () => {
		const { entries } = pages(null);
		expect(await entries('id')).not.toHaveProperty('paginationToken');
	});

	it('keeps the order of the API on a page', async () => {
		const { names } = having('insuranceProviders', [
			{ id: 2, name: 'United' },
			{ id: 1, name: 'Aetna' },
		]);
		expect(await names('id')).toEqual(['United', 'Aetna']);
	});
});

describe('methodName', () => {
	it.each<[SearchableListName, IdKind, string]>([
		['providers', 'id', 'providersById'],
		['providers', 'ehr_id', 'providersByEhrId'],
		['visitTypes', 'code', 'visitTypesByCode'],
	])('names the list and the kind of ID: %s, %s', (directory, id, name) => {
		expect(methodName(directory, id)).toBe(name);
	});
});
