import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { sourceOf, type CobaltEvent } from '../shared/events/event';
import { contentHash } from '../shared/events/eventKey';
import { isObject } from '../shared/json';
import { simplifyKeys } from '../shared/normalize/normalize';
import { renameErrorKey } from '../shared/normalize/renameErrorKey';
import { reduceTo } from '../shared/output/output';
import { jobStatusOf } from './jobStatus';
import { EVENT_CHOICE, type TriggerSettings } from './settings';

/** Event types whose data has the id of a known record: sync events of appointments. */
const RECORD_IDS: ReadonlyMap<string, string> = new Map([
	['appointment.cancelled', 'appointment_id'],
	['appointment.status_updated', 'appointment_id'],
	['appointment.updated', 'appointment_id'],
]);

type ItemSettings = Pick<TriggerSettings, 'output' | 'types'>;

/** Columns of every item, which identify its event and its clinic (see `dedupeItems.ts`). */
const ALWAYS_OUTPUT = ['access_token_reference_id', 'event_id', 'event_digest'];

/** An event as an item. */
export function itemOf(event: CobaltEvent, settings: ItemSettings): INodeExecutionData {
	return { json: reduceTo(settings.output, wholeItem(event, settings), ALWAYS_OUTPUT) };
}

/** The whole event: flat with normalized keys, or exactly as Cobalt sent it. */
function wholeItem(event: CobaltEvent, { output, types }: ItemSettings): IDataObject {
	const { jobId, reference } = event;
	const clinic = reference !== undefined && { access_token_reference_id: reference };
	const jobStatus = types?.includes(EVENT_CHOICE.jobFinished) ? jobStatusOf(event) : undefined;
	const what: IDataObject = {
		event_type: event.type,
		event_created_at: event.created,
		...(jobStatus && { job_status: jobStatus }),
	};
	const ids: IDataObject = {
		event_source: sourceOf(event),
		event_id: event.id,
		...(event.id === '' && { event_digest: contentHash(event) }),
	};
	// The shape is unknown, so nothing is left out.
	const isUnknown = event.type === '' || !isObject(event.raw.data);
	if (output.kind === 'raw' || isUnknown) {
		return { ...what, event: event.raw as IDataObject, ...clinic, ...ids };
	}
	const known = {
		...clinic,
		...(jobId !== undefined && { job_id: jobId }),
		...ids,
	};
	// Own keys win over the same keys in the event's data. What people look for comes first, and ids last.
	const data = renameErrorKey(simplifyKeys(withRecordId(event), 'all'));
	return { ...what, ...data, ...known, ...what };
}

/** Other events call it `appointment_id`. */
function withRecordId({ type, data }: CobaltEvent): IDataObject {
	const name = RECORD_IDS.get(type);
	const { id, ...rest } = data;
	const isPlain = name === undefined || id === undefined || Object.hasOwn(data, name);
	return (isPlain ? data : { [name]: id, ...rest }) as IDataObject;
}
