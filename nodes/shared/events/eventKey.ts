import { createHash } from 'node:crypto';

import type { CobaltEvent } from './event';

/** Characters of a key: 60 bits, so that a chance likeness among 10,000 events is not to be expected. */
export const KEY_LENGTH = 10;

/**
 * By what an event is known again: a digest of its id, which Cobalt gives to one event only, or of
 * what it says where it has none. Holds no patient data.
 */
export function dedupeKey(event: CobaltEvent): string {
	return event.id === '' ? contentHash(event).slice(0, KEY_LENGTH) : digest(event.id, KEY_LENGTH);
}

/** What an envelope has in several spellings, and what the log says of the delivery, which changes. */
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

/** A digest of what an event says, the same for a delivery and for the log. */
export function contentHash({ type, created, jobId, reference, raw }: CobaltEvent): string {
	const contents = Object.entries(raw).filter(([name]) => !NOT_CONTENT.has(name));
	return digest(JSON.stringify([type, created, jobId, reference, contents.sort(byName)]));
}

const byName = ([one]: [string, unknown], [other]: [string, unknown]): number =>
	one < other ? -1 : 1;

/** The first characters of SHA-256 in base64url, or all 43. */
export function digest(text: string, length?: number): string {
	return createHash('sha256').update(text).digest('base64url').slice(0, length);
}
