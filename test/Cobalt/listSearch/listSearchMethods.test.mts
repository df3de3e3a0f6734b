/** What n8n's editor shows where something is picked by its name, and what the pick is good for. */
import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { nodeTypes } from '../../../tools/n8n-host/n8n.mts';
import { loadOptions, methodsOf, searchList } from '../../../tools/n8n-host/picker.mts';
import { cobaltForTest, credentialOf, run } from '../setup.mts';

/** A property of the node that is filled from a list, by where it stands. */
interface Picker {
	/** `resource.operation.field` */
	place: string;
	property: INodeProperties;
	method: string;
}

function methodOf({ type, typeOptions, modes = [] }: INodeProperties): string | undefined {
	if (type !== 'resourceLocator') return typeOptions?.loadOptionsMethod;
	return modes.find((mode) => mode.type === 'list')?.typeOptions?.searchListMethod;
}

/** Properties of all depths. */
function within(property: INodeProperties): INodeProperties[] {
	const inner = (property.options ?? []).filter((one): one is INodeProperties => 'type' in one);
	return [property, ...inner.flatMap(within)];
}

const { description } = nodeTypes.cobalt?.type ?? {};
const properties = description && 'properties' in description ? description.properties : [];

const pickers: Picker[] = properties.flatMap((top) => {
	const { resource = [], operation = [] } = top.displayOptions?.show ?? {};
	const shownFor = [...resource, ...operation].filter((value) => typeof value === 'string');
	return within(top).flatMap((property) => {
		const isPicker =
			property.type === 'resourceLocator' || property.typeOptions?.loadOptionsMethod !== undefined;
		const place = [...shownFor, property.name].join('.');
		return isPicker ? [{ place, property, method: methodOf(property) ?? '' }] : [];
	});
});

describe('every list of the node', () => {
	it.each(pickers)('$place has its method', ({ property, method }) => {
		const { listSearch = {}, loadOptions = {} } = methodsOf();
		const methods = property.type === 'resourceLocator' ? listSearch : loadOptions;
		expect(Object.keys(methods)).toContain(method);
	});

	it.each(pickers.filter(({ property }) => property.type === 'resourceLocator'))(
		'$place can be searched, and left for an ID',
		({ property }) => {
			const [list, id] = property.modes ?? [];
			expect(list).toMatchObject({ name: 'list', typeOptions: { searchable: true } });
			expect(id).toMatchObject({ name: 'id', type: 'string' });
			expect(property.default).toEqual({ mode: 'list', value: '' });
		},
	);

	/** By section 6 of the API's facts: values for the EHR are its own ids, record paths are Cobalt's. */
	it('gives the kind of ID that its field needs', () => {
		const kinds = Object.fromEntries(
			pickers.map(({ place, method }) => {
				const counterparts = pickers.filter((other) => other.place === place);
				const methods = [...new Set(counterparts.map((other) => other.method))].sort();
				return [place, methods.length === 1 ? method : methods];
			}),
		);
		expect(kinds).toEqual({
			'appointment.cancel.status': 'visitStatusesByCode',
			'appointment.create.provider': 'providersByEhrId',
			'appointment.create.location': 'locationsByEhrId',
			'appointment.create.type': 'visitTypesByCode',
			'appointment.create.secondaryProvider': 'providersByEhrId',
			'appointment.fetchLive.providerIds': 'providersByEhrId',
			'appointment.update.provider': 'providersByEhrId',
			'appointment.update.location': 'locationsByEhrId',
			'appointment.update.type': 'visitTypesByCode',
			'appointment.update.status': 'visitStatusesByCode',
			'availability.fetchLive.providerIds': 'providersByEhrId',
			'availability.fetchLive.locationIds': 'locationsByEhrId',
			'availability.fetchLive.visitType': 'visitTypesByCode',
			'availability.getAll.providerIds': 'providersByEhrId',
			'availability.getAll.locationIds': 'locationsByEhrId',
			'availability.getAll.visitType': 'visitTypesByCode',
			'location.update.locationId': 'locationsById',
			'message.create.provider': 'providersByEhrId',
			'patient.create.pcpId': 'referringProvidersById',
			'patient.create.referringProviderId': 'referringProvidersById',
			'patient.create.referredToProviderId': 'providersByEhrId',
			'patient.create.insuranceProviderId': 'insuranceProvidersById',
			'patient.create.pharmacyId': 'pharmaciesById',
			'patient.update.pcpId': 'referringProvidersById',
			'patient.update.referringProviderId': 'referringProvidersById',
			'patient.update.referredToProviderId': 'providersByEhrId',
			'patientInsurance.add.insuranceProviderId': 'insuranceProvidersById',
			'patientInsurance.update.insuranceProviderId': 'insuranceProvidersById',
			'patientNote.create.locationId': 'locationsByEhrId',
			'payment.create.location': 'locationsByEhrId',
			'provider.update.providerId': 'providersById',
			'referral.create.fromProvider': 'providersByEhrId',
			'referral.create.fromReferringProvider': 'referringProvidersByEhrId',
			'referral.create.toProvider': 'providersByEhrId',
			'referral.create.toReferringProvider': 'referringProvidersByEhrId',
			'telephoneEncounter.create.providerId': 'providersByEhrId',
			'telephoneEncounter.create.locationId': 'locationsByEhrId',
			'telephoneEncounter.create.pharmacyEhrId': 'pharmaciesByEhrId',
		});
	});
});

