/** Patients that are named by their MRN: the only ID that an event of the EHR has. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { triggerWorkflow } from '../../../tools/n8n-host/host.mts';
import { PACKAGE_NAME } from '../../../tools/n8n-host/n8n.mts';
import { node, to } from '../../../tools/n8n-host/workflowFile.mts';
import { play } from '../../CobaltTrigger/setup.mts';
import { cobaltForTest, retry } from '../setup.mts';
import { runOperation, writes } from './setup.mts';

const by = (mode: 'mrn' | 'ehrId' | 'id', value: string) => ({ __rl: true as const, mode, value });

const CHANGES = { updateFields: { email: 'maria@example.com' } };

const maria = (cobalt: Cobalt) => {
	const [patient] = cobalt.world.patients({ mrn: '44235' });
	if (!patient) throw new Error('Maria is missing');
	return patient;
};

/** What the list of patients answers, next time. */
const list = (
	cobalt: Cobalt,
	patients: IDataObject[],
	pagination: object = { total_pages: 1, total_count: patients.length },
) => {
	const body = { success: true, patients, pagination };
	cobalt.faults.add({ kind: 'status', status: 200, path: '/patients', body });
};

const lookedUp = (cobalt: Cobalt) =>
	cobalt.world.requests({ method: 'GET', path: '/patients' }).map(({ query }) => query.mrn);

const get = async (cobalt: Cobalt, patient: INodeParameters[string]) =>
	await runOperation(cobalt, 'patient.get', { parameters: { patient } });

describe('Patient: Get', () => {
	it.each([
		['by its MRN', () => by('mrn', '44235')],
		['by its EHR ID', (cobalt: Cobalt) => by('ehrId', String(maria(cobalt).ehr_id))],
		['by an MRN that an expression gives without a mode', () => '={{ 44235 }}'],
	])('returns the one patient %s', async (_, patient) => {
		const cobalt = await cobaltForTest();
		const ended = await get(cobalt, patient(cobalt));
		expect(ended.json()).toEqual([expect.objectContaining({ mrn: '44235', first_name: 'Maria' })]);
		expect(writes(cobalt)).toEqual([]);
	});

	it('fails when no patient has the MRN', async () => {
		const cobalt = await cobaltForTest();
		const { error } = await get(cobalt, by('mrn', '999'));
		expect(error?.message).toBe(
			"Patient: Get did not complete: Cobalt's copy of the EHR has no patient with this MRN [item 0]",
		);
		expect(error?.description).toContain('Fetch Live');
	});

	it.each(['get', 'update'])(
		'claims no absence from a list that is not whole: %s',
		async (name) => {
			const cobalt = await cobaltForTest({ patientIds: true });
			for (let reading = 0; reading < 9; reading += 1) list(cobalt, [], { total_count: 1 });
			const act = name === 'get' ? get : update;
			const { error } = await act(cobalt, by('mrn', '44235'));
			expect(error?.message).toContain(
				"Cobalt's list is not complete: its total is 1, and it shows 0 [item 0]",
			);
			expect(writes(cobalt)).toEqual([]);
		},
	);

	it('fails with their number when several patients have the MRN', async () => {
		const cobalt = await cobaltForTest();
		list(cobalt, [{ mrn: '804' }, { mrn: 804, last_name: 'B' }, { patient_mrn: '804' }]);
		const { error } = await get(cobalt, by('mrn', '804'));
		expect(error?.message).toBe(
			"Patient: Get did not complete: Cobalt's copy of the EHR has 3 patients with this MRN, but exactly one is needed [item 0]",
		);
	});

	it('never returns a patient with another MRN or without one', async () => {
		const cobalt = await cobaltForTest();
		list(cobalt, [{ mrn: '8040' }, { mrn: '18804' }, { first_name: 'Nobody' }]);
		const { error } = await get(cobalt, by('mrn', '804'));
		expect(error?.message).toContain('has no patient with this MRN');
		list(cobalt, [{ mrn: '8040' }, { mrn: '804', first_name: 'John' }]);
		const ended = await get(cobalt, by('mrn', '804'));
		expect(ended.json()).toEqual([{ mrn: '804', first_name: 'John' }]);
	});

	it('ignores patients with another EHR ID, and counts those that show none', async () => {
		const cobalt = await cobaltForTest();
		list(cobalt, [{ ehr_id: '1', mrn: '7' }, { ehr_id: '11' }]);
		expect((await get(cobalt, by('ehrId', '1'))).json()).toEqual([{ ehr_id: '1', mrn: '7' }]);
		list(cobalt, [{ mrn: '7' }, { mrn: '8' }]);
		const { error } = await get(cobalt, by('ehrId', '1'));
		expect(error?.message).toContain('has 2 patients with this EHR ID');
	});

	it('stops reading a list that is not filtered', async () => {
		const cobalt = await cobaltForTest();
		for (let page = 0; page < 12; page += 1) {
			const patients = Array.from({ length: 50 }, (_, index) => ({ mrn: `${page}-${index}` }));
			list(cobalt, patients, {});
		}
		const { error } = await get(cobalt, by('mrn', '804'));
		expect(error?.message).toContain('lists 500 or more patients for this MRN');
		expect(lookedUp(cobalt)).toHaveLength(10);
	});
});

