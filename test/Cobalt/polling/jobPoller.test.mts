import { describe, expect, it } from 'vitest';

import { UNDOCUMENTED_EVENTS } from '../../../nodes/shared/events/terminalEvents.js';
import { FailedRequest } from '../../shared/retry/failedRequest.mts';
import { BROKEN_OFF, LOGGED_OUT, UNAVAILABLE, numbered, watching } from './polling.mts';

/** The moments between which nothing was asked. */
const pausesOf = (times: readonly number[]) =>
	times.slice(1).map((at, index) => at - (times[index] ?? 0));

describe('one job', () => {
	it('makes the first lookup after 10 ms, in which other jobs may come', async () => {
		const { run, start, clock, timesOf } = watching({ endsAt: { a: 0 } });
		expect(await run(start('a'))).toMatchObject([{ status: 'completed', event: { jobId: 'a' } }]);
		expect(timesOf('a')).toEqual([10]);
		expect(clock.sleeps).toContain(10);
		expect(clock.now()).toBe(10);
	});

	it.each([
		['a lookup of a round', { intervalMs: 60_000 }],
		['its last lookup', { deadline: 0 }],
	])('leaves no timer behind when no job is pending after %s', async (_, job) => {
		const { run, start, clock } = watching({ endsAt: { a: 0 }, latencyMs: 300 });
		await run(start('a', job));
		const endless = clock.run(new Promise(() => undefined));
		await expect(endless).rejects.toThrow('waits for something that does not come');
		expect(clock.now()).toBe(310);
	});

	it('makes a lookup in each interval until the event is listed', async () => {
		const { run, start, timesOf } = watching({ endsAt: { a: 5_500 } });
		expect(await run(start('a', { intervalMs: 2_000 }))).toMatchObject([{ status: 'completed' }]);
		expect(timesOf('a')).toEqual([10, 2_010, 4_010, 6_010]);
	});

	it("does not read everybody's log for one job before its deadline", async () => {
		const { run, start, pages } = watching();
		await run(start('a'));
		expect(pages.map(({ at }) => at)).toEqual([120_000]);
	});

	it.each([1, 3])('finds %d jobs at their deadline when only the log has events', async (count) => {
		const jobs = numbered(count);
		const endsAt = Object.fromEntries(jobs.map((jobId) => [jobId, 2_000]));
		const { run, startAll, pages } = watching({ endsAt, finds: () => false });
		const results = await run(...startAll(jobs));
		expect(results.map(({ status }) => status)).toEqual(jobs.map(() => 'completed'));
		expect(pages).toHaveLength(1);
	});

	it('reads the log once for an old job with a single lookup', async () => {
		const untracked = { submittedAt: undefined, deadline: 0 };
		const { run, start, pages } = watching({ endsAt: { a: -86_400_000 }, finds: () => false });
		expect(await run(start('a', untracked))).toMatchObject([{ status: 'completed' }]);
		expect(pages).toHaveLength(1);
	});

	it.each([
		[300, 1_000, 1_000],
		[500, 1_000, 1_000],
		[800, 1_000, 1_300],
		[9_000, 1_000, 9_500],
		[9_000, 60_000, 60_000],
	])(
		'counts up to half of a %i ms lookup as part of the %i ms between lookups',
		async (latencyMs, intervalMs, expected) => {
			const { run, start, timesOf } = watching({ latencyMs });
			await run(start('a', { intervalMs, deadline: 100_000 }));
			const [first = 0, second] = timesOf('a');
			expect(second).toBe(first + expected);
		},
	);

	it('makes lookups less often after 90 seconds, down to every 3 seconds', async () => {
		const { run, start, timesOf } = watching();
		await run(start('a', { deadline: 600_000 }));
		const times = timesOf('a');
		for (const [index, pause] of pausesOf(times.slice(0, -1)).entries()) {
			const waited = (times[index] ?? 0) / 90;
			expect(pause).toBeCloseTo(Math.min(Math.max(1_000, waited), 3_000), -1);
		}
		expect(Math.max(...pausesOf(times))).toBeCloseTo(3_000);
	});

	it('keeps an interval of more than 3 seconds', async () => {
		const { run, start, timesOf } = watching();
		await run(start('a', { deadline: 400_010, intervalMs: 5_000 }));
		expect(new Set(pausesOf(timesOf('a')))).toEqual(new Set([5_000]));
	});

	it.each([
		['completed', { completed: ['x.upload_failed'], failed: [] }],
		['failed', UNDOCUMENTED_EVENTS],
	])('decides by the terminal events that a job is %s', async (status, terminalEvents) => {
		const { run, start } = watching({ endsAt: { a: 0 }, endType: 'x.upload_failed' });
		expect(await run(start('a', { terminalEvents }))).toMatchObject([{ status }]);
	});
});

