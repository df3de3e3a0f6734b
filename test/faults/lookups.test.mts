/** What goes wrong while the results are looked up. */
import { describe, expect, it } from 'vitest';

import type { Fault } from '../../tools/fake-cobalt/index.mts';
import { after } from '../../tools/n8n-host/virtualTime.mts';
import { bookings, cobaltForTest, lookups, run, submissions } from '../Cobalt/setup.mts';
import {
	book,
	bookAgain,
	each,
	GO_ON,
	ON_LOOKUPS,
	secondsOfRequests,
	slowDown,
	START,
} from './setup.mts';
import { claimsOf, statusesOf } from './truth.mts';

const CROWDS: Array<[who: string, count: number]> = [
	['a job alone', 1],
	['forty jobs', 40],
];

describe.each(CROWDS)('%s', (_who, count) => {
	const items = bookings(count);

	const passing: Array<[what: string, fault: Fault, seconds: number]> = [
		['the connection is cut', { kind: 'drop' }, 12],
		['the answer is cut in the middle', { kind: 'cut' }, 12],
		['500', { kind: 'status', status: 500 }, 12],
		['502 with a web page', { kind: 'status', status: 502, body: '<html></html>' }, 12],
		['408', { kind: 'status', status: 408 }, 12],
		['a web page', { kind: 'html' }, 12],
		['nothing at all', { kind: 'empty' }, 12],
		['half of the JSON', { kind: 'truncated' }, 12],
		['an answer after 9 seconds', { kind: 'slow', ms: 9_000 }, 70],
		['no answer within 30 seconds', { kind: 'slow', ms: 31_000 }, 115],
	];

	it.each(passing)(
		'completes every job after six failed lookups with %s',
		async (_what, fault, seconds) => {
			const cobalt = await cobaltForTest();
			cobalt.ehrWorker.plan({ seconds: 2, times: count });
			const times = fault.kind === 'slow' && fault.ms > 9_000 ? 3 : 6;
			cobalt.faults.add({ ...fault, ...ON_LOOKUPS, times });
			const ended = await book(cobalt, { items });
			expect(statusesOf(ended)).toEqual(each('completed', count));
			expect(submissions(cobalt)).toBe(count);
			const askedAt = secondsOfRequests(cobalt, ON_LOOKUPS);
			expect(askedAt.at(-1)).toBeLessThan(seconds);
			expect(askedAt.length).toBeLessThanOrEqual(times + 4 + count);
		},
	);

	it('reports an expired EHR login at once, and a retry continues after it is fixed', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 40, times: count });
		const expire = () => {
			after(9.5, () => (cobalt.world.settings.loginExpired = true));
		};
		const stopped = await book(cobalt, { items, settings: {}, meanwhile: expire });
		expect(stopped.error?.message).toContain('The EHR login for this access token has expired');
		expect(secondsOfRequests(cobalt, ON_LOOKUPS).filter((at) => at > 9.5)).toEqual([10]);
		cobalt.world.settings.loginExpired = false;
		const ended = await bookAgain(cobalt, stopped, 300, { items });
		expect(statusesOf(ended)).toEqual(each('completed', count));
		expect(submissions(cobalt)).toBe(count);
	});

	it.each([
		['the EHR login expires', { status: 403, body: { success: false, error: 'login_required' } }],
		['the keys are revoked', { status: 401 }],
		['Cobalt does not allow it any more', { status: 403 }],
	])('reports every job with its ID after one lookup when %s', async (_what, reply) => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 40, times: count });
		cobalt.faults.add({ kind: 'status', ...reply, ...ON_LOOKUPS, after: 5, times: Infinity });
		const ended = await book(cobalt, { items });
		expect(statusesOf(ended)).toEqual(each('pending', count));
		expect(ended.json('Cobalt', 1).map(({ error }) => error)).toEqual(
			each('', count).map(() => expect.stringContaining('Could not get the result of') as string),
		);
		const jobs = cobalt.world.jobs().map(({ id }) => id);
		expect(claimsOf(ended).map(({ jobId }) => jobId)).toEqual(jobs);
		expect(lookups(cobalt)).toBe(6);
	});

	it('leaves jobs pending at their deadline, with their IDs, when Cobalt disappears during the wait', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 40, times: count });
		let endedAt = 0;
		const ended = await book(cobalt, {
			items,
			options: { timeout: 60 },
			meanwhile: ({ result }) => {
				after(10.5, () => void cobalt.close());
				void result.then(() => (endedAt = Date.now()));
			},
		});
		expect(statusesOf(ended)).toEqual(each('pending', count));
		expect(claimsOf(ended).every(({ jobId }) => jobId !== undefined)).toBe(true);
		expect(new Date(endedAt).toISOString()).toBe('2025-03-10T15:01:00.000Z');
	});
});

