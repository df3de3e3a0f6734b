import { describeUnforeseen, REPORT_IT } from './unforeseenError';

/** What the error of a request means for what may be done next. */
export interface RequestErrorInfo {
	/** Safe to show: it contains no patient data and no keys. */
	readonly message: string;
	/** What to do about it. */
	readonly description?: string | null;
	/** Whether Cobalt may have accepted the request. */
	readonly mayBeAccepted: boolean;
	/** Whether the same request may succeed later without any change. */
	readonly isTransient: boolean;
	/** Whether Cobalt asked for fewer requests. */
	readonly isRateLimited?: boolean;
	/** How long Cobalt asked to wait, in milliseconds. */
	readonly retryAfterMs?: number;
	/** Whether every other request with the same credential would fail in the same way. */
	readonly affectsAllRequests?: boolean;
	/** Whether something between n8n and Cobalt responded, such as a proxy. */
	readonly isFromElsewhere?: boolean;
}

/** A failed request. The exception is CobaltApiError, which must extend n8n's class instead. */
export abstract class RequestError extends Error implements RequestErrorInfo {
	abstract readonly mayBeAccepted: boolean;

	abstract readonly isTransient: boolean;

	readonly isRateLimited?: boolean;
}

/** Cobalt did not respond in time. */
export class TimeoutError extends RequestError {
	readonly mayBeAccepted = true;

	readonly isTransient = true;

	constructor() {
		super('Cobalt is responding too slowly');
	}
}

/** A request that was not sent, because Cobalt had asked for fewer requests. */
export class RateLimitedError extends RequestError {
	readonly mayBeAccepted = false;

	readonly isTransient = true;

	override readonly isRateLimited = true;

	constructor() {
		super('Cobalt is limiting requests');
	}
}

/** @returns undefined for an error that is not about a request */
export function requestErrorInfo(error: unknown): RequestErrorInfo | undefined {
	return isRequestError(error) ? error : undefined;
}

/** Errors that n8n shows must extend n8n's own class; they have the properties instead. */
const isRequestError = (error: unknown): error is Error & RequestErrorInfo =>
	error instanceof Error && 'mayBeAccepted' in error && 'isTransient' in error;

/** The message to show for an error. Unforeseen errors get only a code, since their texts may contain patient data. */
export function messageOf(error: unknown): string {
	return requestErrorInfo(error)?.message ?? describeUnforeseen(error);
}

/** What to do about an error. */
export function descriptionOf(error: unknown): string {
	const info = requestErrorInfo(error);
	return info === undefined ? REPORT_IT : (info.description ?? 'Try again later.');
}
