import type { Send } from '../http/client';
import { isRefused } from '../http/cobaltApiError';
import { readPage, type List } from '../pagination/pages';
import { eventOf, readEvent, type CobaltEvent } from './event';

/** The log of all events, newest first. */
export const eventLog = {
	path: '/webhook-events',
	key: 'webhook_events',
	pageSize: 100,
} satisfies List;

/** How many pages are searched for a job if the log does not support the `job_id` filter. */
const MAX_LOOKUP_PAGES = 5;

/**
 * The events of one job, as Cobalt lists them (newest first).
 *
 * The `job_id` of each event is checked, because an older page of the documentation does not list the filter
 * (docs/api-notes.md, "What the documents disagree on"). If the log ignores or refuses the filter, more pages
 * are read, up to a limit.
 *
 * @throws UnexpectedResponseError, and what `send` throws
 */
export async function eventsOfJob(send: Send, jobId: string): Promise<CobaltEvent[]> {
	return await searchFor(send, jobId, { job_id: jobId })
		.catch(unlessRefused(async () => await searchFor(send, jobId, {})))
		.catch(unlessRefused(async () => await searchFor(send, jobId, {}, null)));
}

function unlessRefused<T>(instead: () => Promise<T>): (error: unknown) => Promise<T> {
	return async (error) => {
		if (!isRefused(error)) throw error;
		return await instead();
	};
}

async function searchFor(
	send: Send,
	jobId: string,
	query: Record<string, string>,
	size?: null,
): Promise<CobaltEvent[]> {
	for (let page = 1; page <= MAX_LOOKUP_PAGES; page += 1) {
		const { events, isLast } = await readEvents(send, query, page, size);
		const own = events.filter((event) => event.jobId === jobId);
		const isFiltered = own.length === events.length;
		if (own.length > 0 || isFiltered || isLast) return own;
	}
	return [];
}

/** A page of the log. */
export interface EventPage {
	events: CobaltEvent[];
	isLast: boolean;
}

/**
 * A page of all events, newest first.
 *
 * @param page from 1
 * @param startDate YYYY-MM-DD: the first day of interest
 * @throws UnexpectedResponseError, and what `send` throws
 */
export async function newestEvents(
	send: Send,
	page: number,
	startDate: string,
): Promise<EventPage> {
	return await readEvents(send, { start_date: startDate }, page);
}

/**
 * The newest matching event in the newest pages of the log; undefined if they have none.
 *
 * @throws UnexpectedResponseError, and what `send` throws
 */
export async function findNewestEvent(
	send: Send,
	query: Record<string, string>,
	isWanted: (event: CobaltEvent) => boolean,
): Promise<CobaltEvent | undefined> {
	for (let page = 1; page <= MAX_LOOKUP_PAGES; page += 1) {
		const { records, isLast } = await readPage(send, { ...eventLog, query }, page);
		const newest = newestOf(records.map(eventOf).filter(isWanted));
		if (newest !== undefined || isLast) return newest;
	}
	return undefined;
}

/** The newest event by its `created`; undefined if there are no events. */
export function newestOf(events: readonly CobaltEvent[]): CobaltEvent | undefined {
	return [...events].sort((one, other) => timestampOf(other) - timestampOf(one))[0];
}

const timestampOf = ({ created }: CobaltEvent): number => Date.parse(created) || -Infinity;

async function readEvents(
	send: Send,
	query: Record<string, string>,
	page: number,
	size?: null,
): Promise<EventPage> {
	const { records, isLast } = await readPage(send, { ...eventLog, query }, page, size);
	return { events: records.map(readEvent).filter((event) => event !== undefined), isLast };
}
