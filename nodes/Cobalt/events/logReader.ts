import { daysAt } from '../lists/days';
import { EndlessList, readPage, type Page } from '../lists/pages';
import type { Send } from '../transport/request';
import { eventOf, type CobaltEvent } from './event';
import { eventLog } from './eventLog';

/** The two documented names of the sort key. Each log knows one and may refuse the other. */
const SORT_KEYS = ['created', 'created_at'];

/** How often a log that loses entries while it is read is gone back in. */
const MOST_RESTARTS = 20;

/** The log cannot be read without gaps: it does not come in the order that was asked for. */
export class UnsortedLog extends Error {
	constructor() {
		super('Cobalt does not list its events in the order that was asked for');
	}
}

/** An event with its place in time, in epoch milliseconds of Cobalt's clock. */
export interface TimedEvent {
	event: CobaltEvent;
	/** That of its neighbour where `created` cannot be read; NaN where no neighbour has one. */
	moment: number;
}

export interface EventsPage {
	number: number;
	/** Oldest first; of the same moment in Cobalt's order. */
	events: TimedEvent[];
	isLast: boolean;
}

/** Where a reading ended: the next one finds its place with fewer requests. */
export interface Bookmark {
	/** YYYY-MM-DD: pages are counted from this day on. */
	startDate: string;
	page: number;
	sort: string;
	/** How many entries the log had, where it says so. */
	total?: number;
}

export interface LogReaderOptions {
	send: Send;
	/** What is asked for, beside days and order. */
	query: Record<string, string>;
	/** Whether Cobalt did not understand a request. */
	isRefused: (error: unknown) => boolean;
	bookmark?: Bookmark;
}

/**
 * Reads the event log from a moment on, oldest first, page by page. Cobalt's filter takes days and does
 * not say of which timezone, so the place is looked for among the pages, by the instants in `created`.
 * Entries that appear late shift the pages to the right: they come twice, and none is left out. When
 * entries go (Cobalt forgets old ones), pages shift to the left: the reader goes back to where it was.
 */
export class LogReader {
	private startDate = '';

	private sort: string;

	private page: number;

	/** How many entries the log had when last looked at. */
	private total?: number;

	constructor(private readonly options: LogReaderOptions) {
		const { sort, page, startDate, total } = options.bookmark ?? {};
		this.total = total;
		this.sort = sort ?? SORT_KEYS[0] ?? '';
		this.startDate = startDate ?? '';
		this.page = page ?? 1;
	}

	get bookmark(): Bookmark {
		const { startDate, page, sort, total } = this;
		return { startDate, page, sort, ...(total !== undefined && { total }) };
	}

	/**
	 * The pages that hold the events since a moment. The first of them may begin before it, and an event
	 * may come more than once.
	 *
	 * @param since epoch milliseconds of Cobalt's clock
	 * @param isResumed whether the bookmark is where a reading stopped at this very moment: of many events
	 *   with the same time, those on the pages before are left out
	 * @throws UnsortedLog, EndlessList, UnreadableAnswer, and what `send` throws
	 */
	async *since(since: number, isResumed = false): AsyncGenerator<EventsPage, void> {
		const { bookmark } = this;
		this.startAt(since);
		let reached = since;
		const isKept = isResumed && bookmark.startDate === this.startDate;
		let page = await this.find(reached, isKept ? bookmark : undefined);
		let [restarts, repeats] = [0, 0];
		for (;;) {
			yield page;
			reached = Math.max(reached, spanOf(page).last);
			if (page.isLast) return;
			const next = await this.read(page.number + 1);
			if (next.hasShrunk) {
				restarts += 1;
				if (restarts > MOST_RESTARTS) throw new UnsortedLog();
				page = await this.find(reached);
			} else {
				// Once it may be by chance: a page-full of late events has shifted this one to the right.
				repeats = isRepeated(page, next) ? repeats + 1 : 0;
				if (repeats > 1) throw endless();
				page = next;
			}
		}
	}

