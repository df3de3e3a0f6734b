import type { IDataObject } from 'n8n-workflow';

import type { Send } from '../http/client';
import { firstText, isObject } from '../json';
import { RequestError } from '../retry/errors';

/** A list of the API. */
export interface List {
	path: string;
	/** Where the answer has the records; a dot leads into an object, as in `results.availability`. */
	key: string;
	query?: IDataObject;
	/** The largest page that Cobalt documents. Absent where it documents none for this list. */
	pageSize?: number;
}

/** A good answer that lacks what was asked for. */
export class UnexpectedResponseError extends RequestError {
	readonly mayBeAccepted = true;

	readonly isTransient = true;

	constructor() {
		super('Cobalt answered without what was asked for');
	}
}

/** A list that cannot be read to its end. */
export class PaginationLoopError extends RequestError {
	readonly mayBeAccepted = true;

	readonly isTransient = false;
}

export interface Page {
	/** What is no object, such as a bare code, becomes one with a `value`. */
	records: IDataObject[];
	/** The whole answer: some lists say something about all of their records. */
	answer: IDataObject;
	isLast: boolean;
	/** How many records the whole list has, where the answer says so. */
	total?: number;
	/** How many pages, likewise. */
	pages?: number;
	/** Which page it is, by what the answer says: another one, where Cobalt ignores which one is asked for. */
	current?: number;
}

/** No API has pages that are shorter: so few records are all that there are. */
const MIN_PAGE_SIZE = 10;

/** More pages than any list has that a workflow can use. */
const MAX_LIST_PAGES = 1_000;

/**
 * Reads one page. Where the answer says nothing of pages, a short one is the last only if no other follows
 * it: the size that was asked for may have been ignored.
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
	const read = await request(send, list, page, size);
	if (read.isLast !== undefined) return { ...read, isLast: read.isLast };
	const { records } = await request(send, list, page + 1, size);
	const isSame = JSON.stringify(records) === JSON.stringify(read.records);
	return { ...read, isLast: records.length === 0 || isSame };
}

async function request(
	send: Send,
	{ path, key, query, pageSize }: List,
	page: number,
	size: number | null,
): Promise<Omit<Page, 'isLast'> & { isLast?: boolean }> {
	const paging = { page, ...(size !== null && { page_size: size }) };
	// A list without documented pages is asked without them, unless it turns out to have some.
	const place = pageSize === undefined ? page > 1 && { page } : paging;
	const answer = await send({ method: 'GET', path, query: { ...query, ...place } });
	const records = recordsIn(answer, key);
	if (records === undefined) throw new UnexpectedResponseError();
	return {
		records: records.map((record) =>
			isObject(record) ? record : { value: record },
		) as IDataObject[],
		answer,
		...positionOf(answer, page, records.length, pageSize !== undefined, size),
	};
}

/**
 * Reads the records of a list, as many pages as that takes and no further.
 *
 * @param most how many are wanted
 * @throws PaginationLoopError for one that gives the same page again and again, or that has no end
 */
export async function readRecords(
	send: Send,
	list: List,
	most = Infinity,
): Promise<{ records: IDataObject[]; answer: IDataObject }> {
	const size = list.pageSize && Math.min(list.pageSize, most);
	const records: IDataObject[] = [];
	let previous: string[] = [];
	let read = 0;
	for (let page = 1; page <= MAX_LIST_PAGES; page += 1) {
		const { records: found, answer, isLast, total } = await readPage(send, list, page, size);
		read += found.length;
		// Most lists are one page, and a long one at that: there is nothing to compare it with.
		const texts = page === 1 && isLast ? [] : found.map((record) => JSON.stringify(record));
		if (found.length > 0 && page > 1 && texts.join() === previous.join()) {
			throw new PaginationLoopError('Cobalt gives the same page of this list again and again');
		}
		// Records move on to the next page when new ones come in while the list is read.
		const seen = new Set(previous);
		for (const [index, record] of found.entries()) {
			if (!seen.has(texts[index] ?? '')) records.push(record);
		}
		if (isLast || read >= (total ?? Infinity) || records.length >= most) {
			return { records: records.slice(0, most), answer };
		}
		previous = texts;
	}
	throw new PaginationLoopError(`This list has more than ${MAX_LIST_PAGES} pages`);
}

/** At the documented place, or inside `data`, in which older answers are nested. */
function recordsIn(answer: IDataObject, key: string): unknown[] | undefined {
	return [at(answer, key), at(answer.data, key), answer.data].find(Array.isArray);
}

function at(value: unknown, key: string): unknown {
	return key
		.split('.')
		.reduce((inner: unknown, name) => (isObject(inner) ? inner[name] : undefined), value);
}

/**
 * Three ways in which Cobalt's lists say where they are: `current_page`, `total_pages`, `total_count`;
 * `page` in place of `current_page`; `total_records` in place of `total_count`. Only the number of
 * pages has the same name in all of them. Where it is missing, the total or a short page tells.
 */
function positionOf(
	answer: IDataObject,
	page: number,
	count: number,
	hasPages: boolean,
	asked: number | null,
): Pick<Page, 'total' | 'pages' | 'current'> & { isLast?: boolean } {
	const pagination = [answer.pagination, at(answer.data, 'pagination')].find(isObject) ?? {};
	const pages = firstNumber(pagination.total_pages);
	const total = firstNumber(pagination.total_count, pagination.total_records);
	const size = firstNumber(pagination.page_size);
	const current = firstNumber(pagination.current_page, pagination.page);
	const isLast = () => {
		if (count === 0) return true;
		if (pages !== undefined) return page >= pages;
		if (total !== undefined) return page * (size ?? count) >= total;
		if (size !== undefined) return count < size;
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
