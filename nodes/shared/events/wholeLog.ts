import { dedupeKey } from './eventKey';
import { UnsortedLogError } from './logQuery';
import type { TimestampedEvent } from './timestampedEvent';

/** How many pages are read: what has more is not read to its end in the time that a poll has. */
const MAX_WHOLE_LOG_PAGES = 100;

/** A page of a log that comes in no order. */
export interface UnsortedPage {
	events: TimestampedEvent[];
	isLast: boolean;
	/** How many entries the log has, where it says so. */
	total?: number;
}

/**
 * Reads a log that comes in no order: all of it, and again until nothing comes that was not there before,
 * because entries that appear meanwhile may shift others to a page that has been read.
 *
 * @returns each event once, in no order
 * @throws UnsortedLogError where it has too many pages, or is another one each time; and what `read` throws
 */
export async function readWhole(
	read: (number: number) => Promise<UnsortedPage>,
): Promise<TimestampedEvent[]> {
	const events = new Map<string, TimestampedEvent>();
	let known = 0;
	let number = 1;
	for (let pages = 0; pages < MAX_WHOLE_LOG_PAGES; pages += 1) {
		const page = await read(number);
		for (const timed of page.events) events.set(dedupeKey(timed.event), timed);
		number = page.isLast || page.events.length === 0 ? 1 : number + 1;
		if (number > 1) continue;
		const { total = Infinity } = page;
		if (events.size >= total || events.size === known) return [...events.values()];
		known = events.size;
	}
	throw new UnsortedLogError();
}
