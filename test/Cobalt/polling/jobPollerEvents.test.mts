import { describe, expect, it } from 'vitest';

import { PolledJob } from '../../../nodes/Cobalt/polling/polledJob.js';
import { BROKEN_OFF, eventAt, numbered, watching, type Listed } from './polling.mts';

const terminalEvents = { completed: ['x.created'], failed: ['x.failed'] };
const job = { terminalEvents, deadline: 5_000 };
const NOTED: Listed = { type: 'x.noted', from: 0 };

describe('an event that the operation does not document', () => {
	it.each([
		['completed', 'x.noted'],
		['failed', 'x.sync_failed'],
	])('decides at the deadline that a job %s by %s', async (status, type) => {
		const { run, start, clock } = watching({ log: [{ type, from: 0 }] });
		expect(await run(start('a', job))).toMatchObject([
			{ status, isCertain: false, event: { type } },
		]);
		expect(clock.now()).toBe(5_000);
	});

	it('decides at once for a failure when no failures are documented', async () => {
		const { run, start, clock } = watching({ log: [{ type: 'x.sync_failed', from: 3_000 }] });
		const undocumented = { ...job, terminalEvents: { completed: ['x.created'], failed: [] } };
		expect(await run(start('a', undocumented))).toMatchObject([
			{ status: 'failed', isCertain: true, event: { type: 'x.sync_failed' } },
		]);
		expect(clock.now()).toBe(3_010);
	});

	it('decides at once for a job with a single lookup', async () => {
		const { run, start, clock } = watching({ log: [NOTED] });
		expect(await run(start('a', { terminalEvents, deadline: 0 }))).toMatchObject([
			{ status: 'completed', event: { type: 'x.noted' } },
		]);
		expect(clock.now()).toBe(10);
	});

	it.each([
		['x.noted', 'completed', 'x.created'],
		['x.noted', 'failed', 'x.failed'],
		['x.sync_failed', 'completed', 'x.created'],
		['x.sync_failed', 'failed', 'x.failed'],
	])('lets %s give way to a documented event (%s, %s)', async (first, status, type) => {
		const { run, start, clock } = watching({
			log: [
				{ type: first, from: 0 },
				{ type, from: 3_000 },
			],
		});
		expect(await run(start('a', job))).toMatchObject([{ status, event: { type } }]);
		expect(clock.now()).toBe(3_010);
	});

	it('gives way to a documented event at the deadline', async () => {
		const { run, start } = watching({ log: [NOTED, { type: 'x.failed', from: 5_000 }] });
		expect(await run(start('a', job))).toMatchObject([{ status: 'failed' }]);
	});

	it('gives way to a newer undocumented event', async () => {
		const { run, start } = watching({ log: [NOTED, { type: 'x.changed', from: 2_000 }] });
		expect(await run(start('a', job))).toMatchObject([{ event: { type: 'x.changed' } }]);
	});

	it('gives way at the deadline to a newer undocumented failure', async () => {
		const log = [NOTED, { type: 'x.sync_failed', from: 3_000 }];
		const { run, start, clock } = watching({ log });
		expect(await run(start('a', job))).toMatchObject([
			{ status: 'failed', event: { type: 'x.sync_failed' } },
		]);
		expect(clock.now()).toBe(5_000);
	});

	it('keeps an undocumented event when later lookups fail', async () => {
		const { run, start } = watching({
			log: [NOTED],
			fails: (_, before) => (before > 0 ? BROKEN_OFF : undefined),
		});
		expect(await run(start('a', job))).toMatchObject([{ event: { type: 'x.noted' } }]);
	});

	// A log that does not know the job_id filter is read back by a few pages alone, and they move on.
	it('keeps an undocumented event when the log does not list it any more', async () => {
		const { run, start } = watching({ log: [{ ...NOTED, until: 2_000 }] });
		expect(await run(start('a', job))).toMatchObject([{ event: { type: 'x.noted' } }]);
	});

	it('ends a cancelled wait despite an undocumented event', async () => {
		const { run, start, clock, controller } = watching({ log: [NOTED] });
		clock.at(1_500, () => {
			controller.abort();
		});
		expect(await run(start('a', job))).toEqual([{ status: 'cancelled' }]);
		expect(clock.now()).toBe(1_500);
	});

	it('decides about many jobs by undocumented events as about one', async () => {
		const jobs = numbered(8);
		const undecided = watching({ log: [NOTED] });
		expect(await undecided.run(...undecided.startAll(jobs, job))).toMatchObject(
			jobs.map((jobId) => ({ status: 'completed', isCertain: false, event: { jobId } })),
		);
		const decided = watching({ log: [NOTED, { type: 'x.failed', from: 3_000 }] });
		expect(await decided.run(...decided.startAll(jobs, job))).toMatchObject(
			jobs.map((jobId) => ({ status: 'failed', event: { jobId } })),
		);
		expect(decided.lookups).toEqual([]);
	});
});

describe('PolledJob', () => {
	const watchOf = () =>
		new PolledJob(
			{ ...job, jobId: 'a', submittedAt: 0, intervalMs: 1_000, isKnown: true },
			new AbortController().signal,
			0,
			{ resolve: () => undefined, reject: () => undefined },
		);

	it('uses only the events of its own job', () => {
		const watch = watchOf();
		watch.addEvents([
			eventAt(1, 'x.created', 'b'),
			eventAt(1, 'x.failed'),
			eventAt(1, 'x.failed', 'aa'),
		]);
		expect(watch.outcome).toBeUndefined();
		expect(watch.isDecided).toBe(false);
		watch.addEvents([eventAt(2, 'x.created', 'b'), eventAt(1, 'x.created', 'a')]);
		expect(watch.outcome).toMatchObject({ status: 'completed', event: { jobId: 'a' } });
		expect(watch.isDecided).toBe(true);
	});

	it('does not change its outcome when an event comes again', () => {
		const watch = watchOf();
		watch.addEvents([eventAt(2, 'x.changed', 'a'), eventAt(1, 'x.noted', 'a')]);
		const { outcome } = watch;
		watch.addEvents([eventAt(1, 'x.noted', 'a')]);
		watch.addEvents([]);
		expect(watch.outcome).toBe(outcome);
	});

	it('uses the newest event in whatever order they come', () => {
		const [older, newer] = [eventAt(1, 'x.noted', 'a'), eventAt(2, 'x.changed', 'a')];
		for (const readings of [[[newer, older]], [[older], [newer]], [[newer], [older]]]) {
			const watch = watchOf();
			for (const events of readings) watch.addEvents(events);
			expect(watch.outcome?.event.type).toBe('x.changed');
		}
	});

	it('uses the first listed of two events of one moment, even on another page', () => {
		const watch = watchOf();
		watch.addEvents([eventAt(1, 'x.changed', 'a')]);
		watch.addEvents([eventAt(1, 'x.noted', 'a')]);
		expect(watch.outcome?.event.type).toBe('x.changed');
	});

	it.each([
		[0, 1_000],
		[90_000, 1_000],
		[90_090, 1_001],
		[180_000, 2_000],
		[270_000, 3_000],
		[3_600_000, 3_000],
	])('pauses after %i ms for %i ms', (now, pauseMs) => {
		expect(watchOf().pauseMs(now)).toBe(pauseMs);
	});
});
