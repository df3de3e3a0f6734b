import { NodeApiError, type NodeOperationError, type IDataObject, type INode } from 'n8n-workflow';

import { CobaltApiError } from '../../shared/http/cobaltApiError';
import { descriptionOf, messageOf } from '../../shared/retry/errors';
import type { Situation } from './advice';

/** Key of the clinic in items: Cobalt's name for it in events, which the field *Clinic* takes by default. */
export const CLINIC_KEY = 'access_token_reference_id';

/** A failed item: the error for n8n, and details that a workflow can use. */
export interface ItemFailure {
	error: NodeApiError | NodeOperationError;
	/** For the item in the error output. */
	details: IDataObject;
}

/** What the texts about an item depend on. */
export interface ItemContext extends Situation {
	node: INode;
	itemIndex: number;
	/** The subject of messages, for example "Appointment: Create" or "Job 4711". */
	title: string;
	/** Whose the record is and what, as submitted, for an operation with a job. */
	subject?: IDataObject;
	/** The record's id and the job_id, as far as they are known. */
	ids: IDataObject;
	/** The item's clinic, where there are several. */
	clinic?: string;
	/** Aborted if the execution was canceled. */
	cancelled?: AbortSignal;
}

/** A failure with the message of the request that failed. */
export function fromRequestError(
	itemContext: ItemContext,
	jobStatus: string | undefined,
	error: unknown,
): ItemFailure {
	return itemFailure(itemContext, jobStatus, {
		message: messageOf(error),
		description: descriptionOf(error),
		cause: error,
	});
}

/** The texts of an error. */
interface FailureText {
	message: string;
	description: string;
	cause?: unknown;
}

/**
 * @param jobStatus for the item's details; undefined for an operation without a job
 * @param more further details
 */
export function itemFailure(
	{ node, itemIndex, subject, ids, clinic, cancelled }: ItemContext,
	jobStatus: string | undefined,
	{ message, description: advice, cause }: FailureText,
	more: IDataObject = {},
): ItemFailure {
	const refusal = cause instanceof CobaltApiError ? cause : undefined;
	const httpCode = refusal?.httpCode ?? undefined;
	const description = clinic === undefined ? advice : `${advice} Clinic: ${clinic}`;
	const knownIds = Object.entries(ids).filter(([, id]) => id !== null);
	const status = jobStatus === undefined ? {} : { job_status: jobStatus };
	return {
		// A new error made of texts only: n8n's own error contains the request with its keys.
		error: new NodeApiError(
			node,
			{},
			{
				message: `${cancelled?.aborted ? message : withoutMarker(message)} [item ${itemIndex}]`,
				description,
				httpCode,
				itemIndex,
				...(refusal?.failure && { failure: refusal.failure }),
			},
		),
		// The job's status first, as in an item, whatever the event says of it.
		details: {
			...status,
			...subject,
			...ids,
			...more,
			...Object.fromEntries(knownIds),
			description,
			...(clinic !== undefined && { [CLINIC_KEY]: clinic }),
			...status,
			...(httpCode !== undefined && { http_status: Number(httpCode) }),
		},
	};
}

/**
 * n8n marks an execution as canceled if the error's message has that word. Cobalt may say it of an
 * appointment, so here it is spelled the British way.
 */
function withoutMarker(message: string): string {
	return message.replace(/(cancel)(ed)/gi, '$1l$2');
}
