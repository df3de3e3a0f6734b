import type { INodeParameters } from 'n8n-workflow';
import { expect, it } from 'vitest';

import { eventually } from '../../../tools/n8n/session.mts';
import { sceneOfFile } from '../scene.mts';
import { TriggerWorkflow, type TriggerWorkflowOptions } from '../triggerWorkflow.mts';

/** Runs that are under way for as long as n8n is. */
const LONG: TriggerWorkflowOptions['next'] = {
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { amount: 60, unit: 'seconds' },
};

const names = (count: number, from = 1) =>
	Array.from({ length: count }, (_, index) => `e${index + from}`);

/**
 * Killed in the first seconds after an activation, n8n 2.41 activates nothing for two to four minutes: the lease
 * of its publication outbox has to run out first (docs/trigger.md).
 */
const scene = sceneOfFile({ env: { N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' } });

const activated = async (
	eventType: string,
	parameters: INodeParameters,
	next?: TriggerWorkflowOptions['next'],
) => {
	const workflow = await TriggerWorkflow.import(scene.stage, { eventType, parameters, next });
	await workflow.activate();
	return workflow;
};

it('emits what happened while n8n was stopped, and nothing twice', async () => {
	const { stage } = scene;
	const polling = await activated('polling.stopped', { mode: 'polling' });
	const webhook = await activated('webhook.stopped', { mode: 'webhook' });
	for (const workflow of [polling, webhook]) workflow.happen('e1');
	await polling.change(() => ({ notes: 'Looked at at once' }));
	for (const workflow of [polling, webhook]) await workflow.emitted('e1');

	await stage.stop();
	for (const workflow of [polling, webhook]) workflow.happen('e2', 'e3');
	await stage.cobalt.delivered();
	await stage.start();
	for (const workflow of [polling, webhook]) {
		expect(await workflow.emitted('e2', 'e3')).toEqual([['e1'], ['e2', 'e3']]);
	}
	webhook.happen('e4');
	expect(await webhook.emitted('e4')).toEqual([['e1'], ['e2', 'e3'], ['e4']]);
	expect(webhook.registrations()).toHaveLength(1);
	expect(webhook.timesRegistered()).toBe(1);
});

it('loses and repeats no event when n8n is killed in the middle of its work', async () => {
	const { stage } = scene;
	const { cobalt } = stage;
	const polling = await activated('polling.killed', { mode: 'polling' });
	const backlog = await activated('backlog.killed', {
		mode: 'polling',
		options: { eventsPerRun: 4 },
	});
	const webhook = await activated('webhook.killed', { mode: 'webhook' });
	const running = await activated('running.killed', { mode: 'webhook' }, LONG);

	backlog.happen(...names(10));
	await backlog.change(() => ({ notes: 'Looked at at once' }));
	await backlog.emitted(...names(4));

	// Every look is held back: the kill comes in the middle of one.
	cobalt.faults.add({ kind: 'slow', ms: 120_000, path: '/webhook-events', times: Infinity });
	polling.happen(...names(3));
	await polling.nextPoll();
	running.happen('e1');
	webhook.happen(...names(10));
	for (const workflow of [running, webhook]) await workflow.begun();
	webhook.happen(...names(10, 11));
	expect(cobalt.faults.heldBack).toBeGreaterThan(0);
	await stage.kill();
	cobalt.faults.clear();
	await cobalt.delivered();
	expect(webhook.deliveries().map(({ status }) => status)).toContain('network error');
	await stage.start();

	// A run that ended with n8n itself counts as told: n8n keeps what it began with, for a retry.
	await eventually('what was delivered is told, or to be retried', async () => {
		const known = new Set([...(await webhook.runs()).flat(), ...(await webhook.crashed())]);
		return names(20).every((name) => known.has(name)) || undefined;
	});
	await polling.emitted('e3');
	await backlog.emitted('e8');
	await stage.stop();
	await stage.start();

	expect(await backlog.emitted('e10')).toEqual([names(4), names(4, 5), names(2, 9)]);
	expect(await polling.runs()).toEqual([names(3)]);
	const emitted = (await webhook.runs()).flat();
	expect(emitted).toHaveLength(new Set(emitted).size);
	// What had begun when n8n ended is not begun again by itself.
	expect(await running.runs()).toEqual([]);
	expect(await running.crashed()).toEqual(['e1']);
	for (const workflow of [webhook, running]) expect(workflow.registrations()).toHaveLength(1);
});
