import type { IDataObject } from 'n8n-workflow';

import type { EventRecord, LoggedRequest } from '../../../tools/fake-cobalt/index.mts';
import { ON_LOOKUPS } from '../setup.mts';
import { attemptsAt, doublesIn, liesOf, claimsOf, startOf, type Claim } from '../truth.mts';
import { budgetOf, quietBudgetOf } from './budget.mts';
import type { Execution, Played } from './play.mts';

/** Everything that is not as it should be. */
export function findingsOf(played: Played): string[] {
	const { cobalt, executions, items } = played;
	const last = executions.at(-1);
	if (!last) return ['nothing was executed'];
	if (last.ended.error) return [`the last execution ended with: ${last.ended.error.message}`];
	return [
		...doublesIn(cobalt, items),
		...liesOf(cobalt, last.ended, items, ({ at }) => isCutOff(played, at)),
		...resubmittedWhileUnknown(played),
		...sentAfterEnd(played),
		...sentTooSoon(played),
		...overBudget(played),
		...disorderOf(last),
		...untimely(played, last),
	];
}

/** Whether the response to a request sent at this time came after its execution had ended. */
function isCutOff({ executions, scenario }: Played, at: number): boolean {
	const { latencyMs = 0 } = scenario.cobalt;
	return executions.some(({ stoppedAt }) => at <= stoppedAt && stoppedAt <= at + latencyMs);
}

/** Whether Cobalt certainly did not accept a submission. */
function isRefused({ status = 0 }: LoggedRequest): boolean {
	return status >= 400 && status < 500 && status !== 408;
}

/** A submission that may have been accepted is sent again only after it failed. */
function resubmittedWhileUnknown({ cobalt, items }: Played): string[] {
	const failed = cobalt.world.appointments({ status: 'failed' });
	return items.flatMap((item, index) => {
		const mayBeAccepted = attemptsAt(cobalt, item).filter((attempt) => !isRefused(attempt)).length;
		const failures = failed.filter((record) => startOf(record) === startOf(item)).length;
		return mayBeAccepted <= failures + 1
			? []
			: [`item ${index} was sent ${mayBeAccepted} times, ${failures} failed`];
	});
}

/** Nothing is sent after an execution has ended or was cancelled. */
function sentAfterEnd({ cobalt, executions }: Played): string[] {
	return cobalt.world
		.requests()
		.filter(
			({ at }) => !executions.some(({ beganAt, stoppedAt }) => at >= beganAt && at <= stoppedAt),
		)
		.map(({ method, path, at }) => `${method} ${path} at ${new Date(at).toISOString()}: too late`);
}

/** Nothing is sent before `Retry-After` is over. A new attempt of the node, or a new execution, does not know of it. */
function sentTooSoon({ cobalt, executions, scenario }: Played): string[] {
	if (scenario.settings.retryOnFail) return [];
	const requests = cobalt.world.requests();
	return executions.flatMap(({ beganAt, endedAt }) => {
		const sent = requests.filter(({ at }) => at >= beganAt && at <= endedAt);
		return sent.flatMap(({ retryAfter, respondedAt = 0 }) => {
			if (retryAfter === undefined) return [];
			const seconds = Number(retryAfter);
			const until = Number.isNaN(seconds) ? Date.parse(retryAfter) : respondedAt + seconds * 1000;
			return sent
				.filter(({ at }) => at > respondedAt && at < until)
				.map(({ method, path, at }) => {
					return `${method} ${path} ${(until - at) / 1000} s before the end of Retry-After`;
				});
		});
	});
}