	/**
	 * The last page of the log that has events.
	 *
	 * @param since epoch milliseconds: the log is looked at from that day on
	 */
	async last(since: number): Promise<EventsPage> {
		this.startAt(since);
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
		const startDate = daysAt(since).first;
		if (startDate !== this.startDate) this.page = 1;
		this.startDate = startDate;
		this.total = undefined;
	}

	/** The page on which the first event since a moment is: in growing strides from the bookmark, then by halves. */
	private async find(since: number, stopped?: Bookmark): Promise<EventsPage> {
		// All before `lowest` is older. The page wanted is not beyond `highest`.
		let [lowest, highest] = [1, Infinity];
		let number = this.page;
		let stride = 1;
		let way = 0;
		let restarts = 0;
		for (;;) {
			const page = await this.read(number);
			if (page.hasShrunk && restarts < MOST_RESTARTS) {
				restarts += 1;
				[lowest, highest, stride, way] = [1, Infinity, 1, 0];
			}
			highest = Math.min(highest, page.pages ?? Infinity);
			const { first, last } = spanOf(page);
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

	private async read(number: number): Promise<EventsPage & Found> {
		const page = await this.request(number);
		const { records, isLast, pages, total } = page;
		const hasShrunk = total !== undefined && this.total !== undefined && total < this.total;
		this.total = total;
		this.page = number;
		const events = timed(records.map(eventOf));
		// What is one page has no gaps, whatever its order.
		if ((number > 1 || !isLast) && isNewestFirst(events)) throw new UnsortedLog();
		events.sort((one, other) => one.moment - other.moment);
		return { number, events, isLast, pages, hasShrunk };
	}

	private async request(number: number): Promise<Page> {
		const { send, query, isRefused } = this.options;
		const ask = async (sort: string) =>
			await readPage(
				send,
				{ ...eventLog, query: { ...query, start_date: this.startDate, sort } },
				number,
			);
		return await ask(this.sort).catch(async (error: unknown) => {
			const other = SORT_KEYS.find((key) => key !== this.sort);
			if (other === undefined || !isRefused(error)) throw error;
			const page = await ask(other).catch(() => {
				throw error;
			});
			this.sort = other;
			return page;
		});
	}
}

interface Found {
	/** How many pages the log has, where it says so. */
	pages?: number;
	/** Whether entries are gone since the page before was read. */
	hasShrunk: boolean;
}

/** Infinite where no event has a time. */
function spanOf({ events }: EventsPage): { first: number; last: number } {
	let [first, last] = [Infinity, -Infinity];
	for (const { moment } of events) {
		if (moment < first) first = moment;
		if (moment > last) last = moment;
	}
	return { first, last };
}

function timed(events: CobaltEvent[]): TimedEvent[] {
	const moments = events.map(({ created }) => Date.parse(created));
	let neighbour = moments.find((moment) => !Number.isNaN(moment)) ?? NaN;
	return events.map((event, index) => {
		const moment = moments[index] ?? NaN;
		if (!Number.isNaN(moment)) neighbour = moment;
		return { event, moment: neighbour };
	});
}

/** Two that are the wrong way round may be so by chance, or by the way in which Cobalt sorts. */
function isNewestFirst(events: TimedEvent[]): boolean {
	const moments = events.map(({ moment }) => moment);
	const falls = moments.every((moment, index) => moment <= (moments[index - 1] ?? Infinity));
	return moments.length > 2 && falls && (moments.at(-1) ?? NaN) < (moments[0] ?? NaN);
}

const endless = () => new EndlessList('Cobalt gives the same page of its events again and again');

function isRepeated(page: EventsPage, next: EventsPage): boolean {
	const text = ({ events }: EventsPage) => JSON.stringify(events.map(({ event }) => event.raw));
	return next.events.length > 0 && text(page) === text(next);
}
