import { describe, expect, it } from 'vitest';

import { RateLimitedError } from '../../../nodes/shared/retry/errors.js';
import { RateLimit, RateLimiter } from '../../../nodes/shared/retry/rateLimiter.js';
import { VirtualClock } from '../virtualClock.mts';
import { FailedRequest } from './failedRequest.mts';
import { BROKE_OFF, limited, slowDown } from './limited.mts';

describe('a rate limiter', () => {
	it('does not wait at first', async () => {
		const { rateLimiter, released } = limited();
		expect(rateLimiter.remainingMs).toBe(0);
		expect(rateLimiter.rejectionError).toBeInstanceOf(RateLimitedError);
		expect(await released()).toEqual([true, 0]);
	});

	it('returns the result or the error of a request', async () => {
		const { rateLimiter } = limited();
		await expect(rateLimiter.track(Promise.resolve('good'))).resolves.toBe('good');
		await expect(rateLimiter.track(Promise.reject(BROKE_OFF))).rejects.toBe(BROKE_OFF);
		const error = slowDown(1_000);
		await expect(rateLimiter.track(Promise.reject(error))).rejects.toBe(error);
	});

	it.each([undefined, BROKE_OFF, new TypeError('x is not a function')])(
		'ignores a result that does not mention a rate limit: %s',
		async (error) => {
			const { rateLimiter, end, pass } = limited();
			await end(error);
			expect(rateLimiter.remainingMs).toBe(0);
			expect(rateLimiter.rejectionError).toBeInstanceOf(RateLimitedError);
			const told = slowDown(1_000);
			await end(told);
			await pass(1_000);
			await end(error);
			expect(rateLimiter.remainingMs).toBe(0);
			expect(rateLimiter.rejectionError).toBe(told);
		},
	);

	it.each([
		['a 429', slowDown(7_000)],
		['another response', new FailedRequest({ isTransient: true, retryAfterMs: 7_000 })],
		['a permanent error', new FailedRequest({ isTransient: false, retryAfterMs: 7_000 })],
	])('waits as long as Cobalt asks in %s', async (_, error) => {
		const { rateLimiter, end, pass, released } = limited();
		await end(error);
		expect(rateLimiter.remainingMs).toBe(7_000);
		await pass(3_000);
		expect(rateLimiter.remainingMs).toBe(4_000);
		expect(await released()).toEqual([true, 7_000]);
		expect(rateLimiter.remainingMs).toBe(0);
	});

	it.each([1_741_618_800_000, 24 * 60 * 60_000, 10 * 60_000])(
		'asks again after ten minutes when Cobalt asks for %i ms',
		async (ms) => {
			const { rateLimiter, end, pass } = limited();
			await end(slowDown(ms));
			expect(rateLimiter.remainingMs).toBe(10 * 60_000);
			await pass(10 * 60_000);
			expect(rateLimiter.remainingMs).toBe(0);
		},
	);

	it('keeps the error that asked to slow down, and no other', async () => {
		const { rateLimiter, end } = limited();
		await end(new FailedRequest({ isTransient: true, retryAfterMs: 7_000 }));
		expect(rateLimiter.rejectionError).toBeInstanceOf(RateLimitedError);
		const error = slowDown(8_000);
		await end(error);
		expect(rateLimiter.rejectionError).toBe(error);
		await end(new FailedRequest({ isTransient: true, retryAfterMs: 9_000 }));
		expect(rateLimiter.rejectionError).toBeInstanceOf(RateLimitedError);
	});

	it.each([-5_000, 0, 1, 999, 1_000])(
		'waits at least a second when Cobalt asks for %i ms',
		async (ms) => {
			for (const error of [
				slowDown(ms),
				new FailedRequest({ isTransient: true, retryAfterMs: ms }),
			]) {
				const { end, released } = limited();
				await end(error);
				expect(await released()).toEqual([true, 1_000]);
			}
		},
	);

	it('starts the pause before the caller sees the error', async () => {
		const { rateLimiter } = limited();
		const pause = await rateLimiter
			.track(Promise.reject(slowDown(1_500)))
			.catch(() => rateLimiter.remainingMs);
		expect(pause).toBe(1_500);
	});

	it('holds back all waiting requests, and releases them together', async () => {
		const { rateLimiter, clock, end } = limited();
		await end(slowDown(2_000));
		const times: number[] = [];
		const waiting = [0, 500, 1_999, 2_000, 2_500].map(async (ms) => {
			await clock.pass(ms);
			await rateLimiter.acquire();
			times.push(clock.now());
		});
		await clock.run(Promise.all(waiting));
		expect(times).toEqual([2_000, 2_000, 2_000, 2_000, 2_500]);
	});
});

describe('a rate limiter that is asked again during a pause', () => {
	it('waits until the later moment', async () => {
		const { end, pass, released, rateLimiter } = limited();
		await end(slowDown(5_000));
		await pass(1_000);
		const later = slowDown(6_000);
		await end(later);
		expect(rateLimiter.rejectionError).toBe(later);
		await end(slowDown(500));
		await end(slowDown());
		await end(undefined);
		await end(BROKE_OFF);
		expect(rateLimiter.rejectionError).toBe(later);
		expect(await released()).toEqual([true, 7_000]);
	});

	it('holds back waiting requests until the later moment', async () => {
		const { rateLimiter, clock, end } = limited();
		await end(slowDown(5_000));
		clock.at(4_000, () => void end(slowDown(3_000)));
		expect(await clock.run(rateLimiter.acquire())).toBe(true);
		expect(clock.now()).toBe(7_000);
	});

	it('counts simultaneous requests to slow down as one', async () => {
		const { rateLimiter, end, pass } = limited();
		for (let request = 0; request < 5; request += 1) await end(slowDown());
		expect(rateLimiter.remainingMs).toBe(1_000);
		await pass(1_000);
		await end(slowDown());
		expect(rateLimiter.remainingMs).toBe(2_000);
	});
});

