import { describe, expect, it } from 'vitest';

import { sceneOfFile } from '../scene.mts';
import { TriggerWorkflow } from '../triggerWorkflow.mts';

const EVERY_MINUTE = { item: [{ mode: 'everyMinute' }] };

const scene = sceneOfFile();

const polling = async (eventType: string) =>
	await TriggerWorkflow.import(scene.stage, { eventType, parameters: { mode: 'polling' } });

// Side by side: what takes time in each of them is to wait for n8n's next minute.
describe.concurrent('a polling trigger', () => {
	it('starts with what happens after its activation, and emits each event once', async () => {
		const workflow = await polling('begin.tested');
		workflow.happen('before');
		await workflow.activate();
		workflow.happen('e1', 'e2');
		await workflow.nextPoll();
		expect(await workflow.emitted('e1', 'e2')).toEqual([['e1', 'e2']]);

		workflow.happen('e3');
		await workflow.nextPoll();
		expect(await workflow.emitted('e3')).toEqual([['e1', 'e2'], ['e3']]);
	});

	it('continues from its position after a deactivation', async () => {
		const workflow = await polling('deactivation.tested');
		await workflow.activate();
		await workflow.deactivate();
		workflow.happen('e1', 'e2');
		await workflow.activate();
		expect(await workflow.emitted('e1', 'e2')).toEqual([['e1', 'e2']]);
	});

	it('continues from its position after it is renamed', async () => {
		const workflow = await polling('renaming.tested');
		await workflow.activate();
		workflow.happen('e1');
		await workflow.nextPoll();
		await workflow.emitted('e1');

		workflow.happen('e2');
		await workflow.change(() => ({ name: 'Renamed' }));
		expect(await workflow.emitted('e2')).toEqual([['e1'], ['e2']]);
		workflow.happen('e3');
		await workflow.change(() => ({ notes: 'Looked at again' }));
		expect(await workflow.emitted('e3')).toEqual([['e1'], ['e2'], ['e3']]);
	});

	it('shows the newest event in the editor, and still emits it in production', async () => {
		const workflow = await polling('step.tested');
		await workflow.activate();
		workflow.happen('e1', 'e2');
		await workflow.executeStep();
		expect(await workflow.sample()).toEqual(['e2']);
		expect(workflow.registrations()).toEqual([]);
		await workflow.nextPoll();
		expect(await workflow.emitted('e1', 'e2')).toEqual([['e1', 'e2']]);
	});
});

describe.concurrent('a trigger whose mode is changed', () => {
	it('loses and repeats nothing when it changes from polling to webhook and back', async () => {
		const workflow = await polling('switching.tested');
		await workflow.activate();
		workflow.happen('e1');
		await workflow.nextPoll();
		await workflow.emitted('e1');
		expect(workflow.registrations()).toEqual([]);

		workflow.happen('e2');
		await workflow.change(({ parameters }) => ({
			parameters: { ...parameters, mode: 'webhook' },
		}));
		expect(workflow.registrations()).toHaveLength(1);
		workflow.happen('e3');
		await workflow.emitted('e2', 'e3');
		expect(workflow.deliveries()).toEqual([{ name: 'e3', status: 200 }]);

		await workflow.change(({ parameters }) => ({
			parameters: { ...parameters, mode: 'polling' },
		}));
		expect(workflow.registrations()).toEqual([]);
		workflow.happen('e4');
		await workflow.nextPoll();
		const runs = await workflow.emitted('e4');
		expect(runs.flat().sort()).toEqual(['e1', 'e2', 'e3', 'e4']);
	});
});

describe.concurrent('a webhook trigger', () => {
	it('emits once what Cobalt could not deliver', async () => {
		const workflow = await TriggerWorkflow.import(scene.stage, {
			eventType: 'sweep.tested',
			parameters: { mode: 'webhook', pollTimes: EVERY_MINUTE },
		});
		await workflow.activate();
		const { url, eventType: type } = workflow;
		scene.stage.cobalt.webhookSender.plan({ url, type, isNever: true });
		workflow.happen('missed', 'delivered');
		await workflow.emitted('delivered');
		await workflow.nextPoll();
		await workflow.emitted('missed');
		await workflow.change(() => ({ notes: 'Looked at again' }));
		workflow.happen('after');
		const runs = await workflow.emitted('after');
		expect(runs.flat().sort()).toEqual(['after', 'delivered', 'missed']);
		const accepted = workflow.deliveries().filter(({ status }) => status === 200);
		expect(accepted.map(({ name }) => name)).toEqual(['delivered', 'after']);
	});
});
