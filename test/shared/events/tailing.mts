import { readEvent, type CobaltEvent } from '../../../nodes/shared/events/event.js';
import { LogTail } from '../../../nodes/shared/events/logTail.js';

/** An event in the log. */
export interface Entry {
	id: string;
	/** Epoch milliseconds of Cobalt's clock, or text that is no time. */
	created: number | string;
}

export const NOON = Date.parse('2025-03-10T12:00:00Z');

export const SECOND = 1_000;

export const MINUTE = 60 * SECOND;

const asEvent = ({ id, created }: Entry): CobaltEvent => {
	const text = typeof created === 'string' ? created : new Date(created).toISOString();
	const event = readEvent({ id, type: 'x.created', created: text });
	if (!event) throw new Error('Not an event');
	return event;
};

/** Events at these moments, told by their number. */
export const entriesAt = (...timestamps: Array<Entry['created']>): Entry[] =>
	timestamps.map((created, index) => ({ id: String(index), created }));

export interface LogPlan {
	/** The newest first, as the log lists them. */
	entries?: Entry[];
	pageSize?: number;
	/** Done when a page was read, for example to let the log grow. */
	onRead?: (page: number) => void;
}

/** A log that is read at a time that the test sets. */
export function tailOf({ entries = [], pageSize = 3, onRead }: LogPlan = {}) {
	const log = { entries, now: NOON };
	const pages: Array<{ page: number; startDate: string }> = [];
	const tail = new LogTail({
		readPage: async (page, startDate) => {
			pages.push({ page, startDate });
			const end = page * pageSize;
			const events = log.entries.slice(end - pageSize, end).map(asEvent);
			const isLast = end >= log.entries.length;
			onRead?.(page);
			return Promise.resolve({ events, isLast });
		},
		now: () => log.now,
	});
	/** Reads the log, and tells what came of it. */
	const read = async (since = log.now, maxPages = 20) => {
		const before = pages.length;
		const emitted: string[] = [];
		const isComplete = await tail.read(since, maxPages, (events) => {
			emitted.push(...events.map(({ id }) => id));
			return true;
		});
		return { isComplete, emitted, pages: pages.slice(before).map(({ page }) => page) };
	};
	return { log, tail, read, pages };
}
