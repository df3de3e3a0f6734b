import type { Clock } from '../../shared/retry/clock';
import { requestErrorInfo } from '../../shared/retry/errors';
import type { RateLimiter } from '../../shared/retry/rateLimiter';
import { retryDelay } from '../../shared/retry/retry';
import { describeUnforeseen } from '../../shared/retry/unforeseenError';
import type { SubmissionStore, SubmissionIds } from './submissionStore';

/**
 * The result of submitting once; `reused` when an earlier try had submitted it already. `sentAt` is when
 * the request went out, as far as that is known.
 */
export type SubmitResult<Answer> =
	| { state: 'accepted'; receipt: SubmissionIds; sentAt: number; answer?: Answer; reused: boolean }
	| { state: 'refused'; error: unknown }
	| { state: 'halted' }
	| { state: 'unknown'; reason: string; sentAt?: number; error?: unknown };

export interface SubmitOptions<Answer> {
	store: SubmissionStore;
	/** By which the store knows it. */
	key: string;
	/** Sends the request, once. */
	send(): Promise<Answer>;
	/** What to remember of an answer. */
	receiptOf(answer: Answer): SubmissionIds;
	clock: Clock;
	rateLimiter: RateLimiter;
	/** Once it is aborted, nothing is sent any more. */
	signal: AbortSignal;
}

/**
 * Submits unless the store says that it was done before. A request is repeated only when Cobalt
 * certainly did not take it (429, or no connection); whenever it may have taken it, the outcome is
 * unknown and stays so.
 */
export async function submitOnce<Answer>(
	options: SubmitOptions<Answer>,
): Promise<SubmitResult<Answer>> {
	const { store, key } = options;
	const entry = store.read(key);
	switch (entry?.state) {
		case 'submitted':
		case 'completed': {
			const { receipt, sentAt } = entry;
			return { state: 'accepted', receipt, sentAt, reused: true };
		}
		case 'sending':
			return { state: 'unknown', reason: 'an earlier try was cut off', sentAt: entry.sentAt };
		case 'unknown':
			return { state: 'unknown', reason: entry.reason, sentAt: entry.sentAt };
		case 'failed':
		case undefined:
			return await submit(options);
	}
}

async function submit<Answer>(options: SubmitOptions<Answer>): Promise<SubmitResult<Answer>> {
	const { store, key, send, receiptOf, clock, rateLimiter, signal } = options;
	for (let attempt = 0; ; attempt += 1) {
		if (!(await rateLimiter.acquire()))
			return { state: 'refused', error: rateLimiter.rejectionError };
		if (signal.aborted) return { state: 'halted' };
		const sentAt = clock.now();
		store.write(key, { state: 'sending', sentAt });
		try {
			const answer = await rateLimiter.track(send());
			const receipt = receiptOf(answer);
			store.write(key, { state: 'submitted', receipt, sentAt });
			return { state: 'accepted', receipt, sentAt, answer, reused: false };
		} catch (error) {
			const risk = requestErrorInfo(error);
			if (risk === undefined || risk.mayBeAccepted) {
				const reason = risk?.message ?? describeUnforeseen(error);
				store.write(key, { state: 'unknown', reason, sentAt });
				return { state: 'unknown', reason, sentAt, error };
			}
			store.forget(key);
			const isWorthwhile = risk.isRateLimited === true || risk.isFromElsewhere !== true;
			const pauseMs = isWorthwhile ? retryDelay(attempt, risk) : undefined;
			if (pauseMs === undefined) return { state: 'refused', error };
			await clock.sleep(pauseMs, signal);
		}
	}
}
