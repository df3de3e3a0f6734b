import { hash } from 'node:crypto';

import type { CobaltEvent } from './event';

/** Characters of a key: with 60 bits, a collision among 10,000 events is very unlikely. */
export const KEY_LENGTH = 10;

/**
 * Deduplication key: a hash of the event's id, which is unique, or of its contents if it has none. Contains
 * no patient data.
 */
export function dedupeKey(event: CobaltEvent): string {
	return event.id === '' ? contentHash(event).slice(0, KEY_LENGTH) : digest(event.id, KEY_LENGTH);
}

/** Keys of the envelope, whose names vary, and of the delivery, whose values change. */
const NOT_CONTENT = new Set([
	'event_id',
	'id',
	'object',
	'action',
	'event_type',
	'type',
	'created_at',
	'created',
	'timestamp',
	'job_id',
	'job_execution_id',
	'access_token_reference_id',
	'user_id',
	'status',
	'delivered',
	'delivery_attempts',
	'last_delivery_attempt',
	'response_status_code',
	'delivery_status',
	'webhook_url',
]);

/** A hash of an event's contents, the same for a delivery and for the log. */
export function contentHash({ type, created, jobId, reference, raw }: CobaltEvent): string {
	const contents = Object.entries(raw).filter(([name]) => !NOT_CONTENT.has(name));
	return digest(JSON.stringify([type, created, jobId, reference, contents.sort(byName)]));
}

const byName = ([one]: [string, unknown], [other]: [string, unknown]): number =>
	one < other ? -1 : 1;

/** The first characters of SHA-256 in base64url, or all 43. */
export function digest(text: string, length?: number): string {
	return hash('sha256', text, 'base64url').slice(0, length);
}
