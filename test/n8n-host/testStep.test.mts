import { describe, expect, it } from 'vitest';

import { inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import type { Ended } from '../../tools/n8n-host/workflow.mts';
import { probeHost, post } from './probe.mts';

describe('Execute step', () => {
	it('waits for a call to the test address, and stores nothing', async () => {
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

	it('stops listening after two minutes, or when it is cancelled', async () => {
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

	it('runs the node at once when it has no webhook', async () => {
		const { host, file } = await probeHost();
		const ended = await host.testStep(file('polling'));
		expect(ended?.json('Trigger')).toEqual([{ sample: true }]);
	});
});
