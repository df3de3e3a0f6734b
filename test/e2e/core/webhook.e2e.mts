import axios from 'axios';
import { describe, expect, it } from 'vitest';

import { signEnvelope } from '../../../tools/fake-cobalt/events/signEnvelope.mts';
import { until } from '../../../tools/n8n/session.mts';
import { sceneOfFile } from '../scene.mts';
import { TriggerWorkflow } from '../triggerWorkflow.mts';

const scene = sceneOfFile();

const webhook = async (eventType: string) =>
	await TriggerWorkflow.import(scene.stage, { eventType, parameters: { mode: 'webhook' } });

/** Somebody calls an address as Cobalt would. @returns the status of the answer */
const call = async (url: string, body: Buffer, signature?: string) => {
	const { status } = await axios.post(url, body, {
		headers: { 'content-type': 'application/json', 'cobalt-verification': signature },
		validateStatus: () => true,
	});
	return status;
};

const unregistered = async (workflow: TriggerWorkflow) => {
	await until('nothing is registered any more', () => workflow.registrations().length === 0);
};

describe('an active webhook trigger', () => {
	it('registers its webhook at Cobalt once, and starts one execution for each delivery', async () => {
		const workflow = await webhook('delivery.tested');
		await workflow.activate();
		expect(workflow.registrations()).toHaveLength(1);
		expect(workflow.url).toContain(`${scene.stage.url}/webhook/`);

		workflow.happen('e1', 'e2', 'e3');
		const runs = await workflow.emitted('e1', 'e2', 'e3');
		await scene.stage.cobalt.delivered();
		expect(runs.sort()).toEqual([['e1'], ['e2'], ['e3']]);
		expect(workflow.deliveries().map(({ status }) => status)).toEqual([200, 200, 200]);
		expect(workflow.timesRegistered()).toBe(1);
	});

	it('refuses unsigned deliveries, and starts nothing for them', async () => {
		const workflow = await webhook('forgery.tested');
		await workflow.activate();
		const event = { id: 'forged', type: 'forgery.tested', data: { mrn: '44235' } };
		const { bytes, signature } = signEnvelope(
			event,
			{ ...workflow.registration, secret: 'guessed' },
			{},
		);
		expect(await call(workflow.url, bytes)).toBe(401);
		expect(await call(workflow.url, bytes, signature)).toBe(401);

		workflow.happen('e1');
		await workflow.emitted('e1');
		expect(await workflow.executions()).toHaveLength(1);
	});

	it('emits a repeated delivery once', async () => {
		const workflow = await webhook('repetition.tested');
		await workflow.activate();
		scene.stage.cobalt.webhookSender.plan({ url: workflow.url, isRepeated: true });
		workflow.happen('e1');
		await scene.stage.cobalt.delivered();
		workflow.happen('e2');
		expect(await workflow.emitted('e1', 'e2')).toEqual([['e1'], ['e2']]);
		expect(workflow.deliveries().map(({ name }) => name)).toEqual(['e1', 'e1', 'e2']);
		expect(await workflow.executions()).toHaveLength(2);
	});

	it('keeps its registration when it is renamed', async () => {
		const workflow = await webhook('renaming.tested');
		await workflow.activate();
		workflow.happen('e1');
		await workflow.emitted('e1');

		await workflow.change(() => ({ name: 'Renamed' }));
		expect(workflow.registrations()).toHaveLength(1);
		workflow.happen('e2');
		expect(await workflow.emitted('e2')).toEqual([['e1'], ['e2']]);
		expect(workflow.deliveries().map(({ status }) => status)).toEqual([200, 200]);
	});

	it('removes its registration on deactivation, and later deliveries start nothing', async () => {
		const workflow = await webhook('deactivation.tested');
		await workflow.activate();
		workflow.happen('e1');
		await workflow.emitted('e1');
		const { registration } = workflow;

		await workflow.deactivate();
		await unregistered(workflow);
		const event = { id: 'late', type: 'deactivation.tested', data: { mrn: '44235' } };
		const { bytes, signature } = signEnvelope(event, registration, {});
		expect(await call(registration.url, bytes, signature)).toBe(404);
		workflow.happen('e2');
		expect(workflow.deliveries().map(({ name }) => name)).toEqual(['e1']);
		expect(await workflow.executions()).toHaveLength(1);
	});
});

describe('Execute step of a webhook trigger', () => {
	it('shows the newest event, registers nothing and leaves the active trigger alone', async () => {
		const workflow = await webhook('step.tested');
		workflow.happen('old', 'newest');
		await workflow.activate();
		const { registration } = workflow;
		await workflow.executeStep();
		expect(await workflow.sample()).toEqual(['newest']);
		expect(workflow.registrations()).toEqual([registration]);
		expect(workflow.timesRegistered()).toBe(1);

		workflow.happen('e1');
		expect(await workflow.emitted('e1')).toEqual([['e1']]);
	});

	it('registers its test address until an event comes where the log has none', async () => {
		const workflow = await webhook('first.tested');
		await workflow.executeStep();
		expect(workflow.url).toContain(`${scene.stage.url}/webhook-test/`);
		workflow.happen('e1');
		expect(await workflow.sample()).toEqual(['e1']);
		await unregistered(workflow);
	});
});
