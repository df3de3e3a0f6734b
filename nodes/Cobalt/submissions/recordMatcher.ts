import type { IDataObject } from 'n8n-workflow';

import { firstText, isObject } from '../../shared/json';
import { simplifyKeys } from '../../shared/normalize/normalize';
import { daysAt } from '../../shared/pagination/dateRange';
import type { List } from '../../shared/pagination/pages';
import type { Progress, RecordMatcher } from '../declarations/recordMatcher';

/** `gone`: the record no longer counts. `unrecognized`: it has another status, or none. */
export type RecordState = Progress | 'gone' | 'unrecognized';

/** The list in which the record of a submission would appear. */
export function searchQuery({ list, query, time }: RecordMatcher, submitted: IDataObject): List {
	const { first, last } = daysAt(Date.parse(String(submitted[time])));
	const asked = Object.entries(query).map(([name, field]) => [name, submitted[field]]);
	return { ...list, query: { ...Object.fromEntries(asked), start_date: first, end_date: last } };
}

/** A key shared by submissions whose records could be confused with each other. */
export function matchKey({ time, same }: RecordMatcher, submitted: IDataObject): string {
	const fields = Object.values(same).map((field) => firstText(submitted[field]));
	return JSON.stringify([Date.parse(String(submitted[time])), ...fields]);
}

/**
 * The records that may come from a submission: they have its contents, and Cobalt (not the clinic's staff)
 * created them after it was sent. A record that is gone may also come from an earlier submission.
 *
 * @param records as the list returns them
 * @param since epoch milliseconds
 */
export function matchingRecords(
	matcher: RecordMatcher,
	submitted: IDataObject,
	records: readonly IDataObject[],
	since: number,
): IDataObject[] {
	const { time, same, simplified } = matcher;
	return records.filter((record) => {
		const normalized = simplifyKeys(record, simplified);
		return (
			madeByCobaltAt(record) >= since &&
			Date.parse(String(normalized[time])) === Date.parse(String(submitted[time])) &&
			Object.entries(same).every(
				([key, field]) => firstText(normalized[key]) === firstText(submitted[field]),
			)
		);
	});
}

/** The state of a record in the list. */
export function stateOf(matcher: RecordMatcher, record: IDataObject): RecordState {
	const { gone, progress, simplified } = matcher;
	if (gone.value.test(String(simplifyKeys(record, simplified)[gone.key]))) return 'gone';
	const said = statusOf(matcher, record)?.toLowerCase();
	const states = ['completed', 'pending', 'failed'] as const;
	return states.find((state) => progress[state] === said) ?? 'unrecognized';
}

/** The status of a record in the list. */
export function statusOf(
	{ progress, simplified }: RecordMatcher,
	record: IDataObject,
): string | undefined {
	return firstText(simplifyKeys(record, simplified)[progress.key]);
}

/** Cobalt's id of a record in the list; undefined if it has none. */
export function recordIdOf({ recordKey, simplified }: RecordMatcher, record: IDataObject) {
	return firstText(simplifyKeys(record, simplified)[recordKey]);
}

/** When Cobalt created a record, in epoch milliseconds; NaN unless the record says that Cobalt did. */
export function madeByCobaltAt({ object_metadata: metadata, created_at }: IDataObject): number {
	if (!isObject(metadata) || metadata.source !== 'cobalt_operation') return NaN;
	return Date.parse(firstText(metadata.created_at, created_at) ?? '');
}
