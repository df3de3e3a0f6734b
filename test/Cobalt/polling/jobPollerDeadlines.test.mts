import { describe, expect, it } from 'vitest';

import { FailedRequest } from '../../shared/retry/failedRequest.mts';
import { BROKEN_OFF, endingAt, numbered, watching, type Plan } from './polling.mts';

/** The requests of a Cobalt that does not answer are given up after this time. */
const SILENT: Plan = { fails: () => BROKEN_OFF, latencyMs: 30_000 };

describe('the deadline of a job', () => {
	it('makes the last lookup at the deadline, and sleeps no longer', async () => {
		const { run, start, clock, timesOf } = watching();
		const job = { deadline: 5_000, intervalMs: 2_000 };
		expect(await run(start('a', job))).toEqual([{ status: 'pending' }]);
		expect(timesOf('a')).toEqual([10, 2_010, 4_010, 5_000]);
		expect(clock.now()).toBe(5_000);
	});

	it.each([1, 8])('finds an event of the moment of the deadline, with %i jobs', async (count) => {
		const jobs = numbered(count);
		const { run, startAll } = watching({ endsAt: endingAt(jobs, 5_000) });
		const results = await run(...startAll(jobs, { deadline: 5_000, intervalMs: 60_000 }));
		expect(results).toMatchObject(jobs.map(() => ({ status: 'completed' })));
	});

	it.each([0, -60_000])('makes one lookup for a deadline of %i', async (deadline) => {
		const { run, start, clock, timesOf } = watching();
		expect(await run(start('a', { deadline }))).toEqual([{ status: 'pending' }]);
		expect(timesOf('a')).toEqual([10]);
		expect(clock.now()).toBe(10);
		const there = watching({ endsAt: { a: 0 } });
		expect(await there.run(there.start('a', { deadline }))).toMatchObject([
			{ status: 'completed' },
		]);
	});

	it('ends each wait at its own deadline, even if it comes during a long pause', async () => {
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

	it('ends a wait at its deadline when it comes and ends during a pause', async () => {
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

	it('waits for the response of a lookup that started before the deadline', async () => {
		const { run, start, clock, timesOf } = watching({ endsAt: { a: 7_000 }, latencyMs: 8_000 });
		// The look of the round began before the deadline, and its answer came after it.
		expect(await run(start('a', { deadline: 5_000 }))).toMatchObject([{ status: 'completed' }]);
		expect(timesOf('a')).toEqual([10, 5_000]);
		expect(clock.now()).toBe(8_010);
	});

	it('starts the last lookup at the deadline while another one is in flight', async () => {
		const { run, start, clock, timesOf } = watching({ endsAt: { a: 9_000 }, latencyMs: 8_000 });
		expect(await run(start('a', { deadline: 5_000 }))).toMatchObject([{ status: 'completed' }]);
		expect(timesOf('a')).toEqual([10, 5_000]);
		expect(clock.now()).toBe(13_000);
	});

	it('meets the deadline of each of 60 jobs while a page of the log takes 20 seconds', async () => {
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

	it('meets deadlines while a lookup of another job takes 20 seconds', async () => {
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

	it('continues with other jobs during the last lookup of one', async () => {
		const { run, start, timesOf } = watching({
			latencyMs: (jobId) => (jobId === 'a' ? 8_000 : 0),
		});
		await run(start('a', { deadline: 0 }), start('b', { deadline: 4_500 }));
		expect(timesOf('b')).toEqual([10, 1_010, 2_010, 3_010, 4_010, 4_500]);
	});
});

describe('the last lookups of many jobs', () => {
	it('makes ten last lookups at a time', async () => {
		const jobs = numbered(25);
		const { run, startAll, clock, maxUnderWay } = watching({
			endsAt: endingAt(jobs, 0),
			latencyMs: 100,
		});
		const results = await run(...startAll(jobs, { deadline: 0 }));
		expect(results).toMatchObject(jobs.map((jobId) => ({ event: { jobId } })));
		expect(maxUnderWay()).toBe(10);
		expect(clock.now()).toBe(310);
	});

	it('makes all last lookups when the queue is short', async () => {
		const jobs = numbered(30);
		const { run, startAll, clock } = watching({ endsAt: endingAt(jobs, 10_000), latencyMs: 900 });
		const results = await run(...startAll(jobs, { deadline: 10_000, intervalMs: 60_000 }));
		expect(results).toMatchObject(jobs.map(() => ({ status: 'completed' })));
		expect(clock.now()).toBe(12_700);
	});

	it('skips the last lookups of a long queue for jobs that were looked up before', async () => {
		const jobs = numbered(60);
		const { run, startAll, clock, lookups } = watching({ latencyMs: 1_000 });
		await run(...startAll(jobs, { deadline: 40_000 }));
		expect(lookups.filter(({ at }) => at < 40_000)).toHaveLength(60);
		// 2 seconds of grace, and a look that began in them.
		expect(lookups.filter(({ at }) => at >= 40_000).map(({ at }) => at)).toEqual(
			[40_000, 41_000, 42_000].flatMap((at) => Array<number>(10).fill(at)),
		);
		expect(clock.now()).toBe(43_000);
	});

	it('makes all last lookups of a long queue for jobs that were never looked up', async () => {
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

describe('a Cobalt that responds slowly', () => {
	it('looks up each of 1,000 jobs that have a single lookup', async () => {
		const { run, startAll, lookups } = watching({ latencyMs: 1_000 });
		const job = { deadline: 0, isKnown: false, submittedAt: undefined };
		const results = await run(...startAll(numbered(1_000), job));
		expect(results.every(({ status }) => status === 'pending')).toBe(true);
		expect(lookups).toHaveLength(1_000);
	});

	it('makes the last lookups of 1,000 submitted jobs for a minute at most', async () => {
		const { clock, run, startAll, lookups } = watching({ latencyMs: 1_000 });
		const results = await run(...startAll(numbered(1_000), { deadline: 0 }));
		expect(results.every(({ status }) => status === 'pending')).toBe(true);
		expect(lookups).toHaveLength(610);
		expect(clock.now()).toBe(61_010);
	});

	it('looks up a job before its deadline during the last lookups of others', async () => {
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

describe('a Cobalt that does not respond', () => {
	const silentLog: Plan = { ...SILENT, logFails: () => BROKEN_OFF, logLatencyMs: 30_000 };

	it('ends 500 waits soon after their deadline when nothing responds', async () => {
		const jobs = numbered(500);
		const { run, startAll, clock, lookups } = watching(silentLog);
		const results = await run(...startAll(jobs, { deadline: 60_000 }));
		expect(results).toEqual(jobs.map(() => ({ status: 'pending' })));
		// The log in the first round, and the looks of the same round at those that had waited enough.
		expect(lookups.length).toBeLessThanOrEqual(20);
		expect(clock.now()).toBeLessThanOrEqual(60_000 + 30_000 + 60_000);
	});

	it('gives up the single lookups of 500 jobs after 30 without a response', async () => {
		const { clock, startAll, lookups } = watching(SILENT);
		const jobs = startAll(numbered(500), { deadline: 0, isKnown: false });
		const ends = await clock.run(Promise.allSettled(jobs));
		// Each says why it is not known, also those that were never asked for.
		for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: BROKEN_OFF });
		expect(lookups).toHaveLength(30);
		expect(clock.now()).toBe(90_010);
	});

	it('continues with the last lookups when Cobalt responds again', async () => {
		const { clock, startAll, lookups } = watching({
			latencyMs: (_, before) => (before < 20 ? 14_000 : 1_000),
			fails: (_, before) => (before < 20 ? BROKEN_OFF : undefined),
		});
		const jobs = startAll(numbered(60), { deadline: 0 });
		await clock.run(Promise.allSettled(jobs));
		expect(lookups).toHaveLength(60);
	});

	it('ends the waits of 200 jobs of unknown age soon after their deadline', async () => {
		const { run, startAll, clock } = watching(SILENT);
		await run(...startAll(numbered(200), { submittedAt: undefined, deadline: 60_000 }));
		expect(clock.now()).toBeLessThanOrEqual(60_000 + 90_000);
	});
});

it('rejects a job with the error of its own lookup, not of another job', async () => {
	const own = new FailedRequest({ isTransient: true });
	const { clock, start } = watching({ fails: (jobId) => (jobId === 'a' ? own : BROKEN_OFF) });
	const job = { deadline: 1_500, isKnown: false };
	const [a, b] = await clock.run(Promise.allSettled([start('a', job), start('b', job)]));
	expect(a).toMatchObject({ reason: own });
	expect(b).toMatchObject({ reason: BROKEN_OFF });
});
