/** When jobs are looked up: the first time, and beside jobs with other intervals. */
import { describe, expect, it } from 'vitest';

import { watching } from './polling.mts';

describe('the rounds of a poller', () => {
	it('makes no lookup before a result is expected', async () => {
		const { run, start, timesOf } = watching({ endsAt: { a: 7_500 } });
		await run(start('a', { firstLookupAt: 5_000 }));
		expect(timesOf('a')).toEqual([5_000, 6_000, 7_000, 8_000]);
	});

	it('looks up a job at its deadline even if no result is expected before it', async () => {
		const { run, start, timesOf } = watching();
		expect(await run(start('a', { firstLookupAt: 5_000, deadline: 3_000 }))).toEqual([
			{ status: 'pending' },
		]);
		expect(timesOf('a')).toEqual([3_000]);
	});

	it('looks up each job in its own interval when their intervals differ', async () => {
		const { run, start, timesOf } = watching({ endsAt: { fast: 60_000, slow: 60_000 } });
		await run(
			start('fast', { intervalMs: 1_000 }),
			start('slow', { intervalMs: 20_000, firstLookupAt: 20_000 }),
		);
		const slow = timesOf('slow').map((at) => Math.round(at / 1_000));
		expect(slow).toEqual([20, 40, 60]);
		expect(timesOf('fast').length).toBeGreaterThan(55);
	});

	it('looks up jobs that come later in common rounds', async () => {
		const jobs = Array.from({ length: 20 }, (_, index) => `job ${index}`);
		const { clock, run, start, asked } = watching();
		const waits = jobs.map(async (jobId, index) => {
			await clock.pass(index * 137);
			return await start(jobId, { firstLookupAt: clock.now() + 5_000, deadline: 30_000 });
		});
		await run(...waits);
		const timestamps = [...new Set(asked().map(({ at }) => at))].filter((at) => at < 30_000);
		const pauses = timestamps.slice(1).map((at, index) => at - (timestamps[index] ?? 0));
		expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
	});
});