const update = async (
	cobalt: Cobalt,
	patientId: INodeParameters[string],
	more: INodeParameters = {},
	options?: Parameters<typeof runOperation>[3],
) =>
	await runOperation(
		cobalt,
		'patient.update',
		{ parameters: { patientId, ...CHANGES, ...more } },
		options,
	);

describe('Patient: Update', () => {
	it('finds the Cobalt ID by the MRN when the list shows it', async () => {
		const cobalt = await cobaltForTest({ patientIds: true });
		const ended = await update(cobalt, by('mrn', '44235'));
		const { id } = maria(cobalt);
		expect(ended.json()).toEqual([
			expect.objectContaining({ patient_id: id, job_status: 'completed' }),
		]);
		expect(writes(cobalt).map(({ path }) => path)).toEqual([`/patients/${id}`]);
		expect(maria(cobalt).email).toBe('maria@example.com');
	});

	it('sends nothing, and says why, when the list does not show the Cobalt ID', async () => {
		const cobalt = await cobaltForTest();
		const settings = { onError: 'continueErrorOutput' } as const;
		const ended = await update(cobalt, by('mrn', '44235'), {}, { settings });
		expect(ended.json('On Error')).toEqual([
			{
				error:
					"Patient: Update was not submitted: Cobalt's list of patients does not show the Cobalt ID of this patient [item 0]",
				details: {
					description: expect.stringContaining("'Patient: Fetch Live' returns the ID") as string,
					job_status: 'not_submitted',
				},
			},
		]);
		expect(writes(cobalt)).toEqual([]);
	});

	it.each([
		['nobody', []],
		['somebody else', [{ id: 'a'.repeat(32), mrn: '442355' }]],
		['two', ['a', 'b'].map((letter) => ({ id: letter.repeat(32), mrn: '44235' }))],
	])('changes nothing when the list has %s', async (_, patients) => {
		const cobalt = await cobaltForTest({ patientIds: true });
		list(cobalt, patients);
		const { error } = await update(cobalt, by('mrn', '44235'));
		expect(error?.message).toContain('with this MRN');
		expect(writes(cobalt)).toEqual([]);
	});

	it.each([
		['as it was saved before there was a choice', (id: string) => id],
		['by an expression', (id: string) => `={{ "${id}" }}`],
		['by its ID', (id: string) => by('id', id)],
	])('uses the Cobalt ID %s without a search', async (_, given) => {
		const cobalt = await cobaltForTest();
		const { id } = maria(cobalt);
		const ended = await update(cobalt, given(id));
		expect(ended.json()).toEqual([expect.objectContaining({ patient_id: id })]);
		expect(lookedUp(cobalt)).toEqual([]);
	});

	it('repeats a failed search, and changes nothing when it keeps failing', async () => {
		const cobalt = await cobaltForTest({ patientIds: true });
		cobalt.faults.add({ kind: 'status', status: 503, path: '/patients', times: 3 });
		await update(cobalt, by('mrn', '44235'));
		expect(maria(cobalt).email).toBe('maria@example.com');
		cobalt.faults.add({ kind: 'drop', path: '/patients', times: Infinity });
		const email = 'other@example.com';
		const { error } = await update(cobalt, by('mrn', '44235'), { updateFields: { email } });
		expect(error?.message).toContain('was lost before a response arrived');
		expect(maria(cobalt).email).toBe('maria@example.com');
	});

	it('neither searches for nor sends again what an earlier try has sent', async () => {
		const cobalt = await cobaltForTest({ patientIds: true });
		cobalt.ehrWorker.plan({ outcome: 'success', kind: 'patient.update', seconds: 200 });
		const first = await update(cobalt, by('mrn', '44235'), {
			options: { timeout: 5, onTimeout: 'fail' },
		});
		expect(first.error?.message).toContain('still pending');
		const second = await retry(cobalt, first);
		expect(second.error?.message).toContain('still pending');
		expect(writes(cobalt)).toHaveLength(1);
		expect(lookedUp(cobalt)).toEqual(['44235']);
	});

	it('searches for the patient in Validate Only, and fails as a run would', async () => {
		const cobalt = await cobaltForTest({ patientIds: true });
		const options = { validateOnly: true };
		const ended = await update(cobalt, by('mrn', '44235'), { options });
		expect(ended.json()[0]?.request).toMatchObject({ path: `/v1/patients/${maria(cobalt).id}` });
		const { error } = await update(cobalt, by('mrn', '9'), { options });
		expect(error?.message).toContain('has no patient with this MRN');
		expect(writes(cobalt)).toEqual([]);
	});
});

