import type { IDataObject } from 'n8n-workflow';

import type { Send } from '../http/client';
import { firstText } from '../json';
import { simplifyKeys } from '../normalize/normalize';
import { RequestError } from '../retry/errors';
import type { List } from './pages';
import { readWholeList } from './wholeList';

/** The id of one record, and the query parameter of a list that finds records by it. */
export class RecordQuery {
	constructor(
		readonly filter: string,
		readonly value: string,
		/** The kind of id in messages, for example "MRN". */
		readonly label: string,
	) {}
}

/** A list in which one record can be found. */
export interface RecordList extends List {
	/** What its records are in messages, for example "patient". */
	noun: string;
	/** The filters whose field is in every record, so that a match can be verified. */
	shown: readonly string[];
	/** What to do if there is no such record. */
	adviceIfNone: string;
	/** What to do if the record lacks Cobalt's own id. */
	adviceWithoutId: string;
}

/** A list has no record, or several, where exactly one is required. */
export class NotUniqueError extends RequestError {
	readonly mayBeAccepted = false;

	readonly isTransient = false;

	constructor(
		message: string,
		readonly description: string,
	) {
		super(message);
	}
}

/** Far more than one id should ever find: a list with as many records was not filtered. */
const MAX_CANDIDATES = 500;

/**
 * Finds the one record with an id. That Cobalt compares ids as a whole is not documented (docs/api-notes.md,
 * "What the documents do not say"), so records that show another id do not count.
 *
 * @throws NotUniqueError that says how many there are, unless there is exactly one; IncompleteListError if
 *   there may be more, and what `send` throws
 */
export async function findRecord(
	send: Send,
	list: RecordList,
	{ filter, value, label }: RecordQuery,
): Promise<IDataObject> {
	const query = { ...list.query, [filter]: value };
	const records = await readWholeList(send, { ...list, query }, MAX_CANDIDATES);
	const isShown = list.shown.includes(filter);
	const found = records.filter((record) => {
		const own = firstText(simplifyKeys(record, [filter])[filter]);
		return own === undefined ? !isShown : own === value;
	});
	const [record] = found;
	if (record !== undefined && found.length === 1) return record;
	const { noun } = list;
	if (records.length >= MAX_CANDIDATES) {
		throw new NotUniqueError(
			`Cobalt lists ${MAX_CANDIDATES} or more ${noun}s for this ${label}, but exactly one is needed`,
			`Check the ${label}. If it is right, contact Cobalt support: its list is not filtered by it.`,
		);
	}
	throw found.length === 0
		? new NotUniqueError(
				`Cobalt's copy of the EHR has no ${noun} with this ${label}`,
				list.adviceIfNone,
			)
		: new NotUniqueError(
				`Cobalt's copy of the EHR has ${found.length} ${noun}s with this ${label}, but exactly one is needed`,
				"List them with 'Get Many', and decide which one is meant.",
			);
}
