import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import type { CobaltEvent } from '../../shared/events/event';
import { firstText, isObject } from '../../shared/json';
import { simplifyKeys, type Simplified } from '../../shared/normalize/normalize';
import { renameErrorKey } from '../../shared/normalize/renameErrorKey';
import { submittedColumns } from '../declarations/columns';
import type { Submission } from '../declarations/operation';
import { CLINIC_KEY, type ItemFailure } from '../run/itemFailure';
import type { Output } from '../run/result';

/** The end of a job that has not failed, as far as is known. */
export interface JobEnd {
	/** The record's id and the job_id, as far as they are known. */
	ids: IDataObject;
	jobStatus: 'submitted' | 'completed' | 'pending';
	/** Cobalt's response to the submission, if this run made it. */
	response?: IDataObject;
	event?: CobaltEvent;
	/** The record, if the response was lost and the record was found in a list. */
	found?: IDataObject;
}

/**
 * The simplified output: the same keys in the same order whatever happened to the job, with null for missing
 * values, followed by the other fields of Cobalt's event.
 *
 * @param values the parsed values of the item, by Cobalt's names
 */
export function toSimplifiedJson(
	{ ids, jobStatus, event, found }: JobEnd,
	values: Readonly<Record<string, unknown>>,
	operation: Partial<Submission>,
): IDataObject {
	const { lists = {}, recordMatcher } = operation;
	const own: IDataObject = {
		job_status: jobStatus,
		...ids,
		...(recordMatcher && { found_in_list: found !== undefined }),
		...(event && { event_id: event.id, event_type: event.type, event_created_at: event.created }),
	};
	const data = found
		? simplifyKeys(found, recordMatcher?.simplified ?? 'all')
		: simplifyKeys((event?.data ?? {}) as IDataObject, 'all');
	const known = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null));
	const records = Object.entries(lists).flatMap(([key, fields]) => {
		const list = data[key];
		return Array.isArray(list) ? [[key, simplifyEach(list, fields)]] : [];
	});
	const columns = { ...submittedColumns(operation, values), ...own };
	// The EHR's values replace what was submitted, unless they are null. Own keys win over both.
	const ofEhr = Object.entries(data).filter(([key, value]) => value !== null || !columns[key]);
	return {
		...columns,
		...Object.fromEntries(ofEhr),
		...Object.fromEntries(records),
		...known,
	};
}

function simplifyEach(list: unknown[], fields: Simplified): unknown[] {
	return list.map((record) =>
		isObject(record) ? simplifyKeys(record as IDataObject, fields) : record,
	);
}

/** The raw output: what Cobalt sent, unchanged. */
export function toRawJson({ ids, jobStatus, response, event, found }: JobEnd): IDataObject {
	return {
		job_status: jobStatus,
		...ids,
		...(found && { found_in_list: true, record: found }),
		submission: response ?? null,
		event: (event?.raw ?? null) as IDataObject | null,
	};
}

/**
 * An item for the error output, or for the main output with plain Continue. Its JSON has exactly the keys by
 * which n8n 2.36 and later recognizes an error.
 */
export function errorItem(
	{ error, details, hiddenFields = [] }: ItemFailure,
	itemIndex: number,
	onError: INode['onError'],
): INodeExecutionData {
	const json: IDataObject = { error: error.message, details };
	if (onError !== 'continueErrorOutput') return item({ json }, itemIndex);
	// In the error output, n8n adds all fields of the item that came in, unless this one has them.
	const hidden = Object.fromEntries(hiddenFields.map((name) => [name, undefined]));
	const failed = item({ json: { ...hidden, ...json } }, itemIndex);
	// Older hosts recognize the item's own `error`, but would then replace the JSON by it. It is not
	// enumerable, so it is gone once they have copied the item to the error output.
	return Object.defineProperty(failed, 'error', { value: error, enumerable: false });
}

/** The key for Cobalt's own name of the clinic, if that is a different one. */
const REPORTED_CLINIC_KEY = `cobalt_${CLINIC_KEY}`;

/**
 * An item for the main output.
 *
 * @param clinic that the item was run with, if there are several: later nodes continue with it, whatever name
 *   a record has
 */
export function outputItem(
	{ json, binary, clinic: ownClinic }: Output,
	itemIndex: number,
	clinic?: string,
): INodeExecutionData {
	const named = clinic === undefined ? json : withClinic(json, ownClinic ?? clinic);
	return item({ json: renameErrorKey(named), ...(binary && { binary }) }, itemIndex);
}

function withClinic(json: IDataObject, clinic: string): IDataObject {
	const reported = firstText(json[CLINIC_KEY]);
	return {
		...json,
		[CLINIC_KEY]: clinic,
		...(reported !== undefined && reported !== clinic && { [REPORTED_CLINIC_KEY]: reported }),
	};
}

function item(output: Output, itemIndex: number): INodeExecutionData {
	return { ...output, pairedItem: { item: itemIndex } };
}
