import fc from 'fast-check';
import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';

import { readEvent } from '../../dist/nodes/Cobalt/events/event.js';
import { BY_SHAPE } from '../../dist/nodes/Cobalt/jobs/outcome.js';
import { JobWatcher, type WatchedJob } from '../../dist/nodes/Cobalt/jobs/watcher.js';
import { VirtualClock } from './virtualClock.mts';

class LookError extends Error {
	constructor(
		readonly passing: boolean,
		readonly retryAfterMs?: number,
	) {
		super('No look');
	}
}

const UNAVAILABLE = new LookError(false);
const BROKEN_OFF = new LookError(true);

const done = (jobId: string, type: string) => {
	const event = readEvent({ id: 'evt', type, job_id: jobId, data: {} });
	if (!event) throw new Error('Not an event');
	return event;
};

interface Plan {
	/** When each job has its event; jobs that are not listed never end. */
	endsAt?: Record<string, number>;
	endType?: string;
	/** What the log lists of any job, and when; instead of one event at the end. */
	log?: Array<{ type: string; from: number; until?: number }>;
	/** Thrown by a look, told by its job and how many looks there were before it. */
	fails?: (jobId: string, looksBefore: number) => Error | undefined;
	/** How long an answer takes. */
	latencyMs?: number;
}

function watch({ endsAt = {}, endType = 'x.created', log, fails, latencyMs = 0 }: Plan = {}) {
	const clock = new VirtualClock();
	const controller = new AbortController();
	// One for each job that sleeps.
	setMaxListeners(0, controller.signal);
	const listed = (jobId: string) =>
		(log ?? [{ type: endType, from: endsAt[jobId] ?? Infinity }])
			.filter(({ from, until = Infinity }) => from <= clock.now() && clock.now() < until)
			.map(({ type }) => done(jobId, type))
			// The newest first.
			.reverse();
	const looks: Array<{ jobId: string; at: number }> = [];
	let underWay = 0;
	let mostUnderWay = 0;
	const watcher = new JobWatcher({
		clock,
		signal: controller.signal,
		riskOf: (error) => (error instanceof LookError ? error : undefined),
		lookUp: async (jobId) => {
			const error = fails?.(jobId, looks.length);
			looks.push({ jobId, at: clock.now() });
			underWay += 1;
			mostUnderWay = Math.max(mostUnderWay, underWay);
			await clock.pass(latencyMs);
			underWay -= 1;
			if (error) throw error;
			return listed(jobId);
		},
	});
	const start = async (jobId: string, job: Partial<WatchedJob> = {}) =>
		await watcher.watch({
			jobId,
			deadline: 120_000,
			intervalMs: 1_000,
			settlement: BY_SHAPE,
			isKnown: true,
			...job,
		});
	return {
		clock,
		controller,
		start,
		run: async (...jobs: Array<ReturnType<typeof start>>) => await clock.run(Promise.all(jobs)),
		timesOf: (jobId: string) => looks.filter((look) => look.jobId === jobId).map(({ at }) => at),
		mostUnderWay: () => mostUnderWay,
	};
}

