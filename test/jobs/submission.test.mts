import { describe, expect, it } from 'vitest';

import { Ledger, type Entry } from '../../dist/nodes/Cobalt/jobs/ledger.js';
import { submitOnce, type SubmissionRisk } from '../../dist/nodes/Cobalt/jobs/submission.js';
import { VirtualClock } from './virtualClock.mts';

class RequestError extends Error {
	constructor(readonly risk: SubmissionRisk) {
		super('Not accepted');
	}
}

const REFUSED = new RequestError({ mayBeAccepted: false, passing: false });
const UNKNOWN = new RequestError({ mayBeAccepted: true, passing: true });
const UNREACHABLE = new RequestError({ mayBeAccepted: false, passing: true });
const slowDown = (retryAfterMs?: number) =>
	new RequestError({ mayBeAccepted: false, passing: true, retryAfterMs });

const ACCEPTED = { job_id: '67890' };
const FAILED: Entry = { state: 'failed', receipt: { jobId: '1' } };
const RECEIPT = { jobId: '67890', recordId: 'abc123' };

/** Submits to a server that gives these answers, one for each request. */
function submission(answers: Array<typeof ACCEPTED | Error>, entry?: Entry) {
	const clock = new VirtualClock();
	const controller = new AbortController();
	const ledger = new Ledger({}, 0);
	if (entry) ledger.write('key', entry);
	/** When each request was sent, and what the ledger held while it was on its way. */
	const sent: Array<{ at: number; state?: string }> = [];
	const work = async () =>
		await submitOnce({
			ledger,
			key: 'key',
			send: async () => {
				const answer = answers[sent.length] ?? new Error('Sent too often');
				sent.push({ at: clock.now(), state: ledger.read('key')?.state });
				await Promise.resolve();
				if (answer instanceof Error) throw answer;
				return answer;
			},
			receiptOf: ({ job_id }) => ({ jobId: job_id, recordId: 'abc123' }),
			riskOf: (error) => (error instanceof RequestError ? error.risk : undefined),
			clock,
			isHalted: () => controller.signal.aborted,
			signal: controller.signal,
		});
	return {
		clock,
		controller,
		ledger,
		run: async () => await clock.run(work()),
		times: () => sent.map(({ at }) => at),
		states: () => sent.map(({ state }) => state),
	};
}

describe('a submission', () => {
	it('is accepted, and entered into the ledger before and after', async () => {
		const { run, ledger, times, states } = submission([ACCEPTED]);
		expect(await run()).toEqual({
			state: 'accepted',
			receipt: RECEIPT,
			answer: ACCEPTED,
			reused: false,
		});
		expect(times()).toEqual([0]);
		expect(states()).toEqual(['sending']);
		expect(ledger.read('key')).toEqual({ state: 'submitted', receipt: RECEIPT });
	});

	it('is refused at once when sending it again would not help', async () => {
		const { run, ledger, times } = submission([REFUSED]);
		expect(await run()).toEqual({ state: 'refused', error: REFUSED });
		expect(times()).toEqual([0]);
		expect(ledger.read('key')).toBeUndefined();
	});

	it.each([
		['Cobalt may have taken it', UNKNOWN],
		['something else was thrown', new TypeError('x is not a function')],
	])('is unknown and not sent again when %s', async (_, error) => {
		const { run, ledger, times } = submission([error]);
		expect(await run()).toEqual({ state: 'unknown', error });
		expect(times()).toEqual([0]);
		expect(ledger.read('key')).toEqual({ state: 'unknown' });
	});

	it.each([undefined, FAILED])('is not sent when the run was halted before', async (entry) => {
		const { run, controller, ledger, times } = submission([ACCEPTED], entry);
		controller.abort();
		expect(await run()).toEqual({ state: 'halted' });
		expect(times()).toEqual([]);
		expect(ledger.read('key')).toEqual(entry);
	});

	it('is unknown when its answer cannot be read', async () => {
		const ledger = new Ledger({}, 0);
		const error = new TypeError('Not what was expected');
		const result = await submitOnce({
			ledger,
			key: 'key',
			send: async () => Promise.resolve({}),
			receiptOf: () => {
				throw error;
			},
			riskOf: () => undefined,
			clock: new VirtualClock(),
			isHalted: () => false,
		});
		expect(result).toEqual({ state: 'unknown', error });
		expect(ledger.read('key')).toEqual({ state: 'unknown' });
	});
});

