import { Agent } from 'node:http';
import axios from 'axios';
import type { IDataObject, IExecuteFunctions, INode, INodeType } from 'n8n-workflow';

import { nodeTypes, PACKAGE_NAME } from '../../../tools/n8n-host/n8n.mts';
import { baseNode, nodeTypesOf } from '../../../tools/n8n-host/nodeTypes.mts';
import { startWorkflow } from '../../../tools/n8n-host/workflow.mts';
import { node, to } from '../../../tools/n8n-host/workflowFile.mts';
import { n8nNode } from '../n8nNodes.mts';
import { sideBySide } from '../sideBySide.mts';
import type { CallsTask, Kind } from './task.mts';

/** How many calls the node has in flight at once, unless the user chooses otherwise. */
const IN_FLIGHT = 5;

/** What each kind of call asks of Cobalt, by this node's parameters. */
const COBALT_PARAMETERS: Record<Kind, INode['parameters']> = {
	read: { resource: 'appointment', operation: 'get', appointmentId: '={{ $json.id }}' },
	write: {
		resource: 'appointment',
		operation: 'create',
		mrn: '={{ $json.mrn }}',
		datetime: '={{ $json.datetime }}',
		provider: '={{ $json.provider }}',
		location: '={{ $json.location }}',
		type: '={{ $json.type }}',
		waitForResult: false,
	},
};

const WRITTEN_FIELDS = ['mrn', 'datetime', 'provider', 'location', 'type'];

/** The same calls with n8n's HTTP Request node, as a user would enter them. */
function httpRequestParameters(kind: Kind, url: string): INode['parameters'] {
	const authentication = {
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'cobaltApi',
	};
	if (kind === 'read') {
		return { ...authentication, url: `=${url}/v1/appointment/{{ $json.id }}`, options: {} };
	}
	const parameters = WRITTEN_FIELDS.map((name) => ({ name, value: `={{ $json.${name} }}` }));
	return {
		...authentication,
		method: 'POST',
		url: `${url}/v1/appointments`,
		sendBody: true,
		bodyParameters: { parameters },
		options: {},
	};
}

/** Sends the same calls with n8n's HTTP client and does nothing else: no node can be faster. */
async function callOnly(this: IExecuteFunctions) {
	const items = this.getInputData();
	const responses = await sideBySide(items, IN_FLIGHT, async ({ json }) => {
		const response: unknown = await this.helpers.httpRequestWithAuthentication.call(
			this,
			'cobaltApi',
			{
				...(json.id === undefined
					? { method: 'POST', url: '/appointments', body: json }
					: { method: 'GET', url: `/appointment/${json.id as string}` }),
				json: true,
			},
		);
		return response as IDataObject;
	});
	return [responses.map((json, item) => ({ json, pairedItem: { item } }))];
}

const callOnlyNode: INodeType = baseNode('callOnly', callOnly, {
	credentials: [{ name: 'cobaltApi', required: true }],
});

const engine = nodeTypesOf(nodeTypes, {
	'n8n-nodes-base.httpRequest': n8nNode('HttpRequest/HttpRequest', 'HttpRequest'),
	'bench.callOnly': callOnlyNode,
});

/** One node between a trigger and a node that takes what comes out. @returns what came out */
async function onEngine(
	{ url, keys, items }: CallsTask,
	type: string,
	settings: Partial<INode>,
): Promise<IDataObject[]> {
	const credentials = { cobaltApi: { id: '1', name: 'Cobalt' } };
	const ended = await startWorkflow(
		{
			name: 'Calls',
			nodes: [
				node('Trigger', 'n8n-nodes-base.manualTrigger'),
				node('Call', type, { credentials, ...settings }),
				node('After', 'n8n-nodes-base.noOp'),
			],
			connections: { Trigger: { main: [to('Call')] }, Call: { main: [to('After')] } },
			settings: { executionOrder: 'v1' },
			pinData: { Trigger: items.map((json) => ({ json })) },
		},
		{ credential: { ...keys, baseUrl: url }, mode: 'trigger', nodeTypes: engine },
	).result;
	if (ended.error) throw ended.error;
	return ended.json('After');
}

/** The latest version of a node of n8n's. */
const latest = (type: string) => {
	const found = engine.getByName(type);
	return 'nodeVersions' in found ? found.currentVersion : 1;
};

/** Ways to make all of these calls. They give what Cobalt answered, or what the node made of it, in order. */
export const contenders = {
	node: async (task) =>
		await onEngine(task, `${PACKAGE_NAME}.cobalt`, { parameters: COBALT_PARAMETERS[task.kind] }),

	httpRequest: async (task) =>
		await onEngine(task, 'n8n-nodes-base.httpRequest', {
			typeVersion: latest('n8n-nodes-base.httpRequest'),
			parameters: httpRequestParameters(task.kind, task.url),
		}),

	n8nClient: async (task) => await onEngine(task, 'bench.callOnly', {}),

	axios: async ({ url, keys, items }) => {
		const headers = {
			client_id: keys.clientId,
			client_secret: keys.clientSecret,
			access_token: keys.accessToken,
		};
		const httpAgent = new Agent({ keepAlive: true });
		const client = axios.create({ baseURL: `${url}/v1`, headers, httpAgent });
		try {
			return await sideBySide(items, IN_FLIGHT, async (item) => {
				const { data } =
					item.id === undefined
						? await client.post<IDataObject>('/appointments', item)
						: await client.get<IDataObject>(`/appointment/${item.id}`);
				return data;
			});
		} finally {
			httpAgent.destroy();
		}
	},
} satisfies Record<string, (task: CallsTask) => Promise<IDataObject[]>>;
