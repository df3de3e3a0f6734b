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
	sentAt: 1_741_608_000_000,
};

/** As n8n saves the context with the execution and reads it back for a retry. */
const saved = (context: Record<string, unknown>) =>
	JSON.parse(JSON.stringify(context)) as Record<string, unknown>;

const SET_UP = [{ resource: 'appointment', operation: 'create' }, { mrn: '44235' }];

const KEYS = ['set-up', 'request'];

describe('the keys of a submission', () => {
	const keyOf = (itemIndex: number, content: unknown) => Ledger.keys(itemIndex, content)[0];

	it('are the same for the same item and contents', () => {
		expect(Ledger.keys(0, SET_UP, BOOKING)).toEqual(
			Ledger.keys(0, structuredClone(SET_UP), structuredClone(BOOKING)),
		);
	});

	it('are one for each of its contents, whatever the others are', () => {
		const keys = Ledger.keys(0, SET_UP, BOOKING);
		expect(keys).toEqual([keyOf(0, SET_UP), keyOf(0, BOOKING)]);
		expect(new Set(keys).size).toBe(2);
		expect(Ledger.keys(0)).toEqual([]);
	});

	it('differ for two equal items, which are two bookings', () => {
		expect(keyOf(0, BOOKING)).not.toBe(keyOf(1, BOOKING));
		expect(keyOf(1, BOOKING)).not.toBe(keyOf(11, BOOKING));
	});

	it.each([
		['body', { ...BOOKING, body: { ...BOOKING.body, note: 'Knee pain, left' } }],
		['path', { ...BOOKING, path: '/appointments/1' }],
		['method', { ...BOOKING, method: 'PATCH' }],
	])('differ for an edited %s, which is a new booking', (_, edited) => {
		expect(keyOf(0, edited)).not.toBe(keyOf(0, BOOKING));
	});

	it('hold no patient data', () => {
		for (const key of Ledger.keys(0, SET_UP, BOOKING)) expect(key).toMatch(/^0:[0-9a-f]{24}$/);
	});
});

