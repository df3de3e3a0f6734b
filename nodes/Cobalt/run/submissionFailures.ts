import { requestErrorInfo } from '../../shared/retry/errors';
import { REPORT_IT } from '../../shared/retry/unforeseenError';
import { receiptIn, type Assignment, type Entry } from '../submissions/submissionStore';
import { adviceOnFailedJob, adviceOnUnknown, whereToLook } from './advice';
import { itemFailure, type ItemContext, type ItemFailure } from './itemFailure';

/** n8n's table of processed data did not respond, and without it a retry sends nothing. */
export function notAsked(itemContext: ItemContext): ItemFailure {
	return itemFailure(itemContext, 'not_submitted', {
		message: `${itemContext.title} was not submitted, because n8n's database did not answer`,
		description:
			'The node looks there whether another retry of this execution has submitted it already. Nothing was sent for this item. Retry the execution again that this one is a retry of.',
	});
}

/**
 * An earlier try has, or may have, submitted this item with other contents.
 *
 * @param status why the submission does not count for the item
 * @param entry the submission, if it certainly is this item's
 */
export function submittedOtherwise(
	itemContext: ItemContext,
	status: keyof typeof SUBMITTED_OTHERWISE,
	entry: Entry | undefined,
): ItemFailure {
	const jobId = entry && receiptIn(entry)?.jobId;
	const withJob = jobId === undefined ? {} : { job_id: jobId };
	const about = { ...itemContext, ids: { ...itemContext.ids, ...withJob } };
	const { happened, reason, reasonForAgent = reason } = SUBMITTED_OTHERWISE[status];
	const isAgent = itemContext.afterFailure === 'agent';
	return itemFailure(about, 'unknown', {
		message: `${itemContext.title} ${happened}`,
		description: [
			isAgent ? reasonForAgent : reason,
			'Nothing was sent for this item now, so that nothing is done twice.',
			jobId === undefined ? undefined : `Job ID: ${jobId}.`,
			...(isAgent
				? ['Do not call this tool for it again. Ask a person to check in the EHR.']
				: [
						whereToLook(itemContext),
						'To submit what the item holds now, start a new run for this item alone.',
					]),
		]
			.filter((sentence) => sentence !== undefined)
			.join(' '),
	});
}

const SUBMITTED_OTHERWISE: Record<
	Exclude<Assignment['status'], 'new' | 'known'>,
	{ happened: string; reason?: string; reasonForAgent?: string }
> = {
	otherAccount: {
		happened: 'was already submitted in this execution with another access token',
		reason: 'Its result can only be looked up with the token that it was sent with.',
	},
	otherOperation: {
		happened: 'was not submitted, because this execution has done another operation for this item',
		reason: 'The resource or the operation of the node was changed after an earlier try.',
	},
	doubtful: {
		happened: 'may have been submitted already in this execution with other contents',
		reason:
			'An earlier try has submitted an item that is not among the items any more as it was then, and this item may be a changed form of it.',
		reasonForAgent:
			'This tool was called before with the same required fields, in this execution or in the one that it repeats, and that call may have succeeded.',
	},
};

/**
 * Cobalt may have accepted the submission.
 *
 * @param reason what happened to the submission
 * @param error of this run; absent if the submission is that of an earlier try
 * @param search what a search for its record has shown, if there was one
 */
export function outcomeUnknown(
	itemContext: ItemContext,
	reason: string,
	{ error, search }: { error?: unknown; search?: string },
): ItemFailure {
	const isUnforeseen = error !== undefined && requestErrorInfo(error) === undefined;
	return itemFailure(itemContext, 'unknown', {
		message: `It is not known whether Cobalt accepted ${itemContext.title}: ${reason}`,
		description: [
			...(search === undefined ? [] : [search]),
			adviceOnUnknown(itemContext),
			...(isUnforeseen ? [REPORT_IT] : []),
		].join(' '),
		cause: error,
	});
}

/** The response was lost, and Cobalt's list shows that the EHR failed. */
export function recordFailed(itemContext: ItemContext): ItemFailure {
	return itemFailure(
		itemContext,
		'failed',
		{
			message: `${itemContext.title} did not succeed: Cobalt lists the record with the status of a failure`,
			description: adviceOnFailedJob(itemContext),
		},
		{ found_in_list: true },
	);
}

/** The response was lost, Cobalt's list shows a pending record, and the user chose to fail on a timeout. */
export function recordPending(itemContext: ItemContext, timeoutMs: number): ItemFailure {
	return itemFailure(
		itemContext,
		'pending',
		{
			message: `${itemContext.title} was still pending after ${Math.round(timeoutMs / 1000)} seconds`,
			description: `Cobalt's list shows the record, and the EHR may still finish it. It has no job that can be looked up. ${whereToLook(itemContext)}`,
		},
		{ found_in_list: true },
	);
}

/** The run stopped while Cobalt's list was searched for the record of a submission. */
export function cancelledWhileUnknown(itemContext: ItemContext, reason: string): ItemFailure {
	return itemFailure(itemContext, 'unknown', {
		message: `The execution was canceled before it was known whether Cobalt accepted ${itemContext.title}: ${reason}`,
		description: `It was not sent again. ${whereToLook(itemContext)}`,
	});
}
