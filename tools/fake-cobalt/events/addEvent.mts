import type { EventLog, Listing, NewEvent } from './eventLog.mts';

/** Options of an event without a job: something the clinic's staff or the account caused. */
export type EventOptions = Pick<NewEvent, 'id' | 'created' | 'reference'> &
	Omit<Listing, 'byJobIdOnly'>;

/** Adds an event without a job to the log. */
export function addEvent(
	log: EventLog,
	type: string,
	data: object,
	notice: EventOptions = {},
): void {
	const { id, created, reference, ...listing } = notice;
	log.add({ type, data, id, created, reference }, listing);
}
