import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { documentedColumns } from '../../nodes/Cobalt/declarations/columns.js';
import { resources } from '../../nodes/Cobalt/resources/index.js';
import { idsIn, isIdColumn } from '../../nodes/shared/output/ids.js';
import type { Cobalt } from '../../tools/fake-cobalt/index.mts';
import type { Ended } from '../../tools/n8n-host/workflow.mts';
import { ADA, FIND_OR_CREATE } from './operations/findOrCreate/setup.mts';
import { bookings, cobaltForTest, CREATE, run, type RunOptions } from './setup.mts';
import { callTool, outputs, toolWorkflow } from './tool.mts';

const APPOINTMENTS = {
	resource: 'appointment',
	operation: 'getAll',
	startDate: '2025-06-01',
	endDate: '2025-06-30',
};
const EVENTS = { resource: 'webhookEvent', operation: 'getAll' };
const JOB = { resource: 'job', operation: 'getResult', jobId: '={{ $json.job }}' };
const MARIA = { first: 'Maria', last: 'Alvarez', dob: '1984-03-12' };

/** Maria, Ada and their appointments, as anything here may spell them. */
const PATIENT_DATA = /44235|maria|alvarez|1984|\bada\b|byron|1985|555-|2025-06|follow_up|weinberg/i;

/** What n8n saves of the node's run: its items, or its error. */
const saved = ({ run: { data } }: Ended) =>
	JSON.stringify([data.resultData.runData.Cobalt?.map(({ data: items, error }) => [items, error])]);

const idsOnly = async (
	cobalt: Cobalt,
	parameters: INodeParameters,
	items: IDataObject[] = bookings(1),
	options: RunOptions = {},
) => await run(cobalt, { parameters: { ...parameters, output: 'idsOnly' }, items, ...options });

const CONTINUE = { settings: { onError: 'continueErrorOutput' } } as const;

