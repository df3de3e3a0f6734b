import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { cobaltForTest } from '../setup.mts';
import { byId, runOperation, sent, writes } from './setup.mts';

const ADD = { patientMrn: '804', memberId: 'W1' };

const UPDATE = { patientMrn: '123456789', emrInsuranceId: '88001' };

describe('Patient Insurance: Create', () => {
	it.each([
		['its name', { insuranceName: 'blue shield 1' }, { insurance_name: 'blue shield 1' }],
		[
			'its name and the payer ID',
			{ insuranceName: 'Blue Shield 1', insurancePayerId: '={{ 60002 }}' },
			{ insurance_name: 'Blue Shield 1', insurance_payer_id: '60002' },
		],
	])('identifies the insurance provider by %s', async (_, insurer, body) => {
		const cobalt = await cobaltForTest();
		const [, wanted] = cobalt.world.insuranceProviders();
		const parameters = {
			...ADD,
			additionalFields: { ...insurer, planBeginDate: '2025-01-01' },
		};
		const ended = await runOperation(cobalt, 'patientInsurance.create', { parameters });
		expect(ended.error).toBeUndefined();
		expect(sent(cobalt).body).toEqual({ member_id: 'W1', ...body, plan_begin_date: '2025-01-01' });
		expect(cobalt.world.insurances({ member_id: 'W1' })).toEqual([
			expect.objectContaining({ state: 'done', insurance_provider_id: wanted?.id }),
		]);
		expect(ended.json()[0]).toMatchObject({
			emr_insurance_id: cobalt.world.insurances({ member_id: 'W1' })[0]?.emr_insurance_id,
			mrn: '804',
		});
	});

	it('requires no date when the EHR does not', async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.settings.emr = 'Practice Fusion';
		const parameters = { ...ADD, additionalFields: { insuranceName: 'Aetna 1' } };
		await runOperation(cobalt, 'patientInsurance.create', { parameters });
		expect(sent(cobalt).body).toEqual({ member_id: 'W1', insurance_name: 'Aetna 1' });
		expect(cobalt.world.insurances({ member_id: 'W1', state: 'done' })).toHaveLength(1);
	});

	it.each(['01', '02', '32', '33', '17', '20', '53', '25'])(
		'sends the code %s as the relationship',
		async (relationshipToSubscriber) => {
			const cobalt = await cobaltForTest();
			const parameters = {
				...ADD,
				additionalFields: {
					insuranceName: 'Aetna 1',
					planBeginDate: '2025-01-01',
					relationshipToSubscriber,
					subscriberDemographicsFirstName: 'Nathan',
					subscriberDemographicsLastName: 'Smith',
				},
			};
			await runOperation(cobalt, 'patientInsurance.create', { parameters });
			expect(sent(cobalt).body).toMatchObject({
				relationship_to_subscriber: relationshipToSubscriber,
				subscriber_demographics: { first_name: 'Nathan', last_name: 'Smith' },
			});
			expect(cobalt.world.insurances({ member_id: 'W1', state: 'done' })).toHaveLength(1);
		},
	);

	it('encodes a slash in an MRN', async () => {
		const cobalt = await cobaltForTest();
		const parameters = {
			...ADD,
			patientMrn: '80/4',
			additionalFields: { insuranceName: 'Aetna 1', planBeginDate: '2025-01-01' },
		};
		const { error } = await runOperation(cobalt, 'patientInsurance.create', { parameters });
		expect(error?.message).toContain('did not find what was requested');
		expect(sent(cobalt).path).toBe('/patients/80%2F4/insurances');
	});

	it.each([
		['an insurance provider', { insuranceName: 'Nobody' }, 'Insurance provider not found'],
		['a plan begin date', { insuranceName: 'Aetna 1' }, 'plan_begin_date'],
		[
			'the name of the subscriber',
			{ insuranceName: 'Aetna 1', planBeginDate: '2025-01-01', relationshipToSubscriber: 'child' },
			'first_name',
		],
	])('quotes Cobalt when it requires %s', async (_, additionalFields, message) => {
		const cobalt = await cobaltForTest();
		const parameters = { ...ADD, additionalFields };
		const { error } = await runOperation(cobalt, 'patientInsurance.create', { parameters });
		expect(`${String(error?.message)} ${String(error?.description)}`).toContain(message);
		expect(cobalt.world.insurances({ member_id: 'W1' })).toEqual([]);
	});
});

