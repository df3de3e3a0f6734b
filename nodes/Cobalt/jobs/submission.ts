import type { Clock } from '../pacing/clock';
import { pauseBeforeResend, type PassingRisk } from '../pacing/resend';
import type { Ledger, Receipt } from './ledger';

/** What a caller has to know about a request that did not succeed: CobaltApiError tells it. */
export interface SubmissionRisk extends PassingRisk {
	/** What happened; in our own words alone where the request may have been accepted. */
	message: string;
	mayBeAccepted: boolean;
}

/** The result of submitting once; `reused` when an earlier try had submitted it already. */
export type Submitted<Answer> =
	| { state: 'accepted'; receipt: Receipt; answer?: Answer; reused: boolean }
	| { state: 'refused'; error: unknown }
	| { state: 'halted' }
	| { state: 'unknown'; reason: string; error?: unknown };

export interface SubmitOptions<Answer> {
	ledger: Ledger;
	keys: readonly string[];
	/** Sends the request, once. */
	send(): Promise<Answer>;
	/** What to remember of an answer. */
	receiptOf(answer: Answer): Receipt;
	/** What a thrown error means; undefined for one that nothing is known about. */
	riskOf(error: unknown): SubmissionRisk | undefined;
	clock: Clock;
	/** Once it is aborted, nothing is sent any more. */
	signal: AbortSignal;
}

/**
 * Submits unless the ledger says that it was done before. A request is repeated only when Cobalt
 * certainly did not take it (429, or no connection); whenever it may have taken it, the outcome is
 * unknown and stays so.
 */
export async function submitOnce<Answer>(
	options: SubmitOptions<Answer>,
): Promise<Submitted<Answer>> {
	const { ledger, keys } = options;
	const entry = ledger.read(keys);
	switch (entry?.state) {
		case 'submitted':
		case 'completed':
			return { state: 'accepted', receipt: entry.receipt, reused: true };
		case 'sending':
			return { state: 'unknown', reason: 'an earlier try was cut off' };
		case 'unknown':
			return { state: 'unknown', reason: entry.reason };
		case 'failed':
		case undefined:
			return await submit(options);
	}
}

async function submit<Answer>(options: SubmitOptions<Answer>): Promise<Submitted<Answer>> {
	const { ledger, keys, send, receiptOf, riskOf, clock, signal } = options;
	for (let attempt = 0; ; attempt += 1) {
		if (signal.aborted) return { state: 'halted' };
		ledger.write(keys, { state: 'sending' });
		try {
			const answer = await send();
			const receipt = receiptOf(answer);
			ledger.write(keys, { state: 'submitted', receipt });
			return { state: 'accepted', receipt, answer, reused: false };
		} catch (error) {
			const risk = riskOf(error);
			if (risk === undefined || risk.mayBeAccepted) {
				const reason = risk?.message ?? 'something unexpected happened in the node';
				ledger.write(keys, { state: 'unknown', reason });
				return { state: 'unknown', reason, error };
			}
			ledger.forget(keys);
			const pauseMs = pauseBeforeResend(attempt, risk);
			if (pauseMs === undefined) return { state: 'refused', error };
			await clock.sleep(pauseMs, signal);
		}
	}
}
