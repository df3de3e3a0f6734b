import { describe, expect, it } from 'vitest';

import {
	atCobalt,
	deliverChanges,
	ids,
	minutes,
	patientUpdated,
	play,
	emittedIds,
	webhook,
	type Scene,
} from '../setup.mts';

const SPELLINGS = ['plain', 'prefixed'] as const;

describe.each(SPELLINGS)('in the %s spelling', (spelling) => {
	const options = { cobalt: { spelling } };

	it('emits what Cobalt delivered while n8n was down once n8n is back', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			await deliverChanges(scene, 'e1');
			await scene.host.restart(async () => {
				await happenDown(scene, 'e2', 'e3');
				await minutes(45);
			});
			await scene.host.settled();
			expect(emittedIds(scene)).toEqual(['e1', 'e2', 'e3']);
			await deliverChanges(scene, 'e4');
			await scene.host.runFor(30);
			expect(emittedIds(scene)).toEqual(ids(4));
		}, options);
	});

	it('does not emit a successful delivery again in the sweep', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			await deliverChanges(scene, ...ids(5));
			await scene.host.runFor(20);
			expect(emittedIds(scene).sort()).toEqual(ids(5));
			expect(scene.host.executions).toHaveLength(5);
		}, options);
	});

	it('does not emit again what n8n answered too late', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			scene.host.startDelayMs = 20_000;
			await deliverChanges(scene, 'e1');
			await minutes(1);
			scene.host.startDelayMs = 0;
			expect(scene.cobalt.deliveries.map(({ status }) => status)).toEqual(['timeout']);
			await scene.host.runFor(5);
			expect(emittedIds(scene)).toEqual(['e1']);
		}, options);
	});

	it('emits what a crash interrupted during its delivery', async () => {
		await play(async (scene) => {
			await scene.host.activate(webhook());
			await deliverChanges(scene, 'e1');
			await scene.host.crash(async () => {
				await happenDown(scene, ...ids(150, 2));
				await minutes(3);
			});
			await scene.host.runFor(3);
			expect(emittedIds(scene).sort()).toEqual(ids(151).sort());
		}, options);
	});

	it('emits a failed delivery once in queue mode, where main receives none', async () => {
		await play(async (scene) => {
			await scene.host.webhookProcess();
			await scene.host.activate(webhook());
			await deliverChanges(scene, 'e1');
			scene.cobalt.webhookSender.plan({ isNever: true });
			await deliverChanges(scene, 'e2');
			await scene.host.runFor(3);
			expect(emittedIds(scene)).toEqual(['e1', 'e2']);
		}, options);
	});
});

async function happenDown({ cobalt }: Scene, ...names: string[]): Promise<void> {
	for (const id of names) cobalt.world.addEvent(patientUpdated(id));
	await cobalt.delivered();
}

it('leaves failed deliveries to other addresses alone, where the log names the address', async () => {
	await play(
		async (scene) => {
			await scene.host.activate(webhook());
			await atCobalt(scene, '/webhook', { webhook_url: 'http://127.0.0.1:9/nobody' });
			await deliverChanges(scene, ...ids(3));
			await scene.host.runFor(3);
			expect(scene.host.executions).toHaveLength(3);
			expect(emittedIds(scene).sort()).toEqual(ids(3));
		},
		{ cobalt: { spelling: 'prefixed' } },
	);
});

it('asks Cobalt nothing when the sweep is switched off', async () => {
	await play(async (scene) => {
		await scene.host.activate(webhook({ recoverMissedEvents: false }));
		scene.cobalt.webhookSender.plan({ isNever: true });
		await deliverChanges(scene, 'e1');
		await scene.host.runFor(20);
		expect(emittedIds(scene)).toEqual([]);
		expect(scene.cobalt.world.requests({ path: '/webhook-events' })).toEqual([]);
	});
});

it('does not emit what happened before the first activation', async () => {
	await play(async (scene) => {
		scene.cobalt.world.addEvent(patientUpdated('old'));
		await minutes(1);
		await scene.host.activate(webhook());
		await scene.host.runFor(20);
		expect(emittedIds(scene)).toEqual([]);
	});
});
