import { acknowledge, rewind, type SavedCursor } from './savedCursor';

/** Longer than n8n takes to save a run: it saves the cursor and starts the run at the same time. */
const STARTING_MS = 45_000;

interface Now {
	/** Epoch milliseconds of our clock. */
	now: number;
	/** This process. */
	processId: string;
	/** The maximum age of a batch that is handed over again. */
	maxAgeMs: number;
}

/** What was decided about the last batch. */
export interface Settled {
	/** Where to continue reading. */
	cursor: SavedCursor;
	/** Whether the last batch will be handed over again. */
	isRewound: boolean;
}

/**
 * Decides what to do about the last batch. One that another process handed over may never have become a run: n8n
 * saves the cursor first, and may have been killed right afterwards. Then the log is read again from before that
 * batch, and n8n's table drops the events that did start a run. A process's own batches always arrive.
 */
export function settleBatch(cursor: SavedCursor, { now, processId, maxAgeMs }: Now): Settled {
	const { inFlight } = cursor;
	if (inFlight === undefined) return { cursor, isRewound: false };
	const ageMs = now - inFlight.at;
	if (inFlight.by !== processId && ageMs <= maxAgeMs) {
		return { cursor: rewind(cursor), isRewound: true };
	}
	const isStarting = inFlight.by === processId && ageMs < STARTING_MS;
	return { cursor: isStarting ? cursor : acknowledge(cursor), isRewound: false };
}
