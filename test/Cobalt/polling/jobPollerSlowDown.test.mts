import { describe, expect, it } from 'vitest';

import { FailedRequest } from '../../shared/retry/failedRequest.mts';
import { endingAt, numbered, slowDown, watching } from './polling.mts';

describe('a Cobalt that asks to slow down', () => {
	const slowOnce = (retryAfterMs?: number) => (_: string, before: number) =>
		before === 0 ? slowDown(retryAfterMs) : undefined;

	it('makes no lookup of any job while Cobalt asks to wait', async () => {
		const { run, start, clock, timesOf } = watching({
			endsAt: { a: 0, b: 0, c: 20_000 },
			fails: slowOnce(10_000),
		});
		const late = clock.pass(5_000).then(async () => start('b'));
		const results = await run(start('a'), late, start('c', { intervalMs: 7_000 }));
		expect(results).toMatchObject(results.map(() => ({ status: 'completed' })));
		expect(timesOf('a')).toEqual([10, 10_010]);
		expect(timesOf('b')).toEqual([10_010]);
		expect(timesOf('c').filter((at) => at > 10 && at < 10_010)).toEqual([]);
	});

	it('doubles the pauses when Cobalt names no time', async () => {
		const { run, start, timesOf } = watching({
			fails: (_, before) => (before < 5 ? slowDown() : undefined),
		});
		await run(start('a', { deadline: 34_500 }));
		expect(timesOf('a')).toEqual([
			10, 1_010, 3_010, 7_010, 15_010, 31_010, 32_010, 33_010, 34_010, 34_500,
		]);
	});

	it.each([
		['a 429', slowDown(0)],
		['another response', new FailedRequest({ isTransient: true, retryAfterMs: 0 })],
	])('makes at most one lookup a second when %s names no time to wait', async (_, error) => {
		const { run, startAll, lookups } = watching({ fails: () => error });
		await run(...startAll(['a'], { deadline: 40_000, intervalMs: 0 }));
		const times = lookups.map(({ at }) => at);
		expect(times.length).toBeGreaterThan(3);
		for (const [index, at] of times.slice(1).entries()) {
			expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(1_000);
		}
	});

	it('waits when Cobalt has asked another request of the run to slow down', async () => {
		const { rateLimiter, clock, run, start, timesOf } = watching();
		clock.at(1_500, () => {
			rateLimiter.track(Promise.reject(slowDown(4_000))).catch(() => undefined);
		});
		await run(start('a', { deadline: 7_000 }));
		expect(timesOf('a')).toEqual([10, 1_010, 5_500, 6_500, 7_000]);
	});

	it.each([3_000, 50_000, 300_000])(
		'ends a job at its deadline that was looked up before a pause of %i ms',
		async (holdMs) => {
			const { run, start, clock, timesOf } = watching({
				fails: (_, before) => (before === 4 ? slowDown(holdMs) : undefined),
			});
			expect(await run(start('a', { deadline: 5_000 }))).toEqual([{ status: 'pending' }]);
			expect(timesOf('a')).toEqual([10, 1_010, 2_010, 3_010, 4_010]);
			expect(clock.now()).toBe(5_000);
		},
	);

	it('makes the last lookup when the pause ends soon after the deadline', async () => {
		const { run, start, clock } = watching({
			endsAt: { a: 4_500 },
			fails: (_, before) => (before === 4 ? slowDown(2_900) : undefined),
		});
		expect(await run(start('a', { deadline: 5_000 }))).toMatchObject([{ status: 'completed' }]);
		expect(clock.now()).toBe(6_910);
	});

	it.each([
		[20_000, 20_010],
		[60_000, 60_010],
		[60_001, 5_000],
		[64_990, 5_000],
		[300_000, 5_000],
	])(
		'waits up to a minute for a lookup after a Retry-After of %i ms: until %i ms',
		async (holdMs, endsAt) => {
			const { run, start, clock, timesOf } = watching({ fails: slowOnce(holdMs) });
			expect(await run(start('a', { deadline: 5_000 }))).toEqual([{ status: 'pending' }]);
			expect(clock.now()).toBe(endsAt);
			expect(timesOf('a')).toEqual(endsAt > 5_000 ? [10, endsAt] : [10]);
		},
	);

	it('rejects with the request to slow down when a job could not be looked up', async () => {
		const { rateLimiter, clock, start, asked } = watching();
		const error = slowDown(300_000);
		await rateLimiter.track(Promise.reject(error)).catch(() => undefined);
		const job = { deadline: 3_000, isKnown: false, submittedAt: undefined };
		const [end] = await clock.run(Promise.allSettled([start('a', job)]));
		expect(end).toMatchObject({ status: 'rejected', reason: error });
		expect(clock.now()).toBe(3_000);
		expect(asked()).toEqual([]);
	});

	it('keeps an undocumented event that was found before a long pause', async () => {
		const { run, start, clock } = watching({
			log: [{ type: 'x.noted', from: 0 }],
			fails: (_, before) => (before === 2 ? slowDown(300_000) : undefined),
		});
		const terminalEvents = { completed: ['x.created'], failed: [] };
		expect(await run(start('a', { terminalEvents, deadline: 5_000 }))).toMatchObject([
			{ status: 'completed', isCertain: false },
		]);
		expect(clock.now()).toBe(5_000);
	});

	it('makes the single lookup of a job after a pause', async () => {
		const { clock, start, timesOf } = watching({ endsAt: { b: 0 }, fails: slowOnce(2_000) });
		const late = clock.pass(500).then(async () => start('b', { deadline: 0 }));
		const [, b] = await clock.run(Promise.all([start('a', { deadline: 10_000 }), late]));
		expect(b).toMatchObject({ status: 'completed' });
		expect(timesOf('b')).toEqual([2_010]);
	});

	it('looks up jobs for the first time after a pause beyond their deadline', async () => {
		const jobs = numbered(8);
		const { run, startAll, clock } = watching({
			endsAt: endingAt(jobs, 5_000),
			logFails: (_, before) => (before === 0 ? slowDown(20_000) : undefined),
		});
		expect(await run(...startAll(jobs, { deadline: 10_000 }))).toMatchObject(
			jobs.map(() => ({ status: 'completed' })),
		);
		expect(clock.now()).toBe(20_010);
	});

	it('makes the last lookups after a pause of 45 seconds', async () => {
		const jobs = numbered(8);
		const { run, startAll } = watching({
			endsAt: endingAt(jobs, 5_000),
			logFails: (_, before) => (before === 0 ? slowDown(45_000) : undefined),
		});
		expect(await run(...startAll(jobs, { deadline: 10_000 }))).toMatchObject(
			jobs.map(() => ({ status: 'completed' })),
		);
	});

	it('makes the last lookup after three pauses of 20 seconds', async () => {
		const { run, start, clock } = watching({
			endsAt: { a: 45_000 },
			fails: (_, before) => (before < 3 ? slowDown(20_000) : undefined),
		});
		expect(await run(start('a', { deadline: 50_000 }))).toMatchObject([{ status: 'completed' }]);
		expect(clock.now()).toBe(60_010);
	});

	it.each([
		['jobs of unknown age', { submittedAt: undefined }],
		['jobs at their deadline', { deadline: 0 }],
	])('makes no queued lookup during a pause: %s', async (_, job) => {
		const { clock, startAll, lookups } = watching({
			fails: () => slowDown(100_000),
			latencyMs: 100,
		});
		await clock.run(Promise.allSettled(startAll(numbered(50), job)));
		expect(lookups.filter(({ at }) => at < 100_000)).toHaveLength(10);
	});
});
