import type { EventLog, Listing, NewEvent } from './event-log.mts';

/** How Cobalt tells of something that no job of its own has done. */
export type Notice = Pick<NewEvent, 'id' | 'created' | 'reference'> & Omit<Listing, 'byJobIdOnly'>;

/** Tells of it. */
export function tell(log: EventLog, type: string, data: object, notice: Notice = {}): void {
	const { id, created, reference, ...listing } = notice;
	log.add({ type, data, id, created, reference }, listing);
}
