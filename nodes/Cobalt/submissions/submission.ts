import type { Clock } from '../../shared/retry/clock';
import { requestErrorInfo } from '../../shared/retry/errors';
import type { RateLimiter } from '../../shared/retry/rateLimiter';
import { retryDelay } from '../../shared/retry/retry';
import { describeUnforeseen } from '../../shared/retry/unforeseenError';
import type { SubmissionStore, SubmissionIds } from './submissionStore';

/**
 * The result of a submission:
 * - `accepted`: Cobalt has it; `isReused` if an earlier try had submitted it.
 * - `rejected`: Cobalt certainly does not have it.
 * - `cancelled`: the run stopped before it was sent.
 * - `unknown`: Cobalt may have it.
 *
 * `sentAt` is when the request was sent, in epoch milliseconds.
 */
export type SubmitResult<Response> =
	| {
			status: 'accepted';
			receipt: SubmissionIds;
			sentAt: number;
			response?: Response;
			isReused: boolean;
	  }
	| { status: 'rejected'; error: unknown }
	| { status: 'cancelled' }
	| { status: 'unknown'; reason: string; sentAt?: number; error?: unknown };

/** A request to be sent at most once, and the store for its outcome. */
export interface SubmitOptions<Response> {
	store: SubmissionStore;
	/** Key of its entry in the store. */
	key: string;
	/** Sends the request, once. */
	send(): Promise<Response>;
	/** The ids to remember from a response. */
	receiptOf(response: Response): SubmissionIds;
	clock: Clock;
	rateLimiter: RateLimiter;
	/** After it aborts, nothing more is sent. */
	signal: AbortSignal;
}

/**
 * Submits, unless the store has a submission already. A request is repeated only if Cobalt certainly did not
 * accept it (429, or no connection). Whenever it may have accepted it, the outcome is unknown and stays so.
 */
export async function submitOnce<Response>(
	options: SubmitOptions<Response>,
): Promise<SubmitResult<Response>> {
	const { store, key } = options;
	const entry = store.read(key);
	switch (entry?.state) {
		case 'submitted':
		case 'completed': {
			const { receipt, sentAt } = entry;
			return { status: 'accepted', receipt, sentAt, isReused: true };
		}
		case 'sending':
			return {
				status: 'unknown',
				reason: 'an earlier attempt was interrupted',
				sentAt: entry.sentAt,
			};
		case 'unknown':
			return { status: 'unknown', reason: entry.reason, sentAt: entry.sentAt };
		case 'failed':
		case undefined:
			return await submit(options);
	}
}

async function submit<Response>(options: SubmitOptions<Response>): Promise<SubmitResult<Response>> {
	const { store, key, send, receiptOf, clock, rateLimiter, signal } = options;
	for (let attempt = 0; ; attempt += 1) {
		if (!(await rateLimiter.acquire()))
			return { status: 'rejected', error: rateLimiter.rejectionError };
		if (signal.aborted) return { status: 'cancelled' };
		const sentAt = clock.now();
		store.write(key, { state: 'sending', sentAt });
		try {
			const response = await rateLimiter.track(send());
			const receipt = receiptOf(response);
			store.write(key, { state: 'submitted', receipt, sentAt });
			return { status: 'accepted', receipt, sentAt, response, isReused: false };
		} catch (error) {
			const risk = requestErrorInfo(error);
			if (risk === undefined || risk.mayBeAccepted) {
				const reason = risk?.message ?? describeUnforeseen(error);
				store.write(key, { state: 'unknown', reason, sentAt });
				return { status: 'unknown', reason, sentAt, error };
			}
			store.forget(key);
			const isWorthwhile = risk.isRateLimited === true || risk.isFromElsewhere !== true;
			const pauseMs = isWorthwhile ? retryDelay(attempt, risk) : undefined;
			if (pauseMs === undefined) return { status: 'rejected', error };
			await clock.sleep(pauseMs, signal);
		}
	}
}
