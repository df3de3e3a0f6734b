import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { loadOptions } from '../../../tools/n8n-host/picker.mts';
import { cobaltForTest, run } from '../setup.mts';
import { pickers, entries, asked } from './pickers.mts';

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

describe('values picked from the lists', () => {
	async function done(cobalt: Cobalt, parameters: INodeParameters) {
		const ended = await run(cobalt, { parameters, items: [{}] });
		expect(ended.error).toBeUndefined();
		return ended.json()[0];
	}

	it('books with a picked provider, location and visit type', async () => {
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

	it('cancels with a picked visit status', async () => {
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

	it('updates a picked provider and a picked location', async () => {
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

	it('finds open times of picked providers at picked locations', async () => {
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

	it('creates a patient with picked providers, insurance and pharmacy', async () => {
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

	it('adds an insurance with a picked insurance provider', async () => {
		const cobalt = await cobaltForTest();
		await done(cobalt, {
			resource: 'patientInsurance',
			operation: 'create',
			patientMrn: '44235',
			memberId: 'W1',
			insuranceProviderId: await pick(
				cobalt,
				'patientInsurance.create.insuranceProviderId',
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
		'creates an %s referral with a picked provider on each side',
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

	it('sends a message, notes a call and writes a note with picked values', async () => {
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