describe('IDs Only', () => {
	it('outputs the IDs and the state of a booking, and nothing of the patient', async () => {
		const cobalt = await cobaltForTest();
		const ended = await idsOnly(cobalt, CREATE);
		const [appointment] = cobalt.world.appointments();
		expect(appointment?.patient_mrn).toBe('44235');
		expect(ended.json()).toEqual([
			{
				job_status: 'completed',
				appointment_id: appointment?.id,
				found_in_list: false,
				job_id: cobalt.world.jobs()[0]?.id,
				event_id: cobalt.world.events()[0]?.id,
				event_type: 'appointment.created',
				provider_id: expect.any(String) as string,
			},
		]);
		expect(saved(ended)).not.toMatch(PATIENT_DATA);
	});

	it('outputs the IDs of what is read', async () => {
		const cobalt = await cobaltForTest();
		await run(cobalt);
		const [job] = cobalt.world.jobs();
		const read = [
			await idsOnly(cobalt, APPOINTMENTS),
			await idsOnly(cobalt, EVENTS),
			await idsOnly(cobalt, JOB, [{ job: String(job?.id) }]),
			await idsOnly(cobalt, { ...APPOINTMENTS, operation: 'fetchLive', endDate: '2025-06-05' }),
			await idsOnly(cobalt, { resource: 'patient', operation: 'getAll' }),
		];
		expect(read.map(({ error }) => error)).toEqual(read.map(() => undefined));
		expect(read.map((ended) => Object.keys(ended.json()[0] ?? {}))).toEqual([
			['appointment_id'],
			['event_type', 'access_token_reference_id', 'job_id', 'event_id'],
			['job_status', 'job_id', 'event_id', 'event_type', 'appointment_id', 'provider_id'],
			['job_status', 'job_id', 'event_id', 'event_type'],
			['patient_id'],
		]);
		for (const ended of read) expect(saved(ended)).not.toMatch(PATIENT_DATA);
	});

	it('says whether Find or Create has created the patient', async () => {
		const cobalt = await cobaltForTest();
		const ended = await idsOnly(cobalt, FIND_OR_CREATE, [MARIA, ADA]);
		expect(ended.json().map(({ job_status, created }) => [job_status, created])).toEqual([
			['completed', false],
			['completed', true],
		]);
		expect(ended.json()[1]?.patient_id).toBe(cobalt.world.patients({ first_name: 'Ada' })[0]?.id);
		expect(saved(ended)).not.toMatch(PATIENT_DATA);
	});

	it('shows of a checked item that it was checked, and not its request', async () => {
		const cobalt = await cobaltForTest();
		const ended = await idsOnly(cobalt, { ...CREATE, options: { validateOnly: true } });
		expect(Object.keys(ended.json()[0] ?? {})).toEqual(['validation', 'job_status']);
		expect(cobalt.world.appointments()).toEqual([]);
	});

	describe.each([
		['an error item', CONTINUE],
		['the error of the run', {}],
	])('in %s', (_, options) => {
		const failed = (ended: Ended) => {
			const [item] = ended.json('Cobalt', 1);
			return item?.error ?? ended.error?.message;
		};

		it('leaves out why the EHR refused a booking', async () => {
			const cobalt = await cobaltForTest();
			cobalt.ehrWorker.plan({
				outcome: 'failure',
				failureReason: 'Maria Alvarez was canceled',
				reasons: [{ code: 'BLOCKED', description: 'Maria Alvarez (44235) has a balance' }],
			});
			const ended = await idsOnly(cobalt, CREATE, bookings(1), options);
			expect(failed(ended)).toBe('Appointment: Create failed in the EHR [item 0]');
			expect(saved(ended)).toContain("'Output' is 'IDs Only'");
			expect(saved(ended)).toContain('Reason codes: BLOCKED');
			expect(saved(ended)).toContain(String(cobalt.world.jobs()[0]?.id));
			expect(ended.items('Cobalt', 1).map(({ pairedItem }) => pairedItem)).toEqual(
				ended.error ? [] : [{ item: 0 }],
			);
			expect(saved(ended)).not.toMatch(PATIENT_DATA);
		});

		it('leaves out what Cobalt says of a request', async () => {
			const cobalt = await cobaltForTest();
			const body = { success: false, message: 'Maria Alvarez has no MRN 44235' };
			cobalt.faults.add({ kind: 'status', status: 400, body: JSON.stringify(body) });
			const ended = await idsOnly(cobalt, CREATE, bookings(1), options);
			expect(failed(ended)).toBe(
				'Appointment: Create was not submitted: Cobalt rejected the request (HTTP 400) [item 0]',
			);
			expect(saved(ended)).not.toMatch(PATIENT_DATA);
		});
	});

	it('leaves out what has no form of an ID or a code', async () => {
		const cobalt = await cobaltForTest();
		const name = 'Maria Alvarez';
		const codes = [name, '1984-03-12', 'BLOCKED'];
		const reasons = codes.map((code) => ({ code, description: name }));
		cobalt.ehrWorker.plan({ outcome: 'failure', failureReason: name, reasons });
		const refused = await idsOnly(cobalt, CREATE, bookings(1), CONTINUE);
		expect(saved(refused)).toContain('Reason codes: ***, ***, BLOCKED.');
		const body = { success: true, appointment_id: name, job_id: 'maria@alvarez.example' };
		cobalt.faults.add({ kind: 'status', status: 200, method: 'POST', body });
		const noWait = { ...CREATE, waitForResult: false };
		const submitted = await idsOnly(cobalt, noWait);
		expect(submitted.json()[0]).toMatchObject({ appointment_id: null, job_id: null });
		cobalt.faults.add({ kind: 'status', status: 400, method: 'GET', times: 9 });
		const lookedUp = await idsOnly(cobalt, JOB, [{ job: name }], CONTINUE);
		expect(lookedUp.json('Cobalt', 1)[0]?.error).toContain('Job ***');
		for (const ended of [refused, submitted, lookedUp]) {
			expect(saved(ended)).not.toMatch(PATIENT_DATA);
		}
	});

	it.each(['idsOnly', '={{ "idsOnly" }}'])(
		'leaves out an item that cannot be read: %s',
		async (output) => {
			const cobalt = await cobaltForTest();
			const [booking] = bookings(1);
			const ended = await run(cobalt, {
				parameters: { ...CREATE, output },
				items: [{ ...booking, datetime: 'soon' }],
				...CONTINUE,
			});
			expect(ended.json('Cobalt', 1)[0]?.error).toContain("'Date and Time'");
			expect(saved(ended)).not.toMatch(PATIENT_DATA);
		},
	);

	it('leaves out who else matches', async () => {
		const cobalt = await cobaltForTest();
		cobalt.world.inEhr.register({
			first_name: MARIA.first,
			last_name: MARIA.last,
			dob: MARIA.dob,
			sex: 'female',
		});
		const ended = await idsOnly(cobalt, FIND_OR_CREATE, [MARIA], CONTINUE);
		expect(ended.json('Cobalt', 1)[0]?.error).toContain('found 2 patients');
		expect(saved(ended)).not.toContain("in 'details'");
		expect(saved(ended)).not.toMatch(PATIENT_DATA);
	});

	it('has the ID of every record that an operation writes', () => {
		const recordKeys = resources.flatMap(({ operations }) =>
			operations.flatMap((operation) =>
				'recordKey' in operation ? (operation.recordKey ?? []) : [],
			),
		);
		expect(recordKeys.length).toBeGreaterThan(20);
		expect(recordKeys.filter((key) => !isIdColumn(key))).toEqual([]);
	});

	it('outputs the reference of a clinic as it is', () => {
		const json = { access_token_reference_id: 'North Side', event_id: 'North Side' };
		expect(idsIn(json)).toEqual({ access_token_reference_id: 'North Side', event_id: null });
	});

	it('outputs no object under any name', () => {
		expect(idsIn({ job_id: { mrn: '1' }, document_ids: ['a', { mrn: '1' }] })).toEqual({
			job_id: null,
			document_ids: null,
		});
		expect(idsIn({ job_id: null, document_ids: ['a', 'b'] })).toEqual({
			job_id: null,
			document_ids: ['a', 'b'],
		});
	});
});

