import fc from 'fast-check';
import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';

import { RateLimitedError } from '../../../nodes/shared/retry/errors.js';
import { RateLimit, RateLimiter } from '../../../nodes/shared/retry/rateLimiter.js';
import { VirtualClock } from '../virtualClock.mts';
import { FailedRequest } from './failedRequest.mts';

const BROKE_OFF = new FailedRequest({ isTransient: true });
const slowDown = (retryAfterMs?: number) =>
	new FailedRequest({ isTransient: true, isRateLimited: true, retryAfterMs });

function braked() {
	const clock = new VirtualClock();
	const controller = new AbortController();
	// One for each sleep.
	setMaxListeners(0, controller.signal);
	const rateLimiter = new RateLimiter({
		limit: new RateLimit(clock),
		signal: controller.signal,
	});
	return {
		clock,
		controller,
		rateLimiter,
		/** A request ends like this. */
		end: async (error?: Error) => {
			const request = error === undefined ? Promise.resolve() : Promise.reject(error);
			await rateLimiter.track(request).catch(() => undefined);
		},
		pass: async (ms: number) => {
			await clock.run(clock.pass(ms));
		},
		/** Waits for the release: whether it came, and when. */
		released: async () => [await clock.run(rateLimiter.acquire()), clock.now()],
	};
}

