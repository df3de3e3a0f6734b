import { CLOCK_SKEW_MS } from '../../shared/events/logTail';
import { isObject } from '../../shared/json';
import { startOf, type SavedCursor } from './savedCursor';

/** How long a time in which Cobalt did not deliver is made up for. */
const MAX_GAP_MS = 24 * 60 * 60_000;

/**
 * A time in which a trigger was registered nowhere: while it is changed, switched over from polling or
 * deactivated. Cobalt does not even try to deliver what happens then. Epoch milliseconds.
 */
export interface Gap {
	from: number;
	/** Left out while it is not sure that it is over. */
	until?: number;
}

/** How far the log had been read, as far as it matters here. */
interface KnownLog {
	mode: string;
	cursor: SavedCursor;
	gap?: Gap;
}

/** What this process knows of its registration at Cobalt: epoch milliseconds. */
interface Registration {
	/** Since when Cobalt has not delivered. */
	gapStart?: number;
	registeredAt?: number;
}

/** The gap that a poll in the mode *Webhook* has to make up for. */
export function openGap(
	known: KnownLog | undefined,
	{ gapStart, registeredAt }: Registration,
	{ now, overlapMs }: { now: number; overlapMs: number },
): Gap | undefined {
	const isSwitchedOver = known?.mode === 'polling';
	const isOurs = gapStart !== undefined || isSwitchedOver;
	if (!isOurs && !known?.gap) return undefined;
	const earliest = (registeredAt ?? now) - MAX_GAP_MS - CLOCK_SKEW_MS;
	const uncovered = (gapStart ?? Infinity) - CLOCK_SKEW_MS;
	const begin = isSwitchedOver ? startOf(known.cursor, overlapMs) : uncovered;
	// A backlog is never cut off.
	const isBacklog = isSwitchedOver && known.cursor.stopped !== undefined;
	const from = Math.min(
		isBacklog ? begin : Math.max(begin, earliest),
		known?.gap?.from ?? Infinity,
	);
	// What another process left open ended with that process' registration.
	return isOurs ? { from } : { from, until: known?.gap?.until };
}

/** Whether something happened while nothing was delivered. */
export function isInGap(moment: number, { from, until = Infinity }: Gap): boolean {
	return !(moment < from) && !(moment > until + CLOCK_SKEW_MS);
}

/** @returns undefined for anything that is no gap */
export function readGap(value: unknown): Gap | undefined {
	if (!isObject(value)) return undefined;
	const { from, until } = value;
	if (!Number.isFinite(from) || !Number.isFinite(until)) return undefined;
	return { from: Number(from), until: Number(until) };
}
