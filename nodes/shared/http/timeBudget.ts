import { systemClock as clock, withTimeout } from '../retry/clock';
import { TimeoutError } from '../retry/errors';
import { RateLimit, RateLimiter } from '../retry/rateLimiter';
import { withRetry } from '../retry/retry';
import type { Send } from './client';
import { CobaltApiError } from './cobaltApiError';

/** Minimum for a request that starts shortly before the end. */
const MIN_TIMEOUT_MS = 1_000;

const MAX_TIMEOUT_MS = 30_000;

/**
 * The HTTP timeout only covers inactivity: a response that still trickles in is abandoned this long after it.
 */
const GRACE_MS = 1_000;

/**
 * Reads from Cobalt within a time limit: transient failures are retried, and no request is started or
 * awaited after the limit.
 *
 * @param once sends a request, once
 * @param work gets a signal that aborts when the time is over
 * @throws CobaltApiError of the last request, or TimeoutError if the time ended during a pause
 */
export async function withTimeBudget<T>(
	once: Send,
	timeMs: number,
	work: (send: Send, over: AbortSignal) => Promise<T>,
): Promise<T> {
	const end = new AbortController();
	const { signal } = end;
	const endsAt = clock.now() + timeMs;
	void clock.sleep(timeMs, signal).then(() => end.abort());
	const rateLimiter = new RateLimiter({ limit: new RateLimit(clock), signal });
	const timeout = () => Math.min(Math.max(endsAt - clock.now(), MIN_TIMEOUT_MS), MAX_TIMEOUT_MS);
	const tryOnce: Send = async (request) => {
		const timeoutMs = timeout();
		return await withTimeout(once({ ...request, timeoutMs }), timeoutMs + GRACE_MS);
	};
	const send: Send = async (request) =>
		await withRetry(async () => await tryOnce(request), { clock, rateLimiter, signal });
	try {
		return await work(send, signal).catch((error: unknown) => {
			if (!signal.aborted || error instanceof CobaltApiError) throw error;
			throw rateLimiter.remainingMs > 0 ? rateLimiter.rejectionError : new TimeoutError();
		});
	} finally {
		end.abort();
	}
}
