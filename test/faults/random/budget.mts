import type { Execution, Played } from './play.mts';

/** As in polling/jobPoller.ts and polling/logStrategy.ts. */
const MAX_LOOKUPS_PER_ROUND = 20;
const LOOKUPS_WORTH_A_PAGE = 4;
const MAX_PAGES = 20;

/** How many pages a lookup reads where Cobalt ignores the `job_id` filter: events/eventLog.ts. */
const PAGES_PER_LOOKUP = 5;

/**
 * How many requests one execution may make while it waits, whatever goes wrong:
 *
 * - Rounds come no faster than the poll interval. Each reads at most a quarter as many pages of the log as
 *   there are jobs, and no more than {@link MAX_PAGES}; when that is not enough, or fails, it lookups up at most
 *   {@link MAX_LOOKUPS_PER_ROUND} jobs one by one.
 * - Each job has a last lookup at its deadline, and a first one where nothing is known of it; and a job that
 *   comes when no other is waiting begins a round of its own.
 */
export function budgetOf({ scenario, items }: Played, { beganAt, endedAt }: Execution): number {
	const { options, cobalt } = scenario;
	const attempts = scenario.settings.retryOnFail ? (scenario.settings.maxTries ?? 3) : 1;
	const intervalMs = Number(options.pollInterval) * 1000;
	const rounds = Math.ceil((endedAt - beganAt) / intervalMs) + attempts;
	const pages = Math.min(Math.floor(items.length / LOOKUPS_WORTH_A_PAGE), MAX_PAGES);
	const pagesPerLookup = cobalt.jobIdFilter === 'ignored' ? PAGES_PER_LOOKUP : 1;
	const lookups = Math.min(items.length, MAX_LOOKUPS_PER_ROUND) * pagesPerLookup;
	return rounds * (pages + lookups) + 3 * attempts * items.length * pagesPerLookup;
}

/**
 * How many where nothing goes wrong and nobody else has events: a few pages have all events, and each job is
 * looked up by itself about every half minute.
 */
export function quietBudgetOf(
	{ scenario, items }: Played,
	{ beganAt, endedAt }: Execution,
): number {
	const intervalMs = Number(scenario.options.pollInterval) * 1000;
	const durationMs = endedAt - beganAt;
	const rounds = Math.ceil(durationMs / intervalMs) + 1;
	return rounds * LOOKUPS_WORTH_A_PAGE + items.length * (2 + durationMs / 30_000);
}