describe('watching a job', () => {
	it('looks before it sleeps', async () => {
		const { run, start, clock, timesOf } = watch({ endsAt: { a: 0 } });
		expect(await run(start('a'))).toMatchObject([{ status: 'completed', event: { jobId: 'a' } }]);
		expect(timesOf('a')).toEqual([0]);
		expect(clock.sleeps).toEqual([]);
	});

	it('looks once each interval until the event is there', async () => {
		const { run, start, timesOf } = watch({ endsAt: { a: 5_500 } });
		expect(await run(start('a', { intervalMs: 2_000 }))).toMatchObject([{ status: 'completed' }]);
		expect(timesOf('a')).toEqual([0, 2_000, 4_000, 6_000]);
	});

	it('makes the last look at the deadline, and sleeps no longer', async () => {
		const { run, start, clock, timesOf } = watch();
		const job = { deadline: 5_000, intervalMs: 2_000 };
		expect(await run(start('a', job))).toEqual([{ status: 'pending' }]);
		expect(timesOf('a')).toEqual([0, 2_000, 4_000, 5_000]);
		expect(clock.now()).toBe(5_000);
	});

	it('finds an event that comes at the deadline', async () => {
		const { run, start } = watch({ endsAt: { a: 5_000 } });
		const job = { deadline: 5_000, intervalMs: 60_000 };
		expect(await run(start('a', job))).toMatchObject([{ status: 'completed' }]);
	});

	it.each([0, -60_000])('looks once when the deadline is at %i', async (deadline) => {
		const { run, start, clock, timesOf } = watch();
		expect(await run(start('a', { deadline }))).toEqual([{ status: 'pending' }]);
		expect(timesOf('a')).toEqual([0]);
		expect(clock.now()).toBe(0);
		const there = watch({ endsAt: { a: 0 } });
		expect(await there.run(there.start('a', { deadline }))).toMatchObject([
			{ status: 'completed' },
		]);
	});

	it.each([
		['completed', { completed: ['x.upload_failed'], failed: [] }],
		['failed', BY_SHAPE],
	])('tells by the settlement that the job %s', async (status, settlement) => {
		const { run, start } = watch({ endsAt: { a: 0 }, endType: 'x.upload_failed' });
		expect(await run(start('a', { settlement }))).toMatchObject([{ status }]);
	});
});

describe('a look without an answer', () => {
	it('costs the job nothing but time when the reason passes', async () => {
		const { run, start, timesOf } = watch({
			endsAt: { a: 0 },
			fails: (_, before) => (before < 3 ? BROKEN_OFF : undefined),
		});
		expect(await run(start('a'))).toMatchObject([{ status: 'completed' }]);
		expect(timesOf('a')).toEqual([0, 1_000, 2_000, 3_000]);
	});

	it('leaves the job pending when it goes on until the deadline', async () => {
		const { run, start, clock } = watch({ fails: () => BROKEN_OFF });
		expect(await run(start('a', { deadline: 3_000 }))).toEqual([{ status: 'pending' }]);
		expect(clock.now()).toBe(3_000);
	});

	it.each([
		['of its kind would not be helped by another', UNAVAILABLE],
		['is of an unknown kind', new TypeError('x is not a function')],
	])('is thrown when it %s', async (_, error) => {
		const { run, start, timesOf } = watch({ fails: () => error });
		await expect(run(start('a'))).rejects.toBe(error);
		expect(timesOf('a')).toEqual([0]);
	});

	it('does not touch the other jobs when it is thrown', async () => {
		const { clock, start } = watch({
			endsAt: { b: 3_000 },
			fails: (jobId) => (jobId === 'a' ? UNAVAILABLE : undefined),
		});
		const [a, b] = await clock.run(Promise.allSettled([start('a'), start('b')]));
		expect(a).toMatchObject({ status: 'rejected', reason: UNAVAILABLE });
		expect(b).toMatchObject({ status: 'fulfilled', value: { status: 'completed' } });
	});
});

