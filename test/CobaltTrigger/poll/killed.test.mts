/**
 * n8n saves the trigger's static data first and inserts the execution afterwards. Killed in between, it
 * finds a place in the log that is past events with which no run ever began.
 */
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { clearProcessedData } from '../../../tools/n8n-host/deduplication.mts';
import {
	allDelivered,
	changePatients,
	ids,
	minutes,
	play,
	polling,
	runs,
	emittedIds,
	webhook,
	type Scene,
	type SceneOptions,
} from '../setup.mts';

/** From the decision on an execution until it has its row. */
const START_DELAY_MS = 2_000;

const MODES = [
	['polling', 'legacy'],
	['polling', 'durable'],
	['webhook', 'legacy'],
	['webhook', 'durable'],
] as const;

interface Case {
	/** Active, and looked once: only then the durable scheduler has a place to go on from. */
	begin: (scene: Scene, options?: INodeParameters) => Promise<void>;
	/** Events that only the next look finds. */
	deliverChanges: (scene: Scene, ...names: string[]) => Promise<void>;
	options: SceneOptions;
}

const cases: Array<[string, Case]> = MODES.map(([mode, scheduler]) => [
	`${mode}, ${scheduler} scheduler`,
	{
		begin: async ({ host }, options = {}) => {
			await host.activate((mode === 'polling' ? polling : webhook)({ options }));
			await host.runFor(1);
		},
		deliverChanges: async (scene, ...names) => {
			scene.cobalt.webhookSender.plan({ isNever: true, times: names.length });
			changePatients(scene, ...names);
			await scene.cobalt.delivered();
		},
		options: { host: { scheduler } },
	},
]);

/** A look, after which n8n is killed when it has saved the place and not yet inserted the execution. */
async function pollAndDie({ host }: Scene, meanwhile?: () => Promise<void>): Promise<void> {
	host.startDelayMs = START_DELAY_MS;
	const poll = host.tick().catch(() => undefined);
	await minutes(START_DELAY_MS / 2 / 60_000);
	await host.crash(async () => {
		host.startDelayMs = 0;
		await meanwhile?.();
	});
	await poll;
}

describe.each(cases)(
	'a kill between saving the position and starting the execution (%s)',
	(_, given) => {
		const { begin, deliverChanges, options } = given;

		it('loses and repeats nothing after one kill', async () => {
			await play(async (scene) => {
				await begin(scene);
				await deliverChanges(scene, 'e1', 'e2');
				await pollAndDie(scene);
				await scene.host.runFor(2);
				expect(emittedIds(scene)).toEqual(['e1', 'e2']);
				await deliverChanges(scene, 'e3');
				await scene.host.runFor(1);
				await deliverChanges(scene, 'e4');
				await pollAndDie(scene, async () => {
					await deliverChanges(scene, 'e5');
					await minutes(10 * 60);
				});
				await scene.host.runFor(3);
				expect(emittedIds(scene)).toEqual(ids(5));
			}, options);
		});

		it('loses nothing in a loop of crashes, each right after the start', async () => {
			await play(async (scene) => {
				const { host } = scene;
				await begin(scene);
				await deliverChanges(scene, 'e1');
				await host.runFor(1);
				await deliverChanges(scene, 'e2');
				await host.crash(async () => {
					host.startDelayMs = START_DELAY_MS;
					await minutes(1);
				});
				for (const id of ids(6, 3)) {
					await host.crash(async () => {
						await deliverChanges(scene, id);
						await minutes(1);
					});
				}
				host.startDelayMs = 0;
				await host.crash();
				await host.runFor(3);
				expect(emittedIds(scene)).toEqual(ids(8));
			}, options);
		});

		it('loses nothing of a backlog that is emitted in steps', async () => {
			await play(async (scene) => {
				const { host } = scene;
				await begin(scene, { eventsPerRun: 40 });
				await deliverChanges(scene, ...ids(150));
				await pollAndDie(scene);
				await pollAndDie(scene);
				await host.runFor(1);
				await pollAndDie(scene);
				await host.runFor(6);
				expect(emittedIds(scene)).toEqual(ids(150));
				expect(runs(scene).every(({ length }) => length <= 40)).toBe(true);
			}, options);
		});

		it('emits a lost batch again once, and nothing on later restarts', async () => {
			await play(async (scene) => {
				await begin(scene);
				await deliverChanges(scene, ...ids(3));
				await scene.host.runFor(1);
				for (let restart = 0; restart < 3; restart += 1) {
					await scene.host.restart(async () => {
						await minutes(400);
					});
					await scene.host.runFor(2);
				}
				expect(emittedIds(scene)).toEqual(ids(3));
			}, options);
		});

		it('emits a batch twice rather than never where n8n has lost its table', async () => {
			await play(async (scene) => {
				await begin(scene);
				await deliverChanges(scene, 'e1');
				await scene.host.runFor(1);
				await deliverChanges(scene, 'e2');
				await pollAndDie(scene, async () => {
					clearProcessedData();
					await minutes(5);
				});
				await scene.host.runFor(2);
				expect(new Set(emittedIds(scene))).toEqual(new Set(['e1', 'e2']));
			}, options);
		});

		it('finds the batch in a log that changes meanwhile', async () => {
			await play(async (scene) => {
				await begin(scene);
				await deliverChanges(scene, ...ids(5));
				await pollAndDie(scene, async () => {
					await minutes(3);
					await deliverChanges(scene, ...ids(120, 6));
				});
				await scene.host.runFor(2);
				expect(emittedIds(scene)).toEqual(ids(125));
			}, options);
		});
	},
);

