import type { Kind } from '../events/eventNames.mts';
import type { Context } from '../server/context.mts';
import type { EhrTask } from '../world/ehrWorker.mts';
import { ehrTask } from './ehrTask.mts';

/** The task that reads the EHR itself, as it is when the EHR worker gets to it. */
export function liveFetch(
	context: Context,
	kind: Kind,
	body: Record<string, unknown>,
	readLive: () => object,
): EhrTask {
	return ehrTask(context, {
		kind,
		// Nothing is created: the id only tells one fetch from another.
		recordId: context.ids.id(),
		body,
		eventData: (failure) => ({ success: !failure, ...(failure ? {} : readLive()) }),
	});
}
