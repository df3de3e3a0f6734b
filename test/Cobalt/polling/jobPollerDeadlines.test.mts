import { describe, expect, it } from 'vitest';

import { FailedRequest } from '../../shared/retry/failedRequest.mts';
import { BROKEN_OFF, numbered, slowDown, watching, type Plan } from './polling.mts';

const endingAt = (jobs: readonly string[], moment: number) =>
	Object.fromEntries(jobs.map((jobId) => [jobId, moment]));

/** The requests of a Cobalt that does not answer are given up after this time. */
const SILENT: Plan = { fails: () => BROKEN_OFF, latencyMs: 30_000 };

describe('the deadline', () => {
	it('is when the last look is made, and nothing sleeps any longer', async () => {
		const { run, start, clock, timesOf } = watching();
		const job = { deadline: 5_000, intervalMs: 2_000 };
		expect(await run(start('a', job))).toEqual([{ status: 'pending' }]);
		expect(timesOf('a')).toEqual([10, 2_010, 4_010, 5_000]);
		expect(clock.now()).toBe(5_000);
	});

	it.each([1, 8])('is not too late for an event that comes then, with %i jobs', async (count) => {
		const jobs = numbered(count);
		const { run, startAll } = watching({ endsAt: endingAt(jobs, 5_000) });
		const results = await run(...startAll(jobs, { deadline: 5_000, intervalMs: 60_000 }));
		expect(results).toMatchObject(jobs.map(() => ({ status: 'completed' })));
	});

	it.each([0, -60_000])('allows one look when it is at %i', async (deadline) => {
		const { run, start, clock, timesOf } = watching();
		expect(await run(start('a', { deadline }))).toEqual([{ status: 'pending' }]);
		expect(timesOf('a')).toEqual([10]);
		expect(clock.now()).toBe(10);
		const there = watching({ endsAt: { a: 0 } });
		expect(await there.run(there.start('a', { deadline }))).toMatchObject([
			{ status: 'completed' },
		]);
	});

	it('is that of each job, also of one that comes during a long pause', async () => {
		const { clock, run, start, timesOf } = watching();
		const ends: Array<[string, number]> = [];
		const watched = async (jobId: string, deadline: number) => {
			const result = await start(jobId, { deadline, intervalMs: 60_000 });
			ends.push([jobId, clock.now()]);
			return result;
		};
		const late = clock.pass(3_500).then(async () => watched('c', 4_200));
		await run(watched('a', 2_000), watched('b', 30_000), late);
		expect(ends).toEqual([
			['a', 2_000],
			['c', 4_200],
			['b', 30_000],
		]);
		expect(timesOf('c')).toEqual([4_200]);
	});

	it('is that of one that comes during a nap and ends before it', async () => {
		const { clock, run, start, timesOf } = watching();
		let endedAt = 0;
		const late = clock.pass(3_100).then(async () => {
			const result = await start('b', { deadline: 3_300, intervalMs: 60_000 });
			endedAt = clock.now();
			return result;
		});
		await run(late, start('a', { deadline: 30_000, intervalMs: 60_000 }));
		expect(endedAt).toBe(3_300);
		expect(timesOf('b')).toEqual([3_300]);
	});

	it('does not end a watch whose look is under way: its answer counts', async () => {
		const { run, start, clock, timesOf } = watching({ endsAt: { a: 7_000 }, latencyMs: 8_000 });
		// The look of the round began before the deadline, and its answer came after it.
		expect(await run(start('a', { deadline: 5_000 }))).toMatchObject([{ status: 'completed' }]);
		expect(timesOf('a')).toEqual([10, 5_000]);
		expect(clock.now()).toBe(8_010);
	});

	it('is when the last look begins although another one is under way', async () => {
		const { run, start, clock, timesOf } = watching({ endsAt: { a: 9_000 }, latencyMs: 8_000 });
		expect(await run(start('a', { deadline: 5_000 }))).toMatchObject([{ status: 'completed' }]);
		expect(timesOf('a')).toEqual([10, 5_000]);
		expect(clock.now()).toBe(13_000);
	});

	it('of each of many jobs is met while a page of the log takes 20 seconds', async () => {
		const jobs = numbered(60);
		const deadlineOf = (jobId: string) => 1_000 + 300 * Number(jobId);
		const { clock, run, start, timesOf, pages } = watching({
			endsAt: { 7: 2_000, 31: 10_300, 32: 10_601 },
			logLatencyMs: 20_000,
		});
		const endedAt: Record<string, number> = {};
		const results = await run(
			...jobs.map(async (jobId) => {
				const result = await start(jobId, { deadline: deadlineOf(jobId) });
				endedAt[jobId] = clock.now();
				return result;
			}),
		);
		const completed = jobs.filter((jobId) => results[Number(jobId)]?.status === 'completed');
		expect(completed).toEqual(['7', '31']);
		for (const jobId of jobs) {
			expect(timesOf(jobId)).toEqual([deadlineOf(jobId)]);
			// In the end the log is read once more, and waited for no longer than this.
			expect(endedAt[jobId]).toBeLessThanOrEqual(deadlineOf(jobId) + 10_000);
		}
		expect(pages.filter(({ at }) => at < 1_000).map(({ at }) => at)).toEqual([10]);
		expect(pages.length).toBeLessThan(15);
	});

	it('is met while a look of another job takes 20 seconds', async () => {
		const { clock, run, start, startAll } = watching({
			latencyMs: (jobId) => (jobId === 'slow' ? 20_000 : 0),
		});
		const ends: number[] = [];
		const jobs = startAll(['slow']).concat(
			[4_500, 9_001, 13_337].map(async (deadline) => {
				const result = await start(String(deadline), { deadline });
				ends.push(clock.now());
				return result;
			}),
		);
		await run(...jobs);
		expect(ends).toEqual([4_500, 9_001, 13_337]);
	});

	it('of one job does not hold up the others', async () => {
		const { run, start, timesOf } = watching({
			latencyMs: (jobId) => (jobId === 'a' ? 8_000 : 0),
		});
		await run(start('a', { deadline: 0 }), start('b', { deadline: 4_500 }));
		expect(timesOf('b')).toEqual([10, 1_010, 2_010, 3_010, 4_010, 4_500]);
	});
});

