import type { CobaltEvent } from '../shared/events/event';
import { outcomeOf, type Outcome } from '../shared/events/outcome';
import { DOCUMENTED_EVENTS } from '../shared/events/terminalEvents';

/**
 * How the job of an event ended, with the statuses and the rules of the action node.
 *
 * @returns undefined for an event that ends no job
 */
export function jobStatusOf(event: CobaltEvent): Outcome['status'] | undefined {
	return event.jobId === undefined ? undefined : outcomeOf([event], DOCUMENTED_EVENTS)?.status;
}
