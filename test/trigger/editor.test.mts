import { describe, expect, it } from 'vitest';

import { minutes, patientUpdated, play, polling, webhook } from './setup.mts';

describe('Execute step', () => {
	it.each([
		['polling', polling],
		['webhook', webhook],
	])('gives a real, recent event in the mode %s, and touches no state', async (_, file) => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			cobalt.world.addEvent(patientUpdated('e1'));
			await minutes(5);
			cobalt.world.addEvent(patientUpdated('e2'));
			cobalt.world.addEvent({ type: 'task.created', jobId: '1' });
			await minutes(5);
			await host.activate(file());
			const { saved } = host;
			const registered = cobalt.world.webhooks();
			const ended = await host.testStep(file());
			expect(ended?.error?.message).toBeUndefined();
			expect(ended?.json('Trigger').map(({ event_id }) => event_id)).toEqual(['e2']);
			// Again: it is not a repetition.
			const again = await host.testStep(file());
			expect(again?.json('Trigger').map(({ event_id }) => event_id)).toEqual(['e2']);
			expect(host.saved).toBe(saved);
			expect(cobalt.world.webhooks()).toEqual(registered);
			expect(host.executions).toEqual([]);
			cobalt.world.addEvent(patientUpdated('e3'));
			await cobalt.delivered();
			await host.runFor(2);
			expect(host.executions.map((run) => run.json('After')[0]?.event_id)).toEqual(['e3']);
		});
	});

	it('says what to do where there is none, when polling', async () => {
		await play(async (scene) => {
			const ended = await scene.host.testStep(polling());
			expect(ended?.error?.message).toBe('Cobalt has no recent event that is wanted here');
			expect(ended?.error?.description).toContain('Change something in the EHR');
		});
	});

	it('waits for Cobalt where there is none, in the mode Webhook, and leaves nothing behind', async () => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			const testing = host.testStep(webhook());
			await minutes(0.5);
			expect(cobalt.world.webhooks().map(({ url }) => url)).toEqual([host.testUrl(webhook())]);
			cobalt.world.addEvent({ type: 'task.created', jobId: '1' });
			await minutes(0.1);
			cobalt.world.addEvent(patientUpdated('e1'));
			const ended = await testing;
			expect(ended?.json('Trigger').map(({ event_id }) => event_id)).toEqual(['e1']);
			expect(cobalt.world.webhooks()).toEqual([]);
		});
	});

	it('leaves the active trigger as it is: its sweep goes on reading failed deliveries alone', async () => {
		await play(async ({ cobalt, host }) => {
			await host.activate(webhook());
			const testing = host.testStep(webhook());
			await minutes(0.1);
			await host.cancelTest();
			await testing;
			const before = cobalt.world.requests({ path: '/webhook-events' }).length;
			await host.runFor(3);
			const queries = cobalt.world.requests({ path: '/webhook-events' }).slice(before);
			expect(queries.map(({ query }) => query.status)).toEqual(['failed', 'failed', 'failed']);
		});
	});

	it('that is given up leaves nothing behind', async () => {
		await play(async ({ cobalt, host }) => {
			const testing = host.testStep(webhook());
			await minutes(0.1);
			await host.cancelTest();
			expect(await testing).toBeUndefined();
			expect(cobalt.world.webhooks()).toEqual([]);
		});
	});
});
