import { describe, expect, it } from 'vitest';

import {
	BROKEN_OFF,
	every,
	LOGGED_OUT,
	numbered,
	slowDown,
	UNAVAILABLE,
	watching,
	type Asked,
} from './polling.mts';

/** Jobs that never end, and for which the wait ends before each is looked up by itself. */
const BRIEF = { deadline: 20_000 };

/** What was asked in the round that began at a time: looks and pages of the log. */
const countsAt = (asked: readonly Asked[], timestamp: number) => {
	const round = asked.filter(({ at }) => at === timestamp);
	const pages = round.filter(({ page }) => page !== undefined).length;
	return { lookups: round.length - pages, pages };
};

const endingAt = (jobs: readonly string[], timestamp: number) =>
	Object.fromEntries(jobs.map((jobId) => [jobId, timestamp]));

describe('the log of many jobs', () => {
	it.each([
		[1, { lookups: 1, pages: 0 }],
		[3, { lookups: 3, pages: 0 }],
		[4, { lookups: 0, pages: 1 }],
		[100, { lookups: 0, pages: 1 }],
	])('reads the log for many jobs, and makes lookups for a few: %i', async (count, expected) => {
		const jobs = numbered(count);
		const { run, startAll, asked, clock } = watching({ endsAt: endingAt(jobs, 2_500) });
		const results = await run(...startAll(jobs));
		expect(results).toMatchObject(jobs.map((jobId) => ({ event: { jobId } })));
		expect(clock.now()).toBe(3_010);
		for (const at of [10, 1_010, 2_010, 3_010]) expect(countsAt(asked(), at)).toEqual(expected);
	});

	it('makes lookups again when few jobs are left', async () => {
		const endsAt = endingAt(numbered(5), 2_500);
		const { run, startAll, asked } = watching({ endsAt });
		await run(...startAll(numbered(8), { deadline: 6_000 }));
		expect(countsAt(asked(), 3_010)).toEqual({ lookups: 0, pages: 1 });
		expect(countsAt(asked(), 4_010)).toEqual({ lookups: 3, pages: 0 });
	});

	it('reads one page in each round when little happens', async () => {
		const { run, startAll, pages, lookups } = watching({ others: every(10_000, -300_000, 20_000) });
		await run(...startAll(numbered(50), BRIEF));
		// Once each second, and once more for those that are pending in the end.
		expect(pages.map(({ page }) => page)).toEqual(Array(21).fill(1));
		// The last ones, at the deadline.
		expect(lookups.every(({ at }) => at === 20_000)).toBe(true);
	});

	it('reads two minutes of the log at first, and then only what is new', async () => {
		// Two a second: 240 events in two minutes.
		const { run, startAll, pages } = watching({ others: every(500, -400_000, 20_000) });
		await run(...startAll(numbered(12), { deadline: 5_000 }));
		expect(pages.filter(({ at }) => at === 10).map(({ page }) => page)).toEqual([1, 2, 3]);
		expect(pages.filter(({ at }) => at > 10 && at < 5_000).map(({ page }) => page)).toEqual([
			1, 1, 1, 1,
		]);
	});

	it('finds jobs on a later page of the log', async () => {
		const jobs = numbered(12);
		// Others have 250 events before the round after.
		const rush = every(1, 2_500, 2_750);
		const { run, startAll, pages, lookups } = watching({
			endsAt: endingAt(jobs, 2_400),
			others: rush,
		});
		expect(await run(...startAll(jobs))).toMatchObject(jobs.map((jobId) => ({ event: { jobId } })));
		expect(pages.map(({ at, page }) => [at, page])).toEqual([
			[10, 1],
			[1_010, 1],
			[2_010, 1],
			[3_010, 1],
			[3_010, 2],
			[3_010, 3],
		]);
		expect(lookups).toEqual([]);
	});

	it('finds jobs in the log that were submitted long before', async () => {
		const jobs = numbered(8);
		const { clock, run, startAll, lookups } = watching({ endsAt: endingAt(jobs, 500) });
		await clock.run(clock.pass(300_000));
		await run(...startAll(jobs, { submittedAt: 400, deadline: 400_000 }));
		expect(lookups).toEqual([]);
	});

	it('finds a job in the log that comes later than the others', async () => {
		const jobs = numbered(8);
		const { clock, run, startAll, lookups } = watching({
			endsAt: { ...endingAt(['late'], 1_050) },
		});
		// It ended before the reading that first asked for it, and was submitted before the one before.
		const late = clock.pass(1_500).then(async () => startAll(['late'], { submittedAt: 900 })[0]);
		const [result] = await run(
			late.then((ended) => ended ?? { status: 'pending' as const }),
			...startAll(jobs, BRIEF),
		);
		expect(result).toMatchObject({ status: 'completed', event: { jobId: 'late' } });
		expect(lookups.filter(({ jobId }) => jobId === 'late')).toEqual([]);
	});

	it('finds a job for both of its waits', async () => {
		const jobs = [...numbered(5), '0'];
		const { run, startAll, lookups } = watching({ endsAt: endingAt(jobs, 1_500) });
		expect(await run(...startAll(jobs))).toMatchObject(jobs.map((jobId) => ({ event: { jobId } })));
		expect(lookups).toEqual([]);
	});

	it('reads no further page when all jobs are found', async () => {
		const jobs = numbered(40);
		const others = every(100, -300_000, 1);
		const { run, startAll, pages } = watching({ endsAt: endingAt(jobs, 5), others });
		await run(...startAll(jobs));
		expect(pages).toHaveLength(1);
	});

	it('reads the log while that takes fewer requests than lookups', async () => {
		const others = every(500, -400_000, 20_000);
		const { run, startAll, asked } = watching({ endsAt: endingAt(['0', '1'], 5), others });
		await run(...startAll(numbered(13), BRIEF));
		expect(countsAt(asked(), 5_010)).toEqual({ lookups: 0, pages: 1 });
	});
});

