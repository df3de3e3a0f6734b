import { describe, expect, it } from 'vitest';

import { submitOnce } from '../../../nodes/Cobalt/submissions/submission.js';
import { SubmissionStore, type Entry } from '../../../nodes/Cobalt/submissions/submissionStore.js';
import { RateLimit, RateLimiter } from '../../../nodes/shared/retry/rateLimiter.js';
import { FailedRequest } from '../../shared/retry/failedRequest.mts';
import { VirtualClock } from '../../shared/virtualClock.mts';

const REFUSED = new FailedRequest({ message: 'Refused', mayBeAccepted: false, isTransient: false });
const UNKNOWN = new FailedRequest({ message: 'Broke off', mayBeAccepted: true, isTransient: true });
const UNREACHABLE = new FailedRequest({
	message: 'No connection',
	mayBeAccepted: false,
	isTransient: true,
});
const slowDown = (retryAfterMs?: number) =>
	new FailedRequest({
		message: 'Slow down',
		mayBeAccepted: false,
		isTransient: true,
		isRateLimited: true,
		retryAfterMs,
	});

const KEY = '0';

const ACCEPTED = { job_id: '67890' };
const FAILED: Entry = { state: 'failed', receipt: { jobId: '1' }, sentAt: -5_000 };
const RECEIPT = { jobId: '67890', recordId: 'abc123' };

/** Submits to a server that gives these answers, one for each request. */
function submission(
	responses: Array<typeof ACCEPTED | Error>,
	entry?: Entry,
	store = new SubmissionStore({}, 0),
) {
	const clock = new VirtualClock();
	const controller = new AbortController();
	const { signal } = controller;
	const rateLimiter = new RateLimiter({ limit: new RateLimit(clock), signal });
	if (entry) store.write(KEY, entry);
	/** When each request was sent, and what the store held while it was on its way. */
	const sent: Array<{ at: number; entry?: Entry }> = [];
	const work = async () =>
		await submitOnce({
			store,
			key: KEY,
			send: async () => {
				const answer = responses[sent.length] ?? new Error('Sent too often');
				sent.push({ at: clock.now(), entry: store.read(KEY) });
				await Promise.resolve();
				if (answer instanceof Error) throw answer;
				return answer;
			},
			receiptOf: ({ job_id }) => ({ jobId: job_id, recordId: 'abc123' }),
			clock,
			rateLimiter,
			signal,
		});
	return {
		clock,
		controller,
		rateLimiter,
		store,
		run: async () => await clock.run(work()),
		times: () => sent.map(({ at }) => at),
		entries: () => sent.map((request) => request.entry),
		states: () => sent.map((request) => request.entry?.state),
	};
}