describe('an event that the operation does not document', () => {
	const settlement = { completed: ['x.created'], failed: ['x.failed'] };
	const job = { settlement, deadline: 5_000 };

	it('counts when the time is over', async () => {
		const { run, start, clock } = watch({ log: [{ type: 'x.queued', from: 0 }] });
		expect(await run(start('a', job))).toMatchObject([
			{ status: 'completed', isCertain: false, event: { type: 'x.queued' } },
		]);
		expect(clock.now()).toBe(5_000);
	});

	it('counts at once for a job that has but one look', async () => {
		const { run, start, clock } = watch({ log: [{ type: 'x.queued', from: 0 }] });
		expect(await run(start('a', { settlement, deadline: 0 }))).toMatchObject([
			{ status: 'completed', event: { type: 'x.queued' } },
		]);
		expect(clock.now()).toBe(0);
	});

	it.each([
		['completed', 'x.created'],
		['failed', 'x.failed'],
		// Not documented for this operation either, but a failure whatever it belongs to.
		['failed', 'x.sync_failed'],
	])('gives way to one that tells that the job %s: %s', async (status, type) => {
		const { run, start, clock } = watch({
			log: [
				{ type: 'x.queued', from: 0 },
				{ type, from: 3_000 },
			],
		});
		expect(await run(start('a', job))).toMatchObject([{ status, event: { type } }]);
		expect(clock.now()).toBe(3_000);
	});

	it('gives way to one that comes at the deadline', async () => {
		const { run, start } = watch({
			log: [
				{ type: 'x.queued', from: 0 },
				{ type: 'x.failed', from: 5_000 },
			],
		});
		expect(await run(start('a', job))).toMatchObject([{ status: 'failed' }]);
	});

	it('gives way to a newer one of its kind', async () => {
		const { run, start } = watch({
			log: [
				{ type: 'x.queued', from: 0 },
				{ type: 'x.started', from: 2_000 },
			],
		});
		expect(await run(start('a', job))).toMatchObject([{ event: { type: 'x.started' } }]);
	});

	it('is not lost when the later looks do not come through', async () => {
		const { run, start } = watch({
			log: [{ type: 'x.queued', from: 0 }],
			fails: (_, before) => (before > 0 ? BROKEN_OFF : undefined),
		});
		expect(await run(start('a', job))).toMatchObject([{ event: { type: 'x.queued' } }]);
	});

	it('is not lost when the last look comes too late to be made', async () => {
		const { run, start, timesOf } = watch({
			log: [{ type: 'x.queued', from: 0 }],
			latencyMs: 8_000,
		});
		expect(await run(start('a', job))).toMatchObject([{ event: { type: 'x.queued' } }]);
		expect(timesOf('a')).toEqual([0]);
	});

	// A log that does not know the job_id filter is read back by a few pages alone, and they move on.
	it('is not lost when the log does not list it any more', async () => {
		const { run, start } = watch({ log: [{ type: 'x.queued', from: 0, until: 2_000 }] });
		expect(await run(start('a', job))).toMatchObject([{ event: { type: 'x.queued' } }]);
	});

	it('does not keep a cancelled watch from ending', async () => {
		const { run, start, clock, controller } = watch({ log: [{ type: 'x.queued', from: 0 }] });
		clock.at(1_500, () => {
			controller.abort();
		});
		expect(await run(start('a', job))).toEqual([{ status: 'cancelled' }]);
		expect(clock.now()).toBe(1_500);
	});
});

