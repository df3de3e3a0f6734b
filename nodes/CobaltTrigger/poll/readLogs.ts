import type { CobaltEvent } from '../../shared/events/event';
import { byTimestamp } from '../../shared/events/timestampedEvent';
import { createClient } from '../../shared/http/client';
import { withTimeBudget } from '../../shared/http/timeBudget';
import { systemClock as clock, withTimeout } from '../../shared/retry/clock';
import { createLimiter } from '../../shared/retry/concurrency';
import { MAX_CONCURRENT_LOGS, type TriggerAccount } from '../clinics/accounts';
import { clinicsError, type AccountFailure } from '../clinics/clinicsError';
import { NO_QUOTA, type LogQuota } from '../clinics/runQuota';
import type { Poll } from '../clinics/sharedPoll';
import { triggerError } from '../errors';
import { PollRun, type LogReading } from './pollRun';
import { writeLogStates, type LogState } from './pollState';

/**
 * Milliseconds for the log of one clinic among several, so that a slow log does not hold up the events of the
 * others. The next poll reads the rest.
 */
const MAX_CLINIC_MS = 20_000;

/** A log that takes longer does not count any more among those that are read at the same time. */
const SLOW_MS = 3_000;

/** With less time left, a read is not worth starting. */
const MIN_CLINIC_MS = 2_000;

/** How often the same failure of a clinic is shown again while other clinics can be read. */
const REPORT_EVERY_MS = 60 * 60_000;

/** The result of reading one account's log in a poll. */
type Outcome =
	| ({ status: 'read'; account: TriggerAccount } & LogReading)
	| { status: 'failed'; account: TriggerAccount; state: LogState; error: unknown }
	| { status: 'postponed'; account: TriggerAccount; state: LogState };

/**
 * Reads the logs of all accounts, and saves the positions. A log that fails does not hold up the others: n8n
 * shows its error beside their events.
 *
 * @param timeMs how long the poll may take, in milliseconds
 * @returns the new events that match the settings, oldest first
 * @throws NodeApiError or NodeOperationError if no log could be read
 */
export async function readLogs(poll: Poll, timeMs: number): Promise<CobaltEvent[]> {
	const { accounts, context, processState } = poll;
	const node = context.getNode();
	const endsAt = poll.beganAt + timeMs;
	const outcomes: Outcome[] = [];
	const waiting = processState.logs.inReadingOrder(accounts.all);
	while (waiting.length > 0) {
		const quotas = poll.quota.divide(waiting.length);
		const next = waiting.splice(0, quotas.length || waiting.length);
		outcomes.push(...(await readTogether(poll, next, quotas, endsAt)));
	}
	const readings = outcomes.filter((outcome) => outcome.status === 'read');
	const failures = outcomes
		.filter((outcome) => outcome.status === 'failed')
		.map(({ account, error }) => ({ ...account, error: triggerError(node, error) }));
	if (readings.length === 0 && failures.length > 0) throw clinicsError(node, failures, false);
	const states = outcomes.map(({ state }) => state);
	writeLogStates(context.getWorkflowStaticData('node'), states, accounts.isMultiple);
	report(poll, failures);
	return readings
		.flatMap(({ events }) => events)
		.sort(byTimestamp)
		.map(({ event }) => event);
}

/** Reads several logs, some at a time. A log without a quota is left to the next poll. */
async function readTogether(
	poll: Poll,
	accounts: readonly TriggerAccount[],
	quotas: readonly LogQuota[],
	endsAt: number,
): Promise<Outcome[]> {
	const limit = createLimiter(MAX_CONCURRENT_LOGS);
	return await Promise.all(
		accounts.map(async (account, index) => {
			const { outcome } = await limit(async () => {
				const outcome = readLog(poll, account, quotas[index] ?? NO_QUOTA, endsAt);
				await withTimeout(outcome, SLOW_MS).catch(() => undefined);
				return { outcome };
			});
			return await outcome;
		}),
	);
}

async function readLog(
	poll: Poll,
	account: TriggerAccount,
	quota: LogQuota,
	endsAt: number,
): Promise<Outcome> {
	const { accounts, context, processState } = poll;
	const run = new PollRun(poll, account, quota);
	const leftMs = endsAt - clock.now();
	if (quota.isUsedUp || (accounts.isMultiple && leftMs < MIN_CLINIC_MS)) {
		return { status: 'postponed', account, state: run.withoutReading() };
	}
	const timeMs = accounts.isMultiple ? Math.min(leftMs, MAX_CLINIC_MS) : leftMs;
	const once = createClient(context, account.credential);
	try {
		const reading = await withTimeBudget(
			once,
			timeMs,
			async (send, over) => await run.run(send, over),
		);
		if (!reading.isAtEnd) processState.logs.moveBack(account.id);
		processState.logs.forAccount(account.id).reported = undefined;
		return { status: 'read', account, ...reading };
	} catch (error) {
		processState.logs.moveBack(account.id);
		return { status: 'failed', account, state: run.withoutReading(), error };
	}
}

/** Shows failures that are new, or were last shown long ago. */
function report(
	{ beganAt, context, processState }: Poll,
	failures: ReadonlyArray<AccountFailure & { id: string }>,
): void {
	const due = failures.filter(({ id, error }) => {
		const { reported } = processState.logs.forAccount(id);
		return reported?.message !== error.message || beganAt - reported.at >= REPORT_EVERY_MS;
	});
	if (due.length === 0) return;
	for (const { id, error } of due) {
		processState.logs.forAccount(id).reported = { message: error.message, at: beganAt };
	}
	context.__emitError(clinicsError(context.getNode(), due, true));
}