const asked = (cobalt: Cobalt) => ({ credential: credentialOf(cobalt) });

async function entries(cobalt: Cobalt, method: string, filter?: string) {
	return (await searchList(method, asked(cobalt), filter)).results;
}

async function names(cobalt: Cobalt, method: string, filter?: string): Promise<string[]> {
	return (await entries(cobalt, method, filter)).map(({ name }) => name);
}

/** The list of a place; of two, the one for this direction. */
function listAt(place: string, direction = ''): string {
	const picker = pickers.find(({ place: other, property }) => {
		const { direction: shownFor = [direction] } = property.displayOptions?.show ?? {};
		return other === place && [...shownFor].includes(direction);
	});
	if (!picker) throw new Error(`The node has no list at ${place}`);
	return picker.method;
}

/** What a person picks by its name in this place. */
async function pick(cobalt: Cobalt, place: string, name: string, direction?: string) {
	const method = listAt(place, direction);
	const found = (await entries(cobalt, method, name.split(' (')[0])).find(
		(entry) => entry.name === name,
	);
	if (!found) throw new Error(`${method} has no ${name}`);
	return { __rl: true, mode: 'list', value: String(found.value), cachedResultName: name };
}

describe('the names that a person picks by', () => {
	it.each([
		[
			'providersByEhrId',
			['Dr. Jose Gonzalez', 'Dr. Michael Denenberg', 'Dr. Amara Okafor – inactive'],
		],
		[
			'providersById',
			['Dr. Jose Gonzalez', 'Dr. Michael Denenberg', 'Dr. Amara Okafor – inactive'],
		],
		[
			'locationsByEhrId',
			['Main Street Clinic (12 Main Street, Albany)', 'Riverside Clinic (480 River Road, Albany)'],
		],
		[
			'visitTypesByCode',
			['Follow-up (follow_up)', 'New patient (new_patient)', 'Televisit (televisit1)'],
		],
		[
			'visitStatusesByCode',
			['Cancelled in advance (CANC)', 'Checked in (CHK)', 'Rescheduled (R/S)'],
		],
		[
			'pharmaciesById',
			[
				'Corner Pharmacy (3 Main Street, Albany)',
				'Hudson Drugs (77 River Road, Albany)',
				'Old Mill Apothecary (1 Mill Lane, Albany) – inactive',
			],
		],
		[
			'referringProvidersById',
			[
				'Ellen Brandt (Cardiology, NPI 1000000100)',
				'Élodie Brandão (NPI 1000000102)',
				'Raj Patel (Dermatology, NPI 1000000101)',
				'Tom Ash (Orthopedics, NPI 1000000103)',
			],
		],
	])('%s', async (method, expected) => {
		const cobalt = await cobaltForTest();
		expect(await names(cobalt, method)).toEqual(expected);
		expect(cobalt.world.requests()).toHaveLength(1);
	});

	it('say what tells insurance providers apart', async () => {
		const cobalt = await cobaltForTest();
		expect((await names(cobalt, 'insuranceProvidersById')).slice(0, 10)).toEqual([
			'Aetna 1 (60001)',
			'Blue Shield 1 (60002)',
			'Cigna 1 (60003)',
			'Empire 1 (60004)',
			'Fidelis 1 (60005)',
			'Humana 1 (60006)',
			'Aetna 2 (60007)',
			'Blue Shield 2 (60008)',
			'Cigna 2 (60009)',
			'Empire 2 (60010) – inactive',
		]);
	});
});