describe('a job that is only said to exist', () => {
	const unknown = { isKnown: false, deadline: 3_000 };

	it('is not called pending when no look came through: the last error is thrown', async () => {
		const errors = Array.from({ length: 4 }, () => new LookError(true));
		const { run, start, clock, timesOf } = watch({ fails: (_, before) => errors[before] });
		await expect(run(start('a', unknown))).rejects.toBe(errors[3]);
		expect(timesOf('a')).toHaveLength(4);
		expect(clock.now()).toBe(3_000);
	});

	it('is not called pending when its only look did not come through', async () => {
		const { run, start } = watch({ fails: () => BROKEN_OFF });
		await expect(run(start('a', { isKnown: false, deadline: 0 }))).rejects.toBe(BROKEN_OFF);
	});

	it.each([0, 1, 3])('is pending when look %i came through', async (through) => {
		const { run, start } = watch({
			fails: (_, before) => (before === through ? undefined : BROKEN_OFF),
		});
		expect(await run(start('a', unknown))).toEqual([{ status: 'pending' }]);
	});

	it('is pending when all looks came through', async () => {
		const { run, start } = watch();
		expect(await run(start('a', unknown))).toEqual([{ status: 'pending' }]);
	});

	it('is completed by a look that comes through at last', async () => {
		const { run, start } = watch({
			endsAt: { a: 0 },
			fails: (_, before) => (before < 3 ? BROKEN_OFF : undefined),
		});
		expect(await run(start('a', unknown))).toMatchObject([{ status: 'completed' }]);
	});

	it('is cancelled, whatever its looks gave', async () => {
		const { run, start, clock, controller } = watch({ fails: () => BROKEN_OFF });
		clock.at(1_500, () => {
			controller.abort();
		});
		expect(await run(start('a', unknown))).toEqual([{ status: 'cancelled' }]);
	});

	it('does not touch one that is known', async () => {
		const { clock, start } = watch({ fails: () => BROKEN_OFF });
		const [known, other] = await clock.run(
			Promise.allSettled([start('a', { deadline: 3_000 }), start('b', unknown)]),
		);
		expect(known).toMatchObject({ status: 'fulfilled', value: { status: 'pending' } });
		expect(other).toMatchObject({ status: 'rejected', reason: BROKEN_OFF });
	});
});

describe('a Cobalt that asks to slow down', () => {
	const slowOnce = (retryAfterMs: number) => (_: string, before: number) =>
		before === 0 ? new LookError(true, retryAfterMs) : undefined;

	it('is not asked about any job until the time is over', async () => {
		const { run, start, clock, timesOf } = watch({
			endsAt: { a: 0, b: 0, c: 20_000 },
			fails: slowOnce(10_000),
		});
		const late = clock.pass(5_000).then(async () => start('b'));
		const results = await run(start('a'), late, start('c', { intervalMs: 7_000 }));
		expect(results).toMatchObject(results.map(() => ({ status: 'completed' })));
		expect(timesOf('a')).toEqual([0, 10_000]);
		expect(timesOf('b')).toEqual([10_000]);
		expect(timesOf('c').filter((at) => at > 0 && at < 10_000)).toEqual([]);
	});

	it('does not hold a job beyond its deadline', async () => {
		const { run, start, clock } = watch({ fails: slowOnce(300_000) });
		expect(await run(start('a', { deadline: 5_000 }))).toEqual([{ status: 'pending' }]);
		expect(clock.now()).toBe(5_000);
	});

	it('is still asked once about a job that has but one look', async () => {
		const { clock, start, timesOf } = watch({ endsAt: { b: 0 }, fails: slowOnce(2_000) });
		clock.at(500, () => void start('b', { deadline: 0 }));
		await clock.run(start('a', { deadline: 10_000 }));
		expect(timesOf('b')).toHaveLength(1);
	});
});

