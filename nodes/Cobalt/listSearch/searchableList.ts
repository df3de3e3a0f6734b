import type { IDataObject } from 'n8n-workflow';

import type { Send } from '../../shared/http/client';
import { firstText } from '../../shared/json';
import { readPage, readRecords, type List } from '../../shared/pagination/pages';
import { asNamed } from '../../shared/visibleText';

/** The ids by which Cobalt knows things: its own, the EHR's, or a code of the account's settings. */
export type IdKind = 'id' | 'ehr_id' | 'code';

/** Something that a person picks by its name rather than types by its id. */
export interface SearchableList {
	list: List;
	/** Which ids its records have. Which of them is sent is up to the field. */
	ids: readonly IdKind[];
	/** How the person knows it. */
	nameOf(record: IDataObject): string;
	/** Whether it is out of use: such entries come last. Absent where the API does not tell. */
	isInactive?(record: IDataObject): boolean;
	/**
	 * The queries that together find what a person types, where the API can search. Absent: the whole
	 * list is searched here.
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
 * Looks up what a person may pick from.
 *
 * @param filter what the person has typed
 * @param page from 1; only where the API pages
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

/** By name, with what is out of use at the end. */
const byUse = ({ name: one }: ListEntry, { name: other }: ListEntry): number =>
	Number(one.endsWith(INACTIVE)) - Number(other.endsWith(INACTIVE)) || one.localeCompare(other);

/** The name of the method by which n8n's editor asks for the entries of a directory. */
export function methodName(directory: string, id: IdKind): string {
	return `${directory}By${ID_NAMES[id]}`;
}

const ID_NAMES: Record<IdKind, string> = { id: 'Id', ehr_id: 'EhrId', code: 'Code' };

/** Each id once; what has no id of this kind cannot be picked. */
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
