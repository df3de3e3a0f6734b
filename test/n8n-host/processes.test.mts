import { describe, expect, it } from 'vitest';

import { savedOf } from '../../tools/n8n-host/host.mts';
import { loadNodeTypesAnew, nodeTypes } from '../../tools/n8n-host/n8n.mts';
import { probeHost, post, countUp, outputs } from './probe.mts';

describe('a new process', () => {
	it('loads the modules of the package again', async () => {
		const anew = await loadNodeTypesAnew();
		expect(anew.cobalt?.type.constructor).not.toBe(nodeTypes.cobalt?.type.constructor);
	});

	it('starts a new process without memory, and keeps a webhook that is still registered', async () => {
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

	it('drops a poll that was running in a crash', async () => {
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
	it('loses an execution in a crash, and waits for it in a shutdown', async () => {
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

	it('loses the static data of main when a worker writes its own', async () => {
		const { host, file } = await probeHost();
		await host.activate(file('webhook'));
		host.workerWritesStaticData();
		expect(savedOf(host)).toBeUndefined();
	});
});