describe('many jobs', () => {
	it('are looked at side by side, ten at a time', async () => {
		const jobs = Array.from({ length: 25 }, (_, index) => String(index));
		const { run, start, clock, mostUnderWay } = watch({
			endsAt: Object.fromEntries(jobs.map((jobId) => [jobId, 0])),
			latencyMs: 100,
		});
		const results = await run(...jobs.map(async (jobId) => start(jobId)));
		expect(results).toMatchObject(jobs.map((jobId) => ({ event: { jobId } })));
		expect(mostUnderWay()).toBe(10);
		expect(clock.now()).toBe(300);
	});

	const numbered = (count: number) => Array.from({ length: count }, (_, index) => String(index));

	it('with slow looks end near their deadline', async () => {
		const jobs = numbered(100);
		const { run, start, clock, timesOf } = watch({ latencyMs: 5_000 });
		const results = await run(...jobs.map(async (jobId) => start(jobId, { deadline: 60_000 })));
		expect(results).toEqual(jobs.map(() => ({ status: 'pending' })));
		// 2 seconds of grace, and a look that began in them.
		expect(clock.now()).toBeLessThanOrEqual(60_000 + 2_000 + 5_000);
		for (const jobId of jobs) {
			expect(timesOf(jobId).length).toBeGreaterThan(0);
			expect(Math.max(...timesOf(jobId))).toBeLessThanOrEqual(62_000);
		}
	});

	it('get their last look when they stand in line for a short time', async () => {
		const jobs = numbered(30);
		const endsAt = Object.fromEntries(jobs.map((jobId) => [jobId, 10_000]));
		const { run, start, clock } = watch({ endsAt, latencyMs: 900 });
		const job = { deadline: 10_000, intervalMs: 60_000 };
		const results = await run(...jobs.map(async (jobId) => start(jobId, job)));
		expect(results).toMatchObject(jobs.map(() => ({ status: 'completed' })));
		expect(clock.now()).toBe(12_700);
	});

	it('are each looked at once, however long the line, when they have but one look', async () => {
		const jobs = numbered(45);
		const endsAt = Object.fromEntries(jobs.map((jobId) => [jobId, 0]));
		const { run, start, clock, timesOf } = watch({ endsAt, latencyMs: 3_000 });
		const job = { deadline: 0, intervalMs: 0, isKnown: false };
		const results = await run(...jobs.map(async (jobId) => start(jobId, job)));
		expect(results).toMatchObject(jobs.map((jobId) => ({ event: { jobId } })));
		for (const jobId of jobs) expect(timesOf(jobId)).toHaveLength(1);
		expect(clock.now()).toBe(15_000);
	});

	it('are each looked at, and none long after its time, whatever the load', async () => {
		const load = fc.record({
			count: fc.integer({ min: 1, max: 40 }),
			latencyMs: fc.nat(6_000),
			deadline: fc.nat(10_000),
			intervalMs: fc.integer({ min: 500, max: 5_000 }),
		});
		await fc.assert(
			fc.asyncProperty(load, async ({ count, latencyMs, deadline, intervalMs }) => {
				const jobs = numbered(count);
				const { run, start, clock, timesOf } = watch({ latencyMs });
				await run(...jobs.map(async (jobId) => start(jobId, { deadline, intervalMs })));
				for (const jobId of jobs) {
					const [first, ...others] = timesOf(jobId);
					expect(first).toBeDefined();
					for (const at of others) expect(at).toBeLessThanOrEqual(deadline + 2_000);
				}
				const firstRound = Math.ceil(count / 10) * latencyMs;
				expect(clock.now()).toBeLessThanOrEqual(
					Math.max(deadline + 2_000 + latencyMs, firstRound + latencyMs),
				);
			}),
			{ numRuns: 30 },
		);
	});
});

describe('cancelling', () => {
	it('ends the watch at once', async () => {
		const { run, start, clock, controller, timesOf } = watch();
		clock.at(1_500, () => {
			controller.abort();
		});
		expect(await run(start('a'), start('b', { intervalMs: 60_000 }))).toEqual([
			{ status: 'cancelled' },
			{ status: 'cancelled' },
		]);
		expect(clock.now()).toBe(1_500);
		expect(timesOf('a')).toEqual([0, 1_000]);
	});

	it('makes no look at all when it came before', async () => {
		const { run, start, controller, timesOf } = watch({ endsAt: { a: 0 } });
		controller.abort();
		expect(await run(start('a'))).toEqual([{ status: 'cancelled' }]);
		expect(timesOf('a')).toEqual([]);
	});

	it.each([undefined, BROKEN_OFF, UNAVAILABLE])(
		'is what counts when a look is under way and ends with %s',
		async (error) => {
			const { run, start, clock, controller, timesOf } = watch({
				fails: () => error,
				latencyMs: 1_000,
			});
			clock.at(500, () => {
				controller.abort();
			});
			expect(await run(start('a'))).toEqual([{ status: 'cancelled' }]);
			expect(timesOf('a')).toEqual([0]);
		},
	);
});
