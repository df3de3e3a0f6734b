import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import type { CobaltEvent } from '../../shared/events/event';
import { isObject } from '../../shared/json';
import { simplifyKeys, type Simplified } from '../../shared/normalize/normalize';
import { renameErrorKey } from '../../shared/normalize/renameErrorKey';
import type { Submission } from '../declarations/operation';
import type { ItemFailure } from '../run/failures';
import type { Output } from '../run/result';

/** A good end of the item of a job. */
export interface JobEnd {
	/** The record's own id and the job_id, as far as they are known. */
	ids: IDataObject;
	jobStatus: 'submitted' | 'completed' | 'pending';
	/** What Cobalt answered to the submission, when this run made it. */
	answer?: IDataObject;
	event?: CobaltEvent;
	/** The record, where the answer was lost and the record was found in a list. */
	found?: IDataObject;
}

/**
 * One flat shape, whatever happened (contract C2).
 *
 * @param shape what the operation's declaration says of the event's data, and of a record that was found
 */
export function toSimplifiedJson(
	{ ids, jobStatus, event, found }: JobEnd,
	{ lists = {}, recordMatcher }: Pick<Submission, 'lists' | 'recordMatcher'>,
): IDataObject {
	const own: IDataObject = {
		...ids,
		job_status: jobStatus,
		...(found && { found_in_list: true }),
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
	// Own keys come first, and stay what they are where the event's data has a key of that name, unless
	// only the event knows them.
	return {
		...own,
		...data,
		...Object.fromEntries(records),
		...known,
	};
}

function simplifyEach(list: unknown[], fields: Simplified): unknown[] {
	return list.map((record) =>
		isObject(record) ? simplifyKeys(record as IDataObject, fields) : record,
	);
}

/** What Cobalt sent, as it sent it. */
export function toRawJson({ ids, jobStatus, answer, event, found }: JobEnd): IDataObject {
	return {
		...ids,
		job_status: jobStatus,
		...(found && { found_in_list: true, record: found }),
		submission: answer ?? null,
		event: (event?.raw ?? null) as IDataObject | null,
	};
}

/**
 * An item for the error output, or for its place among the others with plain Continue. Its json has the
 * only keys with which n8n 2.36 and later (and some before) take it for an error.
 */
export function errorItem(
	{ error, details }: ItemFailure,
	itemIndex: number,
	onError: INode['onError'],
): INodeExecutionData {
	const failed = item({ json: { error: error.message, details } }, itemIndex);
	// Older hosts look at the item's own `error`, and would replace the json by it: they do not get to
	// see it once they have copied the item to the error output.
	return onError === 'continueErrorOutput'
		? Object.defineProperty(failed, 'error', { value: error, enumerable: false })
		: failed;
}

/** An item that came to a good end. */
export function goodItem({ json, binary }: Output, itemIndex: number): INodeExecutionData {
	return item({ json: renameErrorKey(json), ...(binary && { binary }) }, itemIndex);
}

function item(output: Output, itemIndex: number): INodeExecutionData {
	return { ...output, pairedItem: { item: itemIndex } };
}