describe('several jobs', () => {
	it('looks up jobs of the same moment in the same round', async () => {
		const { clock, run, start, timesOf, rounds } = watching({ endsAt: { a: 0, b: 0, c: 0 } });
		const late = clock.pass(9).then(async () => start('c'));
		await run(start('a'), start('b'), late);
		expect(['a', 'b', 'c'].map(timesOf)).toEqual([[10], [10], [10]]);
		expect(rounds).toEqual([{ at: 10, pending: 0 }]);
	});

	it('reports after each round how many jobs are pending', async () => {
		const { run, start, rounds } = watching({ endsAt: { a: 0, b: 1_500 } });
		await run(start('a'), start('b'));
		expect(rounds.map(({ pending }) => pending)).toEqual([1, 1, 0]);
	});

	it('looks up a job in the next round when it comes during a round', async () => {
		const { clock, run, start, timesOf } = watching({ endsAt: { b: 0 }, latencyMs: 400 });
		const late = clock.pass(100).then(async () => start('b'));
		expect(await run(late, start('a', { deadline: 3_000 }))).toMatchObject([
			{ status: 'completed' },
			{ status: 'pending' },
		]);
		expect(timesOf('b')).toEqual([1_010]);
	});

	it('looks up a job in the next round when it comes between rounds', async () => {
		const { clock, run, start, timesOf } = watching({ endsAt: { b: 0 } });
		const late = clock.pass(500).then(async () => start('b'));
		await run(late, start('a', { deadline: 3_000 }));
		expect(timesOf('b')).toEqual([1_010]);
	});

	it('looks up a job within its own interval when it comes between rounds', async () => {
		const { clock, run, start, timesOf } = watching({ endsAt: { b: 3_000 } });
		const late = clock.pass(500).then(async () => start('b'));
		await run(late, start('a', { intervalMs: 60_000 }));
		expect(timesOf('b')).toEqual([1_500, 2_500, 3_500]);
	});

	it('keeps the interval of other jobs when a job with a single lookup comes', async () => {
		const { clock, run, start, timesOf } = watching({ latencyMs: 100 });
		const late = clock.pass(50).then(async () => start('b', { intervalMs: 0, deadline: 50 }));
		await run(late, start('a', { intervalMs: 5_000, deadline: 10_000 }));
		expect(timesOf('a')).toEqual([10, 5_010, 10_000]);
	});

	it('starts again when a job comes after all others have ended', async () => {
		const { clock, run, start, timesOf } = watching({ endsAt: { a: 0, b: 0 } });
		await run(start('a', { intervalMs: 60_000 }));
		await clock.run(clock.pass(500));
		await run(start('b'));
		expect(timesOf('b')).toEqual([520]);
	});

	it('uses the shortest interval of all jobs', async () => {
		const { run, start, timesOf } = watching();
		await run(
			start('a', { intervalMs: 2_000, deadline: 5_000 }),
			start('b', { intervalMs: 3_000, deadline: 5_000 }),
		);
		expect(timesOf('a')).toEqual([10, 2_010, 4_010, 5_000]);
		expect(timesOf('b')).toEqual(timesOf('a'));
	});

	it('resolves each of two waits for one job at its own deadline', async () => {
		const twice = watching({ endsAt: { a: 1_500 } });
		expect(await twice.run(twice.start('a'), twice.start('a'))).toMatchObject([
			{ status: 'completed' },
			{ status: 'completed' },
		]);
		const { clock, run, start } = watching({ endsAt: { a: 2_500 } });
		let endedAt = 0;
		const brief = start('a', { deadline: 2_000 }).finally(() => (endedAt = clock.now()));
		expect(await run(brief, start('a'))).toMatchObject([
			{ status: 'pending' },
			{ status: 'completed' },
		]);
		expect(endedAt).toBe(2_000);
	});
});

describe('several waits for one job', () => {
	it('shares each lookup when the deadlines differ by a few milliseconds', async () => {
		const { run, start, timesOf } = watching();
		const waits = [5_000, 5_003, 5_010].map(async (deadline) => start('a', { deadline }));
		expect(await run(...waits)).toEqual(waits.map(() => ({ status: 'pending' })));
		expect(timesOf('a')).toEqual([10, 1_010, 2_010, 3_010, 4_010, 5_000]);
	});

	it('makes a last lookup for each wait when the deadlines are further apart', async () => {
		const { run, start, timesOf } = watching();
		await run(
			...[2_500, 2_511].map(async (deadline) => start('a', { deadline, intervalMs: 9_000 })),
		);
		expect(timesOf('a')).toEqual([10, 2_500, 2_511]);
	});

	it('starts no round at the deadline of the last job', async () => {
		const { run, start, timesOf, rounds } = watching();
		await run(start('a', { deadline: 2_010 }));
		expect(timesOf('a')).toEqual([10, 1_010, 2_010]);
		expect(rounds).toHaveLength(2);
	});

	it('looks up a job once in a round that has several waits for it', async () => {
		const { run, startAll, lookups } = watching({ logFails: () => UNAVAILABLE });
		const jobs = numbered(20).flatMap((jobId) => [jobId, jobId]);
		await run(...startAll(jobs, { deadline: 500 }));
		expect(lookups.filter(({ at }) => at === 10).map(({ jobId }) => jobId)).toEqual(numbered(20));
	});
});