describe('Patient Insurance: Update', () => {
	it('changes no field that is not sent', async () => {
		const cobalt = await cobaltForTest();
		const [before] = cobalt.world.insurances();
		const parameters = { ...UPDATE, updateFields: { copayment: '={{ "30.50" }}' } };
		await runOperation(cobalt, 'patientInsurance.update', { parameters });
		expect(sent(cobalt).body).toEqual({ copayment: 30.5 });
		expect(cobalt.world.insurances()).toEqual([{ ...before, copayment: 30.5 }]);
	});

	it('changes the insurance provider by its ID', async () => {
		const cobalt = await cobaltForTest();
		const [, other] = cobalt.world.insuranceProviders();
		const updateFields = { insuranceProviderId: byId(other?.id ?? '') };
		const parameters = { ...UPDATE, updateFields };
		await runOperation(cobalt, 'patientInsurance.update', { parameters });
		expect(sent(cobalt).body).toEqual({ insurance_provider_id: other?.id });
		expect(cobalt.world.insurances()[0]?.insurance_provider_id).toBe(other?.id);
	});

	it('quotes Cobalt when the EHR cannot update an insurance', async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.settings.emr = 'Practice Fusion';
		const parameters = { ...UPDATE, updateFields: { groupId: 'G2' } };
		const { error } = await runOperation(cobalt, 'patientInsurance.update', { parameters });
		expect(error?.message).toContain('not supported for Practice Fusion');
		expect(writes(cobalt)).toHaveLength(1);
	});
});

/** What must not stand together, or not alone. Where the first holds for both, each is tried. */
describe('rules between fields', () => {
	const both = { insuranceProviderId: 'a'.repeat(32), insuranceName: 'Aetna 1' };
	const payer = { insurancePayerId: '60001' };
	const add = ({ insuranceProviderId = '', ...additionalFields }: INodeParameters) => ({
		...ADD,
		insuranceProviderId,
		additionalFields,
	});
	const update = (updateFields: INodeParameters) => ({ ...UPDATE, updateFields });
	const EXCLUDE = "'Insurance Provider' cannot be combined with 'Insurance Name'";
	const ALONE = "'Insurance Payer ID' needs 'Insurance Name'";
	const NONE = "'Insurance Provider' or 'Insurance Name' is required";

	it.each<[string, string, INodeParameters, string]>([
		['create', 'two insurance providers', add(both), EXCLUDE],
		['update', 'two insurance providers', update(both), EXCLUDE],
		['create', 'a payer alone', add(payer), NONE],
		['update', 'a payer alone', update(payer), ALONE],
		['create', 'no insurance provider', add({ groupId: 'G1' }), NONE],
		[
			'create',
			'a payer beside an ID',
			add({ insuranceProviderId: 'a'.repeat(32), ...payer }),
			ALONE,
		],
		[
			'create',
			'a negative copayment',
			add({ insuranceName: 'x', copayment: -1 }),
			"'Copayment' is not a number from 0 to 1000000",
		],
		[
			'create',
			'a fourth place',
			add({ insuranceName: 'x', priority: '={{ 4 }}' }),
			"'Priority' is not a valid option",
		],
		[
			'update',
			'an unknown relationship',
			update({ relationshipToSubscriber: 'friend' }),
			"'Relationship to Subscriber' is not a valid option",
		],
		[
			'update',
			'a state in short',
			update({ subscriberDemographicsState: 'Mass.' }),
			"'Subscriber State' is not a two-letter state code",
		],
		['update', 'nothing', update({}), "'Update Fields' is empty"],
	])('refuses before any request: %s: %s', async (operation, _, parameters, message) => {
		const cobalt = await cobaltForTest();
		const { error } = await runOperation(cobalt, `patientInsurance.${operation}`, { parameters });
		expect(error?.message).toBe(`${message} [item 0]`);
		expect(cobalt.world.requests()).toEqual([]);
	});
});
