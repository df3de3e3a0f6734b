/** Patient: Find or Create when Cobalt or the EHR refuse, and where nothing may be written. */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { cobaltForTest } from '../../setup.mts';
import { callTool, outputs, toolWorkflow } from '../../tool.mts';
import {
	ADA,
	byAllFields,
	CONTINUE,
	created,
	FIND_OR_CREATE,
	findOrCreate,
	searches,
	submitted,
	trustEverything,
} from './setup.mts';

const IN_EHR = { first_name: 'Ada', last_name: 'Byron', dob: ADA.dob, sex: 'female' } as const;

const DUPLICATE = { outcome: 'failure', failureReason: 'Duplicate patient found. MRN 7.' } as const;

const VALIDATE = { ...FIND_OR_CREATE, options: { validateOnly: true } };

const detailsOf = ({ details }: IDataObject = {}) => details as IDataObject;

describe('a patient whom the EHR has already', () => {
	it('finds the patient whom Cobalt lists only after the EHR refused a duplicate', async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.settings.patientListDelaySeconds = 8;
		cobalt.ehrWorker.plan({ seconds: 1, match: ({ first_name: name }) => name === 'Ada' });
		cobalt.ehrWorker.plan({ seconds: 15 });
		// Another system registers the same patient at the same moment.
		const [first] = (await findOrCreate(cobalt, [ADA])).json();
		cobalt.world.settings.patientListDelaySeconds = 0;
		cobalt.faults.add({
			kind: 'status',
			status: 200,
			method: 'GET',
			path: '/patients',
			body: { success: true, patients: [] },
		});
		const now = '2025-03-10T16:00:00Z';
		const ended = await findOrCreate(cobalt, [ADA, ADA], { now });
		expect(ended.json()).toEqual([
			expect.objectContaining({ created: false, mrn: first?.mrn, job_status: 'completed' }),
			expect.objectContaining({ created: false, mrn: first?.mrn, job_status: 'completed' }),
		]);
		expect(cobalt.world.patients({ last_name: 'Byron', status: 'active' })).toHaveLength(1);
	});

	it('reports a duplicate that Cobalt does not list', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan(DUPLICATE);
		const ended = await findOrCreate(cobalt, [ADA], { settings: CONTINUE });
		const [failed] = ended.json('On Error');
		expect(failed?.error).toBe(
			'Patient: Find or Create created no patient, because the EHR already has one like this [item 0]',
		);
		expect(detailsOf(failed)).toMatchObject({
			job_status: 'failed',
			failure_reason: DUPLICATE.failureReason,
			matching_patients: 0,
		});
		expect(detailsOf(failed).description).toContain('it may lag behind the EHR');
	});

	it('reports the MRN of a namesake with another phone number only in the details', async () => {
		const cobalt = await cobaltForTest();
		const { mrn } = cobalt.world.inEhr.register({ ...IN_EHR, phone: '518-555-0199' });
		const items = [{ ...ADA, phone: '518-555-0142' }];
		const options = { parameters: byAllFields, settings: CONTINUE };
		const [failed] = (await findOrCreate(cobalt, items, options)).json('On Error');
		expect(detailsOf(failed)).toMatchObject({ matching_patients: 1, matching_mrns: [mrn] });
		expect(JSON.stringify([failed?.error, detailsOf(failed).description])).not.toContain(mrn);
	});

	it('searches again when Cobalt refuses a duplicate at once', async () => {
		const cobalt = await cobaltForTest();
		const body = { success: false, message: 'Duplicate patient found.' };
		cobalt.faults.add({ kind: 'status', status: 409, method: 'POST', path: '/patients', body });
		const ended = await findOrCreate(cobalt, [ADA], { settings: CONTINUE });
		expect(ended.json('On Error')[0]?.error).toContain('the EHR already has one like this');
		expect(searches(cobalt)).toBe(2);
	});
});

describe('a search that fails', () => {
	it('repeats a search after errors that may pass', async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.inEhr.register(IN_EHR);
		cobalt.faults.add({ kind: 'status', status: 503, method: 'GET', path: '/patients', times: 2 });
		expect(created(await findOrCreate(cobalt, [ADA]))).toEqual([false]);
	});

	it.each([
		['for good', { kind: 'status', status: 500, times: 50 }],
		['with a refusal', { kind: 'status', status: 400, times: 50 }],
		['with a web page', { kind: 'html', times: 50 }],
		['in the middle of the list', { kind: 'status', status: 500, after: 1, times: 50 }],
		[
			'with a response without a list',
			{ kind: 'status', status: 200, body: { success: true }, times: 50 },
		],
	] as const)('fails all items and sends nothing when the search fails %s', async (_how, fault) => {
		const cobalt = await cobaltForTest();
		for (let index = 0; index < 60; index += 1) {
			cobalt.world.inEhr.register({ ...IN_EHR, first_name: `Ada ${index}` });
		}
		cobalt.faults.add({ ...fault, method: 'GET', path: '/patients' });
		const ended = await findOrCreate(cobalt, [ADA, ADA, ADA], { settings: CONTINUE });
		expect(ended.json('On Error').map((item) => detailsOf(item).job_status)).toEqual(
			Array(3).fill('not_submitted'),
		);
		expect(submitted(cobalt)).toBe(0);
		expect(searches(cobalt)).toBeLessThanOrEqual(5);
	});
});

