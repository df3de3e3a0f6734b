import { idInText } from '../../shared/output/ids';
import { descriptionOf, messageOf } from '../../shared/retry/errors';
import { itemFailure, type ItemContext, type ItemFailure } from './itemFailure';

/** A read that failed. */
export function readFailed(itemContext: ItemContext, error: unknown): ItemFailure {
	return itemFailure(itemContext, undefined, {
		message: `${itemContext.title} did not complete: ${messageOf(error)}`,
		description: descriptionOf(error),
		cause: error,
	});
}

/** A write that Cobalt certainly did not accept. */
export function rejected(itemContext: ItemContext, error: unknown): ItemFailure {
	return itemFailure(itemContext, 'not_submitted', {
		message: `${itemContext.title} was not submitted: ${messageOf(error)}`,
		description: descriptionOf(error),
		cause: error,
	});
}

/**
 * A write whose item was not done when the run stopped. n8n marks a run as canceled, and lets a *Retry
 * execution* run this node again, if the node throws an error with that word in it.
 */
export function cancelledBeforeDone(itemContext: ItemContext): ItemFailure {
	const submitted = itemContext.ids.job_id !== undefined;
	return itemFailure(itemContext, submitted ? 'pending' : 'not_submitted', {
		message: `The execution was canceled before ${itemContext.title} was ${submitted ? 'finished' : 'submitted'}`,
		description: submitted
			? `The job keeps running in the EHR. Get its result later with 'Job: Get Result' (job ID ${idInText(itemContext.ids.job_id)}).`
			: 'Nothing was submitted for this item.',
	});
}

/** A read whose item was not done when the run stopped. */
export function cancelledBeforeRead(itemContext: ItemContext): ItemFailure {
	return itemFailure(itemContext, undefined, {
		message: `The execution was canceled before ${itemContext.title} was finished`,
		description: 'Nothing was changed in Cobalt.',
	});
}
