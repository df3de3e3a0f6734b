import { dedupeKey } from './eventKey';
import { UnsortedLogError } from './logQuery';
import { spanOf, type TimestampedEvent } from './timestampedEvent';

/** How often a log that loses entries while it is read is gone back in. */
const MAX_RESTARTS = 20;

/** Pages that are held in memory at once. */
const MAX_PAGES_HELD = 20;

/** How many are read at once where that may be enough. */
const MAX_PAGES_AT_ONCE = 5;

/** How many pages further each step goes: little at first, since a slow Cobalt must get somewhere, too. */
const MAX_STRIDE = 10;

/** A page of a log that comes newest first. */
interface NewestFirstPage {
	number: number;
	events: TimestampedEvent[];
	/** Whether it holds the oldest events of the log. */
	isLast: boolean;
	/** Whether entries are gone since the page before was read. */
	hasShrunk: boolean;
}

type ReadPage = (number: number) => Promise<NewestFirstPage>;

/** Events that follow each other without a gap, and whether the newest are among them. */
export interface Stretch {
	/** The number of the page that begins it. */
	number: number;
	events: TimestampedEvent[];
	isNewest: boolean;
}

/**
 * Reads a log that comes newest first from a moment on, oldest first: looks for the page on which the
 * moment is, and works its way forward in stretches. New entries shift the pages to the right. So each
 * stretch is read towards the older pages, in which direction entries come twice and none is left out,
 * until it meets what was read before.
 *
 * @param since epoch milliseconds of Cobalt's clock
 * @param start the number of the page to look at first
 */
export async function* readNewestFirst(
	read: ReadPage,
	since: number,
	start: number,
): AsyncGenerator<Stretch, void> {
	const near = start <= MAX_PAGES_AT_ONCE ? await readNear(read, since) : undefined;
	let page = near?.[0] ?? (await find(read, since, start));
	let pages = near ?? [page];
	for (let stride = 1; ; stride = Math.min(stride * 2, MAX_STRIDE)) {
		[page = page] = pages;
		const isNewest = page.number === 1;
		yield { number: page.number, events: pages.flatMap(({ events }) => events), isNewest };
		if (isNewest) return;
		pages = await readStretch(read, page, stride);
	}
}

/** All in one, where the moment is not far back: that is what a look finds when little happens. */
async function readNear(read: ReadPage, since: number): Promise<NewestFirstPage[] | undefined> {
	const pages: NewestFirstPage[] = [];
	while (pages.length < MAX_PAGES_AT_ONCE) {
		const page = await read(pages.length + 1);
		if (page.hasShrunk && pages.length > 0) return undefined;
		pages.push(page);
		if (isFarEnough(page, since)) return pages;
	}
	return undefined;
}

/** From so many pages before one that was read up to it. */
async function readStretch(
	read: ReadPage,
	{ number, events }: NewestFirstPage,
	stride: number,
): Promise<NewestFirstPage[]> {
	const known = new Set(events.map(({ event }) => dedupeKey(event)));
	const first = Math.max(1, number - stride);
	let pages: NewestFirstPage[] = [];
	let restarts = 0;
	for (let at = first; ; at += 1) {
		const page = await read(at);
		if (page.hasShrunk && at > first) {
			restarts += 1;
			if (restarts > MAX_RESTARTS) throw new UnsortedLogError();
			[pages, at] = [[], first - 1];
			continue;
		}
		pages.push(page);
		// So much is new that the stretch begins nearer to its end.
		if (pages.length > MAX_PAGES_HELD) pages.shift();
		const isMet = page.events.some(({ event }) => known.has(dedupeKey(event)));
		if (isMet || page.isLast || page.events.length === 0) return pages;
	}
}

/** The first page that reaches back before a moment: in growing strides from the start, then by halves. */
async function find(read: ReadPage, since: number, start: number): Promise<NewestFirstPage> {
	// No page before `lowest` reaches back so far, and `highest` does.
	let [lowest, highest] = [1, Infinity];
	let number = start;
	for (let stride = 1; ; stride *= 2) {
		const page = await read(number);
		const isFar = isFarEnough(page, since);
		if (isFar && number === lowest) return page;
		if (isFar) highest = number;
		else lowest = number + 1;
		// New entries have shifted it to the right meanwhile.
		if (lowest > highest) highest = Infinity;
		const isBetweenKnown = lowest > 1 && highest < Infinity;
		const further = isFar ? Math.max(lowest, number - stride) : number + stride;
		number = isBetweenKnown ? Math.floor((lowest + highest) / 2) : further;
	}
}

const isFarEnough = ({ events, isLast }: NewestFirstPage, since: number): boolean =>
	isLast || events.length === 0 || spanOf(events).first < since;
