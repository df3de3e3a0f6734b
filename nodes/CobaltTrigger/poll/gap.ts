import { CLOCK_SKEW_MS } from '../../shared/events/logTail';
import { isObject } from '../../shared/json';
import { hasBacklog, nextStart, type SavedCursor } from './savedCursor';

/** The longest gap that is read from the log. */
const MAX_GAP_MS = 24 * 60 * 60_000;

/**
 * A time in which a webhook trigger was not registered: while it was changed, deactivated, or switched over from
 * polling. Cobalt does not even try to deliver the events of a gap. Epoch milliseconds.
 */
export interface Gap {
	from: number;
	/** Omitted while it may still go on. */
	until?: number;
}

/** The relevant part of a saved position in the log. */
interface KnownLog {
	mode: string;
	cursor: SavedCursor;
	gap?: Gap;
}

/** What this process knows of its registration at Cobalt: epoch milliseconds. */
interface Registration {
	/** Since when Cobalt does not deliver. */
	gapStart?: number;
	registeredAt?: number;
}

/** The gap that a poll in the mode *Webhook* has to read from the log. */
export function openGap(
	known: KnownLog | undefined,
	{ gapStart, registeredAt }: Registration,
	now: number,
): Gap | undefined {
	const isSwitchedOver = known?.mode === 'polling';
	const isOurs = gapStart !== undefined || isSwitchedOver;
	if (!isOurs && !known?.gap) return undefined;
	const earliest = (registeredAt ?? now) - MAX_GAP_MS - CLOCK_SKEW_MS;
	const uncovered = (gapStart ?? Infinity) - CLOCK_SKEW_MS;
	const begin = isSwitchedOver ? nextStart(known.cursor) : uncovered;
	// A backlog is always read in full.
	const isBacklog = isSwitchedOver && hasBacklog(known.cursor);
	const from = Math.min(
		isBacklog ? begin : Math.max(begin, earliest),
		known?.gap?.from ?? Infinity,
	);
	// A gap of another process ended with that process's registration.
	return isOurs ? { from } : { from, until: known?.gap?.until };
}

/** Whether something happened while nothing was delivered. */
export function isInGap(timestamp: number, { from, until = Infinity }: Gap): boolean {
	return !(timestamp < from) && !(timestamp > until + CLOCK_SKEW_MS);
}

/** @returns undefined for anything but a saved gap */
export function readGap(value: unknown): Gap | undefined {
	if (!isObject(value)) return undefined;
	const { from, until } = value;
	if (!Number.isFinite(from) || !Number.isFinite(until)) return undefined;
	return { from: Number(from), until: Number(until) };
}