describe('deadlines', () => {
	it('gives each job its last lookup at a common deadline, and none later', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 500, times: 100 });
		const ended = await book(cobalt, { items: bookings(100), options: { timeout: 15 } });
		expect(statusesOf(ended)).toEqual(each('pending', 100));
		const last = cobalt.world.requests(ON_LOOKUPS).filter(({ at }) => at === START + 15_000);
		const ids = last.flatMap(({ query }) => query.job_id ?? []);
		expect(new Set(ids).size).toBe(100);
		// And one page of the log, for all that are still pending.
		expect(last).toHaveLength(101);
		expect(secondsOfRequests(cobalt, ON_LOOKUPS).at(-1)).toBe(15);
	});

	it('finds at the deadline what finished since the previous lookup of each job', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 14.5, times: 60 });
		const options = { timeout: 15, pollInterval: 10 };
		const ended = await book(cobalt, { items: bookings(60), options });
		expect(statusesOf(ended)).toEqual(each('completed', 60));
	});

	it('fails at the deadline where On Timeout says so, and Retry On Fail waits for the same jobs', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 25, times: 10 });
		const ended = await book(cobalt, {
			items: bookings(10),
			options: { timeout: 10, onTimeout: 'fail' },
			settings: { retryOnFail: true, maxTries: 3 },
		});
		expect(statusesOf(ended)).toEqual(each('completed', 10));
		expect(submissions(cobalt)).toBe(10);
	});

	it('leaves jobs pending at their deadline when every lookup fails, at no more than the normal rate', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status: 503, times: Infinity, ...ON_LOOKUPS });
		const ended = await book(cobalt, { items: bookings(40), options: { timeout: 30 } });
		expect(statusesOf(ended)).toEqual(each('pending', 40));
		expect(secondsOfRequests(cobalt).at(-1)).toBeLessThan(31);
		expect(lookups(cobalt)).toBeLessThanOrEqual(30 * 20 + 40);
	});
});

describe('time that is lost to a slow lookup or a pause', () => {
	it('makes the last lookup when a lookup without a response outlasts the deadline', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 2 });
		cobalt.faults.add({ kind: 'slow', ms: 31_000, ...ON_LOOKUPS });
		const ended = await book(cobalt, { options: { timeout: 10 } });
		expect(statusesOf(ended)).toEqual(['completed']);
	});

	it('makes the last lookup when a pause that Cobalt asked for outlasts the deadline', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 2 });
		cobalt.faults.add(slowDown(ON_LOOKUPS, 1, '50'));
		const ended = await book(cobalt, { options: { timeout: 10 } });
		expect(statusesOf(ended)).toEqual(['completed']);
	});

	it('does not look up all of forty jobs in every round of an outage when only their IDs are known', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 500, times: 40 });
		await book(cobalt, { items: bookings(40), options: { timeout: 1 } });
		const before = lookups(cobalt);
		cobalt.faults.add({ kind: 'status', status: 503, times: Infinity, ...ON_LOOKUPS });
		const jobId = '={{ $json.id }}';
		const options = { timeout: 20 };
		await run(cobalt, {
			parameters: {
				resource: 'job',
				operation: 'getResult',
				jobId,
				waitForResult: true,
				options,
			},
			items: cobalt.world.jobs().map(({ id }) => ({ id })),
			settings: GO_ON,
		});
		expect(lookups(cobalt) - before).toBeLessThanOrEqual(40 + 21 * 20 + 40);
	});
});
