import type { IPollFunctions } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { savedOf } from '../../tools/n8n-host/host.mts';
import { after, inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import { countUp, probeHost, outputs } from './probe.mts';

async function countSilently(this: IPollFunctions): Promise<null> {
	await countUp.call(this);
	return null;
}

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

	it('saves static data after activation and with an execution, and at no other time', async () => {
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

	it('starts from the saved static data when it is published again', async () => {
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

	it('records the error of a poll, and does not activate when the first poll throws', async () => {
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

	it('tries a persistent activation five times, as n8n does', async () => {
		const { host, script, file } = await probeHost({ persistent: true });
		script.poll = async () => Promise.reject(new Error('Nobody there'));
		await inVirtualTime(async () => {
			const start = Date.now();
			await expect(host.activate(file('polling'))).rejects.toThrow('Nobody there');
			expect(Date.now() - start).toBe(15_000);
		});
		expect(script.calls).toHaveLength(5);
	});

	it('refuses to activate a node without poll times', async () => {
		const { host, file } = await probeHost();
		await expect(host.activate(file('neither'))).rejects.toThrow('Could not get parameter');
	});

	it('polls each minute even while a poll still runs', async () => {
		const { host, script, file } = await probeHost();
		let running = 0;
		let max = 0;
		await inVirtualTime(async () => {
			await host.activate(file('polling'));
			script.poll = async () => {
				running += 1;
				max = Math.max(max, running);
				await new Promise<void>((resolve) => {
					after(90, resolve);
				});
				running -= 1;
				return null;
			};
			await host.runFor(3);
		});
		expect(script.calls).toHaveLength(4);
		expect(max).toBe(2);
	});

	it('loses the items of an execution that cannot start', async () => {
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

	it('gives a poll five minutes, or the configured budget', async () => {
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

	it('uses a changed credential in the next poll', async () => {
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
	it('saves the cursor of each poll, but not that of the activation', async () => {
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

	it('keeps the cursor when the execution cannot start, and does not poll after a restart', async () => {
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

	it('abandons a poll after 45 seconds, and announces 36', async () => {
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
