import { describe, expect, it } from 'vitest';

import { loadOptions, methodsOf } from '../../../tools/n8n-host/picker.mts';
import { cobaltForTest } from '../setup.mts';
import { pickers, names, entries, asked } from './pickers.mts';

describe('every list of the node', () => {
	it.each(pickers)('$place has its method', ({ property, method }) => {
		const { listSearch = {}, loadOptions = {} } = methodsOf();
		const methods = property.type === 'resourceLocator' ? listSearch : loadOptions;
		expect(Object.keys(methods)).toContain(method);
	});

	it.each(pickers.filter(({ property }) => property.type === 'resourceLocator'))(
		'$place can be searched, and replaced by an ID',
		({ property }) => {
			const [list, id] = property.modes ?? [];
			expect(list).toMatchObject({ name: 'list', typeOptions: { searchable: true } });
			expect(id).toMatchObject({ name: 'id', type: 'string' });
			expect(property.default).toEqual({ mode: 'list', value: '' });
		},
	);

	/** Values for the EHR are the EHR's own IDs; the IDs in paths are Cobalt's. */
	it('uses in each list the kind of ID that its field needs', () => {
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
			'availability.findSlots.providerIds': 'providersByEhrId',
			'availability.findSlots.locationIds': 'locationsByEhrId',
			'availability.findSlots.visitType': 'visitTypesByCode',
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
			'patient.findOrCreate.pcpId': 'referringProvidersById',
			'patient.findOrCreate.referringProviderId': 'referringProvidersById',
			'patient.findOrCreate.referredToProviderId': 'providersByEhrId',
			'patient.findOrCreate.insuranceProviderId': 'insuranceProvidersById',
			'patient.findOrCreate.pharmacyId': 'pharmaciesById',
			'patient.update.pcpId': 'referringProvidersById',
			'patient.update.referringProviderId': 'referringProvidersById',
			'patient.update.referredToProviderId': 'providersByEhrId',
			'patientInsurance.create.insuranceProviderId': 'insuranceProvidersById',
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

describe('the names in the lists', () => {
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
	])('%s shows names that a person can tell apart', async (method, expected) => {
		const cobalt = await cobaltForTest();
		expect(await names(cobalt, method)).toEqual(expected);
		expect(cobalt.world.requests()).toHaveLength(1);
	});

	it('shows insurance providers with their payer IDs', async () => {
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

describe('the values of the lists', () => {
	it.each([
		['providersById', 'providers', 'id'],
		['providersByEhrId', 'providers', 'ehr_id'],
		['locationsById', 'locations', 'id'],
		['locationsByEhrId', 'locations', 'ehr_id'],
		['pharmaciesById', 'pharmacies', 'id'],
		['pharmaciesByEhrId', 'pharmacies', 'ehr_id'],
		['referringProvidersById', 'referringProviders', 'id'],
		['referringProvidersByEhrId', 'referringProviders', 'ehr_id'],
	] as const)('%s returns one value for each record', async (method, kind, key) => {
		const cobalt = await cobaltForTest();
		const ids = (await entries(cobalt, method)).map(({ value }) => value);
		const records: Array<{ id: string; ehr_id: string | null }> = cobalt.world[kind]();
		expect(ids.sort()).toEqual(records.map((record) => record[key]).sort());
	});

	it('uses the codes of visit types and statuses as values', async () => {
		const cobalt = await cobaltForTest();
		const values = async (method: string) =>
			(await entries(cobalt, method)).map(({ value }) => value);
		expect(await values('visitTypesByCode')).toEqual(['follow_up', 'new_patient', 'televisit1']);
		expect(await values('visitStatusesByCode')).toEqual(['CANC', 'CHK', 'R/S']);
	});

	it('offers the same names in a list of several as in a list of one', async () => {
		const cobalt = await cobaltForTest();
		for (const method of ['providersByEhrId', 'locationsByEhrId']) {
			expect(await loadOptions(method, asked(cobalt))).toEqual(await entries(cobalt, method));
		}
	});
});
