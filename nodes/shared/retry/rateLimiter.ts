import type { Clock } from './clock';
import { RateLimitedError, requestErrorInfo } from './errors';

/** A request that Cobalt asks to put off for longer, once or time and again, is given up. */
export const MAX_RATE_LIMIT_WAIT_MS = 60_000;

/** Without a `Retry-After`. */
const PAUSE = { firstMs: 1_000, longestMs: 16_000 };

export interface RateLimiterOptions {
	clock: Clock;
	signal: AbortSignal;
}

/**
 * What Cobalt asks of one request holds for all of a run: after a 429 or a `Retry-After`, nothing is
 * sent until the time is over. Without a `Retry-After`, the pause doubles for as long as Cobalt goes on
 * asking.
 */
export class RateLimiter {
	/** What made it hold last. */
	private reason?: unknown;

	/** Epoch milliseconds. */
	private releasedAt = 0;

	/** The pauses since a request came through. */
	private streak: { pauses: number; from?: number } = { pauses: 0 };

	constructor(private readonly options: RateLimiterOptions) {}

	/** Milliseconds until requests may go out again. */
	get remainingMs(): number {
		return Math.max(0, this.releasedAt - this.options.clock.now());
	}

	/** Takes note of how a request ends. */
	async track<T>(request: Promise<T>): Promise<T> {
		request.then(
			() => (this.streak = { pauses: 0 }),
			(error: unknown) => this.hold(error),
		);
		return await request;
	}

	/**
	 * Comes back when a request may go out, or when the signal aborts.
	 *
	 * @returns false where that takes longer than is worth waiting for
	 */
	async acquire(): Promise<boolean> {
		const { clock, signal } = this.options;
		while (this.remainingMs > 0 && !signal.aborted) {
			const from = this.streak.from ?? clock.now();
			if (this.releasedAt - from > MAX_RATE_LIMIT_WAIT_MS) return false;
			await clock.sleep(this.remainingMs, signal);
		}
		return true;
	}

	/** What is to be told of a request that was not sent because it holds. */
	get rejectionError(): unknown {
		return requestErrorInfo(this.reason)?.isRateLimited ? this.reason : new RateLimitedError();
	}

	private hold(error: unknown): void {
		const { clock } = this.options;
		const { retryAfterMs, isRateLimited, isTransient } = requestErrorInfo(error) ?? {};
		const now = clock.now();
		// A refusal came through as well as a good answer, and what was asked long ago is over.
		if (isTransient === false || now - this.releasedAt > MAX_RATE_LIMIT_WAIT_MS)
			this.streak = { pauses: 0 };
		if (retryAfterMs === undefined && !isRateLimited) return;
		// Requests that were on their way together are told so together: that is one pause.
		const isNew = this.remainingMs === 0;
		const doubled = Math.min(PAUSE.firstMs * 2 ** this.streak.pauses, PAUSE.longestMs);
		const asked = retryAfterMs && Math.max(retryAfterMs, PAUSE.firstMs);
		const releasedAt = now + (asked || (isNew ? doubled : 0));
		if (isNew) this.streak = { pauses: this.streak.pauses + 1, from: this.streak.from ?? now };
		if (releasedAt <= this.releasedAt) return;
		this.releasedAt = releasedAt;
		this.reason = error;
	}
}
