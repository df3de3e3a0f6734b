import type { Send } from '../http/client';
import { daysAt } from '../pagination/dateRange';
import { PaginationLoopError } from '../pagination/pages';
import { dedupeKey } from './eventKey';
import { LogQuery, OrderChange, UnsortedLogError } from './logQuery';
import { readNewestFirst } from './newestFirst';
import { spanOf, type TimestampedEvent } from './timestampedEvent';
import { readWhole } from './wholeLog';

export { UnsortedLogError } from './logQuery';
export type { TimestampedEvent } from './timestampedEvent';

/** How often a log that loses entries while it is read is gone back in. */
const MAX_RESTARTS = 20;

/** How often a log may change the order in which it comes while it is read: each costs a search. */
const MAX_ORDER_CHANGES = 4;

const DAY_MS = 86_400_000;

export interface EventsPage {
	number: number;
	/** Oldest first; of the same moment in Cobalt's order. */
	events: TimestampedEvent[];
	/** Whether the log has none that are newer. */
	isLast: boolean;
	/** Whether it has none, since the day that was asked for, that are older. */
	isFirst: boolean;
}

/** Where a reading ended: the next one finds its place with fewer requests. */
export interface LogPosition {
	/** YYYY-MM-DD: pages are counted from this day on. */
	startDate: string;
	page: number;
	/** The order that the log was asked for, and came in. */
	sort: string;
	/** What this log cannot be asked for. */
	dropped?: readonly string[];
	/** How many entries the log had, where it says so. */
	total?: number;
}

export interface LogReaderOptions {
	send: Send;
	/** What is asked for, beside days and order. */
	query: Record<string, string>;
	/** Whether Cobalt did not understand a request. */
	isRefused: (error: unknown) => boolean;
	bookmark?: LogPosition;
}

/**
 * Reads the event log from a moment on, oldest first, page by page. Cobalt's filter takes days and does
 * not say of which timezone, so the place is looked for among the pages, by the instants in `created`.
 * Entries that appear late shift the pages to the right: they come twice, and none is left out. When
 * entries go (Cobalt forgets old ones), pages shift to the left: the reader goes back to where it was.
 * A log that cannot be had oldest first is read from its other end, with some requests more, and one that
 * comes in no order is read whole.
 */
export class LogReader {
	private startDate = '';

	private readonly query: LogQuery;

	private page: number;

