import {
	LogReader,
	type EventsPage,
	type LogPosition,
} from '../../../nodes/shared/events/logReader.js';
import type { Send } from '../../../nodes/shared/http/client.js';
import { UnknownSortKey, type Entry } from './simulatedLog.mts';

export const isRefused = (error: unknown) => error instanceof UnknownSortKey;

export const readerOf = (send: Send, bookmark?: LogPosition) =>
	new LogReader({ send, query: {}, isRefused, bookmark });

export const bookmark = (page: number, startDate = '2025-03-09'): LogPosition => ({
	startDate,
	page,
	sort: 'created',
});

export const idsIn = ({ events }: EventsPage) => events.map(({ event }) => event.id);

export async function pagesSince(reader: LogReader, since: number): Promise<EventsPage[]> {
	const pages: EventsPage[] = [];
	for await (const page of reader.since(since)) pages.push(page);
	return pages;
}

export const idsSince = async (reader: LogReader, since: number) =>
	(await pagesSince(reader, since)).flatMap(idsIn);

export const ids = (list: Entry[]) => list.map(({ id }) => id);

/** A log that gives the same, whatever page is asked for. */
export function still(created: unknown[], max = 2_000) {
	let asked = 0;
	const webhook_events = created.map((timestamp, id) => ({ id: `e${id}`, created: timestamp }));
	const send: Send = async () => {
		asked += 1;
		if (asked > max) throw new Error('Endless');
		return Promise.resolve({ webhook_events });
	};
	return { send, asked: () => asked };
}
