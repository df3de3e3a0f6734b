import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { LogMemory } from '../../../../nodes/CobaltTrigger/poll/logMemory.js';
import {
	filterDigest,
	startFromDigest,
} from '../../../../nodes/CobaltTrigger/poll/settingsDigest.js';
import {
	StartPosition,
	type KnownPosition,
	type StartOptions,
} from '../../../../nodes/CobaltTrigger/poll/startPosition.js';
import { LogReader } from '../../../../nodes/shared/events/logReader.js';
import { entries, SimulatedLog, T0 } from '../../../shared/events/simulatedLog.mts';
import { settingsOf } from './setup.mts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The log has ten events, of which the newest is a minute old. */
const NEWEST = T0 + 9_000;
const NOW = NEWEST + MINUTE_MS;

const SEEN = { [T0 / 1000]: 'abcdefghij' };

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

afterEach(() => {
	vi.useRealTimers();
});

interface Given extends Partial<StartOptions> {
	parameters?: IDataObject;
	memory?: LogMemory;
	log?: SimulatedLog;
}

/** Where a poll reads from, and how many requests it took to find out. */
async function findStart({
	parameters,
	memory = {},
	log = new SimulatedLog(entries(10)),
	...options
}: Given) {
	const reader = new LogReader({ send: log.send, query: {}, isRefused: () => false });
	const start = new StartPosition(settingsOf(parameters), memory);
	const places = options.known ? [options.known] : [];
	const cursor = await start.find(reader, { places, isRestart: false, ...options });
	return { ...cursor, requests: log.requests.length };
}

/** A saved position of ten minutes ago, with the settings of `parameters`. */
function knownPosition(
	parameters: IDataObject = {},
	changes: Partial<KnownPosition> = {},
): KnownPosition {
	const settings = settingsOf(parameters);
	const cursor = { start: T0 - 10 * MINUTE_MS, highWaterMark: T0 - 10 * MINUTE_MS, seen: SEEN };
	return {
		origin: 'account',
		mode: settings.mode,
		filter: filterDigest(settings),
		startFrom: startFromDigest(settings),
		cursor,
		isRewound: false,
		...changes,
	};
}

const CREATED = { events: ['appointment.created'] };

describe('without a saved position', () => {
	it('starts at the newest event and remembers it, so that nothing old starts the workflow', async () => {
		const start = await findStart({});
		expect(start).toMatchObject({ start: NEWEST, highWaterMark: NEWEST });
		expect(Object.values(start.seen).join('')).toHaveLength(10);
	});

	it('starts a day ago if the log is empty', async () => {
		const log = new SimulatedLog([]);
		expect(await findStart({ log })).toMatchObject({ start: NOW - 24 * HOUR_MS, seen: {} });
	});

	it('remembers an event dated in the future, without starting there', async () => {
		const future = { id: 'future', timestamp: NOW + 365 * 24 * HOUR_MS };
		const log = new SimulatedLog([...entries(10), future]);
		const start = await findStart({ log });
		expect(start.start).toBe(NEWEST);
		expect(Object.values(start.seen).join('')).toHaveLength(20);
	});

	it('reads the last hour after a restart of n8n, because the trigger was active before', async () => {
		expect(await findStart({ isRestart: true })).toMatchObject({ start: NOW - HOUR_MS, seen: {} });
	});

	it('reads back to the newest event if that is older than an hour', async () => {
		vi.setSystemTime(NEWEST + 3 * HOUR_MS);
		expect(await findStart({ isRestart: true })).toMatchObject({ start: NEWEST });
	});
});

describe('with Start From', () => {
	const parameters = { options: { startFrom: '2025-03-01T00:00:00Z' } };

	it('starts there once, without a request', async () => {
		const start = await findStart({ parameters });
		expect(start).toMatchObject({ start: Date.parse('2025-03-01T00:00:00Z'), requests: 0 });
	});

	it('continues from the saved position when Start From was used before', async () => {
		const known = knownPosition(parameters);
		expect(await findStart({ parameters, known })).toMatchObject(known.cursor);
	});

	it('does not start at Start From again if n8n restarts and has lost the position', async () => {
		const start = await findStart({ parameters, isRestart: true });
		expect(start.start).toBe(NOW - HOUR_MS);
	});
});

describe('with a saved position', () => {
	it('continues from the saved position without a request', async () => {
		const known = knownPosition();
		expect(await findStart({ known })).toEqual({ ...known.cursor, requests: 0 });
	});

	it('goes back by the overlap and the time since the last poll if the filter has changed', async () => {
		const longAgo = T0 - 100 * HOUR_MS;
		const cursor = { start: longAgo, highWaterMark: longAgo, seen: SEEN };
		const known = knownPosition(CREATED, { cursor });
		const memory = { lookedAt: NOW - 5 * MINUTE_MS };
		const parameters = { options: { overlap: 120 } };
		const start = await findStart({ known, memory, parameters });
		expect(start).toMatchObject({ start: NOW - 125 * MINUTE_MS, seen: SEEN });
	});

	it('first finishes a backlog if the filter has changed', async () => {
		const known = knownPosition(CREATED);
		const backlog = { ...known, cursor: { ...known.cursor, resume: T0 - 5 * MINUTE_MS } };
		expect(await findStart({ known: backlog })).toEqual({ ...backlog.cursor, requests: 0 });
	});

	it('goes back to the batch that must be emitted again if the filter has changed', async () => {
		const known = knownPosition(CREATED, { isRewound: true });
		const start = T0 - 20 * HOUR_MS;
		const cursor = { ...known.cursor, start };
		expect((await findStart({ known: { ...known, cursor } })).start).toBe(start);
	});
});

describe('with a gap in the registration', () => {
	const parameters = { mode: 'webhook' };

	it('reads from the beginning of a new gap', async () => {
		const known = knownPosition(parameters);
		const gap = { from: T0 - 2 * HOUR_MS };
		expect(await findStart({ parameters, known, gap })).toMatchObject({
			start: gap.from,
			seen: SEEN,
			requests: 0,
		});
	});

	it('continues within a gap that is already being read', async () => {
		const gap = { from: T0 - 2 * HOUR_MS };
		const known = knownPosition(parameters, { gap });
		expect(await findStart({ parameters, known, gap })).toMatchObject(known.cursor);
	});

	it('reads a gap that began earlier from its earlier beginning', async () => {
		const known = knownPosition(parameters, { gap: { from: T0 - HOUR_MS } });
		const gap = { from: T0 - 2 * HOUR_MS };
		expect((await findStart({ parameters, known, gap })).start).toBe(gap.from);
	});

	it('finishes a backlog that begins before the gap', async () => {
		const known = knownPosition(parameters);
		const backlog = { ...known, cursor: { ...known.cursor, resume: T0 - 3 * HOUR_MS } };
		const gap = { from: T0 - 2 * HOUR_MS };
		expect(await findStart({ parameters, known: backlog, gap })).toMatchObject(backlog.cursor);
	});
});
