import { isObject } from '../../shared/json';
import { areSavedKeys, mergeKeys, type SavedKeys } from './seenKeys';

/** How far the log has been read. All timestamps are epoch milliseconds of Cobalt's clock. */
export interface ReadPosition {
	/** Events before this are not read again, unless a read still has to resume earlier. */
	start: number;
	/** `created` of the latest event that was read. */
	highWaterMark: number;
	/** Where a read stopped before the end of the log, so that the next one begins there. */
	resume?: number;
}

/** The saved form of a cursor: a plain object, because n8n saves it as JSON. */
export interface SavedCursor extends ReadPosition {
	/** The events emitted since the position, except those of `inFlight`. */
	seen: SavedKeys;
	inFlight?: InFlight;
}

/**
 * The last batch that was handed over. n8n saves the cursor first and the batch afterwards. If it is killed
 * in between, the log has to be read again from where this batch began.
 */
export interface InFlight {
	/** Where the cursor stood before. */
	place: ReadPosition;
	seen: SavedKeys;
	/** When it was handed over; epoch milliseconds of our clock. */
	at: number;
	/** The process that handed it over. */
	by: string;
}

/** The time from which the log has to be read next, in epoch milliseconds of Cobalt's clock. */
export const nextStart = ({ resume, start }: ReadPosition): number => resume ?? start;

/** The earliest time from which the log will be read, next or afterwards. */
export const earliestStart = ({ resume = Infinity, start }: ReadPosition): number =>
	Math.min(resume, start);

/** Whether the last read stopped before the end of the log. */
export const hasBacklog = ({ resume }: ReadPosition): boolean => resume !== undefined;

/** The cursor as if the last batch had never been handed over. */
export function rewind({ inFlight, ...saved }: SavedCursor): SavedCursor {
	return inFlight ? { ...inFlight.place, seen: saved.seen } : saved;
}

/** The cursor once the last batch is known to have arrived. */
export function acknowledge({ inFlight, ...saved }: SavedCursor): SavedCursor {
	return inFlight ? { ...saved, seen: mergeKeys(saved.seen, inFlight.seen) } : saved;
}

/**
 * Reads a cursor back.
 *
 * @param overlapMs for a cursor that an earlier version saved, see {@link fromEarlierVersion}
 * @returns undefined for anything but a saved cursor
 */
export function readSavedCursor(value: unknown, overlapMs: number): SavedCursor | undefined {
	const position = readPosition(value, overlapMs);
	if (!position || !isObject(value) || !areSavedKeys(value.seen)) return undefined;
	const inFlight = readInFlight(value.inFlight, overlapMs);
	return { ...position, seen: value.seen, ...(inFlight && { inFlight }) };
}

function readPosition(value: unknown, overlapMs: number): ReadPosition | undefined {
	if (!isObject(value)) return undefined;
	const { start, highWaterMark, resume } = value;
	if (start === undefined) return fromEarlierVersion(value, overlapMs);
	if (!isTimestamp(start) || !isTimestamp(highWaterMark)) return undefined;
	return { start, highWaterMark, ...(isTimestamp(resume) && { resume }) };
}

/**
 * Versions up to 0.1.0 saved the high-water marks from which `start` follows: `readTo` is the current one,
 * `checkedTo` that at the start of the last read that reached the end, and `stopped` has that at the start of
 * the unfinished read.
 */
function fromEarlierVersion(
	{ from, readTo, checkedTo, stopped }: Record<string, unknown>,
	overlapMs: number,
): ReadPosition | undefined {
	if (!isTimestamp(from) || !isTimestamp(readTo) || !isTimestamp(checkedTo)) return undefined;
	if (!isObject(stopped) || !isTimestamp(stopped.at) || !isTimestamp(stopped.readTo)) {
		return { start: Math.max(from, checkedTo - overlapMs), highWaterMark: readTo };
	}
	return {
		start: Math.max(from, stopped.readTo - overlapMs),
		highWaterMark: readTo,
		resume: Math.max(from, stopped.at),
	};
}

/** Version 0.1.0 did not save it. */
function readInFlight(value: unknown, overlapMs: number): InFlight | undefined {
	if (!isObject(value)) return undefined;
	const { seen, at, by } = value;
	const place = readPosition(value.place, overlapMs);
	if (!place || !areSavedKeys(seen) || !isTimestamp(at) || typeof by !== 'string') return undefined;
	return { place, seen, at, by };
}

/** Half of JavaScript's date range, which leaves room for adding days. */
const MAX_TIMESTAMP = 4e15;

const isTimestamp = (value: unknown): value is number =>
	typeof value === 'number' && Math.abs(value) <= MAX_TIMESTAMP;
