import { NodeApiError, type INode } from 'n8n-workflow';

import type { RequestErrorInfo } from '../retry/errors';
import type { RequestFailure } from './failure';

/** A failed request to Cobalt, with what a caller needs to decide whether it may be sent again. */
export class CobaltApiError extends NodeApiError implements RequestErrorInfo {
	/** See {@link RequestFailure.mayBeAccepted}. */
	readonly mayBeAccepted: boolean;

	/** See {@link RequestFailure.isTransient}. */
	readonly isTransient: boolean;

	/** See {@link RequestFailure.isFromElsewhere}. */
	readonly isFromElsewhere: boolean;

	readonly retryAfterMs?: number;

	/** Whether Cobalt asked for fewer requests. */
	readonly isRateLimited: boolean;

	/** Whether every other request with this credential would fail in the same way. */
	readonly affectsAllRequests: boolean;

	/** See {@link RequestFailure.quoted}. */
	readonly quoted: string;

	constructor(
		node: INode,
		{ message, quoted = '', description, status, cause, ...facts }: RequestFailure,
	) {
		super(
			node,
			{},
			{
				message: message + quoted,
				description,
				httpCode: status?.toString(),
				...(cause && { failure: { cause, retryAfterMs: facts.retryAfterMs } }),
			},
		);
		this.quoted = quoted;
		this.mayBeAccepted = facts.mayBeAccepted;
		this.isTransient = facts.isTransient;
		this.isFromElsewhere = facts.isFromElsewhere === true;
		this.retryAfterMs = facts.retryAfterMs;
		this.isRateLimited = cause === 'rate-limited';
		this.affectsAllRequests = cause === 'credential-invalid' || cause === 'configuration-invalid';
	}
}

/** Whether Cobalt itself rejected the parameters of a request (HTTP 400 or 422). */
export function isRefused(error: unknown): boolean {
	if (!(error instanceof CobaltApiError) || error.isFromElsewhere) return false;
	return ['400', '422'].includes(error.httpCode ?? '');
}