describe('a submission', () => {
	it('stores an entry before and after an accepted submission', async () => {
		const { run, store, times, entries } = submission([ACCEPTED]);
		expect(await run()).toEqual({
			status: 'accepted',
			receipt: RECEIPT,
			sentAt: 0,
			response: ACCEPTED,
			isReused: false,
		});
		expect(times()).toEqual([0]);
		expect(entries()).toEqual([{ state: 'sending', sentAt: 0 }]);
		expect(store.read(KEY)).toEqual({ state: 'submitted', receipt: RECEIPT, sentAt: 0 });
	});

	it('rejects at once an error that another attempt would not help', async () => {
		const { run, store, times } = submission([REFUSED]);
		expect(await run()).toEqual({ status: 'rejected', error: REFUSED });
		expect(times()).toEqual([0]);
		expect(store.read(KEY)).toBeUndefined();
	});

	it.each([
		['Cobalt may have accepted it', UNKNOWN, 'Broke off'],
		[
			'something else was thrown',
			Object.assign(new TypeError('x is not a function'), { stack: '' }),
			'something unexpected happened in the node (TypeError)',
		],
	])('is unknown and not sent again when %s', async (_, error, reason) => {
		const { run, store, times } = submission([error]);
		expect(await run()).toEqual({ status: 'unknown', reason, sentAt: 0, error });
		expect(times()).toEqual([0]);
		expect(store.read(KEY)).toEqual({ state: 'unknown', reason, sentAt: 0 });
	});

	it('keeps the messages of unknown errors, which may have patient data, out of the store', async () => {
		const { run, store } = submission([new Error('Jane Doe, 1980-05-17')]);
		await run();
		expect(JSON.stringify(store.read(KEY))).not.toContain('Jane');
	});

	it.each([undefined, FAILED])('sends nothing in a cancelled run: %j', async (entry) => {
		const { run, controller, store, times } = submission([ACCEPTED], entry);
		controller.abort();
		expect(await run()).toEqual({ status: 'cancelled' });
		expect(times()).toEqual([]);
		expect(store.read(KEY)).toEqual(entry);
	});

	it('is unknown when its response cannot be read', async () => {
		const store = new SubmissionStore({}, 0);
		const clock = new VirtualClock();
		const { signal } = new AbortController();
		const error = new TypeError('Not what was expected');
		const result = await submitOnce({
			store,
			key: KEY,
			send: async () => Promise.resolve({}),
			receiptOf: () => {
				throw error;
			},
			clock,
			rateLimiter: new RateLimiter({ limit: new RateLimit(clock), signal }),
			signal,
		});
		const reason = expect.stringContaining('something unexpected happened in the node') as string;
		expect(result).toEqual({ status: 'unknown', reason, sentAt: 0, error });
		expect(store.read(KEY)).toEqual({ state: 'unknown', reason, sentAt: 0 });
	});
});

