import type { Clock } from './clock';
import { RateLimitedError, requestErrorInfo } from './errors';

/** A request that Cobalt delays for longer, at once or in total, is given up. */
export const MAX_RATE_LIMIT_WAIT_MS = 60_000;

/**
 * The longest pause, whatever `Retry-After` says: one wrong response, such as a gateway's timestamp instead
 * of a number of seconds, must not block an account until n8n is restarted.
 */
const MAX_PAUSE_MS = 10 * 60_000;

/** Without a `Retry-After`. */
const PAUSE = { firstMs: 1_000, longestMs: 16_000 };

/**
 * The rate limit of an account, shared by all who send to it: after a 429 or a `Retry-After`, no request is
 * sent until the pause is over. Without a `Retry-After`, each consecutive pause is twice as long as the last.
 */
export class RateLimit {
	/** The error that caused the last pause. */
	private reason?: unknown;

	/** The last pause, in epoch milliseconds. */
	private pause = { from: 0, until: 0 };

	/** Consecutive pauses; a request that succeeds ends the streak. */
	private streak: { pauses: number; from?: number } = { pauses: 0 };

	constructor(readonly clock: Clock) {}

	/** Milliseconds until requests may go out again. */
	get remainingMs(): number {
		const now = this.clock.now();
		const { from, until } = this.pause;
		// A clock that was set back must not prolong the pause.
		return now < from ? 0 : Math.max(0, until - now);
	}

	/** The error of a request that was not sent because of the pause. */
	get rejectionError(): unknown {
		return requestErrorInfo(this.reason)?.isRateLimited ? this.reason : new RateLimitedError();
	}

	/**
	 * Whether a run that started at a time (epoch milliseconds) should wait for the end of the pause rather than
	 * give up.
	 */
	isWorthWaiting(since: number): boolean {
		const from = this.streak.from ?? this.clock.now();
		return this.pause.until - Math.max(from, since) <= MAX_RATE_LIMIT_WAIT_MS;
	}

	/** Ends the streak: the next pause is short again. */
	noteSuccess(): void {
		this.streak = { pauses: 0 };
	}

	/** Begins or prolongs a pause, if the error of a request asks for one. */
	noteFailure(error: unknown): void {
		const { retryAfterMs, isRateLimited, isTransient } = requestErrorInfo(error) ?? {};
		const now = this.clock.now();
		const { until } = this.pause;
		// A permanent failure is a response, too, and a pause long ago no longer counts.
		if (isTransient === false || now - until > MAX_RATE_LIMIT_WAIT_MS) this.noteSuccess();
		if (retryAfterMs === undefined && !isRateLimited) return;
		// Requests that were in flight together are refused together: that is one pause.
		const isNew = this.remainingMs === 0;
		const doubled = Math.min(PAUSE.firstMs * 2 ** this.streak.pauses, PAUSE.longestMs);
		const asked = retryAfterMs && Math.min(Math.max(retryAfterMs, PAUSE.firstMs), MAX_PAUSE_MS);
		const askedUntil = now + (asked || (isNew ? doubled : 0));
		if (isNew) this.streak = { pauses: this.streak.pauses + 1, from: this.streak.from ?? now };
		if (!isNew && askedUntil <= until) return;
		this.pause = { from: now, until: askedUntil };
		this.reason = error;
	}
}

/** The limit that a run shares with others, and the signal that ends its waits. */
export interface RateLimiterOptions {
	/** Shared with all who send to the same account. */
	limit: RateLimit;
	/** Ends the waiting. */
	signal: AbortSignal;
}

/** The rate limit of an account, as one run sees it. */
export class RateLimiter {
	private readonly startedAt: number;

	constructor(private readonly options: RateLimiterOptions) {
		this.startedAt = options.limit.clock.now();
	}

	/** See {@link RateLimit.remainingMs}. */
	get remainingMs(): number {
		return this.options.limit.remainingMs;
	}

	/** See {@link RateLimit.rejectionError}. */
	get rejectionError(): unknown {
		return this.options.limit.rejectionError;
	}

	/**
	 * Notes how a request ends.
	 *
	 * @throws what the request throws
	 */
	async track<T>(request: Promise<T>): Promise<T> {
		const { limit } = this.options;
		request.then(
			() => limit.noteSuccess(),
			(error: unknown) => limit.noteFailure(error),
		);
		return await request;
	}

	/**
	 * Waits until a request may be sent, or until the signal aborts.
	 *
	 * @returns false if that would take longer than is worth waiting for
	 */
	async acquire(): Promise<boolean> {
		const { limit, signal } = this.options;
		while (limit.remainingMs > 0 && !signal.aborted) {
			if (!limit.isWorthWaiting(this.startedAt)) return false;
			await limit.clock.sleep(limit.remainingMs, signal);
		}
		return true;
	}
}
