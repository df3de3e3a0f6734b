import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { RateLimit, RateLimiter } from '../../../nodes/shared/retry/rateLimiter.js';
import { withRetry, retryDelay } from '../../../nodes/shared/retry/retry.js';
import { VirtualClock } from '../virtualClock.mts';
import { FailedRequest } from './failedRequest.mts';

const BROKE_OFF = new FailedRequest({ message: 'Broke off', isTransient: true });
const REFUSED = new FailedRequest({ message: 'Refused', isTransient: false });
const slowDown = (retryAfterMs?: number) =>
	new FailedRequest({ message: 'Slow down', isTransient: true, isRateLimited: true, retryAfterMs });

/** A read that comes to these ends, one for each try. */
function reading(ends: unknown[], meanwhile?: () => void) {
	const clock = new VirtualClock();
	const controller = new AbortController();
	const { signal } = controller;
	const rateLimiter = new RateLimiter({ limit: new RateLimit(clock), signal });
	const times: number[] = [];
	const work = async () =>
		await withRetry(
			async () => {
				const end = times.length < ends.length ? ends[times.length] : new Error('Tried too often');
				times.push(clock.now());
				await Promise.resolve();
				meanwhile?.();
				if (end instanceof Error) throw end;
				return end;
			},
			{ clock, rateLimiter, signal },
		);
	return { clock, controller, rateLimiter, times, run: async () => await clock.run(work()) };
}

describe('retryDelay', () => {
	it.each([
		[0, 1_000],
		[1, 2_000],
		[2, 4_000],
		[3, undefined],
		[4, undefined],
		[1_000, undefined],
	])('doubles the pause until it stops: after %i attempts', (attempt, pauseMs) => {
		expect(retryDelay(attempt, { isTransient: true })).toBe(pauseMs);
		expect(retryDelay(attempt, { isTransient: true, isRateLimited: false })).toBe(pauseMs);
	});

	it.each([
		[0, 0],
		[3, 0],
		[19, 0],
		[20, undefined],
		[1_000, undefined],
	])('leaves the pause to the rate limiter when Cobalt asks: after %i', (attempt, pauseMs) => {
		for (const retryAfterMs of [undefined, 0, 5_000, 60_001]) {
			const risk = { isTransient: true, isRateLimited: true, retryAfterMs };
			expect(retryDelay(attempt, risk)).toBe(pauseMs);
		}
	});

	it.each([
		[0, 5_000, 5_000],
		[0, 500, 1_000],
		[2, 3_000, 4_000],
		[0, 0, 1_000],
		[0, -5_000, 1_000],
		[0, 60_000, 60_000],
		[2, 60_000, 60_000],
		[0, 60_001, undefined],
		[0, Infinity, undefined],
		[0, NaN, undefined],
		[3, 1_000, undefined],
	])('waits as long as Cobalt asks, within limits: after %i, %d ms', (attempt, ms, pauseMs) => {
		expect(retryDelay(attempt, { isTransient: true, retryAfterMs: ms })).toBe(pauseMs);
	});

	it.each([undefined, 0, 5_000])('returns no pause for a permanent error: %j', (retryAfterMs) => {
		expect(retryDelay(0, { isTransient: false, retryAfterMs })).toBeUndefined();
	});

	it('is never shorter than Cobalt asks, and never longer than a minute', () => {
		fc.assert(
			fc.property(fc.nat(8), fc.integer({ min: 0, max: 120_000 }), (attempt, retryAfterMs) => {
				const pauseMs = retryDelay(attempt, { isTransient: true, retryAfterMs });
				if (pauseMs === undefined) return;
				expect(pauseMs).toBeGreaterThanOrEqual(retryAfterMs);
				expect(pauseMs).toBeLessThanOrEqual(60_000);
			}),
		);
	});
});

