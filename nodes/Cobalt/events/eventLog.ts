import type { Send } from '../transport/request';
import { readEvent, type CobaltEvent } from './event';

const PATH = '/webhook-events';

/** The largest page that Cobalt gives. */
const PAGE_SIZE = 100;

/** How far a log that knows no `job_id` filter is read back in one look. */
const MOST_PAGES = 5;

/** An answer of the event log that has no list of events. */
export class UnreadableLog extends Error {
	constructor() {
		super("Cobalt's event log answered without a list of events");
	}
}

/**
 * The events of one job, as Cobalt lists them (newest first).
 *
 * Each is checked to be of this job: an older version of the log does not know the `job_id` filter
 * and answers with everybody's events. Then further pages are read, up to a bound.
 *
 * @throws UnreadableLog, and what `send` throws
 */
export async function eventsOfJob(send: Send, jobId: string): Promise<CobaltEvent[]> {
	for (let page = 1; page <= MOST_PAGES; page += 1) {
		const query = { job_id: jobId, page_size: PAGE_SIZE, page };
		const { webhook_events: records } = await send({ method: 'GET', path: PATH, query });
		if (!Array.isArray(records)) throw new UnreadableLog();
		const events = records.map(readEvent).filter((event) => event !== undefined);
		const own = events.filter((event) => event.jobId === jobId);
		const isFiltered = own.length === events.length;
		if (own.length > 0 || isFiltered || records.length < PAGE_SIZE) return own;
	}
	return [];
}