describe('a rate limiter without a time from Cobalt', () => {
	it('doubles its pause each time, up to 16 seconds', async () => {
		const { rateLimiter, end, pass } = limited();
		const pauses: number[] = [];
		for (let time = 0; time < 9; time += 1) {
			await end(slowDown());
			pauses.push(rateLimiter.remainingMs);
			await pass(rateLimiter.remainingMs);
		}
		expect(pauses.map((ms) => ms / 1_000)).toEqual([1, 2, 4, 8, 16, 16, 16, 16, 16]);
	});

	it('starts again with the shortest pause after a success, and only then', async () => {
		const { rateLimiter, end, pass } = limited();
		await end(slowDown());
		await pass(1_000);
		await end(BROKE_OFF);
		await end(slowDown());
		expect(rateLimiter.remainingMs).toBe(2_000);
		await pass(2_000);
		await end(undefined);
		await end(slowDown());
		expect(rateLimiter.remainingMs).toBe(1_000);
	});

	it('continues doubling after a pause with a time', async () => {
		const { rateLimiter, end, pass } = limited();
		await end(slowDown(3_000));
		await pass(3_000);
		await end(slowDown());
		expect(rateLimiter.remainingMs).toBe(2_000);
	});

	it('doubles its pause when Cobalt names a time in the past', async () => {
		const { rateLimiter, end, pass } = limited();
		const pauses: number[] = [];
		for (let time = 0; time < 6; time += 1) {
			await end(slowDown(0));
			pauses.push(rateLimiter.remainingMs);
			await pass(rateLimiter.remainingMs);
		}
		expect(pauses.map((ms) => ms / 1_000)).toEqual([1, 2, 4, 8, 16, 16]);
	});
});

describe('the success of a request that was in flight when Cobalt asked to slow down', () => {
	it('neither ends a pause nor makes it too long to wait for', async () => {
		const { rateLimiter, end, pass, released } = limited();
		await pass(1_000_000);
		await end(slowDown(60_000));
		await pass(1);
		await end(undefined);
		expect(rateLimiter.remainingMs).toBe(59_999);
		expect(await released()).toEqual([true, 1_060_000]);
	});

	it('does not reject waiting requests when a request in flight succeeds', async () => {
		const { rateLimiter, clock, end, pass } = limited();
		await pass(1_000_000);
		await end(slowDown(60_000));
		clock.at(1_005_000, () => void end(undefined));
		clock.at(1_010_000, () => void end(slowDown(55_000)));
		expect(await clock.run(rateLimiter.acquire())).toBe(true);
		expect(clock.now()).toBe(1_065_000);
	});

	it('makes a pause short enough to wait for when a request in flight succeeds', async () => {
		const { end, pass, released } = limited();
		await end(slowDown(50_000));
		await pass(50_000);
		await end(slowDown(20_000));
		expect(await released()).toEqual([false, 50_000]);
		await end(undefined);
		expect(await released()).toEqual([true, 70_000]);
	});

	it('starts again with the shortest pause when a request in flight succeeds', async () => {
		const { rateLimiter, end, pass, released } = limited();
		for (const ms of [1_000, 2_000, 4_000, 8_000, 16_000]) {
			await end(slowDown());
			await pass(ms);
		}
		await end(slowDown());
		await end(undefined);
		expect(await released()).toEqual([true, 47_000]);
		await end(slowDown());
		expect(rateLimiter.remainingMs).toBe(1_000);
		await pass(1_000);
		await end(slowDown(59_000));
		expect(await released()).toEqual([true, 107_000]);
	});
});

describe('a rate limit that several runs share', () => {
	function shared() {
		const clock = new VirtualClock();
		let set = 0;
		const limit = new RateLimit({
			now: () => clock.now() + set,
			sleep: async (ms, signal) => {
				await clock.sleep(ms, signal);
			},
		});
		return {
			clock,
			limit,
			join: () => new RateLimiter({ limit, signal: new AbortController().signal }),
			setClock: (ms: number) => (set = ms),
		};
	}

	it('holds back all runs when Cobalt asks one of them to slow down', async () => {
		const { clock, join } = shared();
		const [one, other] = [join(), join()];
		await one.track(Promise.reject(slowDown(20_000))).catch(() => undefined);
		expect(other.remainingMs).toBe(20_000);
		expect(await clock.run(other.acquire())).toBe(true);
		expect(clock.now()).toBe(20_000);
	});

	it('gives a later run a minute of its own', async () => {
		const { clock, join } = shared();
		const early = join();
		await early.track(Promise.reject(slowDown(50_000))).catch(() => undefined);
		await clock.run(clock.pass(49_000));
		const late = join();
		await late.track(Promise.reject(slowDown(40_000))).catch(() => undefined);
		expect(await clock.run(early.acquire())).toBe(false);
		expect(await clock.run(late.acquire())).toBe(true);
		expect(clock.now()).toBe(89_000);
	});

	it('ends a pause when the clock is set back to before it', async () => {
		const { join, setClock } = shared();
		const run = join();
		await run.track(Promise.reject(slowDown(20_000))).catch(() => undefined);
		setClock(-3_600_000);
		expect(run.remainingMs).toBe(0);
	});
});
