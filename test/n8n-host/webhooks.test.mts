import type { INodeExecutionData } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { savedOf } from '../../tools/n8n-host/host.mts';
import type { WebhookResponse } from '../../tools/n8n-host/host/http.mts';
import { inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import { probeHost, post, outputs } from './probe.mts';

describe('a workflow with a webhook', () => {
	it('registers, re-registers and removes its webhook', async () => {
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

	it('registers no webhook while a workflow polls', async () => {
		const { host, script, file } = await probeHost();
		await host.activate(file('polling'));
		expect((await post(host.url())).status).toBe(404);
		expect(script.calls).toEqual(['poll trigger/activate']);
		await host.update(file('webhook'));
		expect((await post(host.url())).status).toBe(200);
	});

	it('removes the webhook after a create that throws', async () => {
		const { host, script, file } = await probeHost();
		script.create = async () => Promise.reject(new Error('Not today'));
		await expect(host.activate(file('webhook'))).rejects.toThrow('Not today');
		expect(script.calls.slice(-2)).toEqual(['delete internal/update', 'known']);
		expect((await post(host.url())).status).toBe(404);
	});

	it('responds first, then runs the workflow', async () => {
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

	it('refuses the same requests as n8n', async () => {
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

	it('lets the node respond by itself, or without an execution', async () => {
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

	it('passes the raw body to the node', async () => {
		const { host, script, file } = await probeHost();
		await host.activate(file('webhook'));
		script.webhook = async function () {
			const { rawBody } = this.getRequestObject() as { rawBody: Buffer };
			return Promise.resolve({ webhookResponse: rawBody.toString() });
		};
		expect((await post(host.url(), ' {"a": 1}')).text).toBe(' {"a": 1}');
	});

	it('responds with 500 and runs a failed execution when the node throws', async () => {
		const { host, script, file } = await probeHost();
		await host.activate(file('webhook'));
		script.webhook = async () => Promise.reject(new Error('Broken'));
		expect((await post(host.url())).status).toBe(500);
		await host.settled();
		expect(host.executions.map(({ error }) => error?.message)).toEqual(['Broken']);
	});

	it('responds with 500 when no execution can start, and late when it starts late', async () => {
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
			() => host.heldBack,
		);
		expect(passed).toBe(30_000);
		expect(host.heldBack).toBe(0);
	});

	it('saves static data of webhook() only when it starts no execution', async () => {
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
