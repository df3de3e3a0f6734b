import { fromRequestError, itemFailure, type ItemContext, type ItemFailure } from './itemFailure';

/** A read that failed. */
export function readFailed(itemContext: ItemContext, error: unknown): ItemFailure {
	return fromRequestError(itemContext, undefined, error);
}

/** A write that Cobalt did not accept. */
export function rejected(itemContext: ItemContext, error: unknown): ItemFailure {
	return fromRequestError(itemContext, 'not_submitted', error);
}

/**
 * A write whose item was not done when the run stopped. n8n marks a run as canceled, and lets a *Retry
 * execution* run this node again, if the node throws an error with that word in it.
 */
export function cancelledBeforeDone(itemContext: ItemContext): ItemFailure {
	const submitted = itemContext.ids.job_id !== undefined;
	return itemFailure(itemContext, submitted ? 'pending' : 'not_submitted', {
		message: `The execution was canceled before ${itemContext.title} was ${submitted ? 'done' : 'submitted'}`,
		description: submitted
			? `The job goes on in the EHR. Job ID: ${String(itemContext.ids.job_id)}. Look it up later with 'Job: Get Result'.`
			: 'Nothing was sent to Cobalt for this item.',
	});
}

/** A read whose item was not done when the run stopped. */
export function cancelledBeforeRead(itemContext: ItemContext): ItemFailure {
	return itemFailure(itemContext, undefined, {
		message: `The execution was canceled before ${itemContext.title} was done`,
		description: 'Nothing was changed at Cobalt.',
	});
}
