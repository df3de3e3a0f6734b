import type {
	IDataObject,
	IHookFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import {
	savedOf,
	startHost,
	triggerWorkflow,
	type Host,
	type HostOptions,
} from '../../tools/n8n-host/host.mts';
import type { WebhookResponse } from '../../tools/n8n-host/host/http.mts';
import { loadNodeTypesAnew, nodeTypes } from '../../tools/n8n-host/n8n.mts';
import { after, inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import type { Ended } from '../../tools/n8n-host/workflow.mts';

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

async function probeHost(options: Partial<HostOptions> = {}) {
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

async function post(url: string, body: unknown = { a: 1 }, headers: Record<string, string> = {}) {
	const response = await fetch(url, {
		method: 'POST',
		body: typeof body === 'string' ? body : JSON.stringify(body),
		headers: { 'content-type': 'application/json', ...headers },
	});
	return { status: response.status, text: await response.text() };
}

/** Counts in the node's static data, and gives each number. */
async function countUp(this: IPollFunctions): Promise<IDataObject[]> {
	const stored = this.getWorkflowStaticData('node');
	stored.count = Number(stored.count ?? 0) + 1;
	return Promise.resolve([{ count: stored.count }]);
}

async function countSilently(this: IPollFunctions): Promise<null> {
	await countUp.call(this);
	return null;
}

const outputs = (host: Host) => host.executions.map((ended) => ended.json('After'));

describe('a workflow that polls', () => {
	it('polls at once when it is activated, and keeps its context', async () => {
		const { host, script, file } = await probeHost();
		script.poll = countUp;
		await host.activate(file('polling'));
		await host.tick();
		await host.settled();
		expect(script.calls).toEqual(['poll trigger/activate', 'poll trigger/activate']);
		expect(outputs(host)).toEqual([[{ count: 1 }], [{ count: 2 }]]);
		expect(host.executions.map(({ run }) => run.mode)).toEqual(['trigger', 'trigger']);
	});

	it('saves static data after activation and when it emits, and at no other time', async () => {
		const { host, script, file } = await probeHost();
		script.poll = countSilently;
		await host.activate(file('polling'));
		await host.tick();
		expect(savedOf(host)).toEqual({ count: 1 });
		script.poll = countUp;
		await host.tick();
		expect(savedOf(host)).toEqual({ count: 3 });
		script.poll = countSilently;
		await host.tick();
		await host.restart();
		expect(savedOf(host)).toEqual({ count: 4 });
		expect(script.calls.at(-1)).toBe('poll trigger/init');
	});

	it('begins with what was saved when it is published again', async () => {
		const { host, script, file } = await probeHost();
		script.poll = countSilently;
		await host.activate(file('polling'));
		await host.tick();
		await host.update(file('polling'));
		expect(script.calls).toHaveLength(2);
		await host.update(file('polling', 'changed'));
		expect(script.calls.at(-1)).toBe('poll trigger/update');
		expect(savedOf(host)).toEqual({ count: 2 });
		await host.deactivate();
		await host.tick();
		expect(script.calls).toHaveLength(3);
	});

	it('records what a poll throws, but is not activated by one that does', async () => {
		const { host, script, file } = await probeHost();
		script.poll = async () => Promise.reject(new Error('Nobody there'));
		await expect(host.activate(file('polling'))).rejects.toThrow('Nobody there');
		expect(script.calls).toHaveLength(1);
		await host.deactivate();
		script.poll = countSilently;
		await host.activate(file('polling'));
		script.poll = async () => Promise.reject(new Error('Nobody there'));
		await host.tick();
		expect(host.failures.map(({ error }) => error.message)).toEqual(['Nobody there']);
	});

	it('can be tried five times, as n8n does', async () => {
		const { host, script, file } = await probeHost({ persistent: true });
		script.poll = async () => Promise.reject(new Error('Nobody there'));
		await inVirtualTime(async () => {
			const start = Date.now();
			await expect(host.activate(file('polling'))).rejects.toThrow('Nobody there');
			expect(Date.now() - start).toBe(15_000);
		});
		expect(script.calls).toHaveLength(5);
	});

	it('is refused where the node has no poll times', async () => {
		const { host, file } = await probeHost();
		await expect(host.activate(file('neither'))).rejects.toThrow('Could not get parameter');
	});

	it('polls each minute, also while a poll still runs', async () => {
		const { host, script, file } = await probeHost();
		let running = 0;
		let most = 0;
		await inVirtualTime(async () => {
			await host.activate(file('polling'));
			script.poll = async () => {
				running += 1;
				most = Math.max(most, running);
				await new Promise<void>((resolve) => {
					after(90, resolve);
				});
				running -= 1;
				return null;
			};
			await host.runFor(3);
		});
		expect(script.calls).toHaveLength(4);
		expect(most).toBe(2);
	});

	it('loses what an execution needs that cannot start', async () => {
		const { host, script, file } = await probeHost();
		await host.activate(file('polling'));
		script.poll = countUp;
		host.databaseIsDown = true;
		await host.tick();
		expect(host.saved).toBe('{}');
		host.databaseIsDown = false;
		await host.tick();
		expect(outputs(host)).toEqual([[{ count: 2 }]]);
		expect(host.log().map(({ message }) => message)).toContain('The database does not answer');
	});

	it('has five minutes, or what is said', async () => {
		const budgets: number[] = [];
		for (const budgetMs of [undefined, 1000]) {
			const { host, script, file } = await probeHost({ budgetMs });
			script.poll = async function () {
				budgets.push(this.getPollBudgetMs());
				return Promise.resolve(null);
			};
			await host.activate(file('polling'));
		}
		expect(budgets).toEqual([300_000, 1000]);
	});

	it('sees the credential change', async () => {
		const { host, script, file } = await probeHost();
		const tokens: unknown[] = [];
		script.poll = async function () {
			tokens.push((await this.getCredentials('cobaltApi')).token);
			return null;
		};
		await host.activate(file('polling'));
		host.credential = { token: 'second' };
		await host.tick();
		expect(tokens).toEqual(['first', 'second']);
	});
});

describe('the durable scheduler', () => {
	it('saves the cursor of each poll, but not that of activation', async () => {
		const { host, script, file } = await probeHost({ scheduler: 'durable' });
		script.poll = countSilently;
		await host.activate(file('polling'));
		expect(host.cursors).toBe('{"Trigger":{}}');
		await host.tick();
		expect(host.cursors).toBe('{"Trigger":{"count":1}}');
		script.poll = countUp;
		await host.tick();
		expect(host.cursors).toBe('{"Trigger":{"count":2}}');
		expect(outputs(host)).toEqual([[{ count: 2 }]]);
		expect(script.calls.at(-1)).toBe('poll trigger/update');
	});

	it('keeps the cursor when the execution cannot start, and does not poll at a start', async () => {
		const { host, script, file } = await probeHost({ scheduler: 'durable' });
		script.poll = countUp;
		await host.activate(file('polling'));
		await host.settled();
		host.databaseIsDown = true;
		await host.tick();
		host.databaseIsDown = false;
		expect(host.cursors).toBe('{"Trigger":{"count":1}}');
		await host.restart();
		expect(script.calls).toHaveLength(2);
		await host.tick();
		expect(outputs(host)).toEqual([[{ count: 1 }], [{ count: 2 }]]);
	});

	it('abandons a poll after 45 seconds, and says 36', async () => {
		const { host, script, file } = await probeHost({ scheduler: 'durable' });
		let budget = 0;
		await inVirtualTime(async () => {
			await host.activate(file('polling'));
			script.poll = async function () {
				budget = this.getPollBudgetMs();
				await new Promise<void>((resolve) => {
					after(50, resolve);
				});
				return await countUp.call(this);
			};
			await host.tick();
			await new Promise<void>((resolve) => {
				after(10, resolve);
			});
		});
		expect(budget).toBe(36_000);
		expect(host.executions).toEqual([]);
		expect(host.cursors).toBe('{"Trigger":{}}');
		expect(host.log().map(({ message }) => message)).toContain(
			'Poll exceeded its timeout and was abandoned',
		);
	});
});

describe('a workflow with a webhook', () => {
	it('makes it known, changes it and takes it away', async () => {
		const { host, script, file } = await probeHost({ publicUrl: 'https://n8n.example' });
		await host.activate(file('webhook'));
		expect(savedOf(host)?.url).toMatch(/^https:\/\/n8n\.example\/webhook\/[-\w]+\/webhook$/);
		await host.update(file('webhook', 'x'));
		await host.deactivate();
		expect(script.calls).toEqual([
			'checkExists trigger/activate',
			'create trigger/activate',
			'delete internal/update',
			'known',
			'checkExists trigger/update',
			'create trigger/update',
			'delete internal/update',
			'known',
		]);
		expect(savedOf(host)).toEqual({});
	});

	it('has none while it polls', async () => {
		const { host, script, file } = await probeHost();
		await host.activate(file('polling'));
		expect((await post(host.url())).status).toBe(404);
		expect(script.calls).toEqual(['poll trigger/activate']);
		await host.update(file('webhook'));
		expect((await post(host.url())).status).toBe(200);
	});

	it('is cleaned up after a create that throws', async () => {
		const { host, script, file } = await probeHost();
		script.create = async () => Promise.reject(new Error('Not today'));
		await expect(host.activate(file('webhook'))).rejects.toThrow('Not today');
		expect(script.calls.slice(-2)).toEqual(['delete internal/update', 'known']);
		expect((await post(host.url())).status).toBe(404);
	});

	it('answers, then runs the workflow', async () => {
		const { host, file } = await probeHost();
		await host.activate(file('webhook'));
		expect(await post(host.url())).toEqual({ status: 200, text: '{"received":true}' });
		await host.settled();
		expect(outputs(host)).toEqual([[{ a: 1 }]]);
		expect(host.executions[0]?.run.mode).toBe('webhook');
		await host.update(file('webhook', 'firstEntryJson'));
		expect((await post(host.url())).text).toBe('firstEntryJson');
		await host.update(file('webhook', 'noData'));
		expect((await post(host.url())).text).toBe('');
	});

	it('turns away what n8n turns away', async () => {
		const { host, file } = await probeHost();
		await host.activate(file('webhook'));
		expect((await post(host.url(), '{')).status).toBe(422);
		expect((await post(`${host.url()}s`)).status).toBe(404);
		const get = await fetch(host.url());
		expect(get.status).toBe(404);
		expect(await get.text()).toContain('Did you mean to make a POST request?');
		expect((await post(host.url(), { a: 'a'.repeat(17 << 20) })).status).toBe(500);
		await host.settled();
		expect(host.executions).toEqual([]);
	});

	it('can answer by itself, or without a run', async () => {
		const { host, script, file } = await probeHost();
		await host.activate(file('webhook'));
		script.webhook = async function () {
			const response = this.getResponseObject() as WebhookResponse;
			response.status(401).json({ sorry: true });
			return Promise.resolve({ noWebhookResponse: true });
		};
		expect(await post(host.url())).toEqual({ status: 401, text: '{"sorry":true}' });
		script.webhook = async () => Promise.resolve({ webhookResponse: 'pong' });
		expect(await post(host.url())).toEqual({ status: 200, text: 'pong' });
		expect(host.executions).toEqual([]);
	});

	it('gives the node the raw body', async () => {
		const { host, script, file } = await probeHost();
		await host.activate(file('webhook'));
		script.webhook = async function () {
			const { rawBody } = this.getRequestObject() as { rawBody: Buffer };
			return Promise.resolve({ webhookResponse: rawBody.toString() });
		};
		expect((await post(host.url(), ' {"a": 1}')).text).toBe(' {"a": 1}');
	});

	it('fails with an execution when the node throws', async () => {
		const { host, script, file } = await probeHost();
		await host.activate(file('webhook'));
		script.webhook = async () => Promise.reject(new Error('Broken'));
		expect((await post(host.url())).status).toBe(500);
		await host.settled();
		expect(host.executions.map(({ error }) => error?.message)).toEqual(['Broken']);
	});

	it('answers 500 when no execution can start, and late when it starts late', async () => {
		const { host, file } = await probeHost();
		await host.activate(file('webhook'));
		host.databaseIsDown = true;
		expect((await post(host.url())).status).toBe(500);
		host.databaseIsDown = false;
		host.startDelayMs = 30_000;
		const passed = await inVirtualTime(
			async () => {
				const start = Date.now();
				expect((await post(host.url())).status).toBe(200);
				return Date.now() - start;
			},
			() => host.asleep,
		);
		expect(passed).toBe(30_000);
		expect(host.asleep).toBe(0);
	});

	it('keeps what webhook() writes only when it starts no execution', async () => {
		const { host, script, file } = await probeHost();
		await host.activate(file('webhook'));
		let workflowData: INodeExecutionData[][] | undefined = [[{ json: {} }]];
		script.webhook = async function () {
			this.getWorkflowStaticData('node').seen = true;
			return Promise.resolve({ workflowData });
		};
		await post(host.url());
		expect(savedOf(host)?.seen).toBeUndefined();
		workflowData = undefined;
		await post(host.url());
		expect(savedOf(host)?.seen).toBe(true);
	});
});

describe('a new process', () => {
	it('loads the modules of the package anew', async () => {
		const anew = await loadNodeTypesAnew();
		expect(anew.cobalt?.type.constructor).not.toBe(nodeTypes.cobalt?.type.constructor);
	});

	it('remembers nothing, looks whether its webhook is known, and leaves it where it is', async () => {
		const { host, script, file, memories } = await probeHost();
		await host.activate(file('webhook'));
		await post(host.url());
		await host.settled();
		const url = host.url();
		await host.restart(async () => {
			await expect(post(url)).rejects.toThrow();
		});
		expect(host.url()).toBe(url);
		expect(memories.map(({ execute }) => execute)).toEqual([1, 0]);
		expect(script.calls.slice(2)).toEqual(['checkExists trigger/init']);
	});

	it('does not hear of a poll that was under way in a crash', async () => {
		const { host, script, file } = await probeHost();
		await host.activate(file('polling'));
		let finish: () => void = () => undefined;
		script.poll = async function () {
			await new Promise<void>((resolve) => {
				finish = resolve;
			});
			return await countUp.call(this);
		};
		const poll = host.tick();
		script.poll = async () => Promise.resolve(null);
		await host.crash();
		finish();
		await poll;
		expect(host.saved).toBe('{}');
		expect(host.executions).toEqual([]);
		expect(script.calls.at(-1)).toBe('poll trigger/init');
	});
});

describe('an execution', () => {
	it('is lost in a crash, and waited for when n8n is shut down', async () => {
		const { host, script, file } = await probeHost();
		await host.activate(file('webhook'));
		let finish: () => void = () => undefined;
		script.beforeExecute = async () =>
			new Promise<void>((resolve) => {
				finish = resolve;
			});
		await post(host.url());
		await host.crash();
		finish();
		await host.settled();
		expect(host.executions).toEqual([]);
		await post(host.url(), { a: 2 });
		setTimeout(() => {
			finish();
		}, 50);
		await host.restart();
		expect(outputs(host)).toEqual([[{ a: 2 }]]);
	});
});

describe('queue mode', () => {
	it('shares no memory between main, webhook process and worker', async () => {
		const { host, file, memories } = await probeHost();
		const { url } = await host.webhookProcess();
		await host.activate(file('webhook'));
		expect(savedOf(host)?.url).toBe(url());
		expect(new URL(url()).port).not.toBe(new URL(host.url()).port);
		expect((await post(url())).status).toBe(200);
		expect((await post(host.url())).status).toBe(200);
		await host.settled();
		expect(memories).toEqual([
			{ webhook: 1, execute: 0 },
			{ webhook: 0, execute: 2 },
			{ webhook: 1, execute: 0 },
		]);
	});

	it('loses what is stored, when a worker writes', async () => {
		const { host, file } = await probeHost();
		await host.activate(file('webhook'));
		host.workerWritesStaticData();
		expect(savedOf(host)).toBeUndefined();
	});
});

describe('Execute step', () => {
	it('waits for a call, and stores nothing', async () => {
		const { host, script, file } = await probeHost();
		const workflow = file('webhook');
		const early: string[] = [];
		script.create = async function () {
			const url = this.getNodeWebhookUrl('default') ?? '';
			expect(url).toBe(host.testUrl(workflow));
			early.push(await (await fetch(url)).text());
			return true;
		};
		script.webhook = async function () {
			const { url } = this.getWorkflowStaticData('node');
			return Promise.resolve({ workflowData: [[{ json: { url } }]] });
		};
		const step = host.testStep(workflow);
		await expect.poll(() => early).toHaveLength(1);
		expect(early[0]).toContain('Did you mean to make a POST request?');
		await post(host.testUrl(workflow));
		const ended = (await step) as Ended;
		expect(ended.json('Trigger')).toEqual([{ url: host.testUrl(workflow) }]);
		expect(ended.run.mode).toBe('manual');
		expect(ended.json('After')).toEqual([]);
		expect(script.calls.slice(-2)).toEqual(['delete internal/update', 'known']);
		expect(host.saved).toBe('{}');
		expect(host.executions).toEqual([]);
	});

	it('gives up after two minutes, or when it is told to', async () => {
		const { host, script, file } = await probeHost();
		await inVirtualTime(async () => {
			expect(await host.testStep(file('webhook'))).toBeUndefined();
		});
		const step = host.testStep(file('webhook'));
		await expect.poll(() => script.calls.at(-1)).toBe('create manual/manual');
		await host.cancelTest();
		expect(await step).toBeUndefined();
		expect(script.calls.filter((call) => call === 'known')).toHaveLength(2);
	});

	it('runs at once without a webhook', async () => {
		const { host, file } = await probeHost();
		const ended = await host.testStep(file('polling'));
		expect(ended?.json('Trigger')).toEqual([{ sample: true }]);
	});
});
