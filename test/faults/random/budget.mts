import type { Execution, Played } from './play.mts';

/** As in jobs/watcher.ts. */
const LOOKS_PER_ROUND = 20;
const LOOKS_WORTH_A_PAGE = 4;
const MOST_PAGES = 20;

/** A log that does not know the `job_id` filter is read back so far for one job: events/eventLog.ts. */
const PAGES_PER_LOOK = 5;

/**
 * How many requests the wait of one execution may take, whatever goes wrong:
 *
 * - Rounds come no faster than the poll interval. In each, the log is read for at most a quarter as many
 *   pages as there are jobs, and no more than {@link MOST_PAGES}; when that is not enough, or fails, at most
 *   {@link LOOKS_PER_ROUND} jobs are looked up one by one.
 * - Each job has a last look at its deadline, and a first one where nothing is known of it; and one that
 *   comes when no other is waiting begins a round of its own.
 */
export function budgetOf({ scenario, items }: Played, { beganAt, endedAt }: Execution): number {
	const { options, cobalt } = scenario;
	const tries = scenario.settings.retryOnFail ? (scenario.settings.maxTries ?? 3) : 1;
	const intervalMs = Number(options.pollInterval) * 1000;
	const rounds = Math.ceil((endedAt - beganAt) / intervalMs) + tries;
	const pages = Math.min(Math.floor(items.length / LOOKS_WORTH_A_PAGE), MOST_PAGES);
	const perLook = cobalt.jobIdFilter === 'ignored' ? PAGES_PER_LOOK : 1;
	const looks = Math.min(items.length, LOOKS_PER_ROUND) * perLook;
	return rounds * (pages + looks) + 3 * tries * items.length * perLook;
}

/**
 * How many it may take where nothing goes wrong and nobody else has events: what there is to see is on a few
 * pages, and each job is looked up by itself about every half minute.
 */
export function quietBudgetOf(
	{ scenario, items }: Played,
	{ beganAt, endedAt }: Execution,
): number {
	const intervalMs = Number(scenario.options.pollInterval) * 1000;
	const durationMs = endedAt - beganAt;
	const rounds = Math.ceil(durationMs / intervalMs) + 1;
	return rounds * LOOKS_WORTH_A_PAGE + items.length * (2 + durationMs / 30_000);
}
