import { daysAt } from '../pagination/dateRange';
import { endlessLogError, RepeatedPages } from './endlessLog';
import { LogQuery, type LogQueryOptions, OrderChange, UnsortedLogError } from './logQuery';
import { readNewestFirst } from './newestFirst';
import { searchPage, type SearchedPage, type Way } from './pageSearch';
import { byTimestamp, spanOf, type TimestampedEvent } from './timestampedEvent';
import { readWhole } from './wholeLog';

export { UnsortedLogError } from './logQuery';
export type { TimestampedEvent } from './timestampedEvent';

/** How often the reader goes back because the log loses entries while it is read. */
const MAX_RESTARTS = 20;

/** How often the log may change its order while it is read: each change costs a search. */
const MAX_ORDER_CHANGES = 4;

const DAY_MS = 86_400_000;

/** A page of the log, in an order that does not depend on how Cobalt sorts. */
export interface EventsPage {
	number: number;
	/** Oldest first; events with the same timestamp are in Cobalt's order. */
	events: TimestampedEvent[];
	/** Whether the log has no newer events. */
	isLast: boolean;
	/** Whether the log has no older events since the first requested day. */
	isFirst: boolean;
}

/** Where a read ended, so that the next one finds its page with fewer requests. */
export interface LogPosition {
	/** YYYY-MM-DD: pages are counted from this day on. */
	startDate: string;
	page: number;
	/** The `sort` parameter that the log accepted. */
	sort: string;
	/** Parameters that this log refuses or ignores. */
	dropped?: readonly string[];
	/** How many entries the log had, if known. */
	total?: number;
}

/** What to read from the log, and where an earlier read of it ended. */
export interface LogReaderOptions extends Pick<LogQueryOptions, 'send' | 'query' | 'isRefused'> {
	bookmark?: LogPosition;
}

/**
 * Reads the event log from a given time, oldest first, page by page. The filter takes days in an unknown
 * timezone, so the search for the first page compares `created`. Entries that appear late shift pages to the
 * right: some are read twice, none is missed. Entries that Cobalt removes shift pages to the left: the reader
 * then searches for its place again. A log that cannot be sorted oldest first is read from the other end,
 * with a few more requests; an unsorted one is read completely.
 */
export class LogReader {
	private startDate = '';

	private readonly query: LogQuery;

	private page: number;

	/** How many entries the log had on the last page read, if known. */
	private total?: number;

	constructor({ bookmark, ...options }: LogReaderOptions) {
		const { dropped, sort, page, startDate, total } = bookmark ?? {};
		this.query = new LogQuery({ ...options, dropped, sort });
		this.total = total;
		this.startDate = startDate ?? '';
		this.page = page ?? 1;
	}

	get bookmark(): LogPosition {
		const { startDate, page, total } = this;
		const { dropped, sort } = this.query;
		return {
			startDate,
			page,
			sort,
			...(dropped.length > 0 && { dropped }),
			...(total !== undefined && { total }),
		};
	}

	/**
	 * The pages with the events since a time. The first page may begin before it, and an event may come
	 * more than once.
	 *
	 * @param since epoch milliseconds of Cobalt's clock
	 * @param isResumed whether the bookmark marks where a read stopped at exactly this timestamp: then the pages
	 *   before it are skipped, even if they have events with the same timestamp
	 * @throws UnsortedLogError, PaginationLoopError, UnexpectedResponseError, and what `send` throws
	 */
	async *since(since: number, isResumed = false): AsyncGenerator<EventsPage, void> {
		const { bookmark, query } = this;
		this.startAt(since, isResumed && query.order === 'oldestFirst');
		const stopped = isResumed && bookmark.startDate === this.startDate ? bookmark : undefined;
		let reached = since;
		for (let changes = 0; ; changes += 1) {
			try {
				for await (const page of this.pagesFrom(reached, changes === 0 ? stopped : undefined)) {
					yield page;
					reached = Math.max(reached, spanOf(page.events).last);
				}
				return;
			} catch (error) {
				this.acceptOrderChange(error, changes);
				this.startAt(reached);
			}
		}
	}

	/**
	 * The page with the newest events of the log.
	 *
	 * @param since epoch milliseconds: the log is read from that day on
	 * @throws like {@link since}
	 */
	async last(since: number): Promise<EventsPage> {
		this.startAt(since);
		for (let changes = 0; ; changes += 1) {
			try {
				if (this.query.order === 'oldestFirst') return await this.lastOfOldestFirst();
				if (this.query.order === 'unsorted') return await this.whole();
				const { isLast, ...page } = await this.read(1);
				return { ...page, isLast: true, isFirst: isLast };
			} catch (error) {
				this.acceptOrderChange(error, changes);
			}
		}
	}

