import { RequestError, type RequestErrorInfo } from '../../../nodes/shared/retry/errors.js';

/** What a request throws in a test of what is done about it. */
export class FailedRequest extends RequestError {
	readonly mayBeAccepted: boolean;

	readonly isTransient: boolean;

	readonly retryAfterMs?: number;

	readonly affectsAllRequests?: boolean;

	override readonly isRateLimited?: boolean;

	constructor({ message = 'No answer', ...info }: Partial<RequestErrorInfo>) {
		super(message);
		this.mayBeAccepted = info.mayBeAccepted ?? false;
		this.isTransient = info.isTransient ?? false;
		this.retryAfterMs = info.retryAfterMs;
		this.affectsAllRequests = info.affectsAllRequests;
		this.isRateLimited = info.isRateLimited;
	}
}
