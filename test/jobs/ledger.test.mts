import { describe, expect, it } from 'vitest';

import { Ledger, type Entry } from '../../dist/nodes/Cobalt/jobs/ledger.js';

const BOOKING = {
	method: 'POST',
	path: '/appointments',
	body: { mrn: '44235', datetime: '2025-03-15T14:00:00-05:00', note: 'Knee pain' },
};

const SUBMITTED: Entry = {
	state: 'submitted',
	receipt: { jobId: '67890', recordId: 'abc123' },
};

/** As n8n saves the context with the execution and reads it back for a retry. */
const saved = (context: Record<string, unknown>) =>
	JSON.parse(JSON.stringify(context)) as Record<string, unknown>;

describe('the key of a submission', () => {
	it('is the same for the same item and request', () => {
		expect(Ledger.key(0, BOOKING)).toBe(Ledger.key(0, structuredClone(BOOKING)));
	});

	it('differs for two equal items, which are two bookings', () => {
		expect(Ledger.key(0, BOOKING)).not.toBe(Ledger.key(1, BOOKING));
		expect(Ledger.key(1, BOOKING)).not.toBe(Ledger.key(11, BOOKING));
	});

	it.each([
		['body', { ...BOOKING, body: { ...BOOKING.body, note: 'Knee pain, left' } }],
		['path', { ...BOOKING, path: '/appointments/1' }],
		['method', { ...BOOKING, method: 'PATCH' }],
	])('differs for an edited %s, which is a new booking', (_, edited) => {
		expect(Ledger.key(0, edited)).not.toBe(Ledger.key(0, BOOKING));
	});

	it('holds no patient data', () => {
		expect(Ledger.key(0, BOOKING)).toMatch(/^0:[0-9a-f]{64}$/);
	});
});

describe('a ledger', () => {
	it('knows nothing at first', () => {
		expect(new Ledger({}, 0).read(Ledger.key(0, BOOKING))).toBeUndefined();
	});

	it.each<Entry>([
		{ state: 'sending' },
		{ state: 'unknown' },
		{ state: 'submitted', receipt: {} },
		{ state: 'completed', receipt: { jobId: '1' } },
		{ state: 'failed', receipt: { jobId: '1', recordId: 'abc123' } },
	])('gives back what was written: %j', (entry) => {
		const ledger = new Ledger({}, 0);
		ledger.write('key', entry);
		expect(ledger.read('key')).toEqual(entry);
	});

	it('forgets one submission alone', () => {
		const ledger = new Ledger({}, 0);
		ledger.write('a', SUBMITTED);
		ledger.write('b', SUBMITTED);
		ledger.forget('a');
		ledger.forget('never written');
		expect(ledger.read('a')).toBeUndefined();
		expect(ledger.read('b')).toEqual(SUBMITTED);
	});

	it('is shared by the tries of one run', () => {
		const context = {};
		new Ledger(context, 3).write('key', SUBMITTED);
		expect(new Ledger(context, 3).read('key')).toEqual(SUBMITTED);
	});

	it('keeps rounds of a loop apart', () => {
		const context = {};
		new Ledger(context, 0).write('key', SUBMITTED);
		expect(new Ledger(context, 1).read('key')).toBeUndefined();
		expect(new Ledger(context, 0).read('key')).toEqual(SUBMITTED);
	});

	it('is found again in a saved execution', () => {
		const context = {};
		new Ledger(context, 12).write('key', SUBMITTED);
		new Ledger(context, 12).write('without ids', {
			state: 'completed',
			receipt: { jobId: undefined },
		});
		const retry = new Ledger(saved(context), 12);
		expect(retry.read('key')).toEqual(SUBMITTED);
		expect(retry.read('without ids')).toEqual({ state: 'completed', receipt: {} });
	});

	it('leaves everything else in the context alone', () => {
		const context = { rounds: 7, options: { done: false } };
		new Ledger(context, 0).write('key', SUBMITTED);
		expect(context).toMatchObject({ rounds: 7, options: { done: false } });
	});

	it('does not grow with the rounds of a loop', () => {
		const context = {};
		const sizeAfter = (rounds: number) => {
			for (let run = 0; run < rounds; run += 1) {
				for (let item = 0; item < 10; item += 1) {
					new Ledger(context, run).write(Ledger.key(item, BOOKING), SUBMITTED);
				}
			}
			return JSON.stringify(context).length;
		};
		expect(sizeAfter(500)).toBeLessThan(1.2 * sizeAfter(30));
	});

	it('still knows the rounds just before', () => {
		const context = {};
		const inRound = (run: number): Entry => ({
			state: 'submitted',
			receipt: { jobId: String(run) },
		});
		for (let run = 0; run < 100; run += 1) new Ledger(context, run).write('key', inRound(run));
		const retry = saved(context);
		for (const run of [99, 98, 90]) {
			expect(new Ledger(retry, run).read('key')).toEqual(inRound(run));
		}
		expect(new Ledger(retry, 0).read('key')).toBeUndefined();
	});
});