/** Trigger → (nodes of Cobalt, one after the other). */
function chain(...parameters: INodeParameters[]) {
	const file = triggerWorkflow({
		mode: 'polling',
		events: ['patient.updated'],
		source: 'ehr_staff',
	});
	parameters.forEach((each, index) => {
		file.nodes.push(
			node(`Cobalt ${index}`, `${PACKAGE_NAME}.cobalt`, {
				parameters: each,
				credentials: { cobaltApi: { id: '1', name: 'Cobalt' } },
			}),
		);
		file.connections[index === 0 ? 'Trigger' : `Cobalt ${index - 1}`] = {
			main: [to(`Cobalt ${index}`)],
		};
	});
	return file;
}

const UPDATE = { resource: 'patient', operation: 'update', ...CHANGES };

describe('a workflow from an event to an update', () => {
	it.each([
		[
			'by its MRN when the list shows the ID',
			{ patientIds: true },
			[{ ...UPDATE, patientId: by('mrn', '={{ $json.mrn }}') }],
		],
		[
			'through a live fetch when the list does not',
			{},
			[
				{ resource: 'patient', operation: 'fetchLive', searchBy: 'mrn', mrn: '={{ $json.mrn }}' },
				{ ...UPDATE, patientId: by('id', '={{ $json.patients[0].id }}') },
			],
		],
	])('updates the patient of an event %s', async (_, options, parameters) => {
		await play(
			async ({ cobalt, host }) => {
				await host.activate(chain(...parameters));
				const data = { mrn: '44235', patient_name: 'Maria Alvarez', updated_fields: {} };
				cobalt.world.addEvent({ type: 'patient.updated', data });
				await host.runFor(4);
				expect(maria(cobalt).email).toBe('maria@example.com');
				expect(cobalt.world.requests({ method: 'PATCH' })).toHaveLength(1);
			},
			{ cobalt: options },
		);
	});
});
