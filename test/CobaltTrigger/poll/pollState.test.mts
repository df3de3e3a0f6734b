import type { IDataObject } from 'n8n-workflow';
import { expect, it } from 'vitest';

import {
	readLogStates,
	writeLogStates,
	type LogState,
} from '../../../nodes/CobaltTrigger/poll/pollState.js';
import {
	readSavedCursor,
	type ReadPosition,
} from '../../../nodes/CobaltTrigger/poll/savedCursor.js';

const STATE: LogState = {
	origin: 'o',
	filter: 'f',
	startFrom: '',
	mode: 'polling',
	cursor: {
		start: 1,
		highWaterMark: 2,
		seen: { 0: 'abcdefghij' },
		resume: 1,
	},
	bookmark: { startDate: '2025-03-10', page: 3, sort: 'created', total: 250 },
};

/** What version 0.1.0 did not write. */
const NEWER: Partial<LogState> = {
	lookedAt: 1_741_618_800_000,
	gap: { from: 5, until: 6 },
	cursor: {
		...STATE.cursor,
		inFlight: { place: { start: 1, highWaterMark: 1 }, seen: { 0: 'k' }, at: 3, by: 'p' },
	},
};

function saved(state: LogState = STATE, changes: IDataObject = {}): LogState | undefined {
	const data: IDataObject = { webhook: { id: '1' } };
	writeLogStates(data, [state], false);
	expect(data.webhook).toEqual({ id: '1' });
	const log = { ...(data.log as IDataObject), ...changes };
	return readLogStates(JSON.parse(JSON.stringify({ ...data, log })) as IDataObject, 0)[0];
}

it('readLogStates returns what writeLogStates saved', () => {
	expect(saved()).toEqual(STATE);
	expect(saved({ ...STATE, ...NEWER })).toEqual({ ...STATE, ...NEWER });
	const { bookmark, ...without } = STATE;
	expect(bookmark).toBeDefined();
	expect(saved(without)).toEqual({ ...without, bookmark: undefined });
});

it('writeLogStates keeps a state for each clinic of a credential with several, and for none that is not in it anymore', () => {
	const data: IDataObject = {};
	const states = ['a', 'b', 'c'].map((origin) => ({ ...STATE, origin }));
	writeLogStates(data, [STATE], false);
	writeLogStates(data, states, true);
	const read = () => readLogStates(JSON.parse(JSON.stringify(data)) as IDataObject, 0);
	expect(read()).toEqual(states);
	writeLogStates(data, states.slice(1), true);
	expect(read()).toEqual(states.slice(1));
	writeLogStates(data, [STATE], false);
	expect(read()).toEqual([STATE]);
});

it('writeLogStates writes a new object each time, which n8n saves', () => {
	const data: IDataObject = {};
	writeLogStates(data, [STATE], false);
	const first = data.log;
	writeLogStates(data, [STATE], false);
	expect(data.log).not.toBe(first);
});

it.each<IDataObject>([
	{ version: 2 },
	{ version: '1' },
	{ origin: 7 },
	{ filter: null },
	{ cursor: null },
	{ cursor: { from: 1 } },
	{ cursor: { start: 1 } },
])('readLogState refuses a state with %j', (changes) => {
	expect(saved(STATE, changes)).toBeUndefined();
});

it.each([undefined, null, 'log', 7, []])('readLogStates returns nothing for %j', (log) => {
	expect(readLogStates({ log }, 0)).toEqual([]);
});

it('readLogStates reads the state of version 0.1.0', () => {
	const text =
		'{"version":1,"origin":"o","mode":"polling","filter":"f","startFrom":"","bookmark":{"startDate":"2025-03-10","page":3,"sort":"created","total":250},"cursor":{"readTo":2,"checkedTo":1,"stopped":{"at":1,"readTo":2},"from":1,"seen":{"0":"abcdefghij"}}}';
	expect(readLogStates({ log: JSON.parse(text) as IDataObject }, 1)).toEqual([STATE]);
});

const OVERLAP_MS = 600;

/** What earlier versions saved of a position, and where they read on from: now, and once the end is reached. */
const EARLIER: Array<[what: string, saved: string, position: ReadPosition]> = [
	[
		'that has just begun',
		'{"from":1000,"readTo":1000,"checkedTo":1000}',
		{ start: 1000, highWaterMark: 1000 },
	],
	[
		'in the overlap',
		'{"from":1400,"readTo":2200,"checkedTo":2000}',
		{ start: 1400, highWaterMark: 2200 },
	],
	[
		'whose overlap has become shorter since',
		'{"from":900,"readTo":2200,"checkedTo":2000}',
		{ start: 1400, highWaterMark: 2200 },
	],
	[
		'that has yet to be reached',
		'{"from":1400,"readTo":3200,"checkedTo":2000,"stopped":{"at":3200,"readTo":2200}}',
		{ start: 1600, highWaterMark: 3200, resume: 3200 },
	],
	[
		'within the overlap that has yet to be reached',
		'{"from":1400,"readTo":2200,"checkedTo":2000,"stopped":{"at":1500,"readTo":2200}}',
		{ start: 1600, highWaterMark: 2200, resume: 1500 },
	],
	[
		'before the first event remembered',
		'{"from":3000,"readTo":3200,"checkedTo":2000,"stopped":{"at":2900,"readTo":2200}}',
		{ start: 3000, highWaterMark: 3200, resume: 3000 },
	],
];

it.each(EARLIER)('reads on from an end %s as an earlier version did', (_, text, position) => {
	const saved = JSON.parse(text) as IDataObject;
	const inFlight = { place: saved, seen: {}, at: 3, by: 'p' };
	expect(readSavedCursor({ ...saved, seen: {}, inFlight }, OVERLAP_MS)).toEqual({
		...position,
		seen: {},
		inFlight: { ...inFlight, place: position },
	});
});

it.each<unknown>([null, 'x', {}, { from: 1 }, { from: 1, until: null }])(
	'readLogState ignores an invalid gap: %j',
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
])('readLogState ignores an invalid bookmark: %j', (bookmark) => {
	expect(saved(STATE, { bookmark } as IDataObject)).toEqual({ ...STATE, bookmark: undefined });
});
