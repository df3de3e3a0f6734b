import type { IDataObject } from 'n8n-workflow';
import { expect, it } from 'vitest';

import {
	readLogState,
	writeLogState,
	type LogState,
} from '../../../nodes/CobaltTrigger/poll/pollState.js';

const STATE: LogState = {
	origin: 'o',
	filter: 'f',
	startFrom: '',
	mode: 'polling',
	cursor: {
		from: 1,
		readTo: 2,
		checkedTo: 1,
		seen: { 0: 'abcdefghij' },
		stopped: { at: 1, readTo: 2 },
	},
	bookmark: { startDate: '2025-03-10', page: 3, sort: 'created', total: 250 },
};

/** What version 0.1.0 did not write. */
const NEWER: Partial<LogState> = {
	lookedAt: 1_741_618_800_000,
	gap: { from: 5, until: 6 },
	cursor: {
		...STATE.cursor,
		inFlight: { place: { from: 1, readTo: 1, checkedTo: 1 }, seen: { 0: 'k' }, at: 3, by: 'p' },
	},
};

function saved(state: LogState = STATE, changes: IDataObject = {}): LogState | undefined {
	const data: IDataObject = { webhook: { id: '1' } };
	writeLogState(data, state);
	expect(data.webhook).toEqual({ id: '1' });
	const log = { ...(data.log as IDataObject), ...changes };
	return readLogState(JSON.parse(JSON.stringify({ ...data, log })) as IDataObject);
}

it('is read as it was written', () => {
	expect(saved()).toEqual(STATE);
	expect(saved({ ...STATE, ...NEWER })).toEqual({ ...STATE, ...NEWER });
	const { bookmark, ...without } = STATE;
	expect(bookmark).toBeDefined();
	expect(saved(without)).toEqual({ ...without, bookmark: undefined });
});

it('is a new object each time, by which n8n notices that it has changed', () => {
	const data: IDataObject = {};
	writeLogState(data, STATE);
	const first = data.log;
	writeLogState(data, STATE);
	expect(data.log).not.toBe(first);
});

it.each<IDataObject>([
	{ version: 2 },
	{ version: '1' },
	{ origin: 7 },
	{ filter: null },
	{ cursor: null },
	{ cursor: { from: 1 } },
])('is not gone on with: %j', (changes) => {
	expect(saved(STATE, changes)).toBeUndefined();
});

it.each([undefined, null, 'log', 7, []])('is not there: %j', (log) => {
	expect(readLogState({ log })).toBeUndefined();
});

it('is read as version 0.1.0 wrote it', () => {
	const text =
		'{"version":1,"origin":"o","mode":"polling","filter":"f","startFrom":"","bookmark":{"startDate":"2025-03-10","page":3,"sort":"created","total":250},"cursor":{"readTo":2,"checkedTo":1,"stopped":{"at":1,"readTo":2},"from":1,"seen":{"0":"abcdefghij"}}}';
	expect(readLogState({ log: JSON.parse(text) as IDataObject })).toEqual(STATE);
});

it.each<unknown>([null, 'x', {}, { from: 1 }, { from: 1, until: null }])(
	'goes on without a gap that is none: %j',
	(gap) => {
		expect(saved(STATE, { gap } as IDataObject)).toEqual(STATE);
	},
);

it.each<unknown>([
	null,
	'3',
	[],
	{},
	{ startDate: '2025-03-10', page: 0, sort: 'created' },
	{ startDate: '2025-03-10', page: 1.5, sort: 'created' },
	{ startDate: '2025-03-10', page: 1e300, sort: 'created' },
	{ startDate: '2025-03-10', page: '3', sort: 'created' },
	{ startDate: 7, page: 3, sort: 'created' },
])('goes on without a bookmark that is none: %j', (bookmark) => {
	expect(saved(STATE, { bookmark } as IDataObject)).toEqual({ ...STATE, bookmark: undefined });
});