describe('a lookup that fails', () => {
	it('completes the job after failures that pass', async () => {
		const { run, start, timesOf } = watching({
			endsAt: { a: 0 },
			fails: (_, before) => (before < 3 ? BROKEN_OFF : undefined),
		});
		expect(await run(start('a'))).toMatchObject([{ status: 'completed' }]);
		expect(timesOf('a')).toEqual([10, 1_010, 2_010, 3_010]);
	});

	it('leaves the job pending when all lookups fail until the deadline', async () => {
		const { run, start, clock } = watching({ fails: () => BROKEN_OFF });
		expect(await run(start('a', { deadline: 3_000 }))).toEqual([{ status: 'pending' }]);
		expect(clock.now()).toBe(3_000);
	});

	it.each([
		['would recur in another lookup', UNAVAILABLE],
		['is of an unknown kind', new TypeError('x is not a function')],
	])('rejects the wait when the error %s', async (_, error) => {
		const { run, start, timesOf } = watching({ fails: () => error });
		await expect(run(start('a'))).rejects.toBe(error);
		expect(timesOf('a')).toEqual([10]);
	});

	it('continues with the other jobs when one is rejected', async () => {
		const { clock, start } = watching({
			endsAt: { b: 3_000 },
			fails: (jobId) => (jobId === 'a' ? UNAVAILABLE : undefined),
		});
		const [a, b] = await clock.run(Promise.allSettled([start('a'), start('b')]));
		expect(a).toMatchObject({ status: 'rejected', reason: UNAVAILABLE });
		expect(b).toMatchObject({ status: 'fulfilled', value: { status: 'completed' } });
	});

	it('rejects all waits, and stops, when an error concerns all requests', async () => {
		const { clock, start, lookups } = watching({
			fails: (_, before) => (before === 4 ? LOGGED_OUT : undefined),
		});
		const ends = await clock.run(Promise.allSettled(['a', 'b', 'c'].map(async (id) => start(id))));
		for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: LOGGED_OUT });
		expect(clock.now()).toBe(1_010);
		await clock.run(clock.pass(10_000));
		expect(lookups.every(({ at }) => at <= 1_010)).toBe(true);
	});

	it('looks up a later job after an error that concerned all requests', async () => {
		const { clock, run, start } = watching({
			endsAt: { b: 0 },
			fails: (_, before) => (before === 0 ? LOGGED_OUT : undefined),
		});
		await expect(run(start('a'))).rejects.toBe(LOGGED_OUT);
		await clock.run(clock.pass(1_000));
		expect(await run(start('b'))).toMatchObject([{ status: 'completed' }]);
	});
});

describe('a job that is known by its ID only', () => {
	const unknown = { isKnown: false, deadline: 3_000 };

	it('rejects with the last error when all lookups failed', async () => {
		const errors = Array.from({ length: 4 }, () => new FailedRequest({ isTransient: true }));
		const { run, start, clock, timesOf } = watching({ fails: (_, before) => errors[before] });
		await expect(run(start('a', unknown))).rejects.toBe(errors[3]);
		expect(timesOf('a')).toHaveLength(4);
		expect(clock.now()).toBe(3_000);
	});

	it('rejects when the only lookup failed', async () => {
		const { run, start } = watching({ fails: () => BROKEN_OFF });
		await expect(run(start('a', { isKnown: false, deadline: 0 }))).rejects.toBe(BROKEN_OFF);
	});

	it.each([0, 1, 3])('leaves the job pending when lookup %i succeeded', async (through) => {
		const { run, start } = watching({
			fails: (_, before) => (before === through ? undefined : BROKEN_OFF),
		});
		expect(await run(start('a', unknown))).toEqual([{ status: 'pending' }]);
	});

	it('leaves the job pending when all lookups succeeded', async () => {
		const { run, start } = watching();
		expect(await run(start('a', unknown))).toEqual([{ status: 'pending' }]);
	});

	it('completes the job when its last lookup succeeds', async () => {
		const { run, start } = watching({
			endsAt: { a: 0 },
			fails: (_, before) => (before < 3 ? BROKEN_OFF : undefined),
		});
		expect(await run(start('a', unknown))).toMatchObject([{ status: 'completed' }]);
	});

	it('leaves a submitted job pending beside a rejected one', async () => {
		const { clock, start } = watching({ fails: () => BROKEN_OFF });
		const [known, other] = await clock.run(
			Promise.allSettled([start('a', { deadline: 3_000 }), start('b', unknown)]),
		);
		expect(known).toMatchObject({ status: 'fulfilled', value: { status: 'pending' } });
		expect(other).toMatchObject({ status: 'rejected', reason: BROKEN_OFF });
	});
});
