import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { nodeTypes } from '../../../tools/n8n-host/n8n.mts';
import { nodeTypesOf } from '../../../tools/n8n-host/nodeTypes.mts';
import { startWorkflow } from '../../../tools/n8n-host/workflow.mts';
import { node, to, type WorkflowFile } from '../../../tools/n8n-host/workflowFile.mts';
import { credentialOf } from '../../Cobalt/setup.mts';
import { n8nNode } from '../n8nNodes.mts';
import type { Work } from './work.mts';

/** n8n's own nodes, by their full names. */
const NODES = {
	'n8n-nodes-base.httpRequest': n8nNode('HttpRequest/HttpRequest', 'HttpRequest'),
	'n8n-nodes-base.if': n8nNode('If/If', 'If'),
	'n8n-nodes-base.wait': n8nNode('Wait/Wait', 'Wait'),
};

const engine = nodeTypesOf(nodeTypes, NODES);

const CREDENTIAL = {
	authentication: 'predefinedCredentialType',
	nodeCredentialType: 'cobaltApi',
};

const FIELDS = ['mrn', 'datetime', 'provider', 'location', 'type'];

/** Book → Wait (its default, 5 seconds) → look → If: done, or back to Wait. */
function loopFor(url: string, work: Work[]): WorkflowFile {
	const credentials = { cobaltApi: { id: '1', name: 'Cobalt' } };
	const bodyParameters = FIELDS.map((name) => ({ name, value: `={{ $json.${name} }}` }));
	const condition = {
		leftValue: '={{ $json.webhook_events.length }}',
		rightValue: 0,
		operator: { type: 'number', operation: 'gt' },
	};
	return {
		name: 'Loop',
		nodes: [
			node('Trigger', 'n8n-nodes-base.manualTrigger'),
			node('Book', 'n8n-nodes-base.httpRequest', {
				typeVersion: 4.2,
				credentials,
				parameters: {
					...CREDENTIAL,
					method: 'POST',
					url: `${url}/v1/appointments`,
					sendBody: true,
					bodyParameters: { parameters: bodyParameters },
					options: {},
				},
			}),
			node('Wait', 'n8n-nodes-base.wait', {
				typeVersion: 1.1,
				parameters: { resume: 'timeInterval', amount: 5, unit: 'seconds' },
			}),
			node('Look', 'n8n-nodes-base.httpRequest', {
				typeVersion: 4.2,
				credentials,
				parameters: {
					...CREDENTIAL,
					url: `=${url}/v1/webhook-events?job_id={{ $('Book').item.json.data.job_id }}`,
					options: {},
				},
			}),
			node('Is done', 'n8n-nodes-base.if', {
				typeVersion: 2.2,
				parameters: {
					conditions: {
						options: { version: 2, caseSensitive: true, typeValidation: 'strict', leftValue: '' },
						combinator: 'and',
						conditions: [condition],
					},
					options: {},
				},
			}),
			node('Done', 'n8n-nodes-base.noOp'),
		],
		connections: {
			Trigger: { main: [to('Book')] },
			Book: { main: [to('Wait')] },
			Wait: { main: [to('Look')] },
			Look: { main: [to('Is done')] },
			'Is done': { main: [to('Done'), to('Wait')] },
		},
		settings: { executionOrder: 'v1' },
		pinData: { Trigger: work.map(({ body }) => ({ json: body })) },
	};
}

/** The loop that a user would draw, for all items in one execution. @returns the jobs seen completed */
export async function drawnLoop(cobalt: Cobalt, work: Work[]): Promise<string[]> {
	const ended = await startWorkflow(loopFor(cobalt.url, work), {
		credential: credentialOf(cobalt),
		nodeTypes: engine,
	}).result;
	if (ended.error) throw ended.error;
	const runs = ended.run.data.resultData.runData.Done ?? [];
	const items = runs.flatMap(({ data }) => data?.main?.[0] ?? []);
	return items.flatMap(({ json }) => {
		const [event] = json.webhook_events as { event_type: string; job_id: string }[];
		return event?.event_type === 'appointment.created' ? [event.job_id] : [];
	});
}
