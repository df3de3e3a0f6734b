import { firstText, isObject } from '../json';
import { withinLevels } from '../nesting';
import { normalizeEventType } from './eventTypes';

/** One record of Cobalt's event log, or one delivered webhook, with normalized keys. */
export interface CobaltEvent {
	/** Empty if the record has none. */
	id: string;
	/** Normalized by {@link normalizeEventType}; empty if the record has none. */
	type: string;
	/** ISO 8601 as Cobalt wrote it, with `Z` or an offset; empty if the record has none. */
	created: string;
	/** Only on events of Cobalt operations. Always text here, although some responses have a number. */
	jobId?: string;
	/** The customer's own name for the access token of the event: a clinic, or an EHR login. */
	reference?: string;
	data: Record<string, unknown>;
	/** The record as Cobalt sent it, except for values nested too deeply to be of use. */
	raw: Record<string, unknown>;
}

/**
 * Reads an event with any of the documented keys (docs/api-notes.md, "What the documents disagree on"):
 * `event_id`/`event_type`/`created_at`, `id`/`type`/`created`, and the
 * `timestamp`/`job_execution_id`/`user_id` of older live-fetch events.
 */
export function eventOf(record: Record<string, unknown>): CobaltEvent {
	const raw = withinLevels(record);
	return {
		id: firstText(record.event_id, record.id) ?? '',
		type: normalizeEventType(firstText(record.event_type, record.type) ?? ''),
		created: firstText(record.created_at, record.created, record.timestamp) ?? '',
		jobId: firstText(record.job_id, record.job_execution_id),
		reference: firstText(record.access_token_reference_id, record.user_id),
		data: isObject(raw.data) ? raw.data : {},
		raw,
	};
}

/** @returns undefined for anything but an object with a type, since it says nothing about a job */
export function readEvent(record: unknown): CobaltEvent | undefined {
	const event = isObject(record) ? eventOf(record) : undefined;
	return event?.type === '' ? undefined : event;
}

/** Who caused an event. */
export type EventSource = 'account' | 'cobalt_operation' | 'ehr_staff';

/**
 * Staff and Cobalt operations both cause `appointment.created` and `appointment.updated`, but only events of
 * operations have a `job_id` (docs/api-notes.md, "What the documents do not say"). Events of the account are
 * about the connection to the EHR.
 */
export function sourceOf({ type, jobId }: CobaltEvent): EventSource {
	if (type.startsWith('access_token.')) return 'account';
	return jobId === undefined ? 'ehr_staff' : 'cobalt_operation';
}
