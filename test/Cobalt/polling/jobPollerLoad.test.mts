import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BROKEN_OFF, every, numbered, watching } from './polling.mts';

const LOOKUPS_PER_ROUND = 20;

const PLACES = 10;

const job = fc.record({
	endsAt: fc.option(fc.nat(20_000), { nil: Infinity, freq: 2 }),
	deadline: fc.nat(12_000),
	isUntracked: fc.boolean(),
	/** Whether everybody's log has its events. */
	isShown: fc.boolean(),
});

const load = fc.record({
	jobs: fc.array(job, { minLength: 1, maxLength: 60 }),
	latencyMs: fc.nat(6_000),
	logLatencyMs: fc.nat(3_000),
	intervalMs: fc.integer({ min: 500, max: 5_000 }),
	/** How many milliseconds there are between two events of others. */
	pace: fc.integer({ min: 100, max: 5_000 }),
	/** Looks, and pages of the log, that do not come through. */
	failing: fc.record({ lookups: fc.uniqueArray(fc.nat(80)), pages: fc.uniqueArray(fc.nat(20)) }),
});

type Load = typeof load extends fc.Arbitrary<infer Value> ? Value : never;

/** Watches the jobs of a load, and tells when each of them ended. */
async function watchAll({ jobs, intervalMs, pace, failing, ...latencies }: Load) {
	const ids = numbered(jobs.length);
	const endOf = (jobId: string) => jobs[Number(jobId)]?.endsAt ?? Infinity;
	const watched = watching({
		...latencies,
		endsAt: Object.fromEntries(ids.map((jobId) => [jobId, endOf(jobId)])),
		others: every(pace, -130_000, 60_000),
		shows: (jobId) => jobs[Number(jobId)]?.isShown ?? false,
		fails: (_, before) => (failing.lookups.includes(before) ? BROKEN_OFF : undefined),
		logFails: (_, before) => (failing.pages.includes(before) ? BROKEN_OFF : undefined),
	});
	const { clock, run, start } = watched;
	const endedAt = new Map<string, number>();
	const results = await run(
		...jobs.map(async ({ deadline, isUntracked }, index) => {
			const jobId = String(index);
			const dated = isUntracked ? { submittedAt: undefined } : {};
			const result = await start(jobId, { ...dated, deadline, intervalMs });
			endedAt.set(jobId, clock.now());
			return result;
		}),
	);
	return { ...watched, results, endOf, endedAt: (jobId: string) => endedAt.get(jobId) ?? Infinity };
}

const NUM_RUNS = { numRuns: 60 };

/** The final lookup of the first job fails while a round, held up by the log, is about to look it up. */
const LATE_ROUND: Load = {
	jobs: [
		{ endsAt: 0, deadline: 12, isUntracked: true, isShown: false },
		...[12, 11, 12, 12].map((deadline) => ({
			endsAt: Infinity,
			deadline,
			isUntracked: false,
			isShown: false,
		})),
	],
	latencyMs: 1,
	logLatencyMs: 3,
	intervalMs: 500,
	pace: 100,
	failing: { lookups: [1], pages: [] },
};

describe('a random load', () => {
	it('reports no job as pending without a lookup, or whose lookup showed its end', async () => {
		await fc.assert(
			fc.asyncProperty(load, async (given) => {
				const { results, lookups, endOf } = await watchAll(given);
				for (const [index, { status }] of results.entries()) {
					if (status !== 'pending') continue;
					const own = [...lookups.entries()].filter(([, { jobId }]) => jobId === String(index));
					expect(own).not.toHaveLength(0);
					const through = own.filter(([lookUp]) => !given.failing.lookups.includes(lookUp));
					for (const [, { at }] of through) expect(endOf(String(index))).toBeGreaterThan(at);
				}
			}),
			{ ...NUM_RUNS, examples: [[LATE_ROUND]] },
		);
	});

	it('completes no job before its end, and ends none long after its deadline', async () => {
		await fc.assert(
			fc.asyncProperty(load, async (given) => {
				const { jobs, latencyMs, logLatencyMs } = given;
				const { results, endOf, endedAt } = await watchAll(given);
				// One look at each of all jobs, and two last looks: those of the others, and its own.
				const line = Math.ceil(jobs.length / PLACES) * latencyMs;
				const pages = Math.floor(jobs.length / 4) * logLatencyMs;
				for (const [index, { deadline }] of jobs.entries()) {
					const end = endedAt(String(index));
					// What is pending in the end is looked for in five pages of the log, but no longer than so.
					const check = Math.min(5 * logLatencyMs, 10_000);
					expect(end).toBeLessThanOrEqual(Math.max(deadline, 10) + pages + 3 * line + check);
					if (results[index]?.status === 'completed') {
						expect(end).toBeGreaterThanOrEqual(endOf(String(index)));
					}
				}
			}),
			NUM_RUNS,
		);
	});

	it('makes no more requests in a round than its share, and pauses after it', async () => {
		await fc.assert(
			fc.asyncProperty(load, async (given) => {
				const { lookups, pages, rounds } = await watchAll(given);
				const firstDeadline = Math.min(...given.jobs.map(({ deadline }) => deadline));
				const untrackedJobs = new Set(
					given.jobs.flatMap(({ isUntracked }, index) => (isUntracked ? [String(index)] : [])),
				);
				let from = -Infinity;
				for (const { at: until } of rounds.filter(({ at }) => at < firstDeadline)) {
					const isIn = ({ at }: { at: number }) => from < at && at <= until;
					const ofRound = lookups.filter(isIn).map(({ jobId }) => jobId);
					const ofOthers = ofRound.filter((jobId) => !untrackedJobs.has(jobId));
					expect(new Set(ofRound).size).toBe(ofRound.length);
					expect(ofOthers.length).toBeLessThanOrEqual(LOOKUPS_PER_ROUND);
					expect(pages.filter(isIn).length).toBeLessThanOrEqual(given.jobs.length / 4);
					from = until;
					const pause = given.intervalMs / 2;
					expect(
						[...lookups, ...pages].filter(({ at }) => at > until && at < until + pause),
					).toEqual(
						[...lookups, ...pages].filter(
							({ at }) => at >= firstDeadline && at > until && at < until + pause,
						),
					);
				}
			}),
			NUM_RUNS,
		);
	});

	it('makes fewer requests with a log that shows everything than lookups would', async () => {
		const steady = fc.record({ count: fc.integer({ min: 4, max: 90 }), end: fc.nat(25_000) });
		await fc.assert(
			fc.asyncProperty(steady, async ({ count, end }) => {
				const jobs = numbered(count);
				const endsAt = Object.fromEntries(jobs.map((jobId) => [jobId, end]));
				const { run, startAll, asked } = watching({ endsAt });
				const results = await run(...startAll(jobs));
				expect(results.every(({ status }) => status === 'completed')).toBe(true);
				expect(asked()).toHaveLength(Math.max(0, Math.ceil((end - 10) / 1_000)) + 1);
			}),
			NUM_RUNS,
		);
	});
});
