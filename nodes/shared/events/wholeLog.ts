import { dedupeKey } from './eventKey';
import { UnsortedLogError } from './logQuery';
import type { TimestampedEvent } from './timestampedEvent';

/** A poll has no time for more pages. */
const MAX_WHOLE_LOG_PAGES = 100;

/** A page of an unsorted log. */
export interface UnsortedPage {
	events: TimestampedEvent[];
	isLast: boolean;
	/** How many entries the log has, if known. */
	total?: number;
}

/**
 * Reads an unsorted log completely, again and again until a pass brings nothing new: entries that appear in
 * the meantime may shift others to a page that has already been read.
 *
 * @returns each event once, unsorted
 * @throws UnsortedLogError if it has too many pages, or changes with each reading; and what `read` throws
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
