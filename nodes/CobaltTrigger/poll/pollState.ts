import type { IDataObject } from 'n8n-workflow';

import type { LogPosition } from '../../shared/events/logReader';
import { isObject } from '../../shared/json';
import type { TriggerAccount } from '../clinics/accounts';
import { readGap, type Gap } from './gap';
import { readSavedCursor, type SavedCursor } from './savedCursor';

/** A state of any other version is ignored, and polling starts anew. */
const VERSION = 1;

/** More than any log has. */
const MAX_SAVED_PAGE = 1_000_000;

/**
 * Keys in n8n's static data of the node: `one` holds the log of a credential for one clinic, `several` holds
 * the logs of a credential for several, by the ids of their accounts. Only `poll()` writes them.
 */
const KEY = { one: 'log', several: 'logs' };

/** How far the event log has been read, and with which settings. Hashes and times: no secret, no patient data. */
export interface LogState {
	/** Identifies the account of the log. The position is meaningless in another log. */
	origin: string;
	/** Identifies its clinic, in a credential with several. */
	clinicId?: string;
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
	/** In the mode *Webhook*: the open gap, for which all events are read, whatever their delivery status. */
	gap?: Gap;
}

/**
 * Reads back all usable states.
 *
 * @param overlapMs see {@link readSavedCursor}
 */
export function readLogStates(data: IDataObject, overlapMs: number): LogState[] {
	const { [KEY.one]: one, [KEY.several]: several } = data;
	const saved = [one, ...(isObject(several) ? Object.values(several) : [])];
	return saved.flatMap((state) => readLogState(state, overlapMs) ?? []);
}

function readLogState(saved: unknown, overlapMs: number): LogState | undefined {
	if (!isObject(saved) || saved.version !== VERSION) return undefined;
	const { origin, clinicId, mode, filter, startFrom, bookmark, lookedAt } = saved;
	const cursor = readSavedCursor(saved.cursor, overlapMs);
	const isSound = [origin, mode, filter, startFrom].every((text) => typeof text === 'string');
	if (!isSound || !cursor) return undefined;
	return {
		origin: String(origin),
		...(typeof clinicId === 'string' && { clinicId }),
		mode: String(mode),
		filter: String(filter),
		startFrom: String(startFrom),
		cursor,
		bookmark: readLogPosition(bookmark),
		...(typeof lookedAt === 'number' && { lookedAt }),
		gap: readGap(saved.gap),
	};
}

/**
 * Saves the states, and drops those of other logs. n8n only notices a change if a key of the static data gets
 * a new value.
 *
 * @param isMultiple whether the credential is one for several clinics
 */
export function writeLogStates(
	data: IDataObject,
	states: readonly LogState[],
	isMultiple: boolean,
): void {
	const [first] = states;
	if (isMultiple) {
		data[KEY.several] = Object.fromEntries(states.map((state) => [state.origin, saved(state)]));
	} else if (first) {
		data[KEY.one] = saved(first);
	}
	delete data[isMultiple ? KEY.one : KEY.several];
}

/** As plain objects, because n8n saves them as JSON. */
function saved({ bookmark, gap, ...state }: LogState): IDataObject {
	const { inFlight, ...cursor } = state.cursor;
	return {
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

/**
 * The position in the log of an account. A clinic whose access token has been replaced goes on where it was, so
 * that what happened while its login had expired is read.
 */
export function stateOf(
	{ id, clinicId }: Pick<TriggerAccount, 'id' | 'clinicId'>,
	accounts: readonly TriggerAccount[],
	places: readonly LogState[],
): LogState | undefined {
	const own = latestState(places.filter(({ origin }) => origin === id));
	if (own !== undefined || clinicId === undefined) return own;
	const present = new Set(accounts.map((account) => account.id));
	return latestState(
		places.filter((place) => place.clinicId === clinicId && !present.has(place.origin)),
	);
}

/**
 * The latest of several positions in the same log. The static data may be that of an earlier node of the same
 * name, and older than what this process remembers.
 */
function latestState(places: readonly LogState[]): LogState | undefined {
	return places.reduce<LogState | undefined>((best, place) => {
		const isLater = best && (place.lookedAt ?? -Infinity) > (best.lookedAt ?? -Infinity);
		return best === undefined || isLater ? place : best;
	}, undefined);
}
