import { dedupeKey } from './eventKey';
import { UnsortedLogError } from './logQuery';
import { searchPage, type SearchedPage, type Way } from './pageSearch';
import { spanOf, type TimestampedEvent } from './timestampedEvent';

/** How often the reader goes back because the log loses entries while it is read. */
const MAX_RESTARTS = 20;

/** How many pages are held in memory at once. */
const MAX_PAGES_HELD = 20;

/** How many of the newest pages are read at once, in case that is enough. */
const MAX_PAGES_AT_ONCE = 5;

/** The number of pages in a step grows to this: small steps first, so that even a slow Cobalt makes progress. */
const MAX_STRIDE = 10;

/** A page of a log that is sorted newest first. */
interface NewestFirstPage extends SearchedPage {
	events: TimestampedEvent[];
	/** Whether it holds the oldest events of the log. */
	isLast: boolean;
}

type ReadPage = (number: number) => Promise<NewestFirstPage>;

/** Events without a gap between them, and whether they include the newest. */
export interface Stretch {
	/** The number of its first page. */
	number: number;
	events: TimestampedEvent[];
	isNewest: boolean;
}

/**
 * Yields the events since a time, oldest first, from a log that is sorted newest first: finds the page of
 * that time, and works forward from it in stretches. New entries shift pages to the right, so each stretch is
 * read toward the older pages until it reaches what was read before: some entries are read twice, none is
 * missed.
 *
 * @param since epoch milliseconds of Cobalt's clock
 * @param start the number of the page at which to start the search
 * @throws UnsortedLogError, and what `read` throws
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

/** All pages since the time, if that is on one of the newest pages, as it usually is in a quiet account. */
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

/** From `stride` pages before a page that was read, up to that page. */
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
		// With so many new entries, the stretch begins later.
		if (pages.length > MAX_PAGES_HELD) pages.shift();
		const isMet = page.events.some(({ event }) => known.has(dedupeKey(event)));
		if (isMet || page.isLast || page.events.length === 0) return pages;
	}
}

/** A page that reaches back before a time, as close to it as possible. */
async function find(read: ReadPage, since: number, start: number): Promise<NewestFirstPage> {
	const wayFrom = (page: NewestFirstPage): Way => {
		if (!isFarEnough(page, since)) return 'later';
		return spanOf(page.events).last < since ? 'earlier' : 'here';
	};
	let page = await searchPage(read, wayFrom, start);
	// New entries may have shifted the page to the right meanwhile.
	while (!isFarEnough(page, since)) page = await read(page.number + 1);
	return page;
}

const isFarEnough = ({ events, isLast }: NewestFirstPage, since: number): boolean =>
	isLast || events.length === 0 || spanOf(events).first < since;
