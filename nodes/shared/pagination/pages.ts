import type { IDataObject } from 'n8n-workflow';

import type { Send } from '../http/client';
import { firstText, isObject } from '../json';
import { RequestError } from '../retry/errors';
import { requireRest, type PageContents } from './completeness';

/** A list of the API. */
export interface List {
	path: string;
	/** Where the response has the records; a dot leads into an object, as in `results.availability`. */
	key: string;
	query?: IDataObject;
	/** The largest page size that Cobalt documents; absent if it documents no pages for this list. */
	pageSize?: number;
}

/** A successful response that lacks what was requested. */
export class UnexpectedResponseError extends RequestError {
	readonly mayBeAccepted = true;

	readonly isTransient = true;

	constructor() {
		super("Cobalt's response does not contain the requested data");
	}
}

/** A list that has no end. */
export class PaginationLoopError extends RequestError {
	readonly mayBeAccepted = true;

	readonly isTransient = false;

	constructor(
		message: string,
		readonly description: string,
	) {
		super(message);
	}
}

/** One response. */
export interface FetchedPage extends PageContents {
	/** The whole response: some lists have data about all of their records. */
	response: IDataObject;
	/** Absent if the response does not tell. */
	isLast?: boolean;
	/** The number of this page according to the response: wrong if Cobalt ignores the one requested. */
	current?: number;
}

/** A page that is known to be the last one or not. */
export interface Page extends FetchedPage {
	isLast: boolean;
}

/** Assumed to be shorter than any API's pages, so fewer records are the whole list. */
const MIN_PAGE_SIZE = 10;

/** No list that a workflow can use has more pages. */
export const MAX_LIST_PAGES = 1_000;

/**
 * Reads one page. If the response says nothing about pages, a short page is the last only if no other
 * follows it: Cobalt may have ignored the requested size.
 *
 * @param page from 1
 * @param size at most the list's page size; null to leave it to Cobalt
 * @throws UnexpectedResponseError, and what `send` throws
 */
export async function readPage(
	send: Send,
	list: List,
	page: number,
	size: number | null = list.pageSize ?? null,
): Promise<Page> {
	const read = await fetchPage(send, list, page, size);
	if (read.isLast !== undefined) return { ...read, isLast: read.isLast };
	const { records } = await fetchPage(send, list, page + 1, size);
	const isSame = JSON.stringify(records) === JSON.stringify(read.records);
	return { ...read, isLast: records.length === 0 || isSame };
}

/**
 * Requests one page.
 *
 * @param page from 1
 * @param size as in {@link readPage}
 * @throws UnexpectedResponseError, and what `send` throws
 */
export async function fetchPage(
	send: Send,
	{ path, key, query, pageSize }: List,
	page: number,
	size: number | null = pageSize ?? null,
): Promise<FetchedPage> {
	const paging = { page, ...(size !== null && { page_size: size }) };
	// The first page of a list without documented pages is requested without a page number.
	const place = pageSize === undefined ? page > 1 && { page } : paging;
	const check = (response: IDataObject) => recordsIn(response, key);
	const response = await send({ method: 'GET', path, query: { ...query, ...place }, check });
	const records = check(response);
	return {
		records: records.map((record) =>
			isObject(record) ? record : { value: record },
		) as IDataObject[],
		response,
		hasOtherEntries: !records.every(isObject),
		...positionOf(response, page, records.length, pageSize !== undefined, size),
	};
}

/**
 * Reads the records of a list, and no more pages than needed.
 *
 * @param maxRecords how many are wanted
 * @throws PaginationLoopError if the list repeats the same page or has no end; IncompleteListError if it ends
 *   earlier than it says; UnexpectedResponseError, and what `send` throws
 */
export async function readRecords(
	send: Send,
	list: List,
	maxRecords = Infinity,
): Promise<{ records: IDataObject[]; response: IDataObject }> {
	const size = list.pageSize && Math.min(list.pageSize, maxRecords);
	const records: IDataObject[] = [];
	let previous: string[] = [];
	let read = 0;
	for (let page = 1; page <= MAX_LIST_PAGES; page += 1) {
		const contents = await readPage(send, list, page, size);
		const { records: found, response, isLast, total } = contents;
		read += found.length;
		requireRest(contents, page, read);
		// Most lists are one long page, which need not be compared with any other.
		const texts = page === 1 && isLast ? [] : found.map((record) => JSON.stringify(record));
		if (found.length > 0 && page > 1 && texts.join() === previous.join()) {
			throw new PaginationLoopError(
				'Cobalt returns the same page of this list again and again',
				'Narrow the filters. If it keeps happening, contact Cobalt support.',
			);
		}
		// New records shift others to the next page while the list is read.
		const seen = new Set(previous);
		for (const [index, record] of found.entries()) {
			if (!seen.has(texts[index] ?? '')) records.push(record);
		}
		if (isLast || read >= (total || Infinity) || records.length >= maxRecords) {
			return { records: records.slice(0, maxRecords), response };
		}
		previous = texts;
	}
	throw new PaginationLoopError(
		`This list has more than ${MAX_LIST_PAGES} pages`,
		"Narrow the dates or the filters, or use 'Limit' instead of 'Return All'.",
	);
}

/**
 * At the documented key, or inside `data`, in which older responses are nested.
 *
 * @throws UnexpectedResponseError
 */
function recordsIn(response: IDataObject, key: string): unknown[] {
	const places = [at(response, key), at(response.data, key), response.data];
	const records = places.find(Array.isArray);
	if (records === undefined) throw new UnexpectedResponseError();
	return records;
}

function at(value: unknown, key: string): unknown {
	return key
		.split('.')
		.reduce((inner: unknown, name) => (isObject(inner) ? inner[name] : undefined), value);
}

/**
 * Cobalt's lists describe their pages in several ways (docs/api-notes.md, "What the documents disagree on"):
 * `current_page` or `page`, `total_count` or `total_records`. Only `total_pages` always has the same name. If
 * it is missing, the total or a short page shows whether it is the last one.
 */
function positionOf(
	response: IDataObject,
	page: number,
	count: number,
	hasPages: boolean,
	asked: number | null,
): Pick<Page, 'total' | 'pages' | 'current'> & { isLast?: boolean } {
	const pagination = [response.pagination, at(response.data, 'pagination')].find(isObject) ?? {};
	const pages = firstNumber(pagination.total_pages);
	const total = firstNumber(pagination.total_count, pagination.total_records);
	const size = firstNumber(pagination.page_size);
	const current = firstNumber(pagination.current_page, pagination.page);
	const isLast = () => {
		if (count === 0) return true;
		// Zeros beside records say nothing.
		if (pages) return page >= pages;
		if (total) return page * (size ?? count) >= total;
		if (size) return count < size;
		if (!hasPages) return true;
		if (asked !== null && count >= asked) return false;
		return count < MIN_PAGE_SIZE ? true : undefined;
	};
	return { isLast: isLast(), total, pages, current };
}

function firstNumber(...values: unknown[]): number | undefined {
	const text = firstText(...values);
	return text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text);
}
