import type { CobaltEvent } from '../../shared/events/event';
import { dedupeKey } from '../../shared/events/eventKey';

/** How many deliveries are remembered. */
const MAX_DELIVERIES = 10_000;

/**
 * The key under which a delivery is remembered. Clinics may use the same ids for different events.
 *
 * @param owner the id of the event's account
 */
export const deliveryKey = (owner: string | undefined, event: CobaltEvent): string =>
	`${owner ?? ''} ${dedupeKey(event)}`;

/** The events for which a webhook has started a run in this process, by their {@link deliveryKey}. */
export class Deliveries {
	private readonly keys = new Set<string>();

	/** Whether an event was delivered before. */
	has(key: string): boolean {
		return this.keys.has(key);
	}

	/** Remembers a delivered event, by its deduplication key. */
	add(key: string): void {
		this.keys.add(key);
		const [oldest] = this.keys;
		if (this.keys.size > MAX_DELIVERIES && oldest !== undefined) this.keys.delete(oldest);
	}

	/** Forgets an event whose run n8n could not start, because Cobalt may deliver it again. */
	forget(key: string): void {
		this.keys.delete(key);
	}
}
