import type { Kind } from '../events/event-names.mts';
import type { Inside } from '../server/inside.mts';
import type { Task } from '../world/ehr-worker.mts';
import { work } from './entry.mts';

/** Looks into the EHR itself. What is found is what is there when the robot gets to it. */
export function liveFetch(
	inside: Inside,
	kind: Kind,
	body: Record<string, unknown>,
	look: () => object,
): Task {
	return work(inside, {
		kind,
		// Nothing is created: the id only tells one fetch from another.
		recordId: inside.ids.id(),
		body,
		tells: (failure) => ({ success: !failure, ...(failure ? {} : look()) }),
	});
}
