import type { IDataObject } from 'n8n-workflow';

import { canonicalName, namesOf } from '../../shared/normalize/normalize';
import type { Operation, Submission } from './operation';

/**
 * The keys of the simplified item of an operation with a job, in their order, whatever happened to the job:
 * first what a person looks for, then the ids, then the event.
 */
export function columnsOf({
	subject = [],
	recordKey,
	eventData = [],
	findsFirst,
	recordMatcher,
}: Partial<Submission>): string[] {
	const columns = [
		'job_status',
		...(findsFirst ? ['created'] : []),
		...subject.map(canonicalName),
		...(recordKey === undefined ? [] : [recordKey]),
		'job_id',
		...(recordMatcher ? ['found_in_list'] : []),
		'event_id',
		'event_type',
		'event_created_at',
		...eventData,
	];
	return [...new Set(columns)];
}

/**
 * An item with all columns of an operation, in their order: what was submitted of its subject, else null.
 *
 * @param values the parsed values of the item, by Cobalt's names
 */
export function submittedColumns(
	operation: Partial<Submission>,
	values: Readonly<Record<string, unknown>>,
): IDataObject {
	const columns = Object.fromEntries(columnsOf(operation).map((key) => [key, null]));
	return { ...columns, ...subjectOf(operation, values) };
}

/** What was submitted of the keys that tell whose a record is and what; null for what was left empty. */
export function subjectOf(
	{ subject = [] }: Partial<Submission>,
	values: Readonly<Record<string, unknown>>,
): IDataObject {
	return Object.fromEntries(
		subject.map((key) => [canonicalName(key), values[key] ?? null]),
	) as IDataObject;
}

/** Without these, nobody could follow a job. */
export const ALWAYS_OUTPUT: readonly string[] = ['job_status', 'job_id'];

/**
 * The columns of the simplified item of an operation, in their order.
 *
 * @returns undefined if no document of Cobalt's names them
 */
export function documentedColumns(operation: Operation): string[] | undefined {
	switch (operation.kind) {
		case 'submission':
			return operation.isRead && !operation.eventData ? undefined : columnsOf(operation);
		case 'change':
			return (
				operation.simplified && [
					...new Set([operation.recordKey, ...namesOf(operation.simplified)]),
				]
			);
		case 'record':
		case 'list':
			return operation.simplified && namesOf(operation.simplified);
		case 'jobLookUp':
		case 'link':
		case 'download':
			return undefined;
	}
}