describe('the last looks of many jobs', () => {
	it('are made ten at a time', async () => {
		const jobs = numbered(25);
		const { run, startAll, clock, mostUnderWay } = watching({
			endsAt: endingAt(jobs, 0),
			latencyMs: 100,
		});
		const results = await run(...startAll(jobs, { deadline: 0 }));
		expect(results).toMatchObject(jobs.map((jobId) => ({ event: { jobId } })));
		expect(mostUnderWay()).toBe(10);
		expect(clock.now()).toBe(310);
	});

	it('are made when the jobs stand in line for a short time', async () => {
		const jobs = numbered(30);
		const { run, startAll, clock } = watching({ endsAt: endingAt(jobs, 10_000), latencyMs: 900 });
		const results = await run(...startAll(jobs, { deadline: 10_000, intervalMs: 60_000 }));
		expect(results).toMatchObject(jobs.map(() => ({ status: 'completed' })));
		expect(clock.now()).toBe(12_700);
	});

	it('are not made in a long line for those that were looked up before', async () => {
		const jobs = numbered(60);
		const { run, startAll, clock, looks } = watching({ latencyMs: 1_000 });
		await run(...startAll(jobs, { deadline: 40_000 }));
		expect(looks.filter(({ at }) => at < 40_000)).toHaveLength(60);
		// 2 seconds of grace, and a look that began in them.
		expect(looks.filter(({ at }) => at >= 40_000).map(({ at }) => at)).toEqual(
			[40_000, 41_000, 42_000].flatMap((at) => Array<number>(10).fill(at)),
		);
		expect(clock.now()).toBe(43_000);
	});

	it('are made, however long the line, for jobs that were not looked up by themselves', async () => {
		const jobs = numbered(45);
		const { run, startAll, clock, timesOf } = watching({
			endsAt: endingAt(jobs, 0),
			latencyMs: 3_000,
		});
		const job = { deadline: 0, intervalMs: 0, isKnown: false };
		const results = await run(...startAll(jobs, job));
		expect(results).toMatchObject(jobs.map((jobId) => ({ event: { jobId } })));
		for (const jobId of jobs) expect(timesOf(jobId)).toHaveLength(1);
		expect(clock.now()).toBe(15_010);
	});
});

