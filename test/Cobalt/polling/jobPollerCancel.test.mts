import { describe, expect, it } from 'vitest';

import { BROKEN_OFF, every, numbered, slowDown, UNAVAILABLE, watching } from './polling.mts';

const cancelled = (count: number) => Array(count).fill({ status: 'cancelled' }) as unknown[];

describe('a cancelled poller', () => {
	it('ends the wait for a job at once when it is cancelled', async () => {
		const { run, start, clock, controller, timesOf } = watching();
		clock.at(1_500, () => {
			controller.abort();
		});
		expect(await run(start('a'), start('b', { intervalMs: 60_000 }))).toEqual(cancelled(2));
		expect(clock.now()).toBe(1_500);
		expect(timesOf('a')).toEqual([10, 1_010]);
	});

	it('makes no lookup when it was cancelled before the start', async () => {
		const { run, start, controller, asked } = watching({ endsAt: { a: 0 } });
		controller.abort();
		expect(await run(start('a'))).toEqual(cancelled(1));
		expect(asked()).toEqual([]);
	});

	it('makes no lookup when it is cancelled before the first round', async () => {
		const { run, start, clock, controller, asked } = watching({ endsAt: { a: 0 } });
		clock.at(5, () => {
			controller.abort();
		});
		expect(await run(start('a'))).toEqual(cancelled(1));
		expect(clock.now()).toBe(5);
		await clock.run(clock.pass(5_000));
		expect(asked()).toEqual([]);
	});

	it.each([undefined, BROKEN_OFF, UNAVAILABLE])(
		'reports the cancel when a lookup in flight ends with %s',
		async (error) => {
			const { run, start, clock, controller, timesOf } = watching({
				fails: () => error,
				latencyMs: 1_000,
			});
			clock.at(500, () => {
				controller.abort();
			});
			expect(await run(start('a'))).toEqual(cancelled(1));
			expect(timesOf('a')).toEqual([10]);
			expect(clock.now()).toBe(500);
		},
	);

	it.each([undefined, BROKEN_OFF, UNAVAILABLE])(
		'reports the cancel when a read of the log in flight ends with %s',
		async (error) => {
			const { run, startAll, clock, controller, asked } = watching({
				logFails: () => error,
				logLatencyMs: 1_000,
			});
			clock.at(500, () => {
				controller.abort();
			});
			expect(await run(...startAll(numbered(30)))).toEqual(cancelled(30));
			expect(clock.now()).toBe(500);
			await clock.run(clock.pass(5_000));
			expect(asked()).toHaveLength(1);
		},
	);

	it('ends the waits of queued jobs without another lookup', async () => {
		const { run, startAll, clock, controller, lookups } = watching({ latencyMs: 1_000 });
		clock.at(500, () => {
			controller.abort();
		});
		const jobs = startAll(numbered(30), { submittedAt: undefined });
		expect(await run(...jobs)).toEqual(cancelled(30));
		await clock.run(clock.pass(10_000));
		expect(lookups).toHaveLength(10);
	});

	it('ends the wait for a job in the middle of its last lookup', async () => {
		const { run, start, clock, controller } = watching({ latencyMs: 3_000 });
		clock.at(1_000, () => {
			controller.abort();
		});
		expect(await run(start('a', { deadline: 0 }))).toEqual(cancelled(1));
		expect(clock.now()).toBe(1_000);
	});

	it.each([30_000, 300_000])('ends a wait that Cobalt holds up for %i ms', async (holdMs) => {
		const { run, start, clock, controller, asked } = watching({ fails: () => slowDown(holdMs) });
		clock.at(8_000, () => {
			controller.abort();
		});
		expect(await run(start('a'), start('b', { deadline: 9_000 }))).toEqual(cancelled(2));
		await clock.run(clock.pass(60_000));
		expect(asked()).toHaveLength(2);
	});

	it('reports the cancel for a job known by its ID alone, whatever its lookups returned', async () => {
		const { run, start, clock, controller } = watching({ fails: () => BROKEN_OFF });
		clock.at(1_500, () => {
			controller.abort();
		});
		expect(await run(start('a', { isKnown: false }))).toEqual(cancelled(1));
	});

	it('ends a read of the log that takes several pages', async () => {
		const { run, startAll, clock, controller, pages } = watching({
			others: every(100, -120_000, 60_000),
			logLatencyMs: 300,
		});
		clock.at(500, () => {
			controller.abort();
		});
		expect(await run(...startAll(numbered(100)))).toEqual(cancelled(100));
		await clock.run(clock.pass(20_000));
		expect(pages).toHaveLength(2);
	});
});