describe('a ledger', () => {
	it('knows nothing at first', () => {
		expect(new Ledger({}, 0).read(Ledger.keys(0, SET_UP, BOOKING))).toBeUndefined();
	});

	it.each<Entry>([
		{ state: 'sending', sentAt: 1 },
		{ state: 'unknown', reason: 'Cobalt did not answer within 60 seconds', sentAt: 1 },
		{ state: 'unknown', reason: 'an earlier execution may have sent the same' },
		{ state: 'submitted', receipt: {}, sentAt: 1 },
		{ state: 'completed', receipt: { jobId: '1' }, sentAt: 1 },
		{ state: 'failed', receipt: { jobId: '1', recordId: 'abc123' }, sentAt: 1 },
	])('gives back what was written, also after it was saved: %j', (entry) => {
		const context = {};
		const ledger = new Ledger(context, 0);
		ledger.write(KEYS, entry);
		expect(ledger.read(KEYS)).toEqual(entry);
		expect(new Ledger(saved(context), 0).read(KEYS)).toEqual(entry);
	});

	it('knows a submission by any of its keys', () => {
		const ledger = new Ledger({}, 0);
		ledger.write(KEYS, SUBMITTED);
		expect(ledger.read(['request'])).toEqual(SUBMITTED);
		expect(ledger.read(['set-up'])).toEqual(SUBMITTED);
		// An expression such as $now gives another request on each try.
		expect(ledger.read(['set-up', 'another request'])).toEqual(SUBMITTED);
		// The node was edited without changing what is sent.
		expect(ledger.read(['another set-up', 'request'])).toEqual(SUBMITTED);
		expect(ledger.read(['another set-up', 'another request'])).toBeUndefined();
		expect(ledger.read([])).toBeUndefined();
	});

	it('knows by every key how far a submission has come, also after it was saved', () => {
		const context = {};
		new Ledger(context, 0).write(KEYS, SUBMITTED);
		const completed: Entry = { ...SUBMITTED, state: 'completed' };
		const retry = saved(context);
		new Ledger(retry, 0).write(KEYS, completed);
		for (const later of [retry, saved(retry)]) {
			for (const key of KEYS) expect(new Ledger(later, 0).read([key])).toEqual(completed);
		}
	});

	it('knows a submission by a key that it was given later', () => {
		const ledger = new Ledger({}, 0);
		ledger.write(KEYS, SUBMITTED);
		ledger.write(['another set-up', 'request'], SUBMITTED);
		expect(ledger.read(['another set-up', 'another request'])).toEqual(SUBMITTED);
	});

	it('forgets a submission by all of its keys, also after it was saved', () => {
		const context = {};
		new Ledger(context, 0).write(KEYS, { state: 'sending', sentAt: 1 });
		const retry = new Ledger(saved(context), 0);
		retry.forget(KEYS);
		for (const key of KEYS) expect(retry.read([key])).toBeUndefined();
	});

	it('forgets one submission alone', () => {
		const ledger = new Ledger({}, 0);
		ledger.write(['a'], SUBMITTED);
		ledger.write(['b'], SUBMITTED);
		ledger.forget(['a']);
		ledger.forget(['never written']);
		expect(ledger.read(['a'])).toBeUndefined();
		expect(ledger.read(['b'])).toEqual(SUBMITTED);
	});

	it('is shared by the tries of one run', () => {
		const context = {};
		new Ledger(context, 3).write(KEYS, SUBMITTED);
		expect(new Ledger(context, 3).read(KEYS)).toEqual(SUBMITTED);
	});

	it('keeps rounds of a loop apart', () => {
		const context = {};
		new Ledger(context, 0).write(KEYS, SUBMITTED);
		expect(new Ledger(context, 1).read(KEYS)).toBeUndefined();
		expect(new Ledger(context, 0).read(KEYS)).toEqual(SUBMITTED);
	});

	it('is found again in a saved execution', () => {
		const context = {};
		new Ledger(context, 12).write(KEYS, SUBMITTED);
		new Ledger(context, 12).write(['without ids'], {
			state: 'completed',
			receipt: { jobId: undefined },
			sentAt: 1,
		});
		const retry = new Ledger(saved(context), 12);
		expect(retry.read(KEYS)).toEqual(SUBMITTED);
		expect(retry.read(['without ids'])).toEqual({
			state: 'completed',
			receipt: {},
			sentAt: 1,
		});
	});

	it('leaves everything else in the context alone', () => {
		const context = { rounds: 7, options: { done: false } };
		new Ledger(context, 0).write(KEYS, SUBMITTED);
		expect(context).toMatchObject({ rounds: 7, options: { done: false } });
	});

	it('does not grow with the rounds of a loop', () => {
		const context = {};
		const sizeAfter = (rounds: number) => {
			for (let run = 0; run < rounds; run += 1) {
				for (let item = 0; item < 10; item += 1) {
					new Ledger(context, run).write(Ledger.keys(item, SET_UP, BOOKING), SUBMITTED);
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
			sentAt: run,
		});
		for (let run = 0; run < 100; run += 1) new Ledger(context, run).write(KEYS, inRound(run));
		const retry = saved(context);
		for (const run of [99, 98, 90]) {
			expect(new Ledger(retry, run).read(KEYS)).toEqual(inRound(run));
		}
		expect(new Ledger(retry, 0).read(KEYS)).toBeUndefined();
	});
});

describe('what is known of all runs', () => {
	it('is nothing in the first try, and something from then on', () => {
		const context = {};
		expect(new Ledger(context, 0).isFirst).toBe(true);
		expect(new Ledger(context, 0).isFirst).toBe(false);
		expect(new Ledger(context, 1).isFirst).toBe(false);
		expect(new Ledger(saved(context), 0).isFirst).toBe(false);
		expect(new Ledger({ rounds: 7 }, 0).isFirst).toBe(true);
	});

	it.each(['submitted', 'completed', 'failed'] as const)(
		'are the records of what was %s, in whatever run, also after it was saved',
		(state) => {
			const context = {};
			const entry: Entry = { state, receipt: { jobId: '1', recordId: 'abc123' }, sentAt: 1 };
			new Ledger(context, 3).write(KEYS, entry);
			for (const run of [3, 4, 0]) {
				expect(new Ledger(saved(context), run).hasRecord('abc123')).toBe(true);
				expect(new Ledger(saved(context), run).hasRecord('abc')).toBe(false);
				expect(new Ledger(saved(context), run).hasRecord('1')).toBe(false);
			}
		},
	);

	it('are no records of what is unknown, under way or forgotten', () => {
		const ledger = new Ledger({}, 0);
		expect(ledger.hasRecord('abc123')).toBe(false);
		ledger.write(['a'], { state: 'sending', sentAt: 1 });
		ledger.write(['b'], { state: 'unknown', reason: 'abc123', sentAt: 1 });
		ledger.write(['c'], { state: 'submitted', receipt: { jobId: '1' }, sentAt: 1 });
		ledger.write(['d'], SUBMITTED);
		expect(ledger.hasRecord('abc123')).toBe(true);
		ledger.forget(['d']);
		expect(ledger.hasRecord('abc123')).toBe(false);
		expect(ledger.hasRecord('undefined')).toBe(false);
	});

	it('are no records of rounds that are long over', () => {
		const context = {};
		new Ledger(context, 0).write(KEYS, SUBMITTED);
		expect(new Ledger(context, 19).hasRecord('abc123')).toBe(true);
		expect(new Ledger(context, 20).hasRecord('abc123')).toBe(false);
	});
});