function overBudget(played: Played): string[] {
	const { cobalt, executions, scenario } = played;
	const requests = cobalt.world.requests(ON_LOOKUPS);
	const isQuiet = [scenario.faults, scenario.foreign, scenario.plans].every(
		({ length }) => length === 0,
	);
	const budget = isQuiet && !scenario.settings.retryOnFail ? quietBudgetOf : budgetOf;
	return executions.flatMap((execution) => {
		const { beganAt, endedAt } = execution;
		const lookups = requests.filter(({ at }) => at >= beganAt && at <= endedAt).length;
		const max = budget(played, execution);
		return lookups <= max ? [] : [`${lookups} lookups, where at most ${max} are allowed`];
	});
}

/** The items of each output are in order. */
function disorderOf({ ended }: Execution): string[] {
	return [0, 1].flatMap((output) => {
		const indexes = ended
			.items('Cobalt', output)
			.map(({ pairedItem }) => (pairedItem as { item: number }).item);
		const sorted = [...indexes].sort((one, other) => one - other);
		return indexes.join() === sorted.join() ? [] : [`output ${output} has ${indexes.join()}`];
	});
}

/** A result is reported once its event is visible, and not before. */
function untimely(played: Played, last: Execution): string[] {
	const { cobalt, items } = played;
	const events = cobalt.world.events();
	const lookups = cobalt.world.requests(ON_LOOKUPS).filter(({ at }) => at >= last.beganAt);
	return claimsOf(last.ended).flatMap((claim) => {
		const event = events.find(({ jobId }) => jobId !== undefined && jobId === claim.jobId);
		if (!event) return [];
		const found =
			claim.status === 'pending'
				? overlooked(played, last, claim, event, lookups)
				: claim.eventId !== undefined && event.listedAt > last.endedAt && 'was not visible yet';
		return found ? [`item ${claim.itemIndex} of ${items.length} ${found}`] : [];
	});
}

/** How much longer than the poll interval the pause between two reads of the log may become. */
const MAX_SLOWDOWN_MS = 10_000;

/** Why a job that is reported as pending should not be: its event was visible. */
function overlooked(
	{ scenario, cobalt, items }: Played,
	{ beganAt, endedAt }: Execution,
	{ itemIndex, jobId }: Claim,
	{ listedAt, listedByJobIdOnly }: EventRecord,
	lookups: LoggedRequest[],
): string | undefined {
	const { options, foreign } = scenario;
	const { latencyMs = 0, jobIdFilter } = scenario.cobalt;
	const others = foreign.reduce((sum, { count }) => sum + count, 0) + 2 * items.length;
	// Without the filter, a lookup reads a limited part of the log, and cannot find what the log lacks.
	if (jobIdFilter === 'ignored' && (others > 500 || listedByJobIdOnly)) return undefined;
	// There, a fault may have hit a later page of the same lookup.
	const isSure = jobIdFilter !== 'ignored' || scenario.faults.length === 0;
	const shown = lookups.find(
		({ query, fault, status, at }) =>
			isSure &&
			query.job_id === jobId &&
			query.page === '1' &&
			fault === undefined &&
			status === 200 &&
			at >= listedAt,
	);
	if (shown && (shown.at + latencyMs < endedAt || latencyMs === 0))
		return 'was shown, and is pending';
	const item: IDataObject = items[itemIndex] ?? {};
	const submittedAt = Math.max(beganAt, ...attemptsAt(cobalt, item).map(({ at }) => at));
	const deadline = submittedAt + Number(options.timeout) * 1000;
	// Faults, and the pauses they ask for, may have prevented the last lookup.
	const isDisturbed = cobalt.world
		.requests()
		.some(({ fault, at }) => fault !== undefined && at >= Math.max(beganAt, listedAt - 130_000));
	if (isDisturbed) return undefined;
	// When many jobs queue for their last lookup, the latest read of the log is all there is.
	const isCrowded = (items.length / 10) * latencyMs > 1_000;
	const slackMs = isCrowded
		? Number(options.pollInterval) * 1000 + MAX_SLOWDOWN_MS + 20 * latencyMs
		: 0;
	return listedAt <= deadline - slackMs ? 'was visible at its deadline' : undefined;
}
