import { PATIENCE_MS, type Brake } from './rateLimiter';
import type { Clock } from './clock';
import type { PassingRisk, RiskOf } from './risk';

const FIRST_PAUSE_MS = 1_000;

/** How often a request is sent again. When Cobalt asks to slow down, the brake says for how long. */
const RESENDS = { usual: 3, slowedDown: 20 };

/**
 * How long to pause before a request is sent again, in milliseconds; the brake may add to it.
 *
 * @param attempt 0 for the first time that it did not succeed
 * @returns undefined where sending it again is not worthwhile
 */
export function pauseBeforeResend(attempt: number, risk: PassingRisk): number | undefined {
	if (risk.slowsDown) return attempt < RESENDS.slowedDown ? 0 : undefined;
	const pauseMs = Math.max(risk.retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** attempt);
	const isWorthwhile = risk.passing && attempt < RESENDS.usual && pauseMs <= PATIENCE_MS;
	return isWorthwhile ? pauseMs : undefined;
}

export interface PatienceOptions {
	riskOf: RiskOf;
	clock: Clock;
	brake: Brake;
	signal: AbortSignal;
}

/**
 * Does what may be done any number of times (a read) until it succeeds, with pauses.
 *
 * @throws what the task threw last, when trying again is not worthwhile, or the reason of the abort
 */
export async function patiently<T>(
	task: () => Promise<T>,
	{ riskOf, clock, brake, signal }: PatienceOptions,
): Promise<T> {
	for (let attempt = 0; ; attempt += 1) {
		if (!(await brake.released())) throw brake.refusal;
		signal.throwIfAborted();
		const tried = await brake.mind(task()).then(
			(value) => ({ value }),
			(error: unknown) => ({ error }),
		);
		if ('value' in tried) return tried.value;
		const { error } = tried;
		const pauseMs = pauseBeforeResend(attempt, riskOf(error) ?? { passing: false });
		if (pauseMs === undefined) throw error;
		await clock.sleep(pauseMs, signal);
		if (signal.aborted) throw error;
	}
}
