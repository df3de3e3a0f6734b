import { UnsortedLog } from '../events/logReader';
import { UnconfirmedError } from '../../Cobalt/submissions/receipt';
import { PaginationLoopError, UnexpectedResponseError } from '../pagination/pages';
import { CobaltApiError } from '../http/client';
import { RateLimitedError } from './rateLimiter';
import { TimeoutError } from './clock';
import { describeUnforeseen, REPORT_IT } from './unforeseenError';

/** What an error of a request means for what may be done next; undefined for any other error. */
export function riskOf(error: unknown) {
	if (error instanceof CobaltApiError) return error;
	const isUnclear = error instanceof UnexpectedResponseError || error instanceof UnconfirmedError;
	if (isUnclear || error instanceof TimeoutError) {
		return { message: error.message, mayBeAccepted: true, isTransient: true };
	}
	if (error instanceof RateLimitedError) {
		return { message: error.message, mayBeAccepted: false, isTransient: true, isRateLimited: true };
	}
	if (error instanceof PaginationLoopError || error instanceof UnsortedLog) {
		return { message: error.message, mayBeAccepted: true, isTransient: false };
	}
	return undefined;
}

/** What is told of an error: a code alone of one that nothing is known about. */
export function messageOf(error: unknown): string {
	return riskOf(error)?.message ?? describeUnforeseen(error);
}

/** What to do about an error. */
export function descriptionOf(error: unknown): string {
	if (riskOf(error) === undefined) return REPORT_IT;
	return (error instanceof CobaltApiError ? error.description : undefined) ?? 'Try again later.';
}
