/** An event log that is late, incomplete, overfull, or tells of others. */
import { describe, expect, it } from 'vitest';

import type { Cobalt, DialectOptions, JobPlan } from '../../tools/fake-cobalt/index.mts';
import { after } from '../../tools/n8n-host/virtualTime.mts';
import { bookings, cobaltForTest, lookups } from '../Cobalt/setup.mts';
import { book, each, ON_LOOKUPS, secondsOfRequests } from './setup.mts';
import { statusesOf } from './truth.mts';

/** Events that are nobody's here, such as those of the staff. */
function foreign({ world }: Cobalt, count: number, more: { created?: string } = {}): void {
	for (let index = 0; index < count; index += 1) {
		world.addEvent({ type: 'appointment.created', ...more });
	}
}

describe('forty jobs and a faulty log', () => {
	const cases: Array<[what: string, plan: JobPlan, until: number, max: number]> = [
		['shows each at once', {}, 8, 12],
		['shows each twice', { duplicateEvent: true }, 8, 12],
		['shows one only 30 seconds late', { eventLateBySeconds: 30, times: 1 }, 39, 45],
		['shows each only 30 seconds late', { eventLateBySeconds: 30 }, 40, 120],
		['shows one only to those who ask for its job', { listedByJobIdOnly: true, times: 1 }, 39, 45],
		['shows each only to those who ask for its job', { listedByJobIdOnly: true }, 39, 120],
	];

	it.each(cases)('completes forty jobs when the log %s', async (_what, plan, until, max) => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 7, times: 40, ...plan });
		cobalt.ehrWorker.plan({ seconds: 7, times: 40 });
		const ended = await book(cobalt, { items: bookings(40) });
		expect(statusesOf(ended)).toEqual(each('completed', 40));
		expect(secondsOfRequests(cobalt).at(-1)).toBeLessThan(until);
		expect(lookups(cobalt)).toBeLessThanOrEqual(max);
	});

	it('completes forty jobs when ten are listed late and others finish all the time', async () => {
		const cobalt = await cobaltForTest();
		for (let index = 0; index < 10; index += 1) {
			cobalt.ehrWorker.plan({ seconds: 3, eventLateBySeconds: 20 });
			for (const seconds of [5, 15, 25]) cobalt.ehrWorker.plan({ seconds: seconds + index });
		}
		const ended = await book(cobalt, { items: bookings(40) });
		expect(statusesOf(ended)).toEqual(each('completed', 40));
		expect(secondsOfRequests(cobalt).at(-1)).toBeLessThan(37);
	});

	it.each([1, 40])(
		'leaves %d jobs pending at their deadline when the log never lists them',
		async (never) => {
			const cobalt = await cobaltForTest();
			cobalt.ehrWorker.plan({ seconds: 7, eventNeverListed: true, times: never });
			cobalt.ehrWorker.plan({ seconds: 7, times: 40 });
			const ended = await book(cobalt, { items: bookings(40) });
			expect(statusesOf(ended)).toEqual([
				...each('pending', never),
				...each('completed', 40 - never),
			]);
			expect(secondsOfRequests(cobalt).at(-1)).toBe(120);
			expect(lookups(cobalt)).toBeLessThan(450);
		},
	);
});

describe('a single job', () => {
	it.each<[string, JobPlan, string, number]>([
		['30 seconds late', { eventLateBySeconds: 30 }, 'completed', 38],
		['twice', { duplicateEvent: true }, 'completed', 8],
		['only to those who ask for it', { listedByJobIdOnly: true }, 'completed', 8],
		['never', { eventNeverListed: true }, 'pending', 120.1],
	])('finds a single job that the log shows %s', async (_, plan, status, until) => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 7, ...plan });
		expect(statusesOf(await book(cobalt))).toEqual([status]);
		expect(secondsOfRequests(cobalt).at(-1)).toBeLessThan(until);
	});
});

describe('a log of more than one page', () => {
	it('completes many jobs that all finished in the same millisecond', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 5.5, times: 250 });
		const ended = await book(cobalt, { items: bookings(250) });
		expect(statusesOf(ended)).toEqual(each('completed', 250));
		expect(secondsOfRequests(cobalt).at(-1)).toBeLessThan(7);
		expect(lookups(cobalt)).toBeLessThan(15);
	});

	it.each([600, 2_500])(
		'completes the jobs when %d events of others have the same millisecond',
		async (count) => {
			const cobalt = await cobaltForTest();
			cobalt.ehrWorker.plan({ seconds: 5.5, times: 60 });
			const ended = await book(cobalt, {
				items: bookings(60),
				meanwhile: () => {
					after(5.5, () => {
						foreign(cobalt, count);
					});
				},
			});
			expect(statusesOf(ended)).toEqual(each('completed', 60));
			expect(secondsOfRequests(cobalt).at(-1)).toBeLessThan(12);
		},
	);

	it('completes the jobs when the log is full of events from before the run', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 5.5, times: 60 });
		foreign(cobalt, 3_000, { created: '2025-03-10T14:30:00Z' });
		const ended = await book(cobalt, { items: bookings(60) });
		expect(statusesOf(ended)).toEqual(each('completed', 60));
		expect(lookups(cobalt)).toBeLessThan(12);
	});

	it('completes the jobs when the log has events dated in the future', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 5.5, times: 60 });
		foreign(cobalt, 150, { created: '2026-01-01T00:00:00Z' });
		const ended = await book(cobalt, { items: bookings(60) });
		expect(statusesOf(ended)).toEqual(each('completed', 60));
		expect(secondsOfRequests(cobalt).at(-1)).toBeLessThan(7);
	});
});

