import type { Clock } from './clock';
import { RateLimitedError, requestErrorInfo } from './errors';

/** A request that Cobalt delays for longer, at once or in total, is given up. */
export const MAX_RATE_LIMIT_WAIT_MS = 60_000;

/** Without a `Retry-After`. */
const PAUSE = { firstMs: 1_000, longestMs: 16_000 };

export interface RateLimiterOptions {
	clock: Clock;
	signal: AbortSignal;
}

/**
 * Pauses all requests of a run when Cobalt asks for it: after a 429 or a `Retry-After`, nothing is sent
 * until the time is over. Without a `Retry-After`, each pause in a row is twice as long as the one before.
 */
export class RateLimiter {
	/** The error that caused the last pause. */
	private reason?: unknown;

	/** Epoch milliseconds. */
	private releasedAt = 0;

	/** Pauses in a row; a request that succeeds ends the row. */
	private streak: { pauses: number; from?: number } = { pauses: 0 };

	constructor(private readonly options: RateLimiterOptions) {}

	/** Milliseconds until requests may go out again. */
	get remainingMs(): number {
		return Math.max(0, this.releasedAt - this.options.clock.now());
	}

	/**
	 * Notes how a request ends.
	 *
	 * @throws what the request throws
	 */
	async track<T>(request: Promise<T>): Promise<T> {
		request.then(
			() => (this.streak = { pauses: 0 }),
			(error: unknown) => this.hold(error),
		);
		return await request;
	}

	/**
	 * Waits until a request may be sent, or until the signal aborts.
	 *
	 * @returns false if that would take longer than is worth waiting for
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

	/** The error of a request that was not sent because of the pause. */
	get rejectionError(): unknown {
		return requestErrorInfo(this.reason)?.isRateLimited ? this.reason : new RateLimitedError();
	}

	private hold(error: unknown): void {
		const { clock } = this.options;
		const { retryAfterMs, isRateLimited, isTransient } = requestErrorInfo(error) ?? {};
		const now = clock.now();
		// A refusal is a response, too; and a pause long ago does not count any more.
		if (isTransient === false || now - this.releasedAt > MAX_RATE_LIMIT_WAIT_MS)
			this.streak = { pauses: 0 };
		if (retryAfterMs === undefined && !isRateLimited) return;
		// Requests that were in flight together are refused together: that is one pause.
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
