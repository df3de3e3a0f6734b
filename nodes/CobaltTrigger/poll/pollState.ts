import type { IDataObject } from 'n8n-workflow';

import type { LogPosition } from '../../shared/events/logReader';
import { isObject } from '../../shared/json';
import { readGap, type Gap } from './gap';
import { readSavedCursor, type SavedCursor } from './savedCursor';

/** A state of any other version is ignored, and polling starts anew. */
const VERSION = 1;

/** More than any log has. */
const MAX_SAVED_PAGE = 1_000_000;

/** Key in n8n's static data of the node. Only `poll()` writes it. */
const KEY = 'log';

/** How far the event log has been read, and with which settings. Hashes and times: no secret, no patient data. */
export interface LogState {
	/** Identifies the account of the log. In another log, the position is meaningless. */
	origin: string;
	/** Mode of the trigger: in the mode *Webhook*, a poll only reads failed deliveries. */
	mode: string;
	/** See {@link filterDigest}. */
	filter: string;
	/** See {@link startFromDigest}. */
	startFrom: string;
	cursor: SavedCursor;
	bookmark?: LogPosition;
	/** When the poll started: epoch milliseconds of our clock. Version 0.1.0 did not save it. */
	lookedAt?: number;
	/** In the mode *Webhook*: the open gap, during which the log is read whatever was delivered. */
	gap?: Gap;
}

/**
 * Reads the state back.
 *
 * @param overlapMs see {@link readSavedCursor}
 * @returns undefined if there is no usable state
 */
export function readLogState(data: IDataObject, overlapMs: number): LogState | undefined {
	const saved = data[KEY];
	if (!isObject(saved) || saved.version !== VERSION) return undefined;
	const { origin, mode, filter, startFrom, bookmark, lookedAt } = saved;
	const cursor = readSavedCursor(saved.cursor, overlapMs);
	const isSound = [origin, mode, filter, startFrom].every((text) => typeof text === 'string');
	if (!isSound || !cursor) return undefined;
	return {
		origin: String(origin),
		mode: String(mode),
		filter: String(filter),
		startFrom: String(startFrom),
		cursor,
		bookmark: readLogPosition(bookmark),
		...(typeof lookedAt === 'number' && { lookedAt }),
		gap: readGap(saved.gap),
	};
}

/** Saves a state. n8n only notices a change if a key of the static data gets a new value. */
export function writeLogState(data: IDataObject, { bookmark, gap, ...state }: LogState): void {
	const { inFlight, ...cursor } = state.cursor;
	data[KEY] = {
		version: VERSION,
		...state,
		...(bookmark && { bookmark: { ...bookmark } }),
		...(gap && { gap: { ...gap } }),
		cursor: {
			...cursor,
			...(inFlight && { inFlight: { ...inFlight, place: { ...inFlight.place } } }),
		},
	};
}

function readLogPosition(value: unknown): LogPosition | undefined {
	if (!isObject(value)) return undefined;
	const { startDate, page, sort, total } = value;
	const isSound =
		typeof startDate === 'string' &&
		typeof sort === 'string' &&
		Number.isInteger(page) &&
		Number(page) >= 1 &&
		Number(page) <= MAX_SAVED_PAGE;
	if (!isSound) return undefined;
	return { startDate, page: Number(page), sort, ...(typeof total === 'number' && { total }) };
}
