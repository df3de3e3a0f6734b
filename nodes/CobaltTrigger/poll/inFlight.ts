import { acknowledge, rewind, type SavedCursor } from './savedCursor';

/** n8n has the row of a run long before: it saves the cursor and starts the run side by side. */
const STARTING_MS = 45_000;

interface Now {
	/** Epoch milliseconds of our clock. */
	now: number;
	/** This process. */
	processId: string;
	/** How old a batch may be that is handed over again. */
	maxAgeMs: number;
}

export interface Settled {
	/** To go on with. */
	cursor: SavedCursor;
	/** Whether the last batch is to be handed over again. */
	isRewound: boolean;
}

/**
 * A batch that another process handed over may never have become a run: n8n saves the cursor first, and may
 * have been killed right afterwards. The log is then read again from before that batch, and n8n's table
 * leaves out what a run began with. While a process lives, its own batches arrive.
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
