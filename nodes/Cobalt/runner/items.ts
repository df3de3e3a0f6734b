import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { CobaltEvent } from '../events/event';
import type { ItemFailure } from './failures';

/** A good end of an item. */
export interface ItemSuccess {
	/** The record's own id and the job_id, as far as they are known. */
	ids: IDataObject;
	jobStatus: 'submitted' | 'completed' | 'pending';
	/** What Cobalt answered to the submission, when this run made it. */
	answer?: IDataObject;
	event?: CobaltEvent;
}

/** One flat shape, whatever happened (contract C2). */
export function simplified({ ids, jobStatus, event }: ItemSuccess): IDataObject {
	const own: IDataObject = {
		...ids,
		job_status: jobStatus,
		...(event && { event_id: event.id, event_type: event.type, event_created_at: event.created }),
	};
	// n8n runs a node again whose first item has a truthy `error`.
	const { error, ...data } = (event?.data ?? {}) as IDataObject;
	// Own keys come first, and stay what they are where the event's data has a key of that name.
	return { ...own, ...data, ...(error !== undefined && { event_error: error }), ...own };
}

/** What Cobalt sent, as it sent it. */
export function raw({ ids, jobStatus, answer, event }: ItemSuccess): IDataObject {
	return {
		...ids,
		job_status: jobStatus,
		submission: answer ?? null,
		event: (event?.raw ?? null) as IDataObject | null,
	};
}

/** n8n sends an item to the error output when its json has no keys but these. */
export function errorItem({ error, details }: ItemFailure, itemIndex: number): INodeExecutionData {
	return { json: { error: error.message, details }, pairedItem: { item: itemIndex } };
}

export function item(json: IDataObject, itemIndex: number): INodeExecutionData {
	return { json, pairedItem: { item: itemIndex } };
}
