import type {
	IDataObject,
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import {
	startHost,
	triggerWorkflow,
	type Host,
	type HostOptions,
} from '../../tools/n8n-host/host.mts';

const PROBE = 'test.probe';

/** What the probe does, and what it has been called for. */
class Script {
	readonly calls: string[] = [];

	poll: (this: IPollFunctions) => Promise<IDataObject[] | null> = async () => Promise.resolve(null);

	create: (this: IHookFunctions) => Promise<boolean> = async () => Promise.resolve(true);

	webhook: (this: IWebhookFunctions) => Promise<IWebhookResponseData> = async function () {
		return Promise.resolve({
			workflowData: [[{ json: this.getBodyData() }]],
			webhookResponse: { received: true },
		});
	};

	beforeExecute: () => Promise<void> = async () => Promise.resolve();

	tell(what: string, context: IPollFunctions | IHookFunctions): void {
		this.calls.push(`${what} ${context.getMode()}/${context.getActivationMode()}`);
	}
}

/** A trigger as CobaltTrigger is one: webhook or polling, by a parameter. */
function makeProbe(script: Script) {
	/** Of its process: how often which method was called. */
	const memory = { webhook: 0, execute: 0 };
	const hook = (what: string, context: IHookFunctions): IDataObject => {
		script.tell(what, context);
		return context.getWorkflowStaticData('node');
	};
	const type: INodeType = {
		description: DESCRIPTION,
		webhookMethods: {
			default: {
				async checkExists() {
					const { url } = hook('checkExists', this);
					return Promise.resolve(url === this.getNodeWebhookUrl('default'));
				},
				async create() {
					hook('create', this).url = this.getNodeWebhookUrl('default');
					return await script.create.call(this);
				},
				async delete() {
					const stored = hook('delete', this);
					script.calls.push(stored.url === undefined ? 'nothing known' : 'known');
					delete stored.url;
					return Promise.resolve(true);
				},
			},
		},
		async poll() {
			if (this.getNodeParameter('mode') !== 'polling') return null;
			script.tell('poll', this);
			const items = await script.poll.call(this);
			return items && [items.map((json) => ({ json }))];
		},
		async webhook() {
			memory.webhook += 1;
			return await script.webhook.call(this);
		},
		async execute() {
			memory.execute += 1;
			await script.beforeExecute();
			const isTest = this.getMode() === 'manual';
			if (isTest && this.getNodeParameter('mode', 0) === 'polling') {
				return [[{ json: { sample: true } }]];
			}
			return [this.getInputData()];
		},
	};
	return { type, memory };
}

const DESCRIPTION: INodeTypeDescription = {
	displayName: 'Probe Trigger',
	name: 'probe',
	group: ['trigger'],
	version: 1,
	description: '',
	defaults: { name: 'Probe' },
	inputs: [],
	outputs: ['main'],
	credentials: [{ name: 'cobaltApi' }],
	webhooks: [
		{
			name: 'default',
			path: 'webhook',
			httpMethod: '={{ $parameter["mode"] === "webhook" ? "POST" : "" }}',
			responseMode: 'onReceived',
			responseData: '={{ $parameter["answer"] }}',
		},
	],
	properties: [
		{ displayName: 'Mode', name: 'mode', type: 'string', default: 'webhook' },
		{ displayName: 'Answer', name: 'answer', type: 'string', default: '' },
		{
			displayName: 'Poll Times',
			name: 'pollTimes',
			type: 'json',
			default: {},
			displayOptions: { show: { mode: ['webhook', 'polling'] } },
		},
	],
};

export async function probeHost(options: Partial<HostOptions> = {}) {
	const script = new Script();
	/** What each process remembers, in the order in which they were started. */
	const memories: ReturnType<typeof makeProbe>['memory'][] = [];
	const host = await startHost({
		credential: { token: 'first' },
		nodes: () => {
			const { type, memory } = makeProbe(script);
			memories.push(memory);
			return { [PROBE]: type };
		},
		...options,
	});
	const file = (mode: 'webhook' | 'polling' | 'neither', answer = '') => {
		const pollTimes = { item: mode === 'polling' ? [{ mode: 'everyMinute' }] : [] };
		return triggerWorkflow({ mode, pollTimes, answer }, { type: PROBE });
	};
	return { host, script, file, memories };
}

export async function post(
	url: string,
	body: unknown = { a: 1 },
	headers: Record<string, string> = {},
) {
	const response = await fetch(url, {
		method: 'POST',
		body: typeof body === 'string' ? body : JSON.stringify(body),
		headers: { 'content-type': 'application/json', ...headers },
	});
	return { status: response.status, text: await response.text() };
}

/** Counts in the node's static data, and gives each number. */
export async function countUp(this: IPollFunctions): Promise<IDataObject[]> {
	const stored = this.getWorkflowStaticData('node');
	stored.count = Number(stored.count ?? 0) + 1;
	return Promise.resolve([{ count: stored.count }]);
}

export const outputs = (host: Host) => host.executions.map((ended) => ended.json('After'));
