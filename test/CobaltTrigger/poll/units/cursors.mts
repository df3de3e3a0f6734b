/** Cursors of a log, and events that they have or have not seen. */
import type { SeenEvent } from '../../../../nodes/CobaltTrigger/poll/logCursor.js';
import {
	readSavedCursor,
	type SavedCursor,
} from '../../../../nodes/CobaltTrigger/poll/savedCursor.js';

export const T0 = Date.parse('2025-03-10T15:00:00.000Z');

export const beginAt = (timestamp: number): SavedCursor => ({
	start: timestamp,
	highWaterMark: timestamp,
	seen: {},
});

/** The deduplication key of an event. */
export const keyOf = (id: number): string => String(id).padStart(10, '0');

/** @param ms after {@link T0} */
export const eventAt = (id: number, ms: number): SeenEvent => ({
	key: keyOf(id),
	timestamp: T0 + ms,
});

/** A cursor as it is read from what n8n has saved. */
export function reread(saved: SavedCursor, overlapMs: number): SavedCursor {
	const read = readSavedCursor(JSON.parse(JSON.stringify(saved)), overlapMs);
	if (read === undefined) throw new Error('What was saved cannot be read');
	return read;
}
