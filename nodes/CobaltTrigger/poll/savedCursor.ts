import { isObject } from '../../shared/json';

/** How far the log has been read. All moments are epoch milliseconds of Cobalt's clock. */
export interface Place {
	/** Events before this are not read again. */
	from: number;
	/** High-water mark: `created` of the latest event that was read. */
	readTo: number;
	/** `readTo` at the start of the last reading that reached the end of the log. */
	checkedTo: number;
	/** Where a reading stopped before the end, and `readTo` at its start. */
	stopped?: { at: number; readTo: number };
}

/** Dedupe keys of events, concatenated, by the second in which they happened. */
export type Keys = Record<string, string>;

/** The saved form of a cursor: a plain object, because n8n saves it as JSON. */
export interface SavedCursor extends Place {
	/** The events emitted since the overlap began, except those of `inFlight`. */
	seen: Keys;
	inFlight?: InFlight;
}

/**
 * The last batch that was handed over. n8n saves the cursor first and the batch afterwards, and may be killed in
 * between: then the log has to be read again from where it was read for this batch.
 */
export interface InFlight {
	/** Where the cursor stood before. */
	place: Place;
	seen: Keys;
	/** When it was handed over; epoch milliseconds of our clock. */
	at: number;
	/** The process that handed it over. */
	by: string;
}

/** The cursor as if the last batch had never been handed over. */
export function rewind({ inFlight, ...saved }: SavedCursor): SavedCursor {
	return inFlight ? { ...inFlight.place, seen: saved.seen } : saved;
}

/** The cursor once the last batch is known to have arrived. */
export function acknowledge({ inFlight, ...saved }: SavedCursor): SavedCursor {
	if (!inFlight) return saved;
	const seen = { ...saved.seen };
	for (const [second, keys] of Object.entries(inFlight.seen)) {
		seen[second] = (seen[second] ?? '') + keys;
	}
	return { ...saved, seen };
}

/** The moment from which the log has to be read. */
export function startOf({ from, checkedTo, stopped }: Place, overlapMs: number): number {
	return Math.max(from, stopped?.at ?? checkedTo - overlapMs);
}

/** @returns undefined for anything but a saved cursor */
export function readSavedCursor(value: unknown): SavedCursor | undefined {
	if (!isObject(value)) return undefined;
	const place = readPlace(value);
	if (!place || !areKeys(value.seen)) return undefined;
	const inFlight = readInFlight(value.inFlight);
	return { ...place, seen: value.seen, ...(inFlight && { inFlight }) };
}

function readPlace(value: unknown): Place | undefined {
	if (!isObject(value)) return undefined;
	const { from, readTo, checkedTo, stopped } = value;
	if (!isMoment(from) || !isMoment(readTo) || !isMoment(checkedTo)) return undefined;
	return { from, readTo, checkedTo, ...(isStop(stopped) && { stopped }) };
}

/** Version 0.1.0 did not save it. */
function readInFlight(value: unknown): InFlight | undefined {
	if (!isObject(value)) return undefined;
	const { seen, at, by } = value;
	const place = readPlace(value.place);
	if (!place || !areKeys(seen) || !isMoment(at) || typeof by !== 'string') return undefined;
	return { place, seen, at, by };
}

const areKeys = (value: unknown): value is Keys =>
	isObject(value) &&
	Object.entries(value).every(([second, keys]) => isSecond(second) && typeof keys === 'string');

function isStop(value: unknown): value is Place['stopped'] {
	return isObject(value) && isMoment(value.at) && isMoment(value.readTo);
}

/** Half of JavaScript's range of dates, which leaves room for adding days. */
const MAX_TIMESTAMP = 4e15;

const isMoment = (value: unknown): value is number =>
	typeof value === 'number' && Math.abs(value) <= MAX_TIMESTAMP;

const isSecond = (text: string): boolean => /^-?\d{1,13}$/.test(text);