describe('a read-only credential', () => {
	const credential = { readOnly: true };

	it('finds a patient with a read-only credential', async () => {
		const cobalt = await cobaltForTest();
		const { mrn } = cobalt.world.inEhr.register(IN_EHR);
		const ended = await findOrCreate(cobalt, [ADA], { credential });
		expect(ended.json()).toEqual([expect.objectContaining({ created: false, mrn })]);
	});

	it('creates no patient with a read-only credential, and says why', async () => {
		const cobalt = await cobaltForTest();
		const { error } = await findOrCreate(cobalt, [ADA], { credential });
		expect(error?.message).toBe(
			"Patient: Find or Create was not submitted: 'Read-Only' in the Cobalt credential is on [item 0]",
		);
		expect(submitted(cobalt)).toBe(0);
	});
});

describe('Validate Only', () => {
	it('finds the patient in Validate Only, and says what a run would do', async () => {
		const cobalt = await cobaltForTest();
		const { mrn } = cobalt.world.inEhr.register(IN_EHR);
		const people = [ADA, { ...ADA, first: 'Adam' }];
		const ended = await findOrCreate(cobalt, people, { parameters: VALIDATE });
		const request = { method: 'POST', path: '/v1/patients' };
		expect(ended.json()).toEqual([
			expect.objectContaining({
				job_status: 'not_submitted',
				would_create: false,
				patient_id: null,
				mrn,
			}),
			expect.objectContaining({
				job_status: 'not_submitted',
				would_create: true,
				request: expect.objectContaining(request) as object,
			}),
		]);
		expect(searches(cobalt)).toBe(1);
		expect(submitted(cobalt)).toBe(0);
	});

	it('fails in Validate Only for several matches and for a missing required field', async () => {
		const cobalt = await cobaltForTest();
		for (const mrn of ['1', '2']) cobalt.world.inEhr.register({ ...IN_EHR, mrn });
		const several = await findOrCreate(cobalt, [ADA], { parameters: VALIDATE });
		expect(several.error?.message).toContain('found 2 patients who match');
		cobalt.world.settings.required_patient_fields.push('email');
		const people = [{ ...ADA, first: 'Adam' }];
		const missing = await findOrCreate(cobalt, people, { parameters: VALIDATE });
		expect(missing.error?.message).toContain("'Email' is required by your Cobalt account");
		expect(submitted(cobalt)).toBe(0);
	});
});

describe('the tool of an agent', () => {
	const people = ['{ first: "Ada" }', '{ first: "ADA" }', '{ first: "Àda", phone: "5185550142" }'];
	const field = (name: string, value: string) =>
		`={{ [${people.join()}][$runIndex].${name} ?? "${value}" }}`;
	const parameters = {
		...FIND_OR_CREATE,
		firstName: field('first', ''),
		additionalFields: { sex: 'female', phone: field('phone', '') },
	};
	const tool = toolWorkflow(parameters, people.length, [ADA]);

	it('creates one patient for three calls that spell the same person differently', async () => {
		const cobalt = await cobaltForTest();
		trustEverything(cobalt);
		cobalt.world.settings.patientListDelaySeconds = 600;
		const ended = await callTool(cobalt, tool);
		expect(new Set(outputs(ended).map(({ patient_id: id }) => id)).size).toBe(1);
		expect(submitted(cobalt)).toBe(1);
	});

	it('sends nothing more after the response to the first call was lost', async () => {
		const cobalt = await cobaltForTest();
		trustEverything(cobalt);
		cobalt.world.settings.patientListDelaySeconds = 600;
		cobalt.faults.add({ kind: 'dropAfterAccept', method: 'POST', path: '/patients' });
		for (const node of tool.nodes) if (node.name === 'Cobalt') Object.assign(node, CONTINUE);
		await callTool(cobalt, tool);
		expect(submitted(cobalt)).toBe(1);
	});

	it('tells an agent to ask a person when several patients match', async () => {
		const cobalt = await cobaltForTest();
		for (const mrn of ['1', '2']) cobalt.world.inEhr.register({ ...IN_EHR, mrn });
		const { error } = await callTool(cobalt, toolWorkflow(FIND_OR_CREATE, 1, [ADA]));
		expect(error?.description).toContain('Ask a person which patient is meant');
	});
});

it.each(['Retry', 'Patient: Get Many'])('does not mention "%s" to an agent', async (word) => {
	const cobalt = await cobaltForTest();
	cobalt.ehrWorker.plan(DUPLICATE);
	const { error } = await callTool(cobalt, toolWorkflow(FIND_OR_CREATE, 1, [ADA]));
	expect(error?.description).not.toContain(word);
});
