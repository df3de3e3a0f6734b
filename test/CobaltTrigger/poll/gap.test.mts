/** Events of a time in which the trigger was registered nowhere, so that nobody tried to deliver them. */
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { CobaltOptions } from '../../../tools/fake-cobalt/index.mts';
import {
	allDelivered,
	changePatients,
	deliverChanges,
	ids,
	logReads,
	minutes,
	patientUpdated,
	play,
	polling,
	runs,
	emittedIds,
	webhook,
	type Scene,
} from '../setup.mts';

/** What the log is asked for is a filter that the one knows and the other ignores. */
const LOGS: Array<[string, CobaltOptions]> = [
	['knows a status filter', { spelling: 'plain' }],
	['ignores the status filter', { spelling: 'prefixed' }],
];

const PAUSES = [1, 9, 60, 24 * 60];

/** So many events, evenly over a time, while n8n runs. */
async function pass(scene: Scene, pauseMinutes: number, names: string[]): Promise<void> {
	for (const name of names) {
		await minutes(pauseMinutes / names.length / 2);
		changePatients(scene, name);
		await minutes(pauseMinutes / names.length / 2);
	}
	await allDelivered(scene);
}

/** The workflow is deactivated for a time, in which so much happens, and activated again. */
async function deactivatedFor(
	scene: Scene,
	pauseMinutes: number,
	names: string[],
	options: INodeParameters = {},
): Promise<void> {
	await scene.host.deactivate();
	await pass(scene, pauseMinutes, names);
	await scene.host.activate(webhook({ options }));
}

/** How often an event came out of a look that n8n's table had to take out again. */
const repeats = ({ host }: Scene): number =>
	host.executions.filter((ended) => ended.json('After').length === 0).length;

describe.each(LOGS)('a log that %s', (_, cobalt) => {
	const playHere = async (work: (scene: Scene) => Promise<void>) => {
		await play(work, { cobalt });
	};

	it.each(PAUSES)(
		'emits what happened during %i minutes of deactivation once each, and closes the gap',
		async (pause) => {
			await playHere(async (scene) => {
				const { host } = scene;
				await host.activate(webhook());
				await deliverChanges(scene, 'e1');
				await host.runFor(15);
				await deactivatedFor(scene, pause, ids(20, 2));
				await host.runFor(3);
				expect(emittedIds(scene).sort()).toEqual(ids(21).sort());
				await deliverChanges(scene, 'e22');
				await host.runFor(20);
				expect(emittedIds(scene).sort()).toEqual(ids(22).sort());
				expect(repeats(scene)).toBe(0);
				const before = logReads(scene);
				await host.runFor(10);
				expect(logReads(scene) - before).toBe(10);
				const asked = scene.cobalt.world.requests({ path: '/webhook-events' }).at(-1);
				expect(asked?.query.status ?? asked?.query.delivery_status).toBe('failed');
			});
		},
	);

	it('emits a gap of more than Events per Run in steps, and finds later failed deliveries', async () => {
		await playHere(async (scene) => {
			const { host } = scene;
			await host.activate(webhook({ options: { eventsPerRun: 10 } }));
			await host.runFor(15);
			await deactivatedFor(scene, 60, ids(45), { eventsPerRun: 10 });
			await host.runFor(2);
			scene.cobalt.webhookSender.plan({ isNever: true, times: 3 });
			await deliverChanges(scene, ...ids(3, 46));
			await host.runFor(20);
			scene.cobalt.webhookSender.plan({ isNever: true });
			await deliverChanges(scene, 'e49');
			await host.runFor(3);
			expect(emittedIds(scene)).toEqual(ids(49));
			expect(runs(scene).every(({ length }) => length <= 10)).toBe(true);
			expect(repeats(scene)).toBe(0);
		});
	});

	it('emits the last day after days of deactivation', async () => {
		await playHere(async (scene) => {
			await scene.host.activate(webhook());
			await scene.host.runFor(5);
			await scene.host.deactivate();
			await pass(scene, 24 * 60, ['old1', 'old2']);
			await minutes(10);
			await pass(scene, 24 * 60, ids(5));
			await scene.host.activate(webhook());
			await scene.host.runFor(15);
			expect(emittedIds(scene)).toEqual(ids(5));
		});
	});

	it('emits everything when it is deactivated again before the last gap has closed', async () => {
		await playHere(async (scene) => {
			const { host } = scene;
			await host.activate(webhook({ options: { eventsPerRun: 3 } }));
			await host.runFor(15);
			for (const from of [1, 11, 21]) {
				await deactivatedFor(scene, 30, ids(10, from), { eventsPerRun: 3 });
				await host.runFor(1);
			}
			await host.runFor(25);
			expect(emittedIds(scene)).toEqual(ids(30));
			expect(repeats(scene)).toBe(0);
		});
	});

	it('emits everything when n8n is killed in the middle of a gap', async () => {
		await playHere(async (scene) => {
			const { host } = scene;
			await host.activate(webhook({ options: { eventsPerRun: 10 } }));
			await host.runFor(15);
			await host.deactivate();
			await pass(scene, 60, ids(25));
			host.startDelayMs = 2_000;
			await host.activate(webhook({ options: { eventsPerRun: 10 } }));
			await host.crash(async () => {
				host.startDelayMs = 0;
				await minutes(30);
			});
			await host.runFor(1);
			await host.crash();
			await deliverChanges(scene, 'e26');
			await host.runFor(20);
			expect(emittedIds(scene).sort()).toEqual(ids(26).sort());
			const asked = scene.cobalt.world.requests({ path: '/webhook-events' }).at(-1);
			expect(asked?.query.status ?? asked?.query.delivery_status).toBe('failed');
		});
	});

	it('keeps the static data small when a gap has many events', async () => {
		await playHere(async (scene) => {
			const { host, cobalt: stand } = scene;
			await host.activate(webhook());
			await host.runFor(5);
			await host.deactivate();
			const begin = Date.now() + 1_000;
			for (const [index, id] of ids(9_000).entries()) {
				stand.world.addEvent(patientUpdated(id), { at: begin + index * 1_000 });
			}
			await minutes(9_000 / 60 + 1);
			await host.activate(webhook({ options: { eventsPerRun: 3_000 } }));
			let max = 0;
			for (let minute = 0; minute < 15; minute += 1) {
				await host.runFor(1);
				max = Math.max(max, host.saved.length);
			}
			expect(emittedIds(scene)).toEqual(ids(9_000));
			expect(max).toBeLessThan(125_000);
			expect(repeats(scene)).toBe(0);
		});
	}, 60_000);

	it('continues a polling position as a gap, including a backlog', async () => {
		await playHere(async (scene) => {
			const { host } = scene;
			await host.activate(polling({ options: { eventsPerRun: 10 } }));
			await host.runFor(15);
			changePatients(scene, ...ids(25));
			await host.runFor(1);
			await minutes(25 * 60);
			await host.update(webhook({ options: { eventsPerRun: 10 } }));
			await host.runFor(15);
			expect(emittedIds(scene)).toEqual(ids(25));
			expect(repeats(scene)).toBe(0);
		});
	});
});
