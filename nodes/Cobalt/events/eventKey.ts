import { createHash } from 'node:crypto';

import type { CobaltEvent } from './event';

/** Characters of a key: 60 bits, so that a chance likeness among 10,000 events is not to be expected. */
export const KEY_LENGTH = 10;

/**
 * By what an event is known again: a digest of its id, which Cobalt gives to one event only, or of
 * what it says where it has none. Holds no patient data.
 */
export function keyOf(event: CobaltEvent): string {
	return createHash('sha256').update(identityOf(event)).digest('base64url').slice(0, KEY_LENGTH);
}

/** Without the fields that say how it was delivered: those change. */
function identityOf({ id, type, created, jobId, data, raw }: CobaltEvent): string {
	if (id !== '') return id;
	const isKnown = type !== '' || Object.keys(data).length > 0;
	return JSON.stringify(isKnown ? [type, created, jobId, data] : raw);
}