describe('the IDs behind the names', () => {
	it.each([
		['providersById', 'providers', 'id'],
		['providersByEhrId', 'providers', 'ehr_id'],
		['locationsById', 'locations', 'id'],
		['locationsByEhrId', 'locations', 'ehr_id'],
		['pharmaciesById', 'pharmacies', 'id'],
		['pharmaciesByEhrId', 'pharmacies', 'ehr_id'],
		['referringProvidersById', 'referringProviders', 'id'],
		['referringProvidersByEhrId', 'referringProviders', 'ehr_id'],
	] as const)('%s', async (method, kind, key) => {
		const cobalt = await cobaltForTest();
		const ids = (await entries(cobalt, method)).map(({ value }) => value);
		const records: Array<{ id: string; ehr_id: string | null }> = cobalt.world[kind]();
		expect(ids.sort()).toEqual(records.map((record) => record[key]).sort());
	});

	it('visit types and statuses are their codes', async () => {
		const cobalt = await cobaltForTest();
		const values = async (method: string) =>
			(await entries(cobalt, method)).map(({ value }) => value);
		expect(await values('visitTypesByCode')).toEqual(['follow_up', 'new_patient', 'televisit1']);
		expect(await values('visitStatusesByCode')).toEqual(['CANC', 'CHK', 'R/S']);
	});

	it('several are picked from the same names', async () => {
		const cobalt = await cobaltForTest();
		for (const method of ['providersByEhrId', 'locationsByEhrId']) {
			expect(await loadOptions(method, asked(cobalt))).toEqual(await entries(cobalt, method));
		}
	});
});

