/** Several clinics by one credential, and what other nodes do with a credential. */
import { randomUUID } from 'node:crypto';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { expect, it } from 'vitest';

import { node, to } from '../../../tools/n8n-host/workflowFile.mts';
import { eventually, itemsOf, type StoredExecution } from '../../../tools/n8n/session.mts';
import { MULTIPLE, referenceOf } from '../../Cobalt/clinics.mts';
import { CREATE } from '../../Cobalt/setup.mts';
import { openElsewhere } from '../../shared/http/elsewhere.mts';
import { sceneOfFile } from '../scene.mts';
import { startsOf, visits } from './workflows.mts';

const scene = sceneOfFile({ cobalt: { medianSeconds: 1, clinics: 3 } });

/** Runs one node with a credential of its own, in the editor. */
async function runNode(
	type: string,
	parameters: INodeParameters,
	{ items = [{}], typeVersion = 1, ...fields }: Partial<INode> & { items?: IDataObject[] } = {},
	credential: object = {},
): Promise<StoredExecution> {
	const { cobalt, session } = scene.stage;
	const data = { ...cobalt.keys, baseUrl: cobalt.url, ...credential };
	const id = await session.createCredential('Clinics', 'cobaltApi', data);
	const credentials = { cobaltApi: { id, name: 'Clinics' } };
	const workflow = await session.createWorkflow({
		name: 'Clinics',
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger'),
			node('Node', type, { parameters, typeVersion, credentials, ...fields }),
		],
		connections: { Start: { main: [to('Node')] } },
		pinData: { Start: items.map((json) => ({ json })) },
	});
	const execution = await session.execute(workflow.id, 'Start');
	return await session.ended(String(execution));
}

it('books each item at the clinic whose token it carries', async () => {
	const { clinics } = scene.stage.cobalt;
	const wanted = visits(9);
	const tokens = [...clinics, ...clinics, ...clinics].map(({ keys }) => keys.accessToken);
	const items = wanted.map((visit, index) => ({
		...visit,
		provider: '118',
		location: '2',
		type: 'follow_up',
		token: index === 8 ? '' : tokens[index],
	}));
	const execution = await runNode(
		'n8n-nodes-cobalt.cobalt',
		CREATE,
		{ items, onError: 'continueRegularOutput' },
		{ accessToken: '={{ $json.token }}' },
	);
	const out = itemsOf(execution, 'Node');
	expect(out.slice(0, 8).map(({ job_status }) => job_status)).toEqual(Array(8).fill('completed'));
	expect(out[8]?.error).toBe(
		"Appointment: Create was not submitted: 'Access Token' in the Cobalt credential is empty [item 8]",
	);
	const booked = clinics.map(({ world }) =>
		world.appointments().map(({ datetime }) => new Date(datetime).toISOString()),
	);
	const starts = startsOf(wanted);
	expect(booked).toEqual([
		[starts[0], starts[3], starts[6]],
		[starts[1], starts[4], starts[7]],
		[starts[2], starts[5]],
	]);
});

/** A published workflow whose trigger has the credential with all clinics. @returns its ID */
async function publishTrigger(parameters: INodeParameters): Promise<string> {
	const { stage } = scene;
	const { id } = await stage.import({
		name: 'Events of all clinics',
		nodes: [
			node('Trigger', 'n8n-nodes-cobalt.cobaltTrigger', {
				webhookId: randomUUID(),
				parameters: { ...MULTIPLE, events: ['all'], ...parameters },
				credentials: { cobaltMultipleClinicsApi: { id: null, name: '' } },
			}),
			node('Next', 'n8n-nodes-base.noOp'),
		],
		connections: { Trigger: { main: [to('Next')] } },
		settings: { executionOrder: 'v1' },
	});
	await stage.session.activate(id);
	return id;
}

/** The events that a workflow went on with, as `clinic: event`. */
async function emittedByClinic(workflowId: string): Promise<string[]> {
	const { session } = scene.stage;
	const summaries = await session.executions(workflowId);
	const executions = await Promise.all(
		summaries.map(async ({ id }) => await session.execution(id)),
	);
	return executions.flatMap((execution) =>
		itemsOf(execution, 'Next').map(
			({ access_token_reference_id: clinic, event_id: id }) =>
				`${clinic as string}: ${id as string}`,
		),
	);
}

it.each(['polling', 'webhook'])(
	'starts a workflow once for each event of each clinic, by %s',
	async (mode) => {
		const { clinics } = scene.stage.cobalt;
		const workflow = await publishTrigger({ mode });
		const type = `everywhere.by_${mode}`;
		for (const { world } of clinics) world.addEvent({ id: mode, type, data: { mrn: '44235' } });
		const wanted = clinics.map((_, index) => `${referenceOf(index)}: ${mode}`);
		await eventually('every clinic has started the workflow', async () => {
			const emitted = new Set(await emittedByClinic(workflow));
			return wanted.every((event) => emitted.has(event)) || undefined;
		});
		const emitted = await emittedByClinic(workflow);
		expect(emitted.filter((event) => event.endsWith(mode)).sort()).toEqual(wanted);
		await scene.stage.session.deactivate(workflow);
	},
);

it('sends no keys from an HTTP Request node to the target of a redirect', async () => {
	const { cobalt } = scene.stage;
	const { location, visitors } = await openElsewhere();
	const parameters = {
		url: `${cobalt.url}/v1/locations`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'cobaltApi',
		options: { redirect: { redirect: { followRedirects: true, maxRedirects: 21 } } },
	};
	for (const method of ['GET', 'POST']) {
		cobalt.faults.add({ kind: 'redirect', location, path: '/locations' });
		const request = { ...parameters, method };
		const redirected = await runNode('n8n-nodes-base.httpRequest', request, { typeVersion: 4.2 });
		expect(redirected.status).toBe('error');
		expect(JSON.stringify(redirected.run)).not.toContain(cobalt.keys.clientSecret);
	}
	const direct = await runNode('n8n-nodes-base.httpRequest', parameters, { typeVersion: 4.2 });
	expect(itemsOf(direct, 'Node')[0]?.locations).toBeDefined();
	expect(visitors).toEqual([]);
});
