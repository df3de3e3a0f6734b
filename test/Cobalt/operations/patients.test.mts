import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { listenToLog } from '../../../tools/n8n-host/log.mts';
import { cobaltWorkflow } from '../../../tools/n8n-host/workflow.mts';
import { cobaltForTest, runFile, twice } from '../setup.mts';
import { outcome, runOperation, sent, writes } from './setup.mts';

const ADA = { firstName: 'Ada', lastName: 'Byron', dob: '1985-12-10' };

/** How often Cobalt was asked for the account's settings. */
const settingsReads = (cobalt: Cobalt) => cobalt.world.requests({ path: '/settings' }).length;

describe('the required fields of the account', () => {
	it.each([
		[['sex'], "'Sex' is required by your Cobalt account"],
		[['sex', 'phone', 'pcp_id'], "'PCP', 'Phone', 'Sex' are required by your Cobalt account"],
	])('names the required fields that are missing: %j', async (names, message) => {
		const cobalt = await cobaltForTest();
		cobalt.world.settings.required_patient_fields.push(...names);
		const { error } = await runOperation(cobalt, 'patient.create', { parameters: ADA });
		expect(error?.message).toBe(`${message} [item 0]`);
		expect(error?.description).toContain('Check Required Fields');
		expect(writes(cobalt)).toEqual([]);
		expect(settingsReads(cobalt)).toBe(1);
	});

	it('reports a required field that is blank', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { ...ADA, additionalFields: { sex: '={{ null }}' } };
		const { error } = await runOperation(cobalt, 'patient.create', { parameters });
		expect(error?.message).toContain("'Sex' is required by your Cobalt account");
		expect(writes(cobalt)).toEqual([]);
	});

	it('looks up the required fields once for many items', async () => {
		const cobalt = await cobaltForTest();
		const items = ['A', 'B', 'C', 'D'].map((lastName) => ({ lastName }));
		const parameters = {
			...ADA,
			lastName: '={{ $json.lastName }}',
			additionalFields: { sex: 'female' },
		};
		const ended = await runOperation(cobalt, 'patient.create', { parameters }, { items });
		expect(ended.json()).toHaveLength(4);
		expect(settingsReads(cobalt)).toBe(1);
		expect(cobalt.world.patients({ first_name: 'Ada', status: 'active' })).toHaveLength(4);
	});

	it('creates no patient when one item lacks a required field', async () => {
		const cobalt = await cobaltForTest();
		const items = [{ sex: 'female' }, {}];
		const parameters = { ...ADA, additionalFields: { sex: '={{ $json.sex ?? "" }}' } };
		const { error } = await runOperation(cobalt, 'patient.create', { parameters }, { items });
		expect(error?.message).toContain("'Sex' is required by your Cobalt account");
		expect(error?.message).toContain('[item 1]');
		expect(writes(cobalt)).toEqual([]);
	});

	it('fails only the item that lacks a required field when the node continues on failure', async () => {
		const cobalt = await cobaltForTest();
		const items = [{ sex: 'female' }, {}];
		const parameters = { ...ADA, additionalFields: { sex: '={{ $json.sex }}' } };
		const settings = { onError: 'continueErrorOutput' } as const;
		const ended = await runOperation(cobalt, 'patient.create', { parameters }, { items, settings });
		expect(ended.json()).toEqual([expect.objectContaining({ job_status: 'completed' })]);
		expect(ended.json('On Error')).toEqual([
			expect.objectContaining({
				details: expect.objectContaining({ job_status: 'not_submitted' }) as object,
			}),
		]);
	});

	it('does not look up the required fields again in the next round of a loop', async () => {
		const cobalt = await cobaltForTest();
		const file = cobaltWorkflow({
			resource: 'patient',
			operation: 'create',
			...ADA,
			additionalFields: { sex: 'female' },
			waitForResult: false,
		});
		// Two ways lead to the node: n8n runs it twice in one execution.
		await runFile(cobalt, twice(file));
		expect(writes(cobalt)).toHaveLength(2);
		expect(settingsReads(cobalt)).toBe(1);
	});

	it('leaves required fields to Cobalt when Check Required Fields is off', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { ...ADA, options: { checkRequiredFields: false } };
		const { error } = await runOperation(cobalt, 'patient.create', { parameters });
		expect(settingsReads(cobalt)).toBe(0);
		expect(error?.message).toContain('Missing required field: sex');
		expect(cobalt.world.patients({ last_name: 'Byron' })).toEqual([]);
	});

	it('leaves required fields to Cobalt without waiting for the result', async () => {
		const cobalt = await cobaltForTest();
		const parameters = {
			...ADA,
			waitForResult: false,
			additionalFields: { sex: 'female' },
			options: { checkRequiredFields: false },
		};
		const ended = await runOperation(cobalt, 'patient.create', { parameters });
		expect(ended.json()).toEqual([expect.objectContaining({ job_status: 'submitted' })]);
		expect(settingsReads(cobalt)).toBe(0);
	});

	it.each([
		['404', 1, { kind: 'status', status: 404 }],
		['500', 4, { kind: 'status', status: 500 }],
		['a web page', 4, { kind: 'html' }],
		['a broken connection', 4, { kind: 'drop' }],
		[
			'a list of something else',
			1,
			{ kind: 'status', status: 200, body: { required_patient_fields: 1 } },
		],
	] as const)(
		'creates all patients when the settings are not readable: %s',
		async (_, tries, fault) => {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ ...fault, path: '/settings', times: 9 });
			const items = [{ last: 'Byron' }, { last: 'Lovelace' }];
			const parameters = {
				...ADA,
				lastName: '={{ $json.last }}',
				additionalFields: { sex: 'female' },
			};
			const ended = await runOperation(cobalt, 'patient.create', { parameters }, { items });
			expect(ended.error).toBeUndefined();
			expect(cobalt.world.patients({ first_name: 'Ada', status: 'active' })).toHaveLength(2);
			expect(settingsReads(cobalt)).toBe(tries);
		},
	);

	it('logs that the settings are not readable, and nothing of what Cobalt says', async () => {
		const cobalt = await cobaltForTest();
		const body = { success: false, message: 'Ask Maria Alvarez' };
		cobalt.faults.add({ kind: 'status', path: '/settings', status: 404, body });
		const log = listenToLog();
		const parameters = { ...ADA, additionalFields: { sex: 'female' } };
		await runOperation(cobalt, 'patient.create', { parameters });
		const logged = JSON.stringify(log());
		expect(logged).toContain('(HTTP status: 404)');
		expect(logged).not.toContain('Maria');
	});

	it('leaves required fields to Cobalt that the node does not offer', async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.settings.required_patient_fields.push('preferred_language');
		const parameters = { ...ADA, additionalFields: { sex: 'female' } };
		const { error } = await runOperation(cobalt, 'patient.create', { parameters });
		expect(writes(cobalt)).toHaveLength(1);
		expect(error?.message).toContain('Missing required field: preferred_language');
	});

	it('looks up no required fields for Patient: Update', async () => {
		const cobalt = await cobaltForTest();
		const [{ id } = { id: '' }] = cobalt.world.patients({ mrn: '804' });
		const parameters = { patientId: id, updateFields: { phone: '5185550198' } };
		await runOperation(cobalt, 'patient.update', { parameters });
		expect(settingsReads(cobalt)).toBe(0);
	});
});