describe('the search', () => {
	it.each([
		['providersByEhrId', 'DENEN', ['Dr. Michael Denenberg']],
		['providersByEhrId', '  okafor ', ['Dr. Amara Okafor – inactive']],
		['locationsById', 'river', ['Riverside Clinic (480 River Road, Albany)']],
		['locationsById', 'main street', ['Main Street Clinic (12 Main Street, Albany)']],
		['visitTypesByCode', 'follow', ['Follow-up (follow_up)']],
		['visitStatusesByCode', 'canc', ['Cancelled in advance (CANC)']],
		['pharmaciesByEhrId', 'drugs', ['Hudson Drugs (77 River Road, Albany)']],
		['pharmaciesByEhrId', 'nowhere', []],
	])('%s by "%s", in the whole list', async (method, filter, expected) => {
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
	])('of referring providers by %s, at Cobalt', async (_, filter, expected, queries) => {
		const cobalt = await cobaltForTest();
		const found = await names(cobalt, 'referringProvidersByEhrId', filter);
		expect(found.map((name) => name.split(' (')[0])).toEqual(expected);
		const asked = cobalt.world.requests({ path: '/referring-providers' });
		expect(asked.map(({ query }) => query)).toEqual(expect.arrayContaining(queries));
		expect(asked).toHaveLength(queries.length);
	});

	it('shows somebody once who has the name twice', async () => {
		const cobalt = await cobaltForTest();
		// Raj Patel has an a in both of his names, and both are asked for.
		expect(await names(cobalt, 'referringProvidersById', 'a')).toEqual([
			'Ellen Brandt (Cardiology, NPI 1000000100)',
			'Élodie Brandão (NPI 1000000102)',
			'Raj Patel (Dermatology, NPI 1000000101)',
			'Tom Ash (Orthopedics, NPI 1000000103)',
		]);
	});

	it('of insurance providers is by name, at Cobalt', async () => {
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
	it('is scrolled through to its end', async () => {
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

	it('keeps what was typed on its further pages', async () => {
		const cobalt = await cobaltForTest();
		const page = await searchList('insuranceProvidersById', asked(cobalt), '1', '2');
		expect(page.paginationToken).toBeUndefined();
		expect(cobalt.world.requests().map(({ query }) => query)).toEqual([
			{ name: '1', page: '2', page_size: '100' },
		]);
	});
});

describe('a list that cannot be read says why', () => {
	it('with wrong keys', async () => {
		const cobalt = await cobaltForTest();
		const credential = { ...credentialOf(cobalt), clientSecret: 'cs_live_wrong' };
		await expect(searchList('providersById', { credential })).rejects.toMatchObject({
			message:
				'Cobalt does not accept these keys: Invalid client_id, client_secret or access_token.',
			description: expect.stringContaining('Client Secret') as string,
		});
		await expect(loadOptions('providersByEhrId', { credential })).rejects.toThrow(
			'Cobalt does not accept these keys',
		);
	});

	it('with a Base URL that is none', async () => {
		const cobalt = await cobaltForTest();
		const credential = { ...credentialOf(cobalt), baseUrl: 'not an address' };
		await expect(searchList('providersById', { credential })).rejects.toThrow(
			"'Base URL' in the Cobalt credential is not a URL",
		);
	});

	it('when the EHR login has expired', async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.settings.loginExpired = true;
		await expect(searchList('locationsById', asked(cobalt))).rejects.toThrow(
			'The EHR login behind this access token has expired',
		);
	});

	it.each([
		[{ kind: 'status', status: 503 }, 'Cobalt could not handle the request (HTTP 503)'],
		[{ kind: 'status', status: 429 }, 'Cobalt asks to slow down: too many requests'],
		[{ kind: 'drop' }, 'The connection to Cobalt broke off before an answer came'],
		[{ kind: 'html' }, 'Something in between answered instead of Cobalt (HTTP 200, a web page)'],
		[
			{ kind: 'status', status: 200, body: { success: true } },
			'Cobalt answered without what was asked for',
		],
	] as const)('after %o', async (fault, message) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, times: Infinity });
		for (const method of ['providersById', 'insuranceProvidersById', 'visitTypesByCode']) {
			await expect(searchList(method, asked(cobalt))).rejects.toThrow(message);
		}
		await expect(searchList('referringProvidersById', asked(cobalt), 'a')).rejects.toThrow(message);
	});
});

describe('what Cobalt leaves open', () => {
	const answer = (body: object) =>
		({ kind: 'status', status: 200, body: { success: true, ...body } }) as const;

	it('providers without the ID that is needed cannot be picked', async () => {
		const cobalt = await cobaltForTest();
		const providers = [
			{ id: 'a', ehr_id: null, name: 'Dr. New' },
			{ id: 'b', ehr_id: 7, name: 'Dr. Old' },
		];
		cobalt.faults.add({ ...answer({ providers }), times: 2 });
		expect(await entries(cobalt, 'providersByEhrId')).toEqual([{ name: 'Dr. Old', value: '7' }]);
		expect(await entries(cobalt, 'providersById')).toHaveLength(2);
	});

	it('visit types may be bare codes, as the older schema has them', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(answer({ data: { visit_types: ['new_patient', 'follow_up'] } }));
		expect(await entries(cobalt, 'visitTypesByCode')).toEqual([
			{ name: 'follow_up', value: 'follow_up' },
			{ name: 'new_patient', value: 'new_patient' },
		]);
	});

	it('names may be missing: then the ID has to do', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(answer({ locations: [{ id: 'a', ehr_id: '1', name: null }] }));
		expect(await entries(cobalt, 'locationsByEhrId')).toEqual([{ name: '1', value: '1' }]);
	});
});

