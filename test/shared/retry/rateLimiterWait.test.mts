import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FailedRequest } from './failedRequest.mts';
import { BROKE_OFF, limited, slowDown } from './limited.mts';

describe('the wait for a pause', () => {
	it('waits up to a minute, and no more', async () => {
		const patient = limited();
		await patient.end(slowDown(60_000));
		expect(await patient.released()).toEqual([true, 60_000]);
		const { rateLimiter, end, released, clock } = limited();
		await end(slowDown(60_001));
		expect(await released()).toEqual([false, 0]);
		expect(rateLimiter.remainingMs).toBe(60_001);
		expect(clock.sleeps).toEqual([]);
	});

	it('does not wait for the last minute of a longer pause', async () => {
		const { end, pass, released } = limited();
		await end(slowDown(100_000));
		await pass(40_000);
		expect(await released()).toEqual([false, 40_000]);
		await pass(59_999);
		expect(await released()).toEqual([false, 99_999]);
		await pass(1);
		expect(await released()).toEqual([true, 100_000]);
	});

	it('waits up to a minute for consecutive pauses together', async () => {
		const { end, released } = limited();
		await end(slowDown(40_000));
		expect(await released()).toEqual([true, 40_000]);
		await end(slowDown(20_000));
		expect(await released()).toEqual([true, 60_000]);
		await end(slowDown(1_000));
		expect(await released()).toEqual([false, 60_000]);
	});

	it('waits up to a minute for consecutive pauses without a time', async () => {
		const { end, released } = limited();
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

	it('waits up to a minute again after a refusal, which is a response too', async () => {
		const { end, pass, released } = limited();
		await end(slowDown(60_000));
		await pass(60_000);
		await end(new FailedRequest({ isTransient: false }));
		await end(slowDown(1_000));
		expect(await released()).toEqual([true, 61_000]);
	});

	it('waits up to a minute again when the last pause is long over', async () => {
		const { end, pass, released } = limited();
		await end(slowDown(1_000));
		await pass(62_000);
		await end(slowDown(1_000));
		expect(await released()).toEqual([true, 63_000]);
	});

	it('waits up to a minute again after a success, but not after a lost connection', async () => {
		const { end, pass, released } = limited();
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

	it('stops waiting when a pause is extended by too much', async () => {
		const { rateLimiter, clock, end } = limited();
		await end(slowDown(5_000));
		clock.at(2_000, () => void end(slowDown(90_000)));
		expect(await clock.run(rateLimiter.acquire())).toBe(false);
		expect(clock.now()).toBe(5_000);
	});

	it('stops waiting at once when the run is cancelled', async () => {
		const { rateLimiter, clock, controller, end, released } = limited();
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

it('sends nothing before a pause is over, and waits a minute at most, for any responses', async () => {
	const response = fc.record({
		at: fc.nat(50_000),
		retryAfterMs: fc.option(fc.nat(30_000), { nil: undefined }),
	});
	await fc.assert(
		fc.asyncProperty(
			fc.array(response, { minLength: 1, maxLength: 12 }),
			fc.array(fc.nat(60_000), { minLength: 1, maxLength: 8 }),
			async (responses, askers) => {
				const { rateLimiter, clock, end } = limited();
				for (const { at, retryAfterMs } of responses) {
					clock.at(at, () => void end(slowDown(retryAfterMs)));
				}
				const waits: number[] = [];
				const gone = askers.map(async (at) => {
					await clock.pass(at);
					const mayGo = await rateLimiter.acquire();
					waits.push(clock.now() - at);
					return mayGo ? clock.now() : undefined;
				});
				const holds = responses.filter(({ retryAfterMs = 0 }) => retryAfterMs > 0);
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
