import { daysAt } from '../pagination/dateRange';
import type { CobaltEvent } from './event';
import type { EventPage } from './eventLog';

/** How far Cobalt's clock and ours may be apart. */
export const CLOCK_SKEW_MS = 120_000;

/** Events of a moment ago may still be sorted in before the newest one. */
const OVERLAP_MS = 3_000;

export interface TailOptions {
	readPage(page: number, startDate: string): Promise<EventPage>;
	now(): number;
}

/**
 * Reads the newest part of the event log again and again, each time no further back than needed. It
 * remembers how far it came by Cobalt's own clock, and nothing of what it read.
 */
export class LogTail {
	/** `created` of the newest event read, in epoch milliseconds. */
	private newest?: number;

	/** When the last reading that came far enough back began. */
	private completeAt = -Infinity;

	/** How far back so many pages reached, when that was not enough. */
	private reach = { start: -Infinity, pages: 0 };

	private isSorted = true;

	constructor(private readonly options: TailOptions) {}

	/** Whether a reading is likely to come far enough back; the parameters are those of {@link read}. */
	isInReach(since: number, mostPages: number): boolean {
		const { start, pages } = this.reach;
		return this.isSorted && mostPages > 0 && (this.startOf(since) > start || mostPages > pages);
	}

	/**
	 * Reads the events since a moment, page by page.
	 *
	 * @param since up to when everything is known already; epoch milliseconds of our clock
	 * @param mostPages how far it may go
	 * @param onPage told of the events of each page, which may come again; says whether to read on
	 * @returns whether all events since then were read
	 * @throws what reading a page throws
	 */
	async read(
		since: number,
		mostPages: number,
		onPage: (events: CobaltEvent[]) => boolean,
	): Promise<boolean> {
		const { now, readPage } = this.options;
		const beganAt = now();
		const start = this.startOf(since);
		let newest = this.newest ?? -Infinity;
		let oldest = beganAt;
		for (let page = 1; page <= mostPages; page += 1) {
			const { events, isLast } = await readPage(page, daysAt(start).first);
			const created = events.map((event) => Date.parse(event.created)).filter(isKnown);
			const [first = -Infinity] = created;
			const last = created.at(-1) ?? Infinity;
			// The documents promise the newest first. Otherwise there is no knowing where to stop.
			this.isSorted = created.length === 0 || last <= first + CLOCK_SKEW_MS;
			if (!onPage(events) || !this.isSorted) return false;
			// One that is dated in the future would hide all that comes after it.
			const past = created.filter((moment) => moment <= now() + CLOCK_SKEW_MS);
			newest = Math.max(newest, ...past);
			if (isLast || last < start) {
				this.newest = isKnown(newest) ? newest : undefined;
				this.completeAt = beganAt;
				return true;
			}
			oldest = Math.min(oldest, last);
		}
		this.reach = { start: oldest, pages: mostPages };
		return false;
	}

	/** The moment back to which the log has to be read, in Cobalt's clock. */
	private startOf(since: number): number {
		const bySubmission = since - CLOCK_SKEW_MS;
		if (this.newest === undefined || since < this.completeAt) return bySubmission;
		return Math.max(bySubmission, this.newest - OVERLAP_MS);
	}
}

const isKnown = (moment: number): boolean => Number.isFinite(moment);