describe('a log that ignores the job_id filter', () => {
	const unfiltered: DialectOptions = { jobIdFilter: 'ignored' };

	it.each([1, 3, 40])(
		"finds the event of each of %d jobs when the log shows everybody's events",
		async (count) => {
			const cobalt = await cobaltForTest(unfiltered);
			cobalt.ehrWorker.plan({ seconds: 7, outcome: 'failure', kind: 'appointment.create' });
			cobalt.ehrWorker.plan({ seconds: 7, times: count });
			foreign(cobalt, 120);
			const ended = await book(cobalt, { items: bookings(count) });
			expect(statusesOf(ended)).toEqual(['failed', ...each('completed', count - 1)]);
		},
	);

	/** More than are read back for one job come right after its own. */
	async function buried(options: DialectOptions, count: number) {
		const cobalt = await cobaltForTest(options);
		cobalt.ehrWorker.plan({ seconds: 5.5, times: count });
		const ended = await book(cobalt, {
			items: bookings(count),
			options: { timeout: 20 },
			meanwhile: () => {
				after(5.8, () => {
					foreign(cobalt, 600);
				});
			},
		});
		return statusesOf(ended);
	}

	it('finds many jobs when more than 500 events of others come between two lookups', async () => {
		expect(await buried(unfiltered, 40)).toEqual(each('completed', 40));
	});

	it('leaves a single job pending when more than 500 events of others come between two lookups', async () => {
		expect(await buried(unfiltered, 1)).toEqual(['pending']);
		expect(await buried({}, 1)).toEqual(['completed']);
	});
});

describe('events that resemble those of a job', () => {
	it.each([1, 40])('is not misled by events that resemble those of %d jobs', async (count) => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 8, times: count });
		const ended = await book(cobalt, {
			items: bookings(count),
			meanwhile: () => {
				after(2, () => {
					for (const jobId of ['1555000', '155500010', '015550001', ' ']) {
						cobalt.world.addEvent({ type: 'appointment.failed', jobId });
					}
					cobalt.world.addEvent({ type: 'appointment.failed', data: { mrn: '44235' } });
					foreign(cobalt, 3);
				});
			},
		});
		expect(statusesOf(ended)).toEqual(each('completed', count));
		expect(secondsOfRequests(cobalt, ON_LOOKUPS).at(-1)).toBeGreaterThanOrEqual(8);
	});

	it('waits until the deadline before an undocumented event of the job decides', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 30, times: 8 });
		const ended = await book(cobalt, {
			items: bookings(8),
			meanwhile: () => {
				after(2, () => {
					cobalt.world.addEvent({ type: 'appointment.note_added', jobId: '15550001' });
				});
			},
		});
		expect(statusesOf(ended)).toEqual(each('completed', 8));
		expect(ended.json().map(({ event_type }) => event_type)).toEqual(
			each('appointment.created', 8),
		);
	});
});

describe('every spelling of the log and of the responses', () => {
	const dialects = (['plain', 'prefixed'] as const).flatMap((spelling) =>
		(['data', 'flat'] as const).flatMap((nesting) =>
			(['number', 'string'] as const).flatMap((jobIds) =>
				(['number', 'string'] as const).map((eventJobIds): [DialectOptions] => [
					{ spelling, nesting, jobIds, eventJobIds },
				]),
			),
		),
	);

	it.each(dialects)('finds ten jobs and a single one with %o', async (dialect) => {
		for (const count of [10, 1]) {
			const cobalt = await cobaltForTest(dialect);
			cobalt.ehrWorker.plan({ seconds: 6, outcome: 'failure' });
			cobalt.ehrWorker.plan({ seconds: 6, times: count });
			const ended = await book(cobalt, { items: bookings(count) });
			expect(statusesOf(ended)).toEqual(['failed', ...each('completed', count - 1)]);
			expect(secondsOfRequests(cobalt).at(-1)).toBeLessThan(8);
		}
	});
});
