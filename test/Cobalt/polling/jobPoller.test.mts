import { describe, expect, it } from 'vitest';

import { UNDOCUMENTED_EVENTS } from '../../../nodes/shared/events/terminalEvents.js';
import { FailedRequest } from '../../shared/retry/failedRequest.mts';
import { BROKEN_OFF, LOGGED_OUT, UNAVAILABLE, numbered, watching } from './polling.mts';

/** The moments between which nothing was asked. */
const pausesOf = (times: readonly number[]) =>
	times.slice(1).map((at, index) => at - (times[index] ?? 0));

describe('watching a job', () => {
	it('looks before it sleeps, but for a moment in which others may come', async () => {
		const { run, start, clock, timesOf } = watching({ endsAt: { a: 0 } });
		expect(await run(start('a'))).toMatchObject([{ status: 'completed', event: { jobId: 'a' } }]);
		expect(timesOf('a')).toEqual([10]);
		expect(clock.sleeps).toContain(10);
		expect(clock.now()).toBe(10);
	});

	it.each([
		['a look of a round', { intervalMs: 60_000 }],
		['its last look', { deadline: 0 }],
	])('leaves no sleep behind when nobody is pending any more after %s', async (_, job) => {
		const { run, start, clock } = watching({ endsAt: { a: 0 }, latencyMs: 300 });
		await run(start('a', job));
		const endless = clock.run(new Promise(() => undefined));
		await expect(endless).rejects.toThrow('waits for something that does not come');
		expect(clock.now()).toBe(310);
	});

	it('looks once each interval until the event is there', async () => {
		const { run, start, timesOf } = watching({ endsAt: { a: 5_500 } });
		expect(await run(start('a', { intervalMs: 2_000 }))).toMatchObject([{ status: 'completed' }]);
		expect(timesOf('a')).toEqual([10, 2_010, 4_010, 6_010]);
	});

	it('does not read the log of everybody for it before its time is over', async () => {
		const { run, start, pages } = watching();
		await run(start('a'));
		expect(pages.map(({ at }) => at)).toEqual([120_000]);
	});

	it.each([1, 3])('finds %d of which only the log shows something, in the end', async (count) => {
		const jobs = numbered(count);
		const endsAt = Object.fromEntries(jobs.map((jobId) => [jobId, 2_000]));
		const { run, startAll, pages } = watching({ endsAt, finds: () => false });
		const results = await run(...startAll(jobs));
		expect(results.map(({ status }) => status)).toEqual(jobs.map(() => 'completed'));
		expect(pages).toHaveLength(1);
	});

	it('reads the log once for one that is looked up at once, however old it is', async () => {
		const stranger = { submittedAt: undefined, deadline: 0 };
		const { run, start, pages } = watching({ endsAt: { a: -86_400_000 }, finds: () => false });
		expect(await run(start('a', stranger))).toMatchObject([{ status: 'completed' }]);
		expect(pages).toHaveLength(1);
	});

	it.each([
		[300, 1_000, 1_000],
		[500, 1_000, 1_000],
		[800, 1_000, 1_300],
		[9_000, 1_000, 9_500],
		[9_000, 60_000, 60_000],
	])(
		'takes the %i ms of an answer for a part of the %i ms between looks, but for half of them',
		async (latencyMs, intervalMs, expected) => {
			const { run, start, timesOf } = watching({ latencyMs });
			await run(start('a', { intervalMs, deadline: 100_000 }));
			const [first = 0, second] = timesOf('a');
			expect(second).toBe(first + expected);
		},
	);

	it('looks less and less often from a minute and a half on, down to every 3 seconds', async () => {
		const { run, start, timesOf } = watching();
		await run(start('a', { deadline: 600_000 }));
		const times = timesOf('a');
		for (const [index, pause] of pausesOf(times.slice(0, -1)).entries()) {
			const waited = (times[index] ?? 0) / 90;
			expect(pause).toBeCloseTo(Math.min(Math.max(1_000, waited), 3_000), -1);
		}
		expect(Math.max(...pausesOf(times))).toBeCloseTo(3_000);
	});

	it('keeps to an interval that is longer than that', async () => {
		const { run, start, timesOf } = watching();
		await run(start('a', { deadline: 400_010, intervalMs: 5_000 }));
		expect(new Set(pausesOf(timesOf('a')))).toEqual(new Set([5_000]));
	});

	it.each([
		['completed', { completed: ['x.upload_failed'], failed: [] }],
		['failed', UNDOCUMENTED_EVENTS],
	])('tells by the terminalEvents that the job %s', async (status, terminalEvents) => {
		const { run, start } = watching({ endsAt: { a: 0 }, endType: 'x.upload_failed' });
		expect(await run(start('a', { terminalEvents }))).toMatchObject([{ status }]);
	});
});