describe('a job that the log does not show', () => {
	it('looks up a job that the log does not show every 30 seconds', async () => {
		const { run, startAll, timesOf } = watching();
		await run(...startAll(numbered(12), { deadline: 85_000 }));
		for (const jobId of numbered(12)) expect(timesOf(jobId)).toEqual([30_010, 60_010, 85_000]);
	});

	it('looks up a job that the log does not show after 10 pauses, if these are longer', async () => {
		const { run, startAll, timesOf } = watching();
		await run(...startAll(numbered(12), { deadline: 85_000, intervalMs: 5_000 }));
		for (const jobId of numbered(12)) expect(timesOf(jobId)).toEqual([50_010, 85_000]);
	});

	it('finds a job that the log does not show by a lookup', async () => {
		const endsAt = endingAt(['3'], 12_000);
		const { run, startAll, clock, timesOf } = watching({ endsAt, shows: () => false });
		let endedAt = 0;
		const jobs = startAll(numbered(12), { deadline: 60_000 });
		void jobs[3]?.then(() => (endedAt = clock.now()));
		expect((await run(...jobs))[3]).toMatchObject({ status: 'completed' });
		expect(endedAt).toBe(30_010);
		expect(timesOf('3')).toEqual([30_010]);
	});

	it('makes at most 20 lookups in a round, those first that have waited longest', async () => {
		const { run, startAll, asked, lookups } = watching();
		await run(...startAll(numbered(50), { deadline: 70_000 }));
		const counts = [30_010, 31_010, 32_010, 33_010].map((at) => countsAt(asked(), at).lookups);
		expect(counts).toEqual([20, 20, 10, 0]);
		expect(lookups.slice(0, 50).map(({ jobId }) => jobId)).toEqual(numbered(50));
		expect(lookups.slice(50, 100).map(({ jobId }) => jobId)).toEqual(numbered(50));
	});
});

