import type { Clock } from './clock';
import { requestErrorInfo, type RequestErrorInfo } from './errors';
import { MAX_RATE_LIMIT_WAIT_MS, type RateLimiter } from './rateLimiter';

const FIRST_PAUSE_MS = 1_000;

/** How often a request is retried. When Cobalt asks to slow down, the rate limiter decides for how long. */
const RESENDS = { usual: 3, slowedDown: 20 };

/**
 * How long to pause before a retry, in milliseconds; the rate limiter may add to it.
 *
 * @param attempt 0 after the first failure
 * @returns undefined if a retry is not worthwhile
 */
export function retryDelay(
	attempt: number,
	error: Pick<RequestErrorInfo, 'isTransient' | 'isRateLimited' | 'retryAfterMs'>,
): number | undefined {
	if (error.isRateLimited) return attempt < RESENDS.slowedDown ? 0 : undefined;
	const pauseMs = Math.max(error.retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** attempt);
	const isWorthwhile =
		error.isTransient && attempt < RESENDS.usual && pauseMs <= MAX_RATE_LIMIT_WAIT_MS;
	return isWorthwhile ? pauseMs : undefined;
}

/** What a retried read waits with, and the signal that ends its waits. */
export interface RetryOptions {
	clock: Clock;
	rateLimiter: RateLimiter;
	signal: AbortSignal;
}

/**
 * Retries a read, which may be repeated any number of times, until it succeeds.
 *
 * @throws the last error of the task, if a retry is not worthwhile; or the reason of the abort
 */
export async function withRetry<T>(
	task: () => Promise<T>,
	{ clock, rateLimiter, signal }: RetryOptions,
): Promise<T> {
	for (let attempt = 0; ; attempt += 1) {
		if (!(await rateLimiter.acquire())) throw rateLimiter.rejectionError;
		signal.throwIfAborted();
		const tried = await rateLimiter.track(task()).then(
			(value) => ({ value }),
			(error: unknown) => ({ error }),
		);
		if ('value' in tried) return tried.value;
		const { error } = tried;
		const pauseMs = retryDelay(attempt, requestErrorInfo(error) ?? { isTransient: false });
		if (pauseMs === undefined) throw error;
		await clock.sleep(pauseMs, signal);
		if (signal.aborted) throw error;
	}
}