describe('a lost batch', () => {
	it('emits a lost batch when the workflow is edited before the next poll', async () => {
		for (const change of [{ source: 'ehr_staff' }, { options: { overlap: 0, eventsPerRun: 7 } }]) {
			await play(async (scene) => {
				const { cobalt, host } = scene;
				await host.activate(polling());
				await minutes(30);
				changePatients(scene, ...ids(5));
				await minutes(20);
				await host.tick();
				changePatients(scene, ...ids(3, 6));
				await pollAndDie(scene, async () => {
					await minutes(20);
					cobalt.faults.add({ kind: 'status', status: 401, path: '/webhook-events', times: 99 });
				}).catch(() => undefined);
				cobalt.faults.clear();
				await host.update(polling(change));
				await host.runFor(4);
				expect(emittedIds(scene)).toEqual(ids(8));
			});
		}
	});

	it('emits a lost batch when the mode is changed before the next poll', async () => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			await host.activate(polling());
			await minutes(30);
			changePatients(scene, ...ids(3));
			await pollAndDie(scene, async () => {
				await minutes(20);
				cobalt.faults.add({ kind: 'status', status: 401, path: '/webhook-events', times: 99 });
			}).catch(() => undefined);
			cobalt.faults.clear();
			await host.update(webhook());
			await allDelivered(scene);
			await host.runFor(4);
			expect(emittedIds(scene)).toEqual(ids(3));
		});
	});

	it('emits a lost batch on the workers of queue mode', async () => {
		await play(async (scene) => {
			await scene.host.webhookProcess();
			await scene.host.activate(polling());
			changePatients(scene, 'e1');
			await scene.host.runFor(1);
			changePatients(scene, 'e2');
			await pollAndDie(scene);
			changePatients(scene, 'e3');
			await scene.host.runFor(2);
			expect(emittedIds(scene)).toEqual(ids(3));
		});
	});

	it('stores no more static data for a lost batch than for another one', async () => {
		await play(async (scene) => {
			const { host } = scene;
			await host.activate(polling({ options: { eventsPerRun: 10_000 } }));
			changePatients(scene, ...ids(3_000));
			await pollAndDie(scene);
			await host.settled();
			changePatients(scene, ...ids(10, 3_001));
			await host.runFor(1);
			expect(emittedIds(scene)).toEqual(ids(3_010));
			expect(host.saved.length).toBeLessThan(40_000);
		});
	});

	it('does not emit a lost batch of webhooks again after many later deliveries', async () => {
		await play(async (scene) => {
			const { host, cobalt } = scene;
			await host.activate(webhook());
			cobalt.webhookSender.plan({ isNever: true });
			changePatients(scene, 'missed');
			await host.runFor(1);
			clearProcessedData();
			await host.crash(async () => {
				await minutes(25 * 60);
			});
			await host.runFor(2);
			expect(emittedIds(scene)).toEqual(['missed']);
		});
	});
});