describe('a log that is no help', () => {
	/** How the rounds of 12 jobs go on such a log: looks and pages of each. */
	const roundsOf = async (plan: Parameters<typeof watching>[0], count = 12) => {
		const { run, startAll, asked } = watching(plan);
		const results = await run(...startAll(numbered(count), { deadline: 9_500 }));
		const rounds = [10, 1_010, 2_010, 3_010, 4_010].map((at) => countsAt(asked(), at));
		return { results, rounds };
	};
	const READ = { lookups: 0, pages: 1 };
	const LOOKED_UP = { lookups: 12, pages: 0 };
	const BOTH = { lookups: 12, pages: 1 };

	it('stops reading a log that lists the oldest events first', async () => {
		const { rounds, results } = await roundsOf({
			oldestFirst: true,
			others: every(20_000, -300_000, 20_000),
			endsAt: endingAt(numbered(12), 3_500),
		});
		expect(rounds).toEqual([BOTH, LOOKED_UP, LOOKED_UP, LOOKED_UP, LOOKED_UP]);
		expect(results.every(({ status }) => status === 'completed')).toBe(true);
	});

	it('stops reading a log that cannot be read', async () => {
		const { rounds } = await roundsOf({ logFails: () => UNAVAILABLE });
		expect(rounds).toEqual([BOTH, LOOKED_UP, LOOKED_UP, LOOKED_UP, LOOKED_UP]);
	});

	it('stops reading the log after an unknown error', async () => {
		const { rounds } = await roundsOf({ logFails: () => new TypeError('x is not a function') });
		expect(rounds).toEqual([BOTH, LOOKED_UP, LOOKED_UP, LOOKED_UP, LOOKED_UP]);
	});

	it('looks up 50 jobs in turn, 20 in each round, without the log', async () => {
		const { run, startAll, lookups } = watching({ logFails: () => UNAVAILABLE });
		await run(...startAll(numbered(50), { deadline: 4_500 }));
		const inTurn = [...numbered(50), ...numbered(40)];
		expect(lookups.slice(0, 90).map(({ jobId }) => jobId)).toEqual(inTurn);
		expect(lookups.filter(({ at }) => at === 2_010)).toHaveLength(20);
	});

	it('makes lookups for one round after a failure of the log that may pass', async () => {
		const { rounds } = await roundsOf({
			logFails: (_, before) => (before === 1 ? BROKEN_OFF : undefined),
		});
		expect(rounds).toEqual([READ, READ, LOOKED_UP, READ, READ]);
	});

	it('reads the log in every second round when each read fails', async () => {
		const { rounds } = await roundsOf({ logFails: () => BROKEN_OFF });
		expect(rounds).toEqual([READ, LOOKED_UP, READ, LOOKED_UP, READ]);
	});

	it('makes no requests for a while when the log asks to slow down', async () => {
		const { rounds } = await roundsOf({
			logFails: (_, before) => (before === 1 ? slowDown(2_000) : undefined),
		});
		expect(rounds).toEqual([READ, READ, { lookups: 0, pages: 0 }, LOOKED_UP, READ]);
	});

	it('rejects all waits when an error of the log concerns all requests', async () => {
		const { clock, startAll, asked } = watching({ logFails: () => LOGGED_OUT });
		const ends = await clock.run(Promise.allSettled(startAll(numbered(12))));
		for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: LOGGED_OUT });
		await clock.run(clock.pass(10_000));
		expect(asked()).toHaveLength(1);
	});

	it('reads one page for four jobs, and 20 at most', async () => {
		const others = every(10, -150_000, 10_000);
		const few = await roundsOf({ others });
		expect(few.rounds[0]).toEqual({ lookups: 12, pages: 3 });
		const many = await roundsOf({ others }, 200);
		expect(many.rounds[0]).toEqual({ lookups: 20, pages: 20 });
	});

	it('does not read the log again while the events that it needs are out of reach', async () => {
		const { rounds } = await roundsOf({ others: every(10, -150_000, 10_000) });
		expect(rounds.slice(1)).toEqual([LOOKED_UP, LOOKED_UP, LOOKED_UP, LOOKED_UP]);
	});

	it('reads the log again when the events that it needs are within reach', async () => {
		// 20 a second, and then none.
		const { run, startAll, asked } = watching({ others: every(50, -150_000, 0) });
		await run(...startAll(numbered(12), { deadline: 200_000 }));
		expect(countsAt(asked(), 10)).toEqual({ lookups: 12, pages: 3 });
		expect(asked().filter(({ at, page }) => page === 1 && at > 120_000).length).toBeGreaterThan(10);
	});
});

