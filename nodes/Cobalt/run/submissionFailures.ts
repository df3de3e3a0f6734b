import { idInText } from '../../shared/output/ids';
import { requestErrorInfo } from '../../shared/retry/errors';
import { REPORT_IT } from '../../shared/retry/unforeseenError';
import { adviceOnFailedJob, adviceOnUnknown, whereToLook } from './advice';
import { itemFailure, type ItemContext, type ItemFailure } from './itemFailure';

/** n8n's table of processed data did not respond, and without it a retry sends nothing. */
export function notAsked(itemContext: ItemContext): ItemFailure {
	return itemFailure(itemContext, 'not_submitted', {
		message: `${itemContext.title} was not submitted, because n8n's database did not respond`,
		description:
			"Use 'Retry' once more on the execution that this one is a retry of. The node could not check whether another retry has submitted this item already.",
	});
}

/**
 * An earlier attempt submitted, or may have submitted, this item with different contents.
 *
 * @param status why the submission does not count for the item
 * @param jobId of the submission, if it certainly is this item's and has one
 */
export function submittedOtherwise(
	itemContext: ItemContext,
	status: keyof typeof SUBMITTED_OTHERWISE,
	jobId: string | undefined,
): ItemFailure {
	const withJob = jobId === undefined ? {} : { job_id: jobId };
	const about = { ...itemContext, ids: { ...itemContext.ids, ...withJob } };
	const { message, reason, reasonForAgent = reason } = SUBMITTED_OTHERWISE[status];
	const isAgent = itemContext.afterFailure === 'agent';
	return itemFailure(about, 'unknown', {
		message: message(itemContext.title),
		description: [
			isAgent ? reasonForAgent : reason,
			'To prevent duplicates, nothing was submitted for this item now.',
			jobId === undefined ? undefined : `Job ID: ${idInText(jobId)}.`,
			...(isAgent
				? ['Do not call this tool for it again. Ask a person to check in the EHR.']
				: [
						whereToLook(itemContext),
						'To submit the item as it is now, run the workflow again with this item only.',
					]),
		]
			.filter((sentence) => sentence !== undefined)
			.join(' '),
	});
}

const SUBMITTED_OTHERWISE: Record<
	'otherAccount' | 'otherOperation' | 'doubtful',
	{ message: (title: string) => string; reason?: string; reasonForAgent?: string }
> = {
	otherAccount: {
		message: (title) =>
			`${title} was already submitted in this execution with another access token`,
		reason: 'Only that access token can read its result.',
	},
	otherOperation: {
		message: (title) =>
			`${title} was not submitted, because this execution has run another operation for this item`,
		reason: 'The resource or the operation of the node was changed after an earlier attempt.',
	},
	doubtful: {
		message: (title) =>
			`${title} may already have been submitted in this execution with other contents`,
		reason:
			'An earlier attempt submitted an item that has changed or disappeared since, and this item may be the changed one.',
		reasonForAgent:
			'This tool was called before with the same required fields, in this execution or in the one that it retries, and that call may have succeeded.',
	},
};

/**
 * Cobalt may have accepted the submission.
 *
 * @param reason what happened to the submission
 * @param error of this run; absent if the submission is that of an earlier try
 * @param search the result of the search for its record, if there was one
 */
export function outcomeUnknown(
	itemContext: ItemContext,
	reason: string,
	{ error, search }: { error?: unknown; search?: string },
): ItemFailure {
	const isUnforeseen = error !== undefined && requestErrorInfo(error) === undefined;
	return itemFailure(itemContext, 'unknown', {
		message: `${itemContext.title} may or may not have reached Cobalt: ${reason}`,
		description: [
			adviceOnUnknown(itemContext),
			...(search === undefined ? [] : [search]),
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
			message: `${itemContext.title} failed in the EHR: Cobalt lists the record with a failed status`,
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
			message: `${itemContext.title} is still pending after ${Math.round(timeoutMs / 1000)} seconds`,
			description: `Do not submit it again: Cobalt lists the record, and the EHR may still finish it. It has no job whose result could be read. ${whereToLook(itemContext)}`,
		},
		{ found_in_list: true },
	);
}

/** The run stopped while Cobalt's list was searched for the record of a submission. */
export function cancelledWhileUnknown(itemContext: ItemContext, reason: string): ItemFailure {
	return itemFailure(itemContext, 'unknown', {
		message: `The execution was canceled before Cobalt confirmed ${itemContext.title}: ${reason}`,
		description: `${whereToLook(itemContext)} It was not submitted again.`,
	});
}
