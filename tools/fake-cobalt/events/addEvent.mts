import type { EventLog, Listing, NewEvent } from './eventLog.mts';

/** How Cobalt tells of something that no job of its own has done. */
export type EventOptions = Pick<NewEvent, 'id' | 'created' | 'reference'> &
	Omit<Listing, 'byJobIdOnly'>;

/** Tells of it. */
export function addEvent(
	log: EventLog,
	type: string,
	data: object,
	notice: EventOptions = {},
): void {
	const { id, created, reference, ...listing } = notice;
	log.add({ type, data, id, created, reference }, listing);
}
