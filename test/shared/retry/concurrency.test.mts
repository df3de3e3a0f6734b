import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createLimiter } from '../../../nodes/shared/retry/concurrency.js';
import { VirtualClock } from '../virtualClock.mts';

/** A number of tasks that are told when to take how long, and what happened when. */
function watched(places: number) {
	const clock = new VirtualClock();
	const limit = createLimiter(places);
	const started: number[] = [];
	let running = 0;
	let most = 0;
	const submit = async (id: number, ms: number, fails = false) =>
		await limit(async () => {
			started.push(id);
			running += 1;
			most = Math.max(most, running);
			await clock.pass(ms);
			running -= 1;
			if (fails) throw new Error(`task ${id}`);
			return id;
		});
	return { clock, submit, started, most: () => most };
}

describe('createLimiter', () => {
	it('runs as many tasks at once as there are places', async () => {
		const { clock, submit, most } = watched(3);
		await clock.run(Promise.all([5, 5, 5, 5, 5, 5, 5].map(async (ms, id) => submit(id, ms))));
		expect(most()).toBe(3);
		expect(clock.now()).toBe(15);
	});

	it('starts tasks in the order in which they came', async () => {
		const { clock, submit, started } = watched(2);
		const results = await clock.run(
			Promise.all([9, 1, 7, 1, 3, 1].map(async (ms, id) => submit(id, ms))),
		);
		expect(started).toEqual([0, 1, 2, 3, 4, 5]);
		expect(results).toEqual([0, 1, 2, 3, 4, 5]);
	});

	it('starts the next task after one is rejected', async () => {
		const { clock, submit, most } = watched(1);
		const results = await clock.run(
			Promise.allSettled([true, true, false].map(async (fails, id) => submit(id, 1, fails))),
		);
		expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
		expect(results[0]).toMatchObject({ reason: new Error('task 0') });
		expect(most()).toBe(1);
	});

	it('continues after a task that throws synchronously', async () => {
		const limit = createLimiter(1);
		const thrown = limit(() => {
			throw new Error('at once');
		});
		await expect(thrown).rejects.toThrow('at once');
		await expect(limit(async () => Promise.resolve('next'))).resolves.toBe('next');
	});

	it('has all its places again after many tasks', async () => {
		const { clock, submit, most } = watched(2);
		await clock.run(Promise.all([1, 1, 1, 1, 1].map(async (ms, id) => submit(id, ms))));
		await clock.run(Promise.all([1, 1, 1, 1].map(async (ms, id) => submit(id, ms))));
		expect(most()).toBe(2);
		expect(clock.now()).toBe(3 + 2);
	});

	it('keeps its limit and its order with any tasks', async () => {
		const task = fc.record({ ms: fc.nat(20), fails: fc.boolean() });
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 5 }),
				fc.array(task, { minLength: 1, maxLength: 15 }),
				async (places, tasks) => {
					const { clock, submit, started, most } = watched(places);
					const results = await clock.run(
						Promise.allSettled(tasks.map(async ({ ms, fails }, id) => submit(id, ms, fails))),
					);
					expect(results.map(({ status }) => status === 'rejected')).toEqual(
						tasks.map(({ fails }) => fails),
					);
					expect(most()).toBeLessThanOrEqual(places);
					expect(started).toEqual(tasks.map((_, id) => id));
				},
			),
			{ numRuns: 50 },
		);
	});
});