describe('a submission that Cobalt certainly did not accept', () => {
	it('sends a submission again after the time that Cobalt asked for', async () => {
		const { run, store, times, states } = submission([slowDown(7_000), slowDown(5_000), ACCEPTED]);
		expect(await run()).toMatchObject({ status: 'accepted', isReused: false });
		expect(times()).toEqual([0, 7_000, 12_000]);
		expect(states()).toEqual(['sending', 'sending', 'sending']);
		expect(store.read(KEY)).toMatchObject({ state: 'submitted' });
	});

	it.each([
		['Cobalt named no time', slowDown()],
		['Cobalt named no time to wait', slowDown(0)],
		['no connection was made', UNREACHABLE],
	])('doubles the pauses between attempts when %s', async (_, error) => {
		const { run, times } = submission([error, error, error, ACCEPTED]);
		expect(await run()).toMatchObject({ status: 'accepted' });
		expect(times()).toEqual([0, 1_000, 3_000, 7_000]);
	});

	it('waits for at least a second when Cobalt names a very short time', async () => {
		const { run, times } = submission([slowDown(10), slowDown(999), slowDown(1), ACCEPTED]);
		expect(await run()).toMatchObject({ status: 'accepted' });
		expect(times()).toEqual([0, 1_000, 2_000, 3_000]);
	});

	it("waits for the longer of its own pause and Cobalt's", async () => {
		const { run, times } = submission([slowDown(0), slowDown(9_000), slowDown(0), ACCEPTED]);
		expect(await run()).toMatchObject({ status: 'accepted' });
		expect(times()).toEqual([0, 1_000, 10_000, 14_000]);
	});

	it.each([
		['3 times at most when it does not reach Cobalt', UNREACHABLE, [0, 1, 3, 7]],
		['for a minute at most when Cobalt names no time', slowDown(), [0, 1, 3, 7, 15, 31, 47]],
		[
			'for a minute at most when Cobalt names no time to wait',
			slowDown(0),
			[0, 1, 3, 7, 15, 31, 47],
		],
		['for a minute at most when Cobalt names a time', slowDown(25_000), [0, 25, 50]],
		['once when Cobalt names a minute', slowDown(60_000), [0, 60]],
		['20 times at most when Cobalt names a second', slowDown(1_000), [...Array(21).keys()]],
	])('sends a submission again %s', async (_, error, seconds) => {
		const errors = Array<Error>(seconds.length).fill(error);
		const { run, store, clock, times } = submission([...errors, ACCEPTED]);
		expect(await run()).toEqual({ status: 'rejected', error });
		expect(times()).toEqual(seconds.map((second) => second * 1_000));
		expect(clock.now()).toBe(times().at(-1));
		expect(store.read(KEY)).toBeUndefined();
	});

	it('has no entry in the store between two attempts', async () => {
		const { run, clock, store } = submission([slowDown(10_000), ACCEPTED]);
		let between: Entry | undefined = FAILED;
		clock.at(5_000, () => (between = store.read(KEY)));
		await run();
		expect(between).toBeUndefined();
	});

	it('stores the time of the last attempt', async () => {
		const { run, store } = submission([slowDown(7_000), ACCEPTED]);
		expect(await run()).toMatchObject({ status: 'accepted', sentAt: 7_000 });
		expect(store.read(KEY)).toMatchObject({ state: 'submitted', sentAt: 7_000 });
	});

	it('removes the entry of a rejected submission', async () => {
		const { run, store } = submission([REFUSED]);
		await run();
		expect(store.read(KEY)).toBeUndefined();
	});

	it('stays unknown when Cobalt may have accepted a later attempt', async () => {
		const { run, store, times } = submission([slowDown(1_000), UNKNOWN, ACCEPTED]);
		expect(await run()).toMatchObject({ status: 'unknown', reason: 'Broke off', error: UNKNOWN });
		expect(times()).toHaveLength(2);
		expect(store.read(KEY)).toEqual({ state: 'unknown', reason: 'Broke off', sentAt: 1_000 });
	});

	it('waits for up to a minute', async () => {
		const patient = submission([slowDown(60_000), ACCEPTED]);
		expect(await patient.run()).toMatchObject({ status: 'accepted' });
		const error = slowDown(60_001);
		const { run, clock, times } = submission([error, ACCEPTED]);
		expect(await run()).toEqual({ status: 'rejected', error });
		expect(times()).toEqual([0]);
		expect(clock.now()).toBe(0);
	});

	it('sends nothing more when the execution is cancelled during a pause', async () => {
		const { run, clock, controller, store, times } = submission([slowDown(30_000), ACCEPTED]);
		clock.at(2_000, () => {
			controller.abort();
		});
		expect(await run()).toEqual({ status: 'cancelled' });
		expect(times()).toEqual([0]);
		expect(clock.now()).toBe(2_000);
		expect(store.read(KEY)).toBeUndefined();
	});
});

