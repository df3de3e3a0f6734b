import type { IDataObject } from 'n8n-workflow';

import type { Send } from '../http/client';
import { completenessOf, IncompleteListError } from './completeness';
import { fetchPage, MAX_LIST_PAGES, type FetchedPage, type List } from './pages';

/** How many times a list is read before giving up. */
const MAX_READINGS = 4;

/**
 * Reads a list for a caller that draws conclusions from what is missing in it. Records may move between pages
 * during a read, so a list of several pages counts only when two reads in a row agree.
 *
 * @param maxRecords a list with this many need not be read to its end
 * @throws IncompleteListError unless these are certainly all records; UnexpectedResponseError, and what
 *   `send` throws
 */
export async function readWholeList(
	send: Send,
	list: List,
	maxRecords = Infinity,
): Promise<IDataObject[]> {
	let reason = '';
	let previous: string | undefined;
	for (let reading = 0; reading < MAX_READINGS; reading += 1) {
		const pages = await readToEnd(send, list, maxRecords);
		const records = pages.flatMap((page) => page.records);
		const completeness = completenessOf(pages);
		if (completeness.status === 'complete' || records.length >= maxRecords) return records;
		const isContradicted = completeness.status === 'incomplete';
		const text = JSON.stringify(records);
		if (!isContradicted && text === previous) return records;
		previous = isContradicted ? undefined : text;
		reason = isContradicted ? completeness.reason : 'it changes each time it is read';
	}
	throw new IncompleteListError(reason);
}

/**
 * Unlike in {@link readRecords}, a short page is not the end: the list has to say so, or a page must be
 * empty.
 */
async function readToEnd(send: Send, list: List, maxRecords: number): Promise<FetchedPage[]> {
	const pages: FetchedPage[] = [];
	let recordsRead = 0;
	let previous = '';
	while (pages.length < MAX_LIST_PAGES) {
		const page = await fetchPage(send, list, pages.length + 1);
		pages.push(page);
		recordsRead += page.records.length;
		const text = JSON.stringify(page.records);
		const isOver = page.records.length === 0 || recordsRead >= maxRecords || text === previous;
		if (isOver || saysEnd(page, pages.length, recordsRead, list)) break;
		previous = text;
	}
	return pages;
}

function saysEnd(
	{ pages, total }: FetchedPage,
	number: number,
	recordsRead: number,
	{ pageSize }: List,
): boolean {
	if (pages === undefined && total === undefined) return pageSize === undefined;
	return number >= (pages ?? 0) && recordsRead >= (total ?? 0);
}
