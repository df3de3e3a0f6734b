import { NodeApiError, NodeOperationError, type IDataObject, type INode } from 'n8n-workflow';

import { CobaltApiError } from '../../shared/http/cobaltApiError';
import { simplifyKeys } from '../../shared/normalize/normalize';
import { descriptionOf, messageOf, requestErrorInfo } from '../../shared/retry/errors';
import { REPORT_IT } from '../../shared/retry/unforeseenError';
import type { Outcome } from '../polling/outcome';
import type { Assignment, Entry } from '../submissions/submissionStore';
import {
	adviceOnDoubtfulJob,
	adviceOnFailedJob,
	adviceOnUnknown,
	whereToLook,
	type Situation,
} from './advice';

/** An item that did not come to a good end: the error for n8n, and what a workflow can use of it. */
export interface ItemFailure {
	error: NodeApiError | NodeOperationError;
	/** Goes into the item of the error output. */
	details: IDataObject;
}

/** Where an item stands: what every text about it needs. */
export interface ItemContext extends Situation {
	node: INode;
	itemIndex: number;
	/** What is talked about, for example "Appointment: Create" or "Job 4711". */
	title: string;
	/** The record's own id and the job_id, as far as they are known by now. */
	ids: IDataObject;
	/** Aborted when the execution was canceled. */
	cancelled?: AbortSignal;
}

/** What was asked for cannot be read. */
export function readFailed(place: ItemContext, error: unknown): ItemFailure {
	return fromRequestError(place, undefined, error);
}

/** A request that Cobalt did not take. */
export function rejected(place: ItemContext, error: unknown): ItemFailure {
	return fromRequestError(place, 'not_submitted', error);
}

/** n8n's own table did not answer, and without it nothing is sent in a retry. */
export function notAsked(place: ItemContext): ItemFailure {
	return failure(place, 'not_submitted', {
		message: `${place.title} was not submitted, because n8n's database did not answer`,
		description:
			'The node looks there whether another retry of this execution has submitted it already. Nothing was sent for this item. Retry the execution again that this one is a retry of.',
	});
}

/**
 * An earlier try has submitted something that this item may stand for, with other contents.
 *
 * @param status why it cannot be taken for the same
 * @param entry what was submitted for it, where that is certain
 */
export function submittedOtherwise(
	place: ItemContext,
	status: keyof typeof SUBMITTED_OTHERWISE,
	entry: Entry | undefined,
): ItemFailure {
	const jobId = entry && 'receipt' in entry ? entry.receipt.jobId : undefined;
	if (jobId !== undefined) place.ids = { ...place.ids, job_id: jobId };
	const { happened, reason } = SUBMITTED_OTHERWISE[status];
	return failure(place, 'unknown', {
		message: `${place.title} ${happened}`,
		description: [
			...(reason === undefined ? [] : [reason]),
			'Nothing was sent for this item now, so that nothing is done twice.',
			...(jobId === undefined ? [] : [`Job ID: ${jobId}.`]),
			whereToLook(place),
			'To submit what the item holds now, start a new run for this item alone.',
		].join(' '),
	});
}

const SUBMITTED_OTHERWISE: Record<
	Exclude<Assignment['status'], 'new' | 'known'>,
	{ happened: string; reason?: string }
> = {
	otherAccount: {
		happened: 'was already submitted in this execution with another access token',
	},
	otherOperation: {
		happened: 'was not submitted, because this execution has done another operation for this item',
		reason: 'The resource or the operation of the node was changed after an earlier try.',
	},
	doubtful: {
		happened: 'may have been submitted already in this execution with other contents',
		reason:
			'An earlier try has submitted an item that is not among the items any more as it was then, and this item may be a changed form of it.',
	},
};

/**
 * @param reason what happened to the submission
 * @param error what went wrong in this run; absent when an earlier try found it out
 * @param search what a search for it has shown, where there was one
 */
export function outcomeUnknown(
	place: ItemContext,
	reason: string,
	{ error, search }: { error?: unknown; search?: string },
): ItemFailure {
	const isUnforeseen = error !== undefined && requestErrorInfo(error) === undefined;
	return failure(place, 'unknown', {
		message: `It is not known whether Cobalt accepted ${place.title}: ${reason}`,
		description: [
			...(search === undefined ? [] : [search]),
			adviceOnUnknown(place),
			...(isUnforeseen ? [REPORT_IT] : []),
		].join(' '),
		cause: error,
	});
}

/** The answer was lost, and Cobalt's list shows that the EHR did not do it. */
export function recordFailed(place: ItemContext): ItemFailure {
	return failure(
		place,
		'failed',
		{
			message: `${place.title} did not succeed: Cobalt lists the record with the status of a failure`,
			description: adviceOnFailedJob(place),
		},
		{ found_in_list: true },
	);
}

/** The answer was lost, Cobalt's list shows that the EHR has still to do it, and the user wants that to stop. */
export function recordPending(place: ItemContext, timeoutMs: number): ItemFailure {
	return failure(
		place,
		'pending',
		{
			message: `${place.title} was still pending after ${timeoutMs / 1000} seconds`,
			description: `Cobalt's list shows the record, and the EHR may still finish it. It has no job that can be looked up. ${whereToLook(place)}`,
		},
		{ found_in_list: true },
	);
}

