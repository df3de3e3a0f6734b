import { firstText, isObject } from '../transport/json';

/** One record of Cobalt's event log, or one delivered webhook, in one spelling. */
export interface CobaltEvent {
	id: string;
	type: string;
	/** ISO 8601 as Cobalt wrote it, with `Z` or an offset; empty when it gave none. */
	created: string;
	/** Only on events of our own operations; a number in some answers, always text here. */
	jobId?: string;
	data: Record<string, unknown>;
	/** The record exactly as Cobalt sent it. */
	raw: Record<string, unknown>;
}

/**
 * Reads an event in every documented spelling: `event_id`/`event_type`/`created_at`,
 * `id`/`type`/`created`, and the `timestamp`/`job_execution_id` of older live-fetch events.
 *
 * @returns undefined for anything that is not an object with a type
 */
export function readEvent(record: unknown): CobaltEvent | undefined {
	if (!isObject(record)) return undefined;
	const type = firstText(record.event_type, record.type);
	if (type === undefined) return undefined;
	return {
		id: firstText(record.event_id, record.id) ?? '',
		type,
		created: firstText(record.created_at, record.created, record.timestamp) ?? '',
		jobId: firstText(record.job_id, record.job_execution_id),
		data: isObject(record.data) ? record.data : {},
		raw: record,
	};
}