describe('a submission that was certainly not taken', () => {
	it('is sent again after the time that Cobalt asked for', async () => {
		const { run, ledger, times, states } = submission([slowDown(7_000), slowDown(0), ACCEPTED]);
		expect(await run()).toMatchObject({ state: 'accepted', reused: false });
		expect(times()).toEqual([0, 7_000, 7_000]);
		expect(states()).toEqual(['sending', 'sending', 'sending']);
		expect(ledger.read('key')).toMatchObject({ state: 'submitted' });
	});

	it.each([
		['Cobalt named no time', slowDown()],
		['no connection was made', UNREACHABLE],
	])('is sent again more and more patiently when %s', async (_, error) => {
		const { run, times } = submission([error, error, error, ACCEPTED]);
		expect(await run()).toMatchObject({ state: 'accepted' });
		const [first = 0, second = 0, third = 0, fourth = 0] = times();
		expect(first).toBe(0);
		expect(second).toBeGreaterThanOrEqual(1_000);
		expect(third - second).toBeGreaterThan(second - first);
		expect(fourth - third).toBeGreaterThan(third - second);
	});

	it('is sent again 3 times at most', async () => {
		const error = slowDown(1_000);
		const { run, ledger, clock, times } = submission([error, error, error, error, ACCEPTED]);
		expect(await run()).toEqual({ state: 'refused', error });
		expect(times()).toEqual([0, 1_000, 2_000, 3_000]);
		expect(clock.now()).toBe(3_000);
		expect(ledger.read('key')).toBeUndefined();
	});

	it('is unknown, and stays so, when a later try may have been taken', async () => {
		const { run, ledger, times } = submission([slowDown(1_000), UNKNOWN, ACCEPTED]);
		expect(await run()).toEqual({ state: 'unknown', error: UNKNOWN });
		expect(times()).toHaveLength(2);
		expect(ledger.read('key')).toEqual({ state: 'unknown' });
	});

	it('waits for a minute, but not for longer', async () => {
		const patient = submission([slowDown(60_000), ACCEPTED]);
		expect(await patient.run()).toMatchObject({ state: 'accepted' });
		const error = slowDown(60_001);
		const { run, clock, times } = submission([error, ACCEPTED]);
		expect(await run()).toEqual({ state: 'refused', error });
		expect(times()).toEqual([0]);
		expect(clock.now()).toBe(0);
	});

	it('is not sent again when the execution is cancelled during the pause', async () => {
		const { run, clock, controller, ledger, times } = submission([slowDown(30_000), ACCEPTED]);
		clock.at(2_000, () => {
			controller.abort();
		});
		expect(await run()).toEqual({ state: 'halted' });
		expect(times()).toEqual([0]);
		expect(clock.now()).toBe(2_000);
		expect(ledger.read('key')).toBeUndefined();
	});
});

describe('a submission that an earlier try left behind', () => {
	it.each(['submitted', 'completed'] as const)('is reused when it was %s', async (state) => {
		const entry: Entry = { state, receipt: RECEIPT };
		const { run, ledger, times } = submission([ACCEPTED], entry);
		const result = await run();
		expect(result).toMatchObject({ state: 'accepted', receipt: RECEIPT, reused: true });
		expect(result).not.toHaveProperty('answer');
		expect(times()).toEqual([]);
		expect(ledger.read('key')).toEqual(entry);
	});

	it.each(['sending', 'unknown'] as const)('is not sent again when it was %s', async (state) => {
		const { run, ledger, times } = submission([ACCEPTED], { state });
		expect(await run()).toEqual({ state: 'unknown' });
		expect(times()).toEqual([]);
		expect(['sending', 'unknown']).toContain(ledger.read('key')?.state);
	});

	it('is reused even when the run was halted, for it is already under way', async () => {
		const { run, controller } = submission([], { state: 'submitted', receipt: RECEIPT });
		controller.abort();
		expect(await run()).toMatchObject({ state: 'accepted', reused: true });
	});

	it('is sent afresh when Cobalt has confirmed that it failed', async () => {
		const { run, ledger, states } = submission([ACCEPTED], FAILED);
		expect(await run()).toMatchObject({ state: 'accepted', receipt: RECEIPT, reused: false });
		expect(states()).toEqual(['sending']);
		expect(ledger.read('key')).toEqual({ state: 'submitted', receipt: RECEIPT });
	});
});
