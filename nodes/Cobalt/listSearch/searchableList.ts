import type { IDataObject } from 'n8n-workflow';

import type { Send } from '../../shared/http/client';
import { firstText } from '../../shared/json';
import { readPage, readRecords, type List } from '../../shared/pagination/pages';
import { asNamed } from '../../shared/visibleText';

/** The kinds of ids in Cobalt: its own, the EHR's, or a code from the account's settings. */
export type IdKind = 'id' | 'ehr_id' | 'code';

/** A list from which people pick entries by name instead of typing an id. */
export interface SearchableList {
	list: List;
	/** The kinds of ids that its records have. The field decides which one is sent. */
	ids: readonly IdKind[];
	/** The name that people know an entry by. */
	nameOf(record: IDataObject): string;
	/** Whether an entry is no longer in use: such entries come last. Absent if the API does not say. */
	isInactive?(record: IDataObject): boolean;
	/**
	 * The queries that together find what a person types, if the API can search. Absent: the whole list is
	 * read and searched here.
	 */
	search?(text: string): IDataObject[];
}

interface ListEntry {
	name: string;
	value: string;
}

export interface ListEntries {
	results: ListEntry[];
	/** The number of the next page. */
	paginationToken?: string;
}

/**
 * Fetches the entries that a person may pick from.
 *
 * @param filter what the person has typed
 * @param page from 1; only for lists that the API returns in pages
 * @throws UnexpectedResponseError, and what `send` throws
 */
export async function entriesOf(
	send: Send,
	directory: SearchableList,
	id: IdKind,
	filter = '',
	page = 1,
): Promise<ListEntries> {
	const { list, search } = directory;
	const text = asNamed(filter);
	const queries = text === '' || !search ? [undefined] : search(text);
	if (list.pageSize !== undefined) {
		const { records, isLast } = await readPage(send, { ...list, query: queries[0] }, page);
		return {
			results: toEntries(records, directory, id),
			...(!isLast && { paginationToken: String(page + 1) }),
		};
	}
	const found = await Promise.all(
		queries.map(async (query) => (await readRecords(send, { ...list, query })).records),
	);
	const entries = toEntries(found.flat(), directory, id).sort(byUse);
	return { results: search ? entries : entries.filter(({ name }) => includes(name, text)) };
}

const INACTIVE = ' – inactive';

/** Sorts by name, with entries that are no longer in use at the end. */
const byUse = ({ name: one }: ListEntry, { name: other }: ListEntry): number =>
	Number(one.endsWith(INACTIVE)) - Number(other.endsWith(INACTIVE)) || one.localeCompare(other);

/** Name of the method with which n8n's editor fetches the entries of a list. */
export function methodName(directory: string, id: IdKind): string {
	return `${directory}By${ID_NAMES[id]}`;
}

const ID_NAMES: Record<IdKind, string> = { id: 'Id', ehr_id: 'EhrId', code: 'Code' };

/** The entries, each id once. Records without an id of this kind cannot be picked. */
function toEntries(
	records: IDataObject[],
	{ nameOf, isInactive }: SearchableList,
	id: IdKind,
): ListEntry[] {
	const names = new Map<string, string>();
	for (const record of records) {
		const value = firstText(record[id], record.value);
		if (value === undefined) continue;
		names.set(value, (nameOf(record) || value) + (isInactive?.(record) ? INACTIVE : ''));
	}
	return [...names].map(([value, name]) => ({ name, value }));
}

const includes = (name: string, text: string) =>
	asNamed(name).toLowerCase().includes(text.toLowerCase());
