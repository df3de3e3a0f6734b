import { NodeApiError, type NodeOperationError, type IDataObject, type INode } from 'n8n-workflow';

import { CobaltApiError } from '../../shared/http/cobaltApiError';
import { idsIn } from '../../shared/output/ids';
import type { Situation } from './advice';

/** Key of the clinic in items: Cobalt's name for it in events, which the field *Clinic* takes by default. */
export const CLINIC_KEY = 'access_token_reference_id';

/** A failed item: the error for n8n, and details that a workflow can use. */
export interface ItemFailure {
	error: NodeApiError | NodeOperationError;
	/** The same without Cobalt's own words, which may contain patient data. Absent if the error has none. */
	errorWithoutQuote?: NodeApiError;
	/** For the item in the error output. */
	details: IDataObject;
	/** Fields of the item that came in, which n8n must not add to the item in the error output. */
	hiddenFields?: readonly string[];
}

/** What the texts about an item depend on. */
export interface ItemContext extends Situation {
	node: INode;
	itemIndex: number;
	/** The subject of messages, for example "Appointment: Create" or "Job 4711". */
	title: string;
	/** What the record is and whose, as submitted, for an operation with a job. */
	subject?: IDataObject;
	/** The record's id and the job_id, as far as they are known. */
	ids: IDataObject;
	/** Whether the item comes out with IDs only. */
	isIdsOnly?: boolean;
	/** The item's clinic, where there are several. */
	clinic?: string;
	/** Aborted if the execution was canceled. */
	cancelled?: AbortSignal;
}

/** The texts of an error. */
interface FailureText {
	message: string;
	/** The part of the message that is Cobalt's own text. Default: what the cause quotes. */
	quoted?: string;
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
	{ message, quoted, description: advice, cause }: FailureText,
	more: IDataObject = {},
): ItemFailure {
	const refusal = cause instanceof CobaltApiError ? cause : undefined;
	const quote = quoted ?? refusal?.quoted ?? '';
	const httpCode = refusal?.httpCode ?? undefined;
	const description = clinic === undefined ? advice : `${advice} Clinic: ${clinic}`;
	const knownIds = Object.entries(ids).filter(([, id]) => id !== null);
	const status = jobStatus === undefined ? {} : { job_status: jobStatus };
	// A new error made of texts only: n8n's own error contains the request with its keys.
	const errorOf = (text: string, advised: string): NodeApiError =>
		new NodeApiError(
			node,
			{},
			{
				message: `${cancelled?.aborted ? text : withoutMarker(text)} [item ${itemIndex}]`,
				description: advised,
				httpCode,
				itemIndex,
				...(refusal?.failure && { failure: refusal.failure }),
			},
		);
	return {
		error: errorOf(message, description),
		...(quote !== '' && {
			errorWithoutQuote: errorOf(message.replace(quote, ''), `${description} ${QUOTE_LEFT_OUT}`),
		}),
		// The job's status comes first, as in an item, whatever the event says about it.
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

const QUOTE_LEFT_OUT = "What Cobalt says is left out, because 'Output' is 'IDs Only'.";

/**
 * The part of a failure that may be shown.
 *
 * @param entered the item that came in
 */
export const shownFailure = (
	failure: ItemFailure,
	isIdsOnly: boolean,
	entered: IDataObject,
): ItemFailure => (isIdsOnly ? withoutPatientData(failure, entered) : failure);

/** A failure for *IDs Only*: with this node's own messages and Cobalt's IDs. */
function withoutPatientData(
	{ error, errorWithoutQuote, details }: ItemFailure,
	entered: IDataObject,
): ItemFailure {
	const ownError = errorWithoutQuote ?? error;
	const { http_status } = details;
	return {
		error: ownError,
		hiddenFields: Object.keys(entered),
		details: {
			...idsIn(details),
			description: ownError.description,
			...(http_status !== undefined && { http_status }),
		},
	};
}

/**
 * n8n marks an execution as canceled if the error's message has that word. Cobalt may use it for an
 * appointment, so here it gets its British spelling.
 */
export function withoutMarker(message: string): string {
	return message.replace(/(cancel)(ed)/gi, '$1l$2');
}
