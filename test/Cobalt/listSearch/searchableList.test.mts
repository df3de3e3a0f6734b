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
function picker(name: SearchableListName, answer: (query: Query) => IDataObject) {
	const requests: CobaltRequest[] = [];
	const send: Send = async (request) => {
		requests.push(request);
		return Promise.resolve(answer(request.query as Query));
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
	])('of %s tells which it is: by %s, %j', async (name, id, record, label) => {
		const { names } = having(name, [record]);
		expect(await names(id)).toEqual([label]);
	});

	it.each<[SearchableListName, IDataObject]>([
		['insuranceProviders', { id: 'i1', payer_id: '60054' }],
		['locations', { id: 'l1', name: null, address: { city: 'Troy' } }],
		['referringProviders', { id: 'r1', npi: '1234567890' }],
	])('of %s is no lone detail without a name: %j', async (name, record) => {
		const { names } = having(name, [record]);
		expect((await names('id')).map((label) => label.trim().startsWith('('))).toEqual([false]);
	});
});

describe('the entries of a directory', () => {
	it.each<[IdKind, string[]]>([
		['id', ['a1', 'b2']],
		['ehr_id', ['118', '7']],
	])('have the ids that are wanted: %s', async (id, ids) => {
		const { entries, paths } = having('providers', [ADA, OLD]);
		expect((await entries(id)).results.map(({ value }) => value)).toEqual(ids);
		expect(paths()).toEqual(['/providers']);
	});

	it('are in the order of their names', async () => {
		const { names } = having('providers', [
			{ id: 1, name: 'Zoe' },
			{ id: 2, name: 'Émile' },
			{ id: 3, name: 'ada' },
			{ id: 4, name: 'Fred' },
		]);
		expect(await names('id')).toEqual(['ada', 'Émile', 'Fred', 'Zoe']);
	});

	it.each([undefined, null, '', ' ', {}, [], true])(
		'are only those that can be sent: without an id of %j',
		async (ehr_id) => {
			const { entries } = having('providers', [{ ...OLD, ehr_id }, ADA]);
			expect(await entries('ehr_id')).toEqual({ results: [{ name: 'Ada Byron', value: '118' }] });
		},
	);

	it('come once for each id', async () => {
		const { entries } = having('providers', [ADA, { ...OLD, ehr_id: 118 }, OLD]);
		const { results } = await entries('ehr_id');
		expect(results.map(({ value }) => value).sort()).toEqual(['118', '7']);
	});

	it('are not mistaken for what objects have', async () => {
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

	it('are none in an empty directory', async () => {
		const { entries } = having('locations', []);
		expect(await entries('id')).toEqual({ results: [] });
	});

	it('are read from all pages where a list turns out to have some', async () => {
		const { entries, queries } = picker('providers', ({ page = 1 }) => ({
			providers: [{ id: `p${page}`, name: `Provider ${page}` }],
			pagination: { page, total_pages: 3 },
		}));
		expect((await entries('id')).results).toHaveLength(3);
		expect(queries()).toEqual([{}, { page: 2 }, { page: 3 }]);
	});

	it('cannot be had from an answer without them', async () => {
		const { entries } = picker('providers', () => ({ success: true }));
		await expect(entries('id')).rejects.toThrow('without what was asked for');
	});

	it('give the error of the request as it is', async () => {
		const error = new Error('No connection');
		const send: Send = async () => Promise.reject(error);
		await expect(entriesOf(send, searchableLists.providers, 'id')).rejects.toBe(error);
	});
});

describe('the codes of the settings', () => {
	const settings = (data: IDataObject) => ({ success: true, data });

	it('are objects with a description', async () => {
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

	it('are bare text', async () => {
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

	it('are both, side by side', async () => {
		const { names } = picker('visitTypes', () =>
			settings({ visit_types: ['new_patient', { code: 'fu', description: 'Follow-up' }] }),
		);
		expect(await names('code')).toEqual(['Follow-up (fu)', 'new_patient']);
	});

	it('cannot be had from settings without them', async () => {
		const { entries } = picker('visitStatuses', () => settings({ timezone: 'America/New_York' }));
		await expect(entries('code')).rejects.toThrow('without what was asked for');
	});
});

describe('what a person types', () => {
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
	])('is searched for here where the API cannot search: %s', async (filter, expected) => {
		const { names, queries } = having('providers', [OLD, ADA]);
		expect(await names('id', filter)).toEqual(expected);
		expect(queries()).toEqual([{}]);
	});

	it('is searched for in codes and in their descriptions', async () => {
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
	])('is searched for by the API among referring providers: "%s"', async (filter, expected) => {
		const { names, queries } = having('referringProviders', []);
		await names('id', filter);
		expect(queries()).toEqual(expected);
	});

	it('finds a referring provider by either name, and each once', async () => {
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

	it('does not hide what the API has found by other means', async () => {
		const { names } = having('referringProviders', [{ id: 1, name: 'Omar Haddad' }]);
		expect(await names('id', '1234567890')).toEqual(['Omar Haddad']);
	});
});

describe('a directory with pages', () => {
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
	])('gives page %j and where to go on', async (page, paginationToken) => {
		const { entries, queries } = pages(3);
		expect(await entries('id', '', page)).toEqual({
			results: [{ name: `any ${page ?? 1}`, value: `i${page ?? 1}` }],
			...(paginationToken !== undefined && { paginationToken }),
		});
		expect(queries()).toEqual([{ page: page ?? 1, page_size: 100 }]);
	});

	it('searches on each of its pages', async () => {
		const { entries, queries } = pages(2);
		expect(await entries('id', ' blue ', 1)).toMatchObject({ paginationToken: '2' });
		expect(await entries('id', ' blue ', 2)).not.toHaveProperty('paginationToken');
		expect(queries()).toEqual([
			{ name: 'blue', page: 1, page_size: 100 },
			{ name: 'blue', page: 2, page_size: 100 },
		]);
	});

	it('ends with a page that is not full when it does not say where it is', async () => {
		const { entries } = pages(null);
		expect(await entries('id')).not.toHaveProperty('paginationToken');
	});

	it('keeps the order of the API, of which this is only a part', async () => {
		const { names } = having('insuranceProviders', [
			{ id: 2, name: 'United' },
			{ id: 1, name: 'Aetna' },
		]);
		expect(await names('id')).toEqual(['United', 'Aetna']);
	});
});

describe('the name of a method', () => {
	it.each<[SearchableListName, IdKind, string]>([
		['providers', 'id', 'providersById'],
		['providers', 'ehr_id', 'providersByEhrId'],
		['visitTypes', 'code', 'visitTypesByCode'],
	])('tells the directory and the id: %s, %s', (directory, id, name) => {
		expect(methodName(directory, id)).toBe(name);
	});
});