describe('what is picked works where it is picked', () => {
	async function done(cobalt: Cobalt, parameters: INodeParameters) {
		const ended = await run(cobalt, { parameters, items: [{}] });
		expect(ended.error).toBeUndefined();
		return ended.json()[0];
	}

	it('books with a provider, a location and a visit type', async () => {
		const cobalt = await cobaltForTest();
		await done(cobalt, {
			resource: 'appointment',
			operation: 'create',
			mrn: '44235',
			datetime: '2025-04-01 2:00 PM',
			provider: await pick(cobalt, 'appointment.create.provider', 'Dr. Michael Denenberg'),
			location: await pick(
				cobalt,
				'appointment.create.location',
				'Riverside Clinic (480 River Road, Albany)',
			),
			type: await pick(cobalt, 'appointment.create.type', 'New patient (new_patient)'),
			additionalFields: {
				secondaryProvider: await pick(
					cobalt,
					'appointment.create.secondaryProvider',
					'Dr. Jose Gonzalez',
				),
			},
		});
		expect(cobalt.world.appointments()).toEqual([
			expect.objectContaining({
				provider_ehr_id: '118',
				location: '2',
				appointment_type: 'new_patient',
				secondary_provider_ehr_id: '123456789',
				status: 'scheduled',
			}),
		]);
	});

	it('cancels with a visit status', async () => {
		const cobalt = await cobaltForTest();
		await run(cobalt);
		await done(cobalt, {
			resource: 'appointment',
			operation: 'cancel',
			appointmentId: cobalt.world.appointments()[0]?.id,
			status: await pick(cobalt, 'appointment.cancel.status', 'Cancelled in advance (CANC)'),
		});
		expect(cobalt.world.appointments({ status: 'CANC' })).toHaveLength(1);
	});

	it('updates a provider and a location', async () => {
		const cobalt = await cobaltForTest();
		await done(cobalt, {
			resource: 'provider',
			operation: 'update',
			providerId: await pick(cobalt, 'provider.update.providerId', 'Dr. Amara Okafor – inactive'),
			updateFields: { status: 'active' },
		});
		await done(cobalt, {
			resource: 'location',
			operation: 'update',
			locationId: await pick(
				cobalt,
				'location.update.locationId',
				'Main Street Clinic (12 Main Street, Albany)',
			),
			status: 'inactive',
		});
		expect(cobalt.world.providers({ ehr_id: '204' })[0]?.status).toBe('active');
		expect(cobalt.world.locations({ ehr_id: '123456789' })[0]?.status).toBe('inactive');
	});

	it('finds open times of providers and at locations', async () => {
		const cobalt = await cobaltForTest();
		const several = async (place: string, name: string) =>
			(await loadOptions(listAt(place), asked(cobalt)))
				.filter((option) => option.name.startsWith(name))
				.map(({ value }) => String(value));
		const window = await done(cobalt, {
			resource: 'availability',
			operation: 'getAll',
			startDate: '2025-06-02',
			endDate: '2025-06-02',
			filters: {
				providerIds: await several('availability.getAll.providerIds', 'Dr. Michael'),
				locationIds: await several('availability.getAll.locationIds', 'Main Street'),
				visitType: await pick(cobalt, 'availability.getAll.visitType', 'Televisit (televisit1)'),
			},
		});
		expect(window).toMatchObject({ provider_id: '118', facility_name: 'Main Street Clinic' });
	});

	it('registers a patient with everybody who cares for them', async () => {
		const cobalt = await cobaltForTest();
		const ellen = 'Ellen Brandt (Cardiology, NPI 1000000100)';
		const raj = 'Raj Patel (Dermatology, NPI 1000000101)';
		await done(cobalt, {
			resource: 'patient',
			operation: 'create',
			firstName: 'Ada',
			lastName: 'Byron',
			dob: '1985-12-10',
			additionalFields: {
				sex: 'female',
				insuranceProviderId: await pick(
					cobalt,
					'patient.create.insuranceProviderId',
					'Humana 21 (60126)',
				),
				pcpId: await pick(cobalt, 'patient.create.pcpId', ellen),
				referringProviderId: await pick(cobalt, 'patient.create.referringProviderId', raj),
				referredToProviderId: await pick(
					cobalt,
					'patient.create.referredToProviderId',
					'Dr. Jose Gonzalez',
				),
				pharmacyId: await pick(
					cobalt,
					'patient.create.pharmacyId',
					'Corner Pharmacy (3 Main Street, Albany)',
				),
			},
		});
		const { world } = cobalt;
		expect(world.patients({ last_name: 'Byron' })).toEqual([
			expect.objectContaining({
				status: 'active',
				insurance_provider_id: world.insuranceProviders({ name: 'Humana 21' })[0]?.id,
				pcp_id: world.referringProviders({ last_name: 'Brandt' })[0]?.id,
				referring_provider_id: world.referringProviders({ last_name: 'Patel' })[0]?.id,
				referred_to_provider_id: '123456789',
				pharmacy_id: world.pharmacies({ ehr_id: '301' })[0]?.id,
			}),
		]);
	});

	it('adds an insurance', async () => {
		const cobalt = await cobaltForTest();
		await done(cobalt, {
			resource: 'patientInsurance',
			operation: 'add',
			patientMrn: '44235',
			memberId: 'W1',
			insuranceProviderId: await pick(
				cobalt,
				'patientInsurance.add.insuranceProviderId',
				'Cigna 1 (60003)',
			),
			additionalFields: {
				planBeginDate: '2025-01-01',
			},
		});
		const [{ id } = {}] = cobalt.world.insuranceProviders({ name: 'Cigna 1' });
		expect(cobalt.world.insurances({ patient_mrn: '44235' })).toEqual([
			expect.objectContaining({ insurance_provider_id: id, state: 'done' }),
		]);
	});

	it.each(['incoming', 'outgoing'] as const)(
		'refers %s, with the sides as they are',
		async (direction) => {
			const cobalt = await cobaltForTest();
			const side = async (field: string, name: string) =>
				await pick(cobalt, `referral.create.${field}`, name, direction);
			const outside = 'Tom Ash (Orthopedics, NPI 1000000103)';
			const clinic = 'Dr. Jose Gonzalez';
			const isIncoming = direction === 'incoming';
			const [nameOfFrom, nameOfTo] = isIncoming
				? ['fromReferringProvider', 'toProvider']
				: ['fromProvider', 'toReferringProvider'];
			const from = await side(nameOfFrom, isIncoming ? outside : clinic);
			const to = await side(nameOfTo, isIncoming ? clinic : outside);
			const before = cobalt.world.referrals().length;
			await done(cobalt, {
				resource: 'referral',
				operation: 'create',
				patientMrn: '44235',
				direction,
				[nameOfFrom]: from,
				[nameOfTo]: to,
				priority: 'routine',
				reason: 'Evaluation',
			});
			expect(cobalt.world.referrals().slice(before)).toEqual([
				expect.objectContaining({
					from_provider_ehr_id: from.value,
					to_provider_ehr_id: to.value,
					state: 'done',
				}),
			]);
		},
	);

	it('sends a message, notes a call and writes a note', async () => {
		const cobalt = await cobaltForTest();
		const jose = 'Dr. Jose Gonzalez';
		const riverside = 'Riverside Clinic (480 River Road, Albany)';
		const drugs = 'Hudson Drugs (77 River Road, Albany)';
		await done(cobalt, {
			resource: 'message',
			operation: 'create',
			provider: await pick(cobalt, 'message.create.provider', jose),
			subject: 'Refill',
			message: 'Please call back',
		});
		await done(cobalt, {
			resource: 'telephoneEncounter',
			operation: 'create',
			patientMrn: '44235',
			providerId: await pick(cobalt, 'telephoneEncounter.create.providerId', jose),
			locationId: await pick(cobalt, 'telephoneEncounter.create.locationId', riverside),
			assignedToId: '501',
			additionalFields: {
				pharmacyEhrId: await pick(cobalt, 'telephoneEncounter.create.pharmacyEhrId', drugs),
			},
		});
		await done(cobalt, {
			resource: 'patientNote',
			operation: 'create',
			patientMrn: '44235',
			subject: 'Phone call',
			note: 'Moved',
			locationId: await pick(cobalt, 'patientNote.create.locationId', riverside),
		});
		const { world } = cobalt;
		expect(world.messages()).toEqual([expect.objectContaining({ provider: '123456789' })]);
		expect(world.telephoneEncounters({ patient_mrn: '44235' })).toEqual([
			expect.objectContaining({
				provider_id: '123456789',
				location_id: '2',
				pharmacy_ehr_id: '302',
				state: 'done',
			}),
		]);
		expect(world.patientNotes()).toEqual([
			expect.objectContaining({ location_id: '2', state: 'done' }),
		]);
	});
});