describe('watching jobs together', () => {
	it('looks at those that come at the same moment in the same round', async () => {
		const { clock, run, start, timesOf, rounds } = watching({ endsAt: { a: 0, b: 0, c: 0 } });
		const late = clock.pass(9).then(async () => start('c'));
		await run(start('a'), start('b'), late);
		expect(['a', 'b', 'c'].map(timesOf)).toEqual([[10], [10], [10]]);
		expect(rounds).toEqual([{ at: 10, pending: 0 }]);
	});

	it('tells after each round how many are pending', async () => {
		const { run, start, rounds } = watching({ endsAt: { a: 0, b: 1_500 } });
		await run(start('a'), start('b'));
		expect(rounds.map(({ pending }) => pending)).toEqual([1, 1, 0]);
	});

	it('looks at one that comes during a round in the next one', async () => {
		const { clock, run, start, timesOf } = watching({ endsAt: { b: 0 }, latencyMs: 400 });
		const late = clock.pass(100).then(async () => start('b'));
		expect(await run(late, start('a', { deadline: 3_000 }))).toMatchObject([
			{ status: 'completed' },
			{ status: 'pending' },
		]);
		expect(timesOf('b')).toEqual([1_010]);
	});

	it('looks at one that comes between rounds in the next one', async () => {
		const { clock, run, start, timesOf } = watching({ endsAt: { b: 0 } });
		const late = clock.pass(500).then(async () => start('b'));
		await run(late, start('a', { deadline: 3_000 }));
		expect(timesOf('b')).toEqual([1_010]);
	});

	it('does not keep one that comes between rounds waiting for longer than its interval', async () => {
		const { clock, run, start, timesOf } = watching({ endsAt: { b: 3_000 } });
		const late = clock.pass(500).then(async () => start('b'));
		await run(late, start('a', { intervalMs: 60_000 }));
		expect(timesOf('b')).toEqual([1_500, 2_500, 3_500]);
	});

	it('keeps to the interval of the others when one comes that has but one look', async () => {
		const { clock, run, start, timesOf } = watching({ latencyMs: 100 });
		const late = clock.pass(50).then(async () => start('b', { intervalMs: 0, deadline: 50 }));
		await run(late, start('a', { intervalMs: 5_000, deadline: 10_000 }));
		expect(timesOf('a')).toEqual([10, 5_010, 10_000]);
	});

	it('starts afresh when a job comes after all others have ended', async () => {
		const { clock, run, start, timesOf } = watching({ endsAt: { a: 0, b: 0 } });
		await run(start('a', { intervalMs: 60_000 }));
		await clock.run(clock.pass(500));
		await run(start('b'));
		expect(timesOf('b')).toEqual([520]);
	});

	it('takes the shortest of their intervals', async () => {
		const { run, start, timesOf } = watching();
		await run(
			start('a', { intervalMs: 2_000, deadline: 5_000 }),
			start('b', { intervalMs: 3_000, deadline: 5_000 }),
		);
		expect(timesOf('a')).toEqual([10, 2_010, 4_010, 5_000]);
		expect(timesOf('b')).toEqual(timesOf('a'));
	});

	it('gives each of two watches over one job its result, at its own deadline', async () => {
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

describe('several waits for the same job', () => {
	it('share each lookup, also when their deadlines differ by a few milliseconds', async () => {
		const { run, start, timesOf } = watching();
		const waits = [5_000, 5_003, 5_010].map(async (deadline) => start('a', { deadline }));
		expect(await run(...waits)).toEqual(waits.map(() => ({ status: 'pending' })));
		expect(timesOf('a')).toEqual([10, 1_010, 2_010, 3_010, 4_010, 5_000]);
	});

	it('have a last lookup each when their deadlines are further apart', async () => {
		const { run, start, timesOf } = watching();
		await run(
			...[2_500, 2_511].map(async (deadline) => start('a', { deadline, intervalMs: 9_000 })),
		);
		expect(timesOf('a')).toEqual([10, 2_500, 2_511]);
	});

	it('have no round more when it would be due at their deadline', async () => {
		const { run, start, timesOf, rounds } = watching();
		await run(start('a', { deadline: 2_010 }));
		expect(timesOf('a')).toEqual([10, 1_010, 2_010]);
		expect(rounds).toHaveLength(2);
	});

	it('are looked up once together with 19 other jobs in a round', async () => {
		const { run, startAll, looks } = watching({ logFails: () => UNAVAILABLE });
		const jobs = numbered(20).flatMap((jobId) => [jobId, jobId]);
		await run(...startAll(jobs, { deadline: 500 }));
		expect(looks.filter(({ at }) => at === 10).map(({ jobId }) => jobId)).toEqual(numbered(20));
	});
});

describe('a look without an answer', () => {
	it('costs the job nothing but time when the reason passes', async () => {
		const { run, start, timesOf } = watching({
			endsAt: { a: 0 },
			fails: (_, before) => (before < 3 ? BROKEN_OFF : undefined),
		});
		expect(await run(start('a'))).toMatchObject([{ status: 'completed' }]);
		expect(timesOf('a')).toEqual([10, 1_010, 2_010, 3_010]);
	});

	it('leaves the job pending when it goes on until the deadline', async () => {
		const { run, start, clock } = watching({ fails: () => BROKEN_OFF });
		expect(await run(start('a', { deadline: 3_000 }))).toEqual([{ status: 'pending' }]);
		expect(clock.now()).toBe(3_000);
	});

	it.each([
		['of its kind would not be helped by another', UNAVAILABLE],
		['is of an unknown kind', new TypeError('x is not a function')],
	])('is thrown when it %s', async (_, error) => {
		const { run, start, timesOf } = watching({ fails: () => error });
		await expect(run(start('a'))).rejects.toBe(error);
		expect(timesOf('a')).toEqual([10]);
	});

	it('does not touch the other jobs when it is thrown', async () => {
		const { clock, start } = watching({
			endsAt: { b: 3_000 },
			fails: (jobId) => (jobId === 'a' ? UNAVAILABLE : undefined),
		});
		const [a, b] = await clock.run(Promise.allSettled([start('a'), start('b')]));
		expect(a).toMatchObject({ status: 'rejected', reason: UNAVAILABLE });
		expect(b).toMatchObject({ status: 'fulfilled', value: { status: 'completed' } });
	});

	it('ends all of them when it concerns all, and nothing more is asked', async () => {
		const { clock, start, looks } = watching({
			fails: (_, before) => (before === 4 ? LOGGED_OUT : undefined),
		});
		const ends = await clock.run(Promise.allSettled(['a', 'b', 'c'].map(async (id) => start(id))));
		for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: LOGGED_OUT });
		expect(clock.now()).toBe(1_010);
		await clock.run(clock.pass(10_000));
		expect(looks.every(({ at }) => at <= 1_010)).toBe(true);
	});

	it('that concerned all of them does not keep a later job from being looked at', async () => {
		const { clock, run, start } = watching({
			endsAt: { b: 0 },
			fails: (_, before) => (before === 0 ? LOGGED_OUT : undefined),
		});
		await expect(run(start('a'))).rejects.toBe(LOGGED_OUT);
		await clock.run(clock.pass(1_000));
		expect(await run(start('b'))).toMatchObject([{ status: 'completed' }]);
	});
});

describe('a job that is only said to exist', () => {
	const unknown = { isKnown: false, deadline: 3_000 };

	it('is not called pending when no look came through: the last error is thrown', async () => {
		const errors = Array.from({ length: 4 }, () => new FailedRequest({ isTransient: true }));
		const { run, start, clock, timesOf } = watching({ fails: (_, before) => errors[before] });
		await expect(run(start('a', unknown))).rejects.toBe(errors[3]);
		expect(timesOf('a')).toHaveLength(4);
		expect(clock.now()).toBe(3_000);
	});

	it('is not called pending when its only look did not come through', async () => {
		const { run, start } = watching({ fails: () => BROKEN_OFF });
		await expect(run(start('a', { isKnown: false, deadline: 0 }))).rejects.toBe(BROKEN_OFF);
	});

	it.each([0, 1, 3])('is pending when look %i came through', async (through) => {
		const { run, start } = watching({
			fails: (_, before) => (before === through ? undefined : BROKEN_OFF),
		});
		expect(await run(start('a', unknown))).toEqual([{ status: 'pending' }]);
	});

	it('is pending when all looks came through', async () => {
		const { run, start } = watching();
		expect(await run(start('a', unknown))).toEqual([{ status: 'pending' }]);
	});

	it('is completed by a look that comes through at last', async () => {
		const { run, start } = watching({
			endsAt: { a: 0 },
			fails: (_, before) => (before < 3 ? BROKEN_OFF : undefined),
		});
		expect(await run(start('a', unknown))).toMatchObject([{ status: 'completed' }]);
	});

	it('does not touch one that is known', async () => {
		const { clock, start } = watching({ fails: () => BROKEN_OFF });
		const [known, other] = await clock.run(
			Promise.allSettled([start('a', { deadline: 3_000 }), start('b', unknown)]),
		);
		expect(known).toMatchObject({ status: 'fulfilled', value: { status: 'pending' } });
		expect(other).toMatchObject({ status: 'rejected', reason: BROKEN_OFF });
	});
});
