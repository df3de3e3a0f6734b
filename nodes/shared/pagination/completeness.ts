import type { IDataObject } from 'n8n-workflow';

import { RequestError } from '../retry/errors';

/** What one response shows of a list, and what it says about all of it. */
export interface PageContents {
	/** A record that is not an object, such as a bare code, becomes one with a `value`. */
	records: IDataObject[];
	/** Whether any record was not an object. */
	hasOtherEntries: boolean;
	/** How many records the whole list has, if known. */
	total?: number;
	/** How many pages the list has, if known. */
	pages?: number;
}

/** A list that may have more records than it shows. */
export class IncompleteListError extends RequestError {
	readonly mayBeAccepted = false;

	readonly isTransient = true;

	readonly description =
		'Try again. If it keeps happening, contact Cobalt support and quote this message.';

	/** @param reason the end of a sentence about the list */
	constructor(reason: string) {
		super(`Cobalt's list is not complete: ${reason}`);
	}
}

/**
 * Whether a list, read from its first page on, certainly has no other records:
 * - `complete`: one response has them all.
 * - `unproven`: nothing contradicts it, but a record may have moved to a page that had been read before.
 * - `incomplete`: it contradicts itself.
 */
export type Completeness =
	{ status: 'complete' | 'unproven' } | { status: 'incomplete'; reason: string };

/** @param pages all that were read, in order; at least one */
export function completenessOf(pages: readonly PageContents[]): Completeness {
	const records = pages.flatMap((page) => page.records);
	const filled = pages.filter((page) => page.records.length > 0).length;
	const last = pages.at(-1);
	const { total = records.length, pages: reported } = last ?? {};
	if (pages.some(({ hasOtherEntries }) => hasOtherEntries)) {
		return incomplete('it has entries that are no records');
	}
	if (total !== records.length) {
		return incomplete(`its total is ${total}, and it shows ${records.length}`);
	}
	if (reported !== undefined && (reported > Math.max(filled, 1) || reported < filled)) {
		return incomplete(`it counts ${reported} pages, and has records on ${filled}`);
	}
	if (pages.length === 1) return { status: 'complete' };
	if (pages.some((page) => page.total !== last?.total || page.pages !== last?.pages)) {
		return incomplete('its count differs from page to page');
	}
	const different = new Set(records.map((record) => JSON.stringify(record)));
	return different.size === records.length
		? { status: 'unproven' }
		: incomplete('it shows a record on several pages');
}

/** @throws IncompleteListError for a page that is empty although the list says that it goes on */
export function requireRest(page: PageContents, number: number, recordsRead: number): void {
	const { records, pages = 0, total = 0 } = page;
	if (records.length > 0 || (number >= pages && recordsRead >= total)) return;
	const said = total > 0 ? `its total is ${total}` : `it counts ${pages} pages`;
	throw new IncompleteListError(`page ${number} is empty, and ${said}`);
}

const incomplete = (reason: string) => ({ status: 'incomplete', reason }) as const;
