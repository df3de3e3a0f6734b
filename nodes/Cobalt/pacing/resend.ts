import type { Clock } from './clock';

/** What matters of a request that did not succeed for whether it is worth sending again. */
export interface PassingRisk {
	/** Whether it can go away by itself. */
	passing: boolean;
	/** How long Cobalt asked to wait, in milliseconds. */
	retryAfterMs?: number;
}

/** How often a request is sent again, and how patiently. */
const RESEND = { times: 3, firstPauseMs: 1_000, longestPauseMs: 60_000 };

/**
 * How long to pause before a request is sent again, in milliseconds.
 *
 * @param attempt 0 for the first time that it did not succeed
 * @returns undefined where sending it again is not worthwhile
 */
export function pauseBeforeResend(attempt: number, risk: PassingRisk): number | undefined {
	const pauseMs = Math.max(risk.retryAfterMs ?? 0, RESEND.firstPauseMs * 2 ** attempt);
	const isWorthwhile = risk.passing && attempt < RESEND.times && pauseMs <= RESEND.longestPauseMs;
	return isWorthwhile ? pauseMs : undefined;
}

export interface PatienceOptions {
	/** What a thrown error means; undefined for one that nothing is known about. */
	riskOf(error: unknown): PassingRisk | undefined;
	clock: Clock;
	signal: AbortSignal;
}

/**
 * Does what may be done any number of times (a read) until it succeeds, with pauses.
 *
 * @throws what the task threw last, when trying again is not worthwhile
 */
export async function patiently<T>(
	task: () => Promise<T>,
	{ riskOf, clock, signal }: PatienceOptions,
): Promise<T> {
	for (let attempt = 0; ; attempt += 1) {
		const tried = await task().then(
			(value) => ({ value }),
			(error: unknown) => ({ error }),
		);
		if ('value' in tried) return tried.value;
		const { error } = tried;
		const pauseMs = pauseBeforeResend(attempt, riskOf(error) ?? { passing: false });
		if (pauseMs !== undefined) await clock.sleep(pauseMs, signal);
		if (pauseMs === undefined || signal.aborted) throw error;
	}
}
