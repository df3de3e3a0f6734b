import { messageOf } from '../../shared/retry/errors';
import type { ItemContext, ItemFailure } from './itemFailure';
import { readFailed } from './requestFailures';
import { outcomeUnknown } from './submissionFailures';

/** An error in the node itself. Cobalt may have accepted a write by then. */
export function unforeseen(itemContext: ItemContext, error: unknown): ItemFailure {
	const isWrite = itemContext.kind === 'submission' || itemContext.kind === 'change';
	return isWrite
		? outcomeUnknown(itemContext, messageOf(error), { error })
		: readFailed(itemContext, error);
}
