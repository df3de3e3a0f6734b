import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CLOCK_SKEW_MS } from '../../../nodes/shared/events/logTail.js';
import { NOON, tailOf } from './tailing.mts';

/** How a log grows, and how it is read, over some time. All in milliseconds. */
const story = fc.record({
	/** By how much Cobalt's clock is ahead of ours. */
	skew: fc.integer({ min: -CLOCK_SKEW_MS, max: CLOCK_SKEW_MS }),
	pageSize: fc.integer({ min: 1, max: 6 }),
	/** How long a page takes. */
	latency: fc.nat(3_000),
	/** When there is an event, before the first reading and after it. */
	events: fc.array(fc.integer({ min: -400_000, max: 120_000 }), { maxLength: 60 }),
	readings: fc.array(
		fc.record({
			pause: fc.nat(40_000),
			maxPages: fc.integer({ min: 1, max: 30 }),
			/** By how much further back a job wants it read that came meanwhile. */
			further: fc.oneof(fc.constant(0), fc.nat(60_000)),
		}),
		{ minLength: 1, maxLength: 8 },
	),
});

describe('a random history', () => {
	it.each(['ahead or behind', 'right'])(
		'reports in a complete read each event since the requested moment, with a clock that is %s',
		async (clock) => {
			await fc.assert(
				fc.asyncProperty(story, async ({ skew, pageSize, latency, events, readings }) => {
					const ahead = clock === 'right' ? 0 : skew;
					const happened = events
						.sort((one, other) => other - one)
						.map((timestamp, index) => ({ id: String(index), timestamp: NOON + timestamp }));
					const listed = (now: number) =>
						happened
							.filter(({ timestamp }) => timestamp <= now)
							.map(({ id, timestamp }) => ({ id, created: timestamp + ahead }));
					const tail = tailOf({
						pageSize,
						onRead: () => {
							log.now += latency;
							log.entries = listed(log.now);
						},
					});
					const { log } = tail;
					let since = NOON;
					for (const { pause, maxPages, further } of readings) {
						log.now += pause;
						log.entries = listed(log.now);
						const beganAt = log.now;
						const wanted = Math.min(since, beganAt - further);
						const reading = await tail.read(wanted, maxPages);
						expect(reading.pages.length).toBeLessThanOrEqual(maxPages);
						if (!reading.isComplete) continue;
						for (const { id, timestamp } of happened) {
							if (timestamp >= wanted && timestamp <= beganAt)
								expect(reading.emitted).toContain(id);
						}
						since = beganAt;
					}
				}),
				{ numRuns: 500 },
			);
		},
	);
});