describe('Selected Fields', () => {
	const selecting = (outputFields: unknown): INodeParameters => ({
		output: 'selectedFields',
		outputFields: outputFields as string[],
	});

	it.each([
		['a completed', {}],
		['a submitted', { waitForResult: false }],
	])('outputs the fields of %s job in their order, with its state', async (_, more) => {
		const cobalt = await cobaltForTest();
		const fields = ['provider_name', 'datetime'];
		const ended = await run(cobalt, { parameters: { ...CREATE, ...selecting(fields), ...more } });
		expect(Object.keys(ended.json()[0] ?? {})).toEqual([
			...['job_status', 'datetime', 'job_id', 'provider_name'],
		]);
		expect(ended.json()[0]?.job_id).toBe(cobalt.world.jobs()[0]?.id);
	});

	it('outputs the same columns for all records of a list, from an expression', async () => {
		const cobalt = await cobaltForTest();
		await run(cobalt);
		const ended = await run(cobalt, {
			parameters: { ...APPOINTMENTS, ...selecting('={{ $json.fields }}') },
			items: [{ fields: 'note, datetime' }],
		});
		expect(ended.json()).toEqual([{ datetime: expect.any(String) as string, note: null }]);
	});

	it('takes any name where no columns are documented', async () => {
		const cobalt = await cobaltForTest();
		await run(cobalt);
		const ended = await run(cobalt, {
			parameters: { ...JOB, ...selecting('Provider Name, shoe_size') },
			items: [{ job: String(cobalt.world.jobs()[0]?.id) }],
		});
		expect(ended.json()).toEqual([
			{
				job_status: 'completed',
				job_id: cobalt.world.jobs()[0]?.id,
				provider_name: expect.any(String) as string,
				shoe_size: null,
			},
		]);
	});

	it('is what an agent is given, with all documented fields', async () => {
		const cobalt = await cobaltForTest();
		const [json] = outputs(await callTool(cobalt, toolWorkflow(CREATE, 1)));
		const create = resources
			.find(({ value }) => value === 'appointment')
			?.operations.find(({ value }) => value === 'create');
		if (!create) throw new Error('There is no Appointment: Create');
		expect(Object.keys(json ?? {})).toEqual(documentedColumns(create));
	});
});