describe('withRetry', () => {
	it.each([{ id: 7 }, undefined, null, false, 0, ''])('returns the result: %j', async (value) => {
		const { run, times, clock } = reading([value]);
		expect(await run()).toEqual(value);
		expect(times).toEqual([0]);
		expect(clock.sleeps).toEqual([]);
	});

	it.each([
		[1, [0, 1_000]],
		[2, [0, 1_000, 3_000]],
		[3, [0, 1_000, 3_000, 7_000]],
	])('tries again after %i lost connections', async (failures, expected) => {
		const { run, times } = reading([...Array<Error>(failures).fill(BROKE_OFF), 'good']);
		expect(await run()).toBe('good');
		expect(times).toEqual(expected);
	});

	it('throws the last error after the fourth attempt', async () => {
		const last = new FailedRequest({ message: 'Broke off again', isTransient: true });
		const { run, times } = reading([BROKE_OFF, BROKE_OFF, BROKE_OFF, last]);
		await expect(run()).rejects.toBe(last);
		expect(times).toEqual([0, 1_000, 3_000, 7_000]);
	});

	it.each([
		['it was refused', REFUSED],
		['nothing is known about the error', new TypeError('x is not a function')],
		['the pause would be too long', slowDown(60_001)],
	])('does not try again when %s', async (_, error) => {
		const { run, times } = reading([error, 'good']);
		await expect(run()).rejects.toBe(error);
		expect(times).toEqual([0]);
	});

	it('does not try again after a refusal', async () => {
		const { run, times } = reading([BROKE_OFF, REFUSED, 'good']);
		await expect(run()).rejects.toBe(REFUSED);
		expect(times).toEqual([0, 1_000]);
	});

	it('waits as long as Cobalt asks', async () => {
		const { run, times } = reading([slowDown(30_000), slowDown(500), 'good']);
		expect(await run()).toBe('good');
		expect(times).toEqual([0, 30_000, 31_000]);
	});

	it.each([undefined, null, 'text'])(
		'throws what was thrown, even if it is not an Error: %j',
		async (thrown) => {
			const clock = new VirtualClock();
			const { signal } = new AbortController();
			const rateLimiter = new RateLimiter({ limit: new RateLimit(clock), signal });
			const work = withRetry(
				async () => {
					await Promise.resolve();
					// eslint-disable-next-line @typescript-eslint/only-throw-error -- others may do so
					throw thrown;
				},
				{ clock, rateLimiter, signal },
			);
			await expect(clock.run(work)).rejects.toBe(thrown);
		},
	);

	it('makes no attempt in a cancelled run', async () => {
		const { run, times, controller } = reading(['good']);
		const reason = new Error('Halted');
		controller.abort(reason);
		await expect(run()).rejects.toBe(reason);
		expect(times).toEqual([]);
	});

	it('does not try again when the run is cancelled during the request', async () => {
		const { run, times, clock, controller } = reading([BROKE_OFF, 'good'], () => {
			controller.abort();
		});
		await expect(run()).rejects.toBe(BROKE_OFF);
		expect(times).toEqual([0]);
		expect(clock.now()).toBe(0);
	});

	it('does not try again when the run is cancelled during a pause that Cobalt asked for', async () => {
		const { run, times, clock, controller } = reading([slowDown(30_000), 'good']);
		const reason = new Error('Halted');
		clock.at(10_000, () => {
			controller.abort(reason);
		});
		await expect(run()).rejects.toBe(reason);
		expect(times).toEqual([0]);
		expect(clock.now()).toBe(10_000);
	});

	it('throws the last error when the run is cancelled during a pause of its own', async () => {
		const { run, times, clock, controller } = reading([BROKE_OFF, 'good']);
		clock.at(400, () => {
			controller.abort();
		});
		await expect(run()).rejects.toBe(BROKE_OFF);
		expect(times).toEqual([0]);
		expect(clock.now()).toBe(400);
	});
});

describe('withRetry when Cobalt asks to slow down', () => {
	it.each([
		['no time', undefined, [0, 1, 3, 7, 15, 31, 47]],
		// It is no invitation to send it again and again.
		['no time to wait', 0, [0, 1, 3, 7, 15, 31, 47]],
		['25 seconds', 25_000, [0, 25, 50]],
		['a minute', 60_000, [0, 60]],
	])('tries for up to a minute when Cobalt names %s', async (_, retryAfterMs, seconds) => {
		const errors = seconds.map(() => slowDown(retryAfterMs));
		const { run, times, clock } = reading([...errors, 'good']);
		await expect(run()).rejects.toBe(errors.at(-1));
		expect(times).toEqual(seconds.map((second) => second * 1_000));
		expect(clock.now()).toBe(times.at(-1));
	});

	it('tries again up to 20 times', async () => {
		const errors = Array.from({ length: 21 }, () => slowDown(1_000));
		const { run, times } = reading([...errors, 'good']);
		await expect(run()).rejects.toBe(errors[20]);
		expect(times).toEqual([...Array(21).keys()].map((second) => second * 1_000));
	});

	it('tries again no earlier than asked, nor within a second, nor after a minute', async () => {
		const asked = fc.option(fc.nat(30_000), { nil: undefined });
		await fc.assert(
			fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 25 }), async (pauses) => {
				const { run, times, clock } = reading([...pauses.map(slowDown), 'good']);
				await run().catch(() => undefined);
				for (const [index, at] of times.slice(1).entries()) {
					const pauseMs = at - (times[index] ?? 0);
					expect(pauseMs).toBeGreaterThanOrEqual(Math.max(pauses[index] ?? 0, 1_000));
				}
				expect(clock.now()).toBeLessThanOrEqual(60_000);
			}),
		);
	});

	it('makes no attempt before the pause of the rate limiter is over', async () => {
		const { run, times, rateLimiter } = reading(['good']);
		await rateLimiter.track(Promise.reject(slowDown(20_000))).catch(() => undefined);
		expect(await run()).toBe('good');
		expect(times).toEqual([20_000]);
	});

	it('does not try again before the pause that another request started is over', async () => {
		const { run, times, rateLimiter, clock } = reading([BROKE_OFF, 'good']);
		clock.at(500, () => {
			rateLimiter.track(Promise.reject(slowDown(20_000))).catch(() => undefined);
		});
		expect(await run()).toBe('good');
		expect(times).toEqual([0, 20_500]);
	});

	it('holds back the other requests as well', async () => {
		const { run, rateLimiter } = reading([slowDown(61_000)]);
		await expect(run()).rejects.toThrow('Slow down');
		expect(rateLimiter.remainingMs).toBe(61_000);
	});

	it('throws the error of the rate limiter without an attempt when the pause is too long', async () => {
		const { run, times, rateLimiter, clock } = reading(['good']);
		const error = slowDown(60_001);
		await rateLimiter.track(Promise.reject(error)).catch(() => undefined);
		await expect(run()).rejects.toBe(error);
		expect(times).toEqual([]);
		expect(clock.now()).toBe(0);
	});

	it('makes no attempt when the run is cancelled during the pause', async () => {
		const { run, times, rateLimiter, clock, controller } = reading(['good']);
		await rateLimiter.track(Promise.reject(slowDown(20_000))).catch(() => undefined);
		const reason = new Error('Halted');
		clock.at(5_000, () => {
			controller.abort(reason);
		});
		await expect(run()).rejects.toBe(reason);
		expect(times).toEqual([]);
		expect(clock.now()).toBe(5_000);
	});
});