describe('the trust in the log', () => {
	/** The log shows some jobs and misses others. All have ended by the time of the looks. */
	const pagesAfter = async (found: number, missed: number) => {
		const shown = new Set(numbered(found));
		const jobs = numbered(found + missed);
		const { run, startAll, pages } = watching({
			endsAt: endingAt(jobs, 5_000),
			shows: (jobId) => shown.has(jobId),
		});
		const endless = startAll(
			numbered(8).map((jobId) => `endless ${jobId}`),
			{ deadline: 50_000 },
		);
		const results = await run(...startAll(jobs), ...endless);
		const completed = results.filter(({ status }) => status === 'completed');
		expect(completed).toHaveLength(found + missed);
		return pages.filter(({ at }) => at > 40_000 && at < 50_000).length;
	};

	it.each([
		[0, 4],
		[5, 5],
		[12, 12],
		[20, 0],
	])('continues to read a log that shows %i jobs and misses %i', async (found, missed) => {
		expect(await pagesAfter(found, missed)).toBe(10);
	});

	it.each([
		[0, 5],
		[4, 5],
		[11, 12],
	])('stops reading a log that shows %i jobs and misses %i', async (found, missed) => {
		expect(await pagesAfter(found, missed)).toBe(0);
	});
});

describe('jobs with an unknown time of submission', () => {
	const untracked = { submittedAt: undefined };

	it('looks up each job of unknown age once, and then reads the log', async () => {
		const { run, startAll, asked, maxUnderWay } = watching({ latencyMs: 100 });
		await run(...startAll(numbered(45), { ...untracked, deadline: 3_500 }));
		const first = asked().filter(({ at }) => at < 1_000);
		expect(first).toHaveLength(45);
		expect(first.every(({ jobId }) => jobId !== undefined)).toBe(true);
		expect(maxUnderWay()).toBe(10);
		expect(countsAt(asked(), 1_010)).toEqual({ lookups: 0, pages: 1 });
	});

	it('continues in the next round with the first lookups when responses are slow', async () => {
		const { run, startAll, lookups, rounds } = watching({ latencyMs: 3_000 });
		await run(...startAll(numbered(25), { ...untracked, deadline: 12_000 }));
		expect(rounds[0]?.at).toBe(3_010);
		expect(lookups.slice(0, 25).map(({ jobId }) => jobId)).toEqual(numbered(25));
	});

	it('looks up jobs of unknown age before the others', async () => {
		const { run, startAll, lookups } = watching({ logFails: () => UNAVAILABLE });
		const others = startAll(numbered(15), { deadline: 500 });
		await run(...others, ...startAll(['x', 'y', 'z'], { ...untracked, deadline: 500 }));
		expect(lookups.slice(0, 3).map(({ jobId }) => jobId)).toEqual(['x', 'y', 'z']);
	});

	it('looks up jobs of unknown age again when a lookup failed', async () => {
		const { run, startAll, timesOf } = watching({
			fails: (_, before) => (before < 6 ? BROKEN_OFF : undefined),
		});
		await run(...startAll(numbered(6), { ...untracked, deadline: 2_500 }));
		for (const jobId of numbered(6)) expect(timesOf(jobId)).toEqual([10, 1_010, 2_500]);
	});

	it('reads only two minutes of the log for jobs of unknown age', async () => {
		const { run, startAll, pages } = watching({ others: every(500, -400_000, 20_000) });
		await run(...startAll(numbered(45), { ...untracked, deadline: 3_500 }));
		expect(Math.max(...pages.map(({ page }) => page))).toBe(3);
	});

	it('does not count jobs of unknown age as missed by the log', async () => {
		const old = numbered(6).map((jobId) => `old ${jobId}`);
		const { clock, run, startAll, pages } = watching({
			endsAt: endingAt(old, -500_000),
			shows: (jobId) => !old.includes(jobId),
		});
		const jobs = startAll(numbered(8), BRIEF);
		clock.at(3_500, () => {
			for (const started of startAll(old, untracked)) void started;
		});
		await run(...jobs);
		expect(pages.filter(({ at }) => at < 20_000)).toHaveLength(20);
	});

	it('does not count a job as missed by the log when its first lookup failed', async () => {
		const old = numbered(6).map((jobId) => `old ${jobId}`);
		const { run, startAll, pages } = watching({
			endsAt: endingAt(old, -500_000),
			shows: (jobId) => !old.includes(jobId),
			fails: (jobId, before) => (old.includes(jobId) && before < 6 ? BROKEN_OFF : undefined),
		});
		await run(...startAll(numbered(8), BRIEF), ...startAll(old, untracked));
		expect(pages.length).toBeGreaterThan(15);
	});
});
