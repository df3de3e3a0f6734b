import type { IDataObject } from 'n8n-workflow';

import { canonicalName, namesOf } from '../../shared/normalize/normalize';
import type { Operation, Submission } from './operation';

/**
 * The keys of the simplified item of an operation with a job, in order, whatever happened to the job: first
 * what people look for, then the ids, then the event.
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
 * An item with all columns of an operation, in order: the submitted values of its subject, and null for the
 * others.
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

/** The submitted values that tell what a record is and whose; null for empty ones. */
export function subjectOf(
	{ subject = [] }: Partial<Submission>,
	values: Readonly<Record<string, unknown>>,
): IDataObject {
	return Object.fromEntries(
		subject.map((key) => [canonicalName(key), values[key] ?? null]),
	) as IDataObject;
}

/** Columns of every item: without them, a job could not be tracked. */
export const ALWAYS_OUTPUT: readonly string[] = ['job_status', 'job_id'];

/**
 * The columns of the simplified item of an operation, in order.
 *
 * @returns undefined if Cobalt does not document them
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
