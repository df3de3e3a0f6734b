import { NodeApiError, type INode } from 'n8n-workflow';

import type { RequestErrorInfo } from '../retry/errors';
import type { RequestFailure } from './failure';

/** A request to Cobalt that did not succeed, with what a caller needs to decide what is safe now. */
export class CobaltApiError extends NodeApiError implements RequestErrorInfo {
	/** See {@link RequestFailure.mayBeAccepted}. */
	readonly mayBeAccepted: boolean;

	/** See {@link RequestFailure.isTransient}. */
	readonly isTransient: boolean;

	/** See {@link RequestFailure.isFromElsewhere}. */
	readonly isFromElsewhere: boolean;

	readonly retryAfterMs?: number;

	/** Whether Cobalt asked to send less at once. */
	readonly isRateLimited: boolean;

	/** Whether any other request with this credential would come to the same end. */
	readonly affectsAllRequests: boolean;

	constructor(node: INode, { message, description, status, cause, ...facts }: RequestFailure) {
		super(
			node,
			{},
			{
				message,
				description,
				httpCode: status?.toString(),
				...(cause && { failure: { cause, retryAfterMs: facts.retryAfterMs } }),
			},
		);
		this.mayBeAccepted = facts.mayBeAccepted;
		this.isTransient = facts.isTransient;
		this.isFromElsewhere = facts.isFromElsewhere === true;
		this.retryAfterMs = facts.retryAfterMs;
		this.isRateLimited = cause === 'rate-limited';
		this.affectsAllRequests = cause === 'credential-invalid' || cause === 'configuration-invalid';
	}
}