	private async *pagesFrom(since: number, stopped?: LogPosition): AsyncGenerator<EventsPage, void> {
		const { order } = this.query;
		if (order === 'unsorted') yield await this.whole();
		else yield* order === 'newestFirst' ? this.fromNewest(since) : this.fromOldest(since, stopped);
	}

	private async whole(): Promise<EventsPage> {
		const events = await readWhole(async (number) => await this.read(number));
		return { number: 1, events: events.sort(byTimestamp), isLast: true, isFirst: true };
	}

	private async *fromOldest(
		since: number,
		stopped?: LogPosition,
	): AsyncGenerator<EventsPage, void> {
		let reached = since;
		let page = await this.find(reached, stopped);
		let restarts = 0;
		const repeated = new RepeatedPages();
		for (;;) {
			yield page;
			reached = Math.max(reached, spanOf(page.events).last);
			if (page.isLast) return;
			const next = await this.read(page.number + 1);
			if (next.hasShrunk) {
				restarts += 1;
				if (restarts > MAX_RESTARTS) throw new UnsortedLogError();
				page = await this.find(reached);
			} else {
				repeated.check(page, next);
				page = next;
			}
		}
	}

	private async *fromNewest(since: number): AsyncGenerator<EventsPage, void> {
		let previous: EventsPage | undefined;
		const repeated = new RepeatedPages();
		const read = async (number: number) => {
			const page = await this.read(number);
			if (previous) repeated.check(previous, page);
			previous = page;
			return page;
		};
		for await (const { number, events, isNewest } of readNewestFirst(read, since, this.page)) {
			// The next search starts from here.
			this.page = number;
			events.sort(byTimestamp);
			yield { number, events, isLast: isNewest, isFirst: false };
		}
	}

	private async lastOfOldestFirst(): Promise<EventsPage> {
		let page = await this.read(1);
		const repeated = new RepeatedPages();
		while (!page.isLast) {
			let next = await this.read(Math.max(page.number + 1, page.pages ?? 0));
			// Entries may be removed in the meantime, and the last pages with them.
			while (next.events.length === 0 && next.number > page.number + 1) {
				next = await this.read(next.number - 1);
			}
			if (next.events.length === 0) break;
			repeated.check(page, next);
			page = next;
		}
		return page;
	}

	/** @param isKept whether to keep an earlier start date: another one would renumber all pages */
	private startAt(since: number, isKept = false): void {
		this.total = undefined;
		// A day earlier, in case the log does not include the first day itself.
		const startDate = daysAt(since - DAY_MS).first;
		const isEarlier = this.startDate !== '' && this.startDate <= startDate;
		if (this.startDate === startDate || (isKept && isEarlier)) return;
		this.startDate = startDate;
		this.page = 1;
	}

	/** The page with the first event since a time. */
	private async find(since: number, stopped?: LogPosition): Promise<FoundPage> {
		const wayFrom = ({ number, events, isLast, total = 0 }: FoundPage): Way => {
			const { first, last } = spanOf(events);
			const isStop = number === stopped?.page && total >= (stopped.total ?? 0);
			if (events.length === 0 || first > since || (first === since && !isStop)) return 'earlier';
			return !isLast && last < since ? 'later' : 'here';
		};
		return await searchPage(async (number) => await this.read(number), wayFrom, this.page, true);
	}

	/** @throws any other error, and a change of order in a log that is already read unsorted */
	private acceptOrderChange(error: unknown, changes: number): void {
		if (!(error instanceof OrderChange) || changes > MAX_ORDER_CHANGES) throw error;
		if (changes === MAX_ORDER_CHANGES) this.query.giveUpSorting();
	}

	private async read(number: number): Promise<FoundPage> {
		const page = await this.query.page(number, this.startDate);
		const { isLast, pages = Infinity, total, current } = page;
		// Past the end, some lists repeat their last page; the first page again means that pages are ignored.
		if (current === 1 && number > 1 && pages > 1 && page.events.length > 0) throw endlessLogError();
		const hasShrunk = total !== undefined && this.total !== undefined && total < this.total;
		this.total = total;
		this.page = number;
		const events = [...page.events].sort(byTimestamp);
		return { number, events, isLast, isFirst: number === 1, pages: page.pages, total, hasShrunk };
	}
}

interface FoundPage extends EventsPage, SearchedPage {
	/** How many entries the log has, if known. */
	total?: number;
}