describe('Patient: Update', () => {
	const idOf = (cobalt: Cobalt) => cobalt.world.patients({ mrn: '804' })[0]?.id ?? '';

	it.each<[string, INodeParameters, string]>([
		[
			'a state in another language',
			{ addressState: 'Nueva York' },
			"'Address State' is not a two-letter state code",
		],
		['a short ZIP code', { addressZip: '1220' }, "'Address ZIP' is not a ZIP code"],
		[
			'a phone number from abroad',
			{ phone: '+44 20 7946 0958' },
			"'Phone' is not a 10-digit phone number",
		],
		[
			'a short phone number',
			{ cellPhone: '555-1234' },
			"'Cell Phone' is not a 10-digit phone number",
		],
		['an email without a host', { email: 'ada@' }, "'Email' is not an email address"],
		['nothing', {}, "'Update Fields' is empty"],
	])('refuses %s before any request', async (_, updateFields, message) => {
		const cobalt = await cobaltForTest();
		const parameters = { patientId: idOf(cobalt), updateFields };
		const { error } = await runOperation(cobalt, 'patient.update', { parameters });
		expect(error?.message).toContain(message);
		expect(cobalt.world.requests()).toEqual([]);
	});

	it.each(['5185550198', '(518) 555-0198', '+1 518 555 0198', '518.555.0198', '={{ 5185550198 }}'])(
		"sends the phone number %s in Cobalt's format",
		async (phone) => {
			const cobalt = await cobaltForTest();
			const parameters = { patientId: idOf(cobalt), updateFields: { phone } };
			await runOperation(cobalt, 'patient.update', { parameters });
			expect(cobalt.world.patients({ mrn: '804' })).toEqual([
				expect.objectContaining({ phone: '518-555-0198', status: 'active' }),
			]);
		},
	);

	it('has no job to wait for when the patient is not in the EHR yet', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ outcome: 'failure', kind: 'patient.create' });
		const create = { ...ADA, additionalFields: { sex: 'female' }, waitForResult: false };
		await runOperation(cobalt, 'patient.create', { parameters: create });
		const id = outcome(cobalt).job?.recordId ?? '';
		const parameters = { patientId: id, updateFields: { phone: '5185550198' } };
		const ended = await runOperation(cobalt, 'patient.update', { parameters });
		expect(ended.json()).toEqual([
			expect.objectContaining({ patient_id: id, job_id: null, job_status: 'submitted' }),
		]);
		expect(cobalt.world.patients({ id })).toEqual([
			expect.objectContaining({ phone: '518-555-0198' }),
		]);
	});

	it('uses the value as a Cobalt ID, not as an MRN', async () => {
		const cobalt = await cobaltForTest();
		const parameters = { patientId: '804', updateFields: { phone: '5185550198' } };
		const { error } = await runOperation(cobalt, 'patient.update', { parameters });
		expect(error?.message).toContain('did not find what was requested');
		expect(sent(cobalt).path).toBe('/patients/804');
	});
});