describe('a Cobalt that is slow, but answers', () => {
	it('is asked about each of very many jobs that have but one look', async () => {
		const { run, startAll, looks } = watching({ latencyMs: 1_000 });
		const job = { deadline: 0, isKnown: false, submittedAt: undefined };
		const results = await run(...startAll(numbered(1_000), job));
		expect(results.every(({ status }) => status === 'pending')).toBe(true);
		expect(looks).toHaveLength(1_000);
	});

	it('is not asked for longer than a minute about jobs that it is known to have', async () => {
		const { clock, run, startAll, looks } = watching({ latencyMs: 1_000 });
		const results = await run(...startAll(numbered(1_000), { deadline: 0 }));
		expect(results.every(({ status }) => status === 'pending')).toBe(true);
		expect(looks).toHaveLength(610);
		expect(clock.now()).toBe(61_010);
	});

	it('does not hold up those whose time is not over with the last looks of others', async () => {
		const { clock, run, start, startAll } = watching({
			endsAt: { late: 5_000 },
			latencyMs: (jobId) => (jobId === 'late' ? 10 : 3_000),
		});
		const late = start('late', { deadline: 10_000 }).then((result) => {
			expect(result).toMatchObject({ status: 'completed' });
			expect(clock.now()).toBeLessThanOrEqual(10_000 + 3_000);
			return result;
		});
		await run(late, ...startAll(numbered(300), { deadline: 3_000 }));
	});
});

describe('a Cobalt that is silent', () => {
	const silentLog: Plan = { ...SILENT, logFails: () => BROKEN_OFF, logLatencyMs: 30_000 };

	it('does not hang many jobs for long after their deadline', async () => {
		const jobs = numbered(500);
		const { run, startAll, clock, looks } = watching(silentLog);
		const results = await run(...startAll(jobs, { deadline: 60_000 }));
		expect(results).toEqual(jobs.map(() => ({ status: 'pending' })));
		// The log in the first round, and the looks of the same round at those that had waited enough.
		expect(looks.length).toBeLessThanOrEqual(20);
		expect(clock.now()).toBeLessThanOrEqual(60_000 + 30_000 + 60_000);
	});

	it('is asked for some of those that have but one look, and then for no more', async () => {
		const { clock, startAll, looks } = watching(SILENT);
		const jobs = startAll(numbered(500), { deadline: 0, isKnown: false });
		const ends = await clock.run(Promise.allSettled(jobs));
		// Each says why it is not known, also those that were never asked for.
		for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: BROKEN_OFF });
		expect(looks).toHaveLength(30);
		expect(clock.now()).toBe(90_010);
	});

	it('is asked on when it answers again', async () => {
		const { clock, startAll, looks } = watching({
			latencyMs: (_, before) => (before < 20 ? 14_000 : 1_000),
			fails: (_, before) => (before < 20 ? BROKEN_OFF : undefined),
		});
		const jobs = startAll(numbered(60), { deadline: 0 });
		await clock.run(Promise.allSettled(jobs));
		expect(looks).toHaveLength(60);
	});

	it('does not hang many strangers for long after their deadline', async () => {
		const { run, startAll, clock } = watching(SILENT);
		await run(...startAll(numbered(200), { submittedAt: undefined, deadline: 60_000 }));
		expect(clock.now()).toBeLessThanOrEqual(60_000 + 90_000);
	});
});

