import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import type { Operation } from '../../nodes/Cobalt/declarations/operation.js';
import { resources } from '../../nodes/Cobalt/resources/index.js';
import { PACKAGE_NAME } from '../../tools/n8n-host/n8n.mts';
import { node, to, type WorkflowFile } from '../../tools/n8n-host/workflowFile.mts';
import { cobaltForTest, runFile } from '../Cobalt/setup.mts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** An operation as the README lists it. */
function entryOf({ name, kind, description }: Operation): string {
	const wait = kind === 'submission' ? ' ⏱' : '';
	const ehr = /\beClinicalWorks only\b/i.test(description) ? ' (eClinicalWorks)' : '';
	return name + wait + ehr;
}

it('README.md lists every operation, and says which take a while and which need eClinicalWorks', () => {
	const [, section = ''] = readme.split('\n## Operations\n');
	const rows = [...section.matchAll(/^\| (\S.*?) +\| (\S.*?) +\|$/gm)]
		.slice(2, 2 + resources.length)
		.map(([, resource, operations]) => [resource, operations?.split(', ')]);
	expect(rows).toEqual(resources.map(({ name, operations }) => [name, operations.map(entryOf)]));
});

const cobaltNode = (name: string, parameters: INodeParameters) =>
	node(name, `${PACKAGE_NAME}.cobalt`, {
		parameters,
		credentials: { cobaltApi: { id: '1', name: 'Cobalt' } },
	});

/** The workflow that the README's first quick start builds. */
function fromForm(submitted: IDataObject, options: INodeParameters = {}): WorkflowFile {
	const form = 'On form submission';
	return {
		name: 'Book from a form',
		nodes: [
			node(form, 'n8n-nodes-base.manualTrigger'),
			cobaltNode('Patient', {
				resource: 'patient',
				operation: 'findOrCreate',
				firstName: "={{ $json['First Name'] }}",
				lastName: "={{ $json['Last Name'] }}",
				dob: '={{ $json.Birthday }}',
				// The fake account requires it.
				additionalFields: { sex: 'female' },
				options,
			}),
			cobaltNode('Appointment', {
				resource: 'appointment',
				operation: 'create',
				mrn: '={{ $json.mrn }}',
				datetime: `={{ $('${form}').item.json.Start }}`,
				provider: { __rl: true, mode: 'list', value: '118' },
				location: { __rl: true, mode: 'list', value: '2' },
				type: { __rl: true, mode: 'list', value: 'follow_up' },
				options,
			}),
		],
		connections: { [form]: { main: [to('Patient')] }, Patient: { main: [to('Appointment')] } },
		settings: { executionOrder: 'v1', timezone: 'America/New_York' },
		pinData: { [form]: [{ json: submitted }] },
	};
}

const FORM = {
	'First Name': 'Ada',
	'Last Name': 'Byron',
	Birthday: '1985-12-10',
	Start: '2025-06-02 10:00 AM',
};

describe('the quick start that books from a form', () => {
	it('creates a new patient and books for them', async () => {
		const cobalt = await cobaltForTest();
		const ended = await runFile(cobalt, fromForm(FORM));
		expect(ended.error).toBeUndefined();
		expect(ended.json('Appointment')).toMatchObject([{ job_status: 'completed' }]);
		const [patient, ...others] = cobalt.world.patients({ first_name: 'Ada' });
		expect(others).toEqual([]);
		expect(cobalt.world.appointments()).toMatchObject([{ patient_mrn: patient?.mrn }]);
	});

	it('sends nothing in a rehearsal for a patient who is there', async () => {
		const cobalt = await cobaltForTest();
		const [known] = cobalt.world.patients({ mrn: '44235' });
		const submitted = {
			...FORM,
			'First Name': known?.first_name,
			'Last Name': known?.last_name,
			Birthday: known?.dob,
		};
		const ended = await runFile(cobalt, fromForm(submitted, { validateOnly: true }));
		expect(ended.error).toBeUndefined();
		expect(ended.json('Appointment')).toMatchObject([{ job_status: 'not_submitted' }]);
		expect(cobalt.world.requests({ method: 'POST' })).toEqual([]);
	});
});