describe('a submission of a run that Cobalt asks to slow down', () => {
	/** Another request of the run was told so. */
	const held = async (retryAfterMs: number, entry?: Entry) => {
		const given = submission([ACCEPTED], entry);
		const error = slowDown(retryAfterMs);
		await given.rateLimiter.track(Promise.reject(error)).catch(() => undefined);
		return { ...given, error };
	};

	it('sends nothing before the pause of another request is over', async () => {
		const { run, times } = await held(20_000);
		expect(await run()).toMatchObject({ status: 'accepted', sentAt: 20_000, isReused: false });
		expect(times()).toEqual([20_000]);
	});

	it('waits for the longer pause of another request between its attempts', async () => {
		const { run, rateLimiter, clock, times } = submission([slowDown(2_000), ACCEPTED]);
		clock.at(1_000, () => {
			rateLimiter.track(Promise.reject(slowDown(9_000))).catch(() => undefined);
		});
		await run();
		expect(times()).toEqual([0, 10_000]);
	});

	it.each([undefined, FAILED])(
		'rejects without a request when the pause is over a minute: %j',
		async (entry) => {
			const { run, error, store, times, clock } = await held(60_001, entry);
			expect(await run()).toEqual({ status: 'rejected', error });
			expect(times()).toEqual([]);
			expect(store.read(KEY)).toEqual(entry);
			expect(clock.now()).toBe(0);
		},
	);

	it.each([30_000, 300_000])(
		'sends nothing when the run is cancelled before it waits %i ms',
		async (holdMs) => {
			const { run, controller, store, times } = await held(holdMs, FAILED);
			controller.abort();
			expect(await run()).toEqual({ status: 'cancelled' });
			expect(times()).toEqual([]);
			expect(store.read(KEY)).toEqual(FAILED);
		},
	);

	it('sends nothing when the run is cancelled while it waits', async () => {
		const { run, clock, controller, store, times } = await held(30_000);
		clock.at(12_000, () => {
			controller.abort();
		});
		expect(await run()).toEqual({ status: 'cancelled' });
		expect(clock.now()).toBe(12_000);
		expect(times()).toEqual([]);
		expect(store.read(KEY)).toBeUndefined();
	});

	it('reuses an earlier submission without waiting', async () => {
		const entry: Entry = { state: 'submitted', receipt: RECEIPT, sentAt: -5_000 };
		const { run, clock } = await held(30_000, entry);
		expect(await run()).toMatchObject({ status: 'accepted', isReused: true });
		expect(clock.now()).toBe(0);
	});

	it('holds back other requests when Cobalt asks for more than a minute', async () => {
		const error = slowDown(90_000);
		const { run, rateLimiter } = submission([error]);
		expect(await run()).toEqual({ status: 'rejected', error });
		expect(rateLimiter.remainingMs).toBe(90_000);
		expect(rateLimiter.rejectionError).toBe(error);
	});
});

describe('a submission of an earlier try', () => {
	it.each(['submitted', 'completed'] as const)('reuses a submission that was %s', async (state) => {
		const entry: Entry = { state, receipt: RECEIPT, sentAt: -5_000 };
		const { run, store, times } = submission([ACCEPTED], entry);
		const result = await run();
		expect(result).toEqual({
			status: 'accepted',
			receipt: RECEIPT,
			sentAt: -5_000,
			isReused: true,
		});
		expect(result).not.toHaveProperty('response');
		expect(times()).toEqual([]);
		expect(store.read(KEY)).toEqual(entry);
	});

	it.each<[string, Entry, string]>([
		['cut off', { state: 'sending', sentAt: -5_000 }, 'an earlier attempt was interrupted'],
		['unknown', { state: 'unknown', reason: 'Broke off', sentAt: -5_000 }, 'Broke off'],
		['sent by another execution', { state: 'unknown', reason: 'Lost' }, 'Lost'],
	])('does not send a submission again that was %s, and says why', async (_, entry, reason) => {
		const { run, store, times } = submission([ACCEPTED], entry);
		const unknown = { status: 'unknown', reason, sentAt: entry.sentAt };
		expect(await run()).toEqual(unknown);
		expect(await run()).toEqual(unknown);
		expect(times()).toEqual([]);
		expect(['sending', 'unknown']).toContain(store.read(KEY)?.state);
	});

	it('returns the same reason on every try', async () => {
		const { run, times } = submission([UNKNOWN, ACCEPTED]);
		expect(await run()).toMatchObject({ status: 'unknown', reason: 'Broke off' });
		expect(await run()).toEqual({ status: 'unknown', reason: 'Broke off', sentAt: 0 });
		expect(times()).toEqual([0]);
	});

	it('reuses an earlier submission in a cancelled run', async () => {
		const { run, controller } = submission([], {
			state: 'submitted',
			receipt: RECEIPT,
			sentAt: 0,
		});
		controller.abort();
		expect(await run()).toMatchObject({ status: 'accepted', isReused: true });
	});

	it('sends a submission again that Cobalt has confirmed as failed', async () => {
		const { run, store, states } = submission([ACCEPTED], FAILED);
		expect(await run()).toMatchObject({ status: 'accepted', receipt: RECEIPT, isReused: false });
		expect(states()).toEqual(['sending']);
		expect(store.read(KEY)).toEqual({ state: 'submitted', receipt: RECEIPT, sentAt: 0 });
	});
});
