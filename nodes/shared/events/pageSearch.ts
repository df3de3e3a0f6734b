/** How often a search starts again because the log loses entries while it is searched. */
const MAX_RESTARTS = 20;

/** Where the page wanted is, seen from another page: `earlier` is a lower number. */
export type Way = 'earlier' | 'here' | 'later';

/** What the search knows of a page that was read. */
export interface SearchedPage {
	/** From 1. */
	number: number;
	/** How many pages there are, if known. */
	pages?: number;
	/** Whether entries have gone since the page before was read. */
	hasShrunk: boolean;
}

/** The page wanted is after one page and before another; both are excluded. */
interface Range {
	after: number;
	before: number;
}

const ALL: Range = { after: 0, before: Infinity };

/**
 * Finds a page with few requests: gallops from the start in growing strides until the page wanted has been
 * passed, then bisects. Removed entries shift all pages to the left, and then nothing is excluded anymore.
 *
 * @param isNearEnd whether the page wanted is likely near the end: then a search that starts on the first page goes
 *   to the last one, if that is known, and gallops back from there
 * @returns the page wanted, or the nearest to it if the log has no such page
 * @throws what `read` throws
 */
export async function searchPage<Page extends SearchedPage>(
	read: (number: number) => Promise<Page>,
	wayFrom: (page: Page) => Way,
	start: number,
	isNearEnd = false,
): Promise<Page> {
	let range = ALL;
	let stride = 1;
	let restarts = 0;
	let page = await read(start);
	if (isNearEnd && page.number === 1 && page.pages !== undefined && wayFrom(page) === 'later') {
		page = await read(page.pages);
	}
	for (;;) {
		if (page.hasShrunk && restarts < MAX_RESTARTS) {
			restarts += 1;
			[range, stride] = [ALL, 1];
		}
		const way = wayFrom(page);
		const { number } = page;
		const first = range.after + 1;
		const last = Math.min(range.before - 1, page.pages ?? Infinity);
		if (way === 'here' || (way === 'earlier' ? number <= first : number >= last)) return page;
		range = way === 'earlier' ? { ...range, before: number } : { ...range, after: number };
		const next = isPassed(range)
			? middleOf(range)
			: number + (way === 'earlier' ? -stride : stride);
		stride *= 2;
		page = await read(Math.min(Math.max(next, first), last));
	}
}

const isPassed = ({ after, before }: Range): boolean => after > 0 && before < Infinity;

const middleOf = ({ after, before }: Range): number => Math.floor((after + before) / 2);
