/**
 * A day's backlog, as after a long outage of n8n.
 *
 * BACKLOG=300000 plays a larger one.
 */
import { expect, it } from 'vitest';

import {
	ids,
	logReads,
	minutes,
	patientUpdated,
	play,
	polling,
	runs,
	emittedIds,
} from '../setup.mts';

const COUNT = Number(process.env.BACKLOG ?? '100000');

const PER_RUN = 10_000;

/** As Cobalt has them at most. */
const PER_PAGE = 100;

it('emits a large backlog in steps, each event exactly once, even when n8n crashes halfway', async () => {
	await play(
		async (scene) => {
			const { host, cobalt } = scene;
			await host.activate(polling({ options: { eventsPerRun: PER_RUN } }));
			await host.crash(async () => {
				await minutes(COUNT / 60 + 10);
				const begin = Date.now() - COUNT * 1_000;
				for (const [index, id] of ids(COUNT).entries()) {
					cobalt.world.addEvent(patientUpdated(id), { at: begin + index * 1_000 });
				}
			});
			await host.runFor(2);
			const cut = host.tick().catch(() => undefined);
			await minutes(0.02);
			const before = runs(scene).length;
			await host.crash();
			await cut;
			expect(runs(scene)).toHaveLength(before);
			let max = 0;
			for (let run = 0; run < COUNT / PER_RUN + 3; run += 1) {
				await host.runFor(1);
				max = Math.max(max, host.saved.length);
			}
			expect(emittedIds(scene)).toEqual(ids(COUNT));
			expect(runs(scene).every(({ length }) => length <= PER_RUN)).toBe(true);
			// Each page once, those of a step that was cut off again, and a few for finding the place.
			expect(logReads(scene)).toBeLessThan((COUNT * 3) / PER_PAGE);
			expect(host.failures).toEqual([]);
			expect(max).toBeLessThan(300_000);
			console.info(`${logReads(scene)} requests; static data of ${max} characters at most`);
		},
		{ cobalt: { latencyMs: 50 }, host: { scheduler: 'legacy' } },
	);
}, 290_000);
