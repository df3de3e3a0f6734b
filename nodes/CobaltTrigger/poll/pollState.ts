import type { IDataObject } from 'n8n-workflow';

import type { LogPosition } from '../../shared/events/logReader';
import { isObject } from '../../shared/json';
import { readGap, type Gap } from './gap';
import { readSavedCursor, type SavedCursor } from './savedCursor';

/** Of another form than this: begun anew. */
const VERSION = 1;

/** More than any log has. */
const MAX_SAVED_PAGE = 1_000_000;

/** Where it is in n8n's static data of the node. Written in `poll()` and nowhere else. */
const KEY = 'log';

/** How far the event log has been read, and for what. Digests and times: no secret, no patient data. */
export interface LogState {
	/** A digest of what the log belongs to: another one makes the place in it meaningless. */
	origin: string;
	/** Of the trigger: a look in the mode *Webhook* reads failed deliveries alone. */
	mode: string;
	/** A digest of what is looked for. */
	filter: string;
	/** A digest of the moment from which on it was wanted, as it was entered; empty for none. */
	startFrom: string;
	cursor: SavedCursor;
	bookmark?: LogPosition;
	/** When the look began that came so far: epoch milliseconds of our clock. Version 0.1.0 did not say. */
	lookedAt?: number;
	/** In the mode *Webhook*: what is made up for. Until it is over, the log is read whatever was delivered. */
	gap?: Gap;
}

/** @returns undefined where there is none that can be gone on with */
export function readLogState(data: IDataObject): LogState | undefined {
	const saved = data[KEY];
	if (!isObject(saved) || saved.version !== VERSION) return undefined;
	const { origin, mode, filter, startFrom, bookmark, lookedAt } = saved;
	const cursor = readSavedCursor(saved.cursor);
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

/** n8n notices a change only where a key of the static data gets a new value. */
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