describe('a Cobalt that asks to slow down', () => {
	const slowOnce = (retryAfterMs?: number) => (_: string, before: number) =>
		before === 0 ? slowDown(retryAfterMs) : undefined;

	it('is not asked about any job until the time is over', async () => {
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

	it('is asked less and less often when it names no time', async () => {
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
		['another answer', new FailedRequest({ isTransient: true, retryAfterMs: 0 })],
	])('is asked once a second at most when it names no time to wait in %s', async (_, error) => {
		const { run, startAll, looks } = watching({ fails: () => error });
		await run(...startAll(['a'], { deadline: 40_000, intervalMs: 0 }));
		const times = looks.map(({ at }) => at);
		expect(times.length).toBeGreaterThan(3);
		for (const [index, at] of times.slice(1).entries()) {
			expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(1_000);
		}
	});

	it('is not asked either when it has said so to another request of the run', async () => {
		const { rateLimiter, clock, run, start, timesOf } = watching();
		clock.at(1_500, () => {
			rateLimiter.track(Promise.reject(slowDown(4_000))).catch(() => undefined);
		});
		await run(start('a', { deadline: 7_000 }));
		expect(timesOf('a')).toEqual([10, 1_010, 5_500, 6_500, 7_000]);
	});

	it.each([3_000, 50_000, 300_000])(
		'for %i ms does not hold a job beyond its deadline that was looked up before',
		async (holdMs) => {
			const { run, start, clock, timesOf } = watching({
				fails: (_, before) => (before === 4 ? slowDown(holdMs) : undefined),
			});
			expect(await run(start('a', { deadline: 5_000 }))).toEqual([{ status: 'pending' }]);
			expect(timesOf('a')).toEqual([10, 1_010, 2_010, 3_010, 4_010]);
			expect(clock.now()).toBe(5_000);
		},
	);

	it('is asked at last when the time is over soon after the deadline', async () => {
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
		'for %i ms holds a job that was not looked up before until %i: for a minute at most',
		async (holdMs, endsAt) => {
			const { run, start, clock, timesOf } = watching({ fails: slowOnce(holdMs) });
			expect(await run(start('a', { deadline: 5_000 }))).toEqual([{ status: 'pending' }]);
			expect(clock.now()).toBe(endsAt);
			expect(timesOf('a')).toEqual(endsAt > 5_000 ? [10, endsAt] : [10]);
		},
	);

	it('is the reason for what nobody could look up', async () => {
		const { rateLimiter, clock, start, asked } = watching();
		const error = slowDown(300_000);
		await rateLimiter.track(Promise.reject(error)).catch(() => undefined);
		const job = { deadline: 3_000, isKnown: false, submittedAt: undefined };
		const [end] = await clock.run(Promise.allSettled([start('a', job)]));
		expect(end).toMatchObject({ status: 'rejected', reason: error });
		expect(clock.now()).toBe(3_000);
		expect(asked()).toEqual([]);
	});

	it('leaves it at what was found before', async () => {
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

	it('is still asked once about a job that has but one look', async () => {
		const { clock, start, timesOf } = watching({ endsAt: { b: 0 }, fails: slowOnce(2_000) });
		const late = clock.pass(500).then(async () => start('b', { deadline: 0 }));
		const [, b] = await clock.run(Promise.all([start('a', { deadline: 10_000 }), late]));
		expect(b).toMatchObject({ status: 'completed' });
		expect(timesOf('b')).toEqual([2_010]);
	});

	it('is still asked about jobs that were not looked up by themselves, when the time is over', async () => {
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

	it('is not taken for silent, however long it asks to wait', async () => {
		const jobs = numbered(8);
		const { run, startAll } = watching({
			endsAt: endingAt(jobs, 5_000),
			logFails: (_, before) => (before === 0 ? slowDown(45_000) : undefined),
		});
		expect(await run(...startAll(jobs, { deadline: 10_000 }))).toMatchObject(
			jobs.map(() => ({ status: 'completed' })),
		);
	});

	it('is not taken for silent, however often it asks to wait', async () => {
		const { run, start, clock } = watching({
			endsAt: { a: 45_000 },
			fails: (_, before) => (before < 3 ? slowDown(20_000) : undefined),
		});
		expect(await run(start('a', { deadline: 50_000 }))).toMatchObject([{ status: 'completed' }]);
		expect(clock.now()).toBe(60_010);
	});

	it.each([
		['strangers', { submittedAt: undefined }],
		['jobs at their deadline', { deadline: 0 }],
	])('is not asked about those who stand in line either: %s', async (_, job) => {
		const { clock, startAll, looks } = watching({
			fails: () => slowDown(100_000),
			latencyMs: 100,
		});
		await clock.run(Promise.allSettled(startAll(numbered(50), job)));
		expect(looks.filter(({ at }) => at < 100_000)).toHaveLength(10);
	});
});

it('a look that came to nothing is told of, not one of another job, where there are both', async () => {
	const own = new FailedRequest({ isTransient: true });
	const { clock, start } = watching({ fails: (jobId) => (jobId === 'a' ? own : BROKEN_OFF) });
	const job = { deadline: 1_500, isKnown: false };
	const [a, b] = await clock.run(Promise.allSettled([start('a', job), start('b', job)]));
	expect(a).toMatchObject({ reason: own });
	expect(b).toMatchObject({ reason: BROKEN_OFF });
});
