import { daysAt } from '../pagination/dateRange';
import type { CobaltEvent } from './event';
import type { EventPage } from './eventLog';

/** How much Cobalt's clock and ours may differ. */
export const CLOCK_SKEW_MS = 120_000;

/** An event may appear in the log this late, and before newer ones. */
const OVERLAP_MS = 3_000;

/** How the tail of the log is read. Milliseconds. */
export interface TailOptions {
	readPage(page: number, startDate: string): Promise<EventPage>;
	now(): number;
}

/**
 * Reads the newest part of the event log repeatedly, each time no further back than needed. It remembers how
 * far it got by Cobalt's own clock, but no events.
 */
export class LogTail {
	/**
	 * The newest event of the last complete read: its `created`, and when it was read, by our clock. Epoch
	 * milliseconds.
	 */
	private newest?: { created: number; readAt: number };

	/** How far back the last incomplete read got, and in how many pages. */
	private reach = { start: -Infinity, pages: 0 };

	private isSorted = true;

	constructor(private readonly options: TailOptions) {}

	/** Whether a read is likely to be complete; the parameters are those of {@link read}. */
	isInReach(since: number, maxPages: number): boolean {
		const { start, pages } = this.reach;
		return this.isSorted && maxPages > 0 && (this.startOf(since) > start || maxPages > pages);
	}

	/**
	 * Reads the events since a time, page by page.
	 *
	 * @param since everything before this is already known; epoch milliseconds of our clock
	 * @param maxPages how many pages may be read
	 * @param onPage receives the events of each page, some of them more than once; returns whether to continue
	 * @returns whether all events since then were read
	 * @throws what reading a page throws
	 */
	async read(
		since: number,
		maxPages: number,
		onPage: (events: CobaltEvent[]) => boolean,
	): Promise<boolean> {
		const { now, readPage } = this.options;
		const startedAt = now();
		const start = this.startOf(since);
		let newest = this.newest?.created ?? -Infinity;
		let oldest = startedAt;
		let readAt = startedAt;
		for (let page = 1; page <= maxPages; page += 1) {
			const { events, isLast } = await readPage(page, daysAt(start).first);
			if (page === 1) readAt = now();
			const created = events.map((event) => Date.parse(event.created)).filter(isKnown);
			const [first = -Infinity] = created;
			const last = created.at(-1) ?? Infinity;
			// Newest first, as documented. In any other order, it is unknown where to stop.
			this.isSorted = created.length === 0 || last <= first + CLOCK_SKEW_MS;
			if (!onPage(events) || !this.isSorted) return false;
			// An event dated in the future would hide all later ones.
			const past = created.filter((timestamp) => timestamp <= now() + CLOCK_SKEW_MS);
			newest = Math.max(newest, ...past);
			if (isLast || last < start) {
				this.newest = isKnown(newest) ? { created: newest, readAt } : undefined;
				return true;
			}
			oldest = Math.min(oldest, last);
		}
		this.reach = { start: oldest, pages: maxPages };
		return false;
	}

	/** How far back the log has to be read, by Cobalt's clock. */
	private startOf(since: number): number {
		const { newest } = this;
		const bySubmission = since - CLOCK_SKEW_MS;
		if (newest === undefined) return bySubmission;
		// The newest event is no newer than the read itself, so counting back from the event is never too short.
		const earlierMs = Math.max(0, newest.readAt - since);
		return Math.max(bySubmission, newest.created - earlierMs - OVERLAP_MS);
	}
}

const isKnown = (timestamp: number): boolean => Number.isFinite(timestamp);
