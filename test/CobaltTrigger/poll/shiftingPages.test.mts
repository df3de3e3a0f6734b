import { describe, expect, it } from 'vitest';

import {
	changePatients,
	ids,
	logReads,
	minutes,
	patientUpdated,
	play,
	polling,
	runs,
	emittedIds,
	type Scene,
} from '../setup.mts';

describe('pages that shift while they are read', () => {
	/** Does something whenever the log has answered. */
	async function withShifts(onPoll: (scene: Scene, poll: number) => void): Promise<string[]> {
		let count = 0;
		let current: Scene | undefined;
		const onRequest = ({ path }: { path: string }) => {
			if (current && path === '/webhook-events') onPoll(current, (count += 1));
		};
		return await play(
			async (scene) => {
				await scene.host.activate(polling());
				await minutes(1);
				changePatients(scene, ...ids(450));
				current = scene;
				await scene.host.tick();
				current = undefined;
				await scene.host.runFor(3);
				return emittedIds(scene);
			},
			{ cobalt: { onRequest } },
		);
	}

	it('loses and repeats nothing when late events shift pages to the right', async () => {
		const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
		const found = await withShifts(({ cobalt }, poll) => {
			cobalt.world.addEvent({ ...patientUpdated(`late${poll}`), created: ago(40_000) });
		});
		expect(new Set(found).size).toBe(found.length);
		expect(found.filter((id) => id.startsWith('e'))).toEqual(ids(450));
		expect(found.filter((id) => id.startsWith('late')).length).toBeGreaterThan(4);
	});

	it('loses and repeats nothing when Cobalt forgets events and pages shift to the left', async () => {
		const found = await withShifts((scene, poll) => {
			if (poll === 2) {
				// What was read is forgotten, and the rest moves up by more than a page.
				const [first] = scene.cobalt.world.events().slice(149);
				scene.cobalt.world.forgetEvents(first?.createdAt ?? 0);
			}
		});
		expect(found).toEqual(ids(450));
	});
});

describe('pages that shift to the left unnoticed, for as many events come as go', () => {
	it('finds in the next poll what a shift hid in this one', async () => {
		let forget: (() => void) | undefined;
		const onRequest = ({ query }: { query: Record<string, string> }) => {
			if (query.page !== '1') return;
			forget?.();
			forget = undefined;
		};
		await play(
			async (scene) => {
				await scene.host.activate(polling());
				await minutes(1);
				const start = Date.now();
				for (const [index, id] of ids(300).entries()) {
					const created = new Date(start + index).toISOString();
					scene.cobalt.world.addEvent({ ...patientUpdated(id), created });
				}
				await minutes(0.1);
				forget = () => {
					scene.cobalt.world.forgetEvents(start + 10);
					changePatients(scene, ...ids(10, 301));
				};
				await scene.host.tick();
				expect(emittedIds(scene)).not.toContain('e101');
				await scene.host.tick();
				expect(emittedIds(scene).sort()).toEqual(ids(310).sort());
			},
			{ cobalt: { onRequest } },
		);
	});
});

describe('a backlog', () => {
	it('emits a backlog in bounded steps, each event exactly once', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling({ options: { eventsPerRun: 250 } }));
			await minutes(1);
			changePatients(scene, ...ids(1_100));
			await scene.host.runFor(6);
			expect(runs(scene).map(({ length }) => length)).toEqual([250, 250, 250, 250, 100]);
			expect(emittedIds(scene)).toEqual(ids(1_100));
		});
	});

	it('reads one page again in each step, and at the end only the overlap', async () => {
		await play(async (scene) => {
			const { cobalt, host } = scene;
			await host.activate(polling({ options: { eventsPerRun: 500 } }));
			const begin = Date.now();
			// Five days without n8n.
			await host.crash(async () => {
				await minutes(5 * 24 * 60);
				for (const [index, id] of ids(2_500).entries()) {
					cobalt.world.addEvent(patientUpdated(id), { at: begin + index * 170_000 });
				}
				changePatients(scene, 'newest');
			});
			await host.runFor(3);
			// It happened when the first step was read, and appears behind the place reached by now.
			const created = new Date(Date.now() - 5 * 60_000).toISOString();
			const before = logReads(scene);
			await host.runFor(3);
			cobalt.world.addEvent({ ...patientUpdated('late'), created });
			await host.runFor(2);
			expect(emittedIds(scene).sort()).toEqual([...ids(2_500), 'newest', 'late'].sort());
			expect(before).toBeLessThan(30);
			expect(logReads(scene)).toBeLessThan(45);
		});
	});

	it('continues exactly after a crash between two steps', async () => {
		await play(async (scene) => {
			await scene.host.activate(polling({ options: { eventsPerRun: 100 } }));
			await minutes(1);
			changePatients(scene, ...ids(550));
			await scene.host.runFor(2);
			await scene.host.crash();
			await scene.host.runFor(5);
			expect(emittedIds(scene)).toEqual(ids(550));
		});
	});

	it('makes progress when reading what was emitted takes longer than a poll may', async () => {
		await play(
			async (scene) => {
				const { cobalt, host } = scene;
				await host.activate(polling({ options: { overlap: 60, eventsPerRun: 10_000 } }));
				await minutes(1);
				const start = Date.now() - 4_000;
				for (const [index, id] of ids(4_000).entries()) {
					const created = new Date(start + index).toISOString();
					cobalt.world.addEvent({ ...patientUpdated(id), created });
				}
				await host.runFor(10);
				changePatients(scene, 'last');
				await host.runFor(15);
				expect(emittedIds(scene)).toEqual([...ids(4_000), 'last']);
			},
			{ cobalt: { latencyMs: 2_000 }, host: { scheduler: 'durable' } },
		);
	});

	it('ends a step when n8n’s time for it is over, and loses nothing', async () => {
		await play(
			async (scene) => {
				await scene.host.activate(polling({ options: { eventsPerRun: 10_000 } }));
				await minutes(1);
				changePatients(scene, ...ids(1_000));
				await scene.host.runFor(12);
				await scene.host.settled();
				expect(runs(scene).length).toBeGreaterThan(1);
				expect(emittedIds(scene)).toEqual(ids(1_000));
				expect(scene.host.failures).toEqual([]);
			},
			{ cobalt: { latencyMs: 10_000 }, host: { scheduler: 'durable' } },
		);
	});
});
