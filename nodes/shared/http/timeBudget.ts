import { systemClock as clock, withTimeout } from '../retry/clock';
import { TimeoutError } from '../retry/errors';
import { RateLimiter } from '../retry/rateLimiter';
import { withRetry } from '../retry/retry';
import { createClient, type Send } from './client';
import { CobaltApiError } from './cobaltApiError';
import { type RequestContext } from './credential/credential';

/** A request that is begun late gets this long at least. */
const MIN_TIMEOUT_MS = 1_000;

const MAX_TIMEOUT_MS = 30_000;

/** The limit of a request is one of silence: an answer that comes a bit at a time has no other end. */
const GRACE_MS = 1_000;

/**
 * Does something that reads from Cobalt, within a time: requests that do not succeed for a passing reason
 * are sent again, and none is begun or waited for when the time is over.
 *
 * @param work is given the time's end as a signal
 */
export async function withTimeBudget<T>(
	context: RequestContext,
	timeMs: number,
	work: (send: Send, over: AbortSignal) => Promise<T>,
): Promise<T> {
	const end = new AbortController();
	const { signal } = end;
	const endsAt = clock.now() + timeMs;
	void clock.sleep(timeMs, signal).then(() => end.abort());
	const rateLimiter = new RateLimiter({ clock, signal });
	const once = createClient(context);
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