	/** How many entries the log had when last looked at. */
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
	 * The pages that hold the events since a moment. The first of them may begin before it, and an event
	 * may come more than once.
	 *
	 * @param since epoch milliseconds of Cobalt's clock
	 * @param isResumed whether the bookmark is where a reading stopped at this very moment: of many events
	 *   with the same time, those on the pages before are left out
	 * @throws UnsortedLogError, PaginationLoopError, UnexpectedResponseError, and what `send` throws
	 */
	async *since(since: number, isResumed = false): AsyncGenerator<EventsPage, void> {
		const { bookmark } = this;
		this.startAt(since);
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
			}
		}
	}

	/**
	 * The page that has the newest events of the log.
	 *
	 * @param since epoch milliseconds: the log is looked at from that day on
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
		return { number: 1, events: events.sort(byMoment), isLast: true, isFirst: true };
	}

	private async *fromOldest(
		since: number,
		stopped?: LogPosition,
	): AsyncGenerator<EventsPage, void> {
		let reached = since;
		let page = await this.find(reached, stopped);
		let [restarts, repeats] = [0, 0];
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
				// Once it may be by chance: a page-full of late events has shifted this one to the right.
				repeats = isRepeated(page, next) ? repeats + 1 : 0;
				if (repeats > 1) throw endless();
				page = next;
			}
		}
	}

	private async *fromNewest(since: number): AsyncGenerator<EventsPage, void> {
		let previous: EventsPage | undefined;
		let repeats = 0;
		const read = async (number: number) => {
			const page = await this.read(number);
			const isOther = previous !== undefined && previous.number !== number;
			repeats = isOther && previous && isRepeated(previous, page) ? repeats + 1 : 0;
			if (repeats > 1) throw endless();
			previous = page;
			return page;
		};
		for await (const { number, events, isNewest } of readNewestFirst(read, since, this.page)) {
			// The next reading looks for its place from here.
			this.page = number;
			events.sort(byMoment);
			yield { number, events, isLast: isNewest, isFirst: false };
		}
	}

	private async lastOfOldestFirst(): Promise<EventsPage> {
		let page = await this.read(1);
		for (let repeats = 0; !page.isLast;) {
			let next = await this.read(Math.max(page.number + 1, page.pages ?? 0));
			// Entries may go meanwhile, and the pages at the end with them.
			while (next.events.length === 0 && next.number > page.number + 1) {
				next = await this.read(next.number - 1);
			}
			if (next.events.length === 0) break;
			repeats = isRepeated(page, next) ? repeats + 1 : 0;
			if (repeats > 1) throw endless();
			page = next;
		}
		return page;
	}

	private startAt(since: number): void {
		// A day earlier: no document says whether the day itself is among what is listed.
		const startDate = daysAt(since - DAY_MS).first;
		if (startDate !== this.startDate) this.page = 1;
		this.startDate = startDate;
		this.total = undefined;
	}

	/** The page on which the first event since a moment is: in growing strides from the bookmark, then by halves. */
	private async find(since: number, stopped?: LogPosition): Promise<EventsPage> {
		// All before `lowest` is older. The page wanted is not beyond `highest`.
		let [lowest, highest] = [1, Infinity];
		let number = this.page;
		let stride = 1;
		let way = 0;
		let restarts = 0;
		for (;;) {
			const page = await this.read(number);
			if (page.hasShrunk && restarts < MAX_RESTARTS) {
				restarts += 1;
				[lowest, highest, stride, way] = [1, Infinity, 1, 0];
			}
			highest = Math.min(highest, page.pages ?? Infinity);
			const { first, last } = spanOf(page.events);
			const isStop = number === stopped?.page && (this.total ?? 0) >= (stopped.total ?? 0);
			const isTooFar = page.events.length === 0 || first > since || (first === since && !isStop);
			const isTooNear = !page.isLast && last < since;
			const wayOn = isTooFar && number > lowest ? -1 : isTooNear && number < highest ? 1 : 0;
			if (wayOn === 0) return page;
			if (wayOn < 0) highest = number - 1;
			else lowest = number + 1;
			const hasTurned = stride === 0 || (way !== 0 && wayOn !== way);
			number = hasTurned ? Math.floor((lowest + highest) / 2) : number + wayOn * stride;
			number = Math.min(Math.max(number, lowest), highest);
			stride = hasTurned ? 0 : stride * 2;
			way = wayOn;
		}
	}

	/** @throws what is no change of the order, and one in a log that is taken as it comes */
	private acceptOrderChange(error: unknown, changes: number): void {
		if (!(error instanceof OrderChange) || changes > MAX_ORDER_CHANGES) throw error;
		if (changes === MAX_ORDER_CHANGES) this.query.takeAsItComes();
	}

	private async read(number: number): Promise<EventsPage & Found> {
		const page = await this.query.page(number, this.startDate);
		const { isLast, pages = Infinity, total, current } = page;
		// Past the end some lists give their last page: that is no other page than was asked for.
		if (current === 1 && number > 1 && pages > 1 && page.events.length > 0) throw endless();
		const hasShrunk = total !== undefined && this.total !== undefined && total < this.total;
		this.total = total;
		this.page = number;
		const events = [...page.events].sort(byMoment);
		return { number, events, isLast, isFirst: number === 1, pages: page.pages, total, hasShrunk };
	}
}

interface Found {
	/** How many pages the log has, where it says so. */
	pages?: number;
	/** How many entries, likewise. */
	total?: number;
	/** Whether entries are gone since the page before was read. */
	hasShrunk: boolean;
}

const byMoment = (one: TimestampedEvent, other: TimestampedEvent): number =>
	one.moment - other.moment;

const endless = () =>
	new PaginationLoopError('Cobalt gives the same page of its events again and again');

function isRepeated(page: EventsPage, next: EventsPage): boolean {
	const keys = ({ events }: EventsPage) => events.map(({ event }) => dedupeKey(event)).join();
	return next.events.length > 0 && keys(page) === keys(next);
}