describe('a rateLimiter', () => {
	it('does not hold at first', async () => {
		const { rateLimiter, released } = braked();
		expect(rateLimiter.remainingMs).toBe(0);
		expect(rateLimiter.rejectionError).toBeInstanceOf(RateLimitedError);
		expect(await released()).toEqual([true, 0]);
	});

	it('hands on how a request ends', async () => {
		const { rateLimiter } = braked();
		await expect(rateLimiter.track(Promise.resolve('good'))).resolves.toBe('good');
		await expect(rateLimiter.track(Promise.reject(BROKE_OFF))).rejects.toBe(BROKE_OFF);
		const error = slowDown(1_000);
		await expect(rateLimiter.track(Promise.reject(error))).rejects.toBe(error);
	});

	it.each([undefined, BROKE_OFF, new TypeError('x is not a function')])(
		'is left alone by what says nothing about the pace: %s',
		async (error) => {
			const { rateLimiter, end, pass } = braked();
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
		['another answer', new FailedRequest({ isTransient: true, retryAfterMs: 7_000 })],
		['one that does not pass', new FailedRequest({ isTransient: false, retryAfterMs: 7_000 })],
	])('holds for as long as Cobalt asks for in %s', async (_, error) => {
		const { rateLimiter, end, pass, released } = braked();
		await end(error);
		expect(rateLimiter.remainingMs).toBe(7_000);
		await pass(3_000);
		expect(rateLimiter.remainingMs).toBe(4_000);
		expect(await released()).toEqual([true, 7_000]);
		expect(rateLimiter.remainingMs).toBe(0);
	});

	it('tells the error that asked to slow down, and of no other', async () => {
		const { rateLimiter, end } = braked();
		await end(new FailedRequest({ isTransient: true, retryAfterMs: 7_000 }));
		expect(rateLimiter.rejectionError).toBeInstanceOf(RateLimitedError);
		const error = slowDown(8_000);
		await end(error);
		expect(rateLimiter.rejectionError).toBe(error);
		await end(new FailedRequest({ isTransient: true, retryAfterMs: 9_000 }));
		expect(rateLimiter.rejectionError).toBeInstanceOf(RateLimitedError);
	});

	it.each([-5_000, 0, 1, 999, 1_000])(
		'holds for a second at least when Cobalt asks for %i ms',
		async (ms) => {
			for (const error of [
				slowDown(ms),
				new FailedRequest({ isTransient: true, retryAfterMs: ms }),
			]) {
				const { end, released } = braked();
				await end(error);
				expect(await released()).toEqual([true, 1_000]);
			}
		},
	);

	it('is noted before the one who asked can go on', async () => {
		const { rateLimiter } = braked();
		const pause = await rateLimiter
			.track(Promise.reject(slowDown(1_500)))
			.catch(() => rateLimiter.remainingMs);
		expect(pause).toBe(1_500);
	});

	it('holds for all who wait, and lets all of them go at once', async () => {
		const { rateLimiter, clock, end } = braked();
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

describe('a rateLimiter that is told again while it holds', () => {
	it('holds until the later moment', async () => {
		const { end, pass, released, rateLimiter } = braked();
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

	it('holds those who wait already until the later moment', async () => {
		const { rateLimiter, clock, end } = braked();
		await end(slowDown(5_000));
		clock.at(4_000, () => void end(slowDown(3_000)));
		expect(await clock.run(rateLimiter.acquire())).toBe(true);
		expect(clock.now()).toBe(7_000);
	});

	it('takes those that were on their way together for one', async () => {
		const { rateLimiter, end, pass } = braked();
		for (let request = 0; request < 5; request += 1) await end(slowDown());
		expect(rateLimiter.remainingMs).toBe(1_000);
		await pass(1_000);
		await end(slowDown());
		expect(rateLimiter.remainingMs).toBe(2_000);
	});
});

describe('a rateLimiter where Cobalt names no time', () => {
	it('holds twice as long each time, up to 16 seconds', async () => {
		const { rateLimiter, end, pass } = braked();
		const pauses: number[] = [];
		for (let time = 0; time < 9; time += 1) {
			await end(slowDown());
			pauses.push(rateLimiter.remainingMs);
			await pass(rateLimiter.remainingMs);
		}
		expect(pauses.map((ms) => ms / 1_000)).toEqual([1, 2, 4, 8, 16, 16, 16, 16, 16]);
	});

	it('begins anew after a good answer, and only then', async () => {
		const { rateLimiter, end, pass } = braked();
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

	it('goes on doubling over a time that was named', async () => {
		const { rateLimiter, end, pass } = braked();
		await end(slowDown(3_000));
		await pass(3_000);
		await end(slowDown());
		expect(rateLimiter.remainingMs).toBe(2_000);
	});

	it('takes a time that is over already for none', async () => {
		const { rateLimiter, end, pass } = braked();
		const pauses: number[] = [];
		for (let time = 0; time < 6; time += 1) {
			await end(slowDown(0));
			pauses.push(rateLimiter.remainingMs);
			await pass(rateLimiter.remainingMs);
		}
		expect(pauses.map((ms) => ms / 1_000)).toEqual([1, 2, 4, 8, 16, 16]);
	});
});

describe('a good answer to a request that was on its way when Cobalt asked to slow down', () => {
	it('neither ends the pause nor makes it too long to wait for', async () => {
		const { rateLimiter, end, pass, released } = braked();
		await pass(1_000_000);
		await end(slowDown(60_000));
		await pass(1);
		await end(undefined);
		expect(rateLimiter.remainingMs).toBe(59_999);
		expect(await released()).toEqual([true, 1_060_000]);
	});

	it('does not send those away who wait already', async () => {
		const { rateLimiter, clock, end, pass } = braked();
		await pass(1_000_000);
		await end(slowDown(60_000));
		clock.at(1_005_000, () => void end(undefined));
		clock.at(1_010_000, () => void end(slowDown(55_000)));
		expect(await clock.run(rateLimiter.acquire())).toBe(true);
		expect(clock.now()).toBe(1_065_000);
	});

	it('makes a pause worth waiting for that was too late in its row', async () => {
		const { end, pass, released } = braked();
		await end(slowDown(50_000));
		await pass(50_000);
		await end(slowDown(20_000));
		expect(await released()).toEqual([false, 50_000]);
		await end(undefined);
		expect(await released()).toEqual([true, 70_000]);
	});

	it('begins a new row: the next pause is the first one', async () => {
		const { rateLimiter, end, pass, released } = braked();
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

describe('waiting for the release', () => {
	it('is worth a minute, and no more', async () => {
		const patient = braked();
		await patient.end(slowDown(60_000));
		expect(await patient.released()).toEqual([true, 60_000]);
		const { rateLimiter, end, released, clock } = braked();
		await end(slowDown(60_001));
		expect(await released()).toEqual([false, 0]);
		expect(rateLimiter.remainingMs).toBe(60_001);
		expect(clock.sleeps).toEqual([]);
	});

	it('is not worth it either when only a minute is left of more', async () => {
		const { end, pass, released } = braked();
		await end(slowDown(100_000));
		await pass(40_000);
		expect(await released()).toEqual([false, 40_000]);
		await pass(59_999);
		expect(await released()).toEqual([false, 99_999]);
		await pass(1);
		expect(await released()).toEqual([true, 100_000]);
	});

	it('is worth a minute for all pauses in a row together', async () => {
		const { end, released } = braked();
		await end(slowDown(40_000));
		expect(await released()).toEqual([true, 40_000]);
		await end(slowDown(20_000));
		expect(await released()).toEqual([true, 60_000]);
		await end(slowDown(1_000));
		expect(await released()).toEqual([false, 60_000]);
	});

	it('is worth a minute also when the pauses of a row are not named', async () => {
		const { end, released } = braked();
		const ends: unknown[] = [];
		for (let time = 0; time < 7; time += 1) {
			await end(slowDown());
			ends.push(await released());
		}
		expect(ends).toEqual([
			...[1_000, 3_000, 7_000, 15_000, 31_000, 47_000].map((at) => [true, at]),
			[false, 47_000],
		]);
	});

	it('counts the minute anew after a refusal, which is an answer too', async () => {
		const { end, pass, released } = braked();
		await end(slowDown(60_000));
		await pass(60_000);
		await end(new FailedRequest({ isTransient: false }));
		await end(slowDown(1_000));
		expect(await released()).toEqual([true, 61_000]);
	});

	it('counts the minute anew when the last pause is long ago', async () => {
		const { end, pass, released } = braked();
		await end(slowDown(1_000));
		await pass(62_000);
		await end(slowDown(1_000));
		expect(await released()).toEqual([true, 63_000]);
	});

	it('counts the minute anew after a good answer, but not when the line broke', async () => {
		const { end, pass, released } = braked();
		await end(slowDown(60_000));
		await pass(60_000);
		await end(BROKE_OFF);
		await end(slowDown(1_000));
		expect(await released()).toEqual([false, 60_000]);
		await pass(1_000);
		await end(undefined);
		await end(slowDown(60_000));
		expect(await released()).toEqual([true, 121_000]);
	});

	it('is given up when the release is put off by too much', async () => {
		const { rateLimiter, clock, end } = braked();
		await end(slowDown(5_000));
		clock.at(2_000, () => void end(slowDown(90_000)));
		expect(await clock.run(rateLimiter.acquire())).toBe(false);
		expect(clock.now()).toBe(5_000);
	});

	it('ends at once when the run is halted', async () => {
		const { rateLimiter, clock, controller, end, released } = braked();
		await end(slowDown(30_000));
		clock.at(4_000, () => {
			controller.abort();
		});
		expect(await released()).toEqual([true, 4_000]);
		await end(slowDown(300_000));
		expect(await released()).toEqual([true, 4_000]);
		expect(rateLimiter.remainingMs).toBe(300_000);
	});
});

it('whatever the answers: nothing goes out before the time is over, and nobody waits for longer', async () => {
	const answer = fc.record({
		at: fc.nat(50_000),
		retryAfterMs: fc.option(fc.nat(30_000), { nil: undefined }),
	});
	await fc.assert(
		fc.asyncProperty(
			fc.array(answer, { minLength: 1, maxLength: 12 }),
			fc.array(fc.nat(60_000), { minLength: 1, maxLength: 8 }),
			async (answers, askers) => {
				const { rateLimiter, clock, end } = braked();
				for (const { at, retryAfterMs } of answers) {
					clock.at(at, () => void end(slowDown(retryAfterMs)));
				}
				const waits: number[] = [];
				const gone = askers.map(async (at) => {
					await clock.pass(at);
					const mayGo = await rateLimiter.acquire();
					waits.push(clock.now() - at);
					return mayGo ? clock.now() : undefined;
				});
				const holds = answers.filter(({ retryAfterMs = 0 }) => retryAfterMs > 0);
				for (const wentAt of await clock.run(Promise.all(gone))) {
					if (wentAt === undefined) continue;
					for (const { at, retryAfterMs = 0 } of holds) {
						expect(at < wentAt && wentAt < at + Math.max(retryAfterMs, 1_000)).toBe(false);
					}
				}
				expect(waits).toHaveLength(askers.length);
				expect(Math.max(...waits)).toBeLessThanOrEqual(60_000);
			},
		),
		{ numRuns: 100 },
	);
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

	it('holds back each of them when Cobalt asked one to slow down', async () => {
		const { clock, join } = shared();
		const [one, other] = [join(), join()];
		await one.track(Promise.reject(slowDown(20_000))).catch(() => undefined);
		expect(other.remainingMs).toBe(20_000);
		expect(await clock.run(other.acquire())).toBe(true);
		expect(clock.now()).toBe(20_000);
	});

	it('gives a run that comes later a minute of its own', async () => {
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

	it('is over when the clock is set back to before it began', async () => {
		const { join, setClock } = shared();
		const run = join();
		await run.track(Promise.reject(slowDown(20_000))).catch(() => undefined);
		setClock(-3_600_000);
		expect(run.remainingMs).toBe(0);
	});
});