/** The run came to a stop while Cobalt's lists were looked through for a submission. */
export function cancelledWhileUnknown(place: ItemContext, reason: string): ItemFailure {
	return failure(place, 'unknown', {
		message: `The execution was canceled before it was known whether Cobalt accepted ${place.title}: ${reason}`,
		description: `It was not sent again. ${whereToLook(place)}`,
	});
}

/**
 * Cobalt confirmed that the EHR did not do it (contract C5). All that its event says goes into the details;
 * `conflict_details` may name another patient, and so stays out of the message.
 *
 * @param outcome without keys
 */
export function jobFailed(
	place: ItemContext,
	{ event, isCertain, failureReason, reasons, conflictType }: FailedJob,
): ItemFailure {
	const codes = reasons.flatMap(({ code }) => code ?? []);
	const conflict =
		conflictType === undefined || failureReason.endsWith(conflictType)
			? ''
			: ` (conflict: ${conflictType})`;
	const data = simplifyKeys(event.data as IDataObject, 'all');
	const { description: eventDescription } = data;
	return failure(
		place,
		'failed',
		{
			message: `${place.title} did not succeed: ${(failureReason + conflict).slice(0, MAX_REASON_LENGTH)}`,
			description: [
				isCertain
					? adviceOnFailedJob(place)
					: `The event of this job (${event.type}) is not one that Cobalt documents. ${adviceOnDoubtfulJob(place)}`,
				...(codes.length > 0 ? [`Reason codes: ${codes.join(', ')}.`] : []),
				`Job ID: ${String(place.ids.job_id)}.`,
			].join(' '),
		},
		{
			...data,
			...(eventDescription !== undefined && { event_description: eventDescription }),
			failure_reason: failureReason,
			reasons: reasons.map((reason) => ({ ...reason })),
			event_id: event.id,
			event_type: event.type,
		},
	);
}

type FailedJob = Extract<Outcome, { status: 'failed' }>;

/** The wait ran out, and the user asked for that to stop the item. */
export function stillPending(place: ItemContext, timeoutMs: number): ItemFailure {
	return failure(place, 'pending', {
		message: `${place.title} was still pending after ${timeoutMs / 1000} seconds`,
		description: `Job ID: ${String(place.ids.job_id)}. The EHR may still finish it. Look it up later with 'Job: Get Result', and do not submit it again before.`,
	});
}

/** The job is under way, but Cobalt does not let us see how it goes. */
export function resultUnreadable(place: ItemContext, error: unknown): ItemFailure {
	return failure(place, 'pending', {
		message: `The result of ${place.title} cannot be read: ${messageOf(error)}`,
		description: `${descriptionOf(error)} The job itself goes on: do not submit it again, but look it up later with 'Job: Get Result'. Job ID: ${String(place.ids.job_id)}.`,
		cause: error,
	});
}

/**
 * The run came to a stop before this item was done. n8n takes a run for canceled, and keeps the node on
 * the list of what a *Retry execution* has to do, when the node throws an error with that word in it.
 */
export function cancelledBeforeDone(place: ItemContext): ItemFailure {
	const submitted = place.ids.job_id !== undefined;
	return failure(place, submitted ? 'pending' : 'not_submitted', {
		message: `The execution was canceled before ${place.title} was ${submitted ? 'done' : 'submitted'}`,
		description: submitted
			? `The job goes on in the EHR. Job ID: ${String(place.ids.job_id)}. Look it up later with 'Job: Get Result'.`
			: 'Nothing was sent to Cobalt for this item.',
	});
}

/** The run came to a stop before this item was read. */
export function cancelledBeforeRead(place: ItemContext): ItemFailure {
	return failure(place, undefined, {
		message: `The execution was canceled before ${place.title} was done`,
		description: 'Nothing was changed at Cobalt.',
	});
}

/** What went wrong, in the words in which the request told of it. */
function fromRequestError(
	place: ItemContext,
	jobStatus: string | undefined,
	error: unknown,
): ItemFailure {
	return failure(place, jobStatus, {
		message: messageOf(error),
		description: descriptionOf(error),
		cause: error,
	});
}

/** Characters; longer than any reason that Cobalt documents. What is cut off is in the details. */
const MAX_REASON_LENGTH = 600;

interface Text {
	message: string;
	description: string;
	cause?: unknown;
}

function failure(
	{ node, itemIndex, ids, cancelled }: ItemContext,
	jobStatus: string | undefined,
	{ message, description, cause }: Text,
	more: IDataObject = {},
): ItemFailure {
	const refusal = cause instanceof CobaltApiError ? cause : undefined;
	const httpCode = refusal?.httpCode ?? undefined;
	const knownIds = Object.entries(ids).filter(([, id]) => id !== null);
	return {
		// Built anew and from texts alone: n8n's own error carries the request with its keys.
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
		details: {
			...ids,
			...more,
			...Object.fromEntries(knownIds),
			description,
			...(jobStatus !== undefined && { job_status: jobStatus }),
			...(httpCode !== undefined && { http_status: Number(httpCode) }),
		},
	};
}

/**
 * n8n takes an execution for canceled when the error's message has that word. Cobalt may well say it of
 * an appointment, so here it is spelled the British way.
 */
function withoutMarker(message: string): string {
	return message.replace(/(cancel)(ed)/gi, '$1l$2');
}
