/** Cobalt asks to send less: what it asks of one request holds for the whole run. */
import { describe, expect, it } from 'vitest';

import { bookings, cobaltForTest, looks, submissions } from '../Cobalt/setup.mts';
import {
	book,
	bookAgain,
	each,
	ON_LOOKS,
	ON_SUBMISSIONS,
	secondsOfRequests,
	slowDown,
	START,
} from './setup.mts';
import { statusesOf } from './truth.mts';

const ANYWHERE = { path: '' };

const inSeconds = (seconds: number): string => new Date(START + seconds * 1000).toUTCString();

describe.each([
	['submissions', ON_SUBMISSIONS],
	['looks', ON_LOOKS],
	['anything', ANYWHERE],
])('a storm of 429 on %s', (_where, where) => {
	it.each([
		['without Retry-After', undefined],
		['with Retry-After in seconds', '3'],
		['with Retry-After as a date', inSeconds(3)],
		['with a Retry-After that is no time', 'soon'],
	])('%s is outlasted: each item is booked once, and told', async (_how, retryAfter) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(slowDown(where, 12, retryAfter));
		const ended = await book(cobalt, { items: bookings(20) });
		expect(statusesOf(ended)).toEqual(each('completed', 20));
		expect(submissions(cobalt)).toBeLessThanOrEqual(20 + 12);
		expect(looks(cobalt)).toBeLessThan(80);
	});

	it.each([
		['for 20 seconds', '20'],
		['until a date', inSeconds(20)],
	])('%s: nothing at all is sent until then', async (_how, retryAfter) => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 2, times: 20 });
		cobalt.faults.add(slowDown(where, 1, retryAfter));
		const ended = await book(cobalt, { items: bookings(20) });
		expect(statusesOf(ended)).toEqual(each('completed', 20));
		// What was on its way at the same moment cannot be called back.
		const sentAt = secondsOfRequests(cobalt).filter((at) => at > 0.1);
		expect(Math.min(...sentAt)).toBeGreaterThanOrEqual(20);
	});
});

describe('a Retry-After longer than a minute', () => {
	it('on submissions: what is not taken says so, what is taken is waited for after it', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...slowDown(ON_SUBMISSIONS, 1, '90'), after: 6 });
		const ended = await book(cobalt, { items: bookings(20) });
		const taken = cobalt.world.appointments().length;
		expect(statusesOf(ended).filter((status) => status === 'completed')).toHaveLength(taken);
		expect(statusesOf(ended).filter((status) => status === 'not_submitted')).toHaveLength(
			20 - taken,
		);
		expect(submissions(cobalt)).toBe(taken + 1);
		const sentAt = secondsOfRequests(cobalt).filter((at) => at > 0.1);
		expect(Math.min(...sentAt)).toBeGreaterThanOrEqual(90);
	});

	it('on submissions: Retry execution books what is missing, each once', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...slowDown(ON_SUBMISSIONS, 1, '90'), after: 6 });
		const stopped = await book(cobalt, { items: bookings(20), settings: {} });
		expect(stopped.error?.message).toContain('Cobalt asks to slow down');
		const ended = await bookAgain(cobalt, stopped, 100, { items: bookings(20) });
		expect(statusesOf(ended)).toEqual(each('completed', 20));
		expect(submissions(cobalt)).toBe(21);
	});

	it('on a look, beyond the deadline: the jobs are pending, and Cobalt is left alone', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 5, times: 20 });
		cobalt.faults.add(slowDown(ON_LOOKS, 1, '300'));
		const ended = await book(cobalt, { items: bookings(20) });
		expect(statusesOf(ended)).toEqual(each('pending', 20));
		expect(looks(cobalt)).toBe(1);
	});

	it('with 503 on a look: it is kept as well, and the jobs are told after it', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 5, times: 20 });
		const headers = { 'retry-after': '70' };
		cobalt.faults.add({ kind: 'status', status: 503, headers, ...ON_LOOKS });
		const ended = await book(cobalt, { items: bookings(20) });
		expect(statusesOf(ended)).toEqual(each('completed', 20));
		expect(secondsOfRequests(cobalt, ON_LOOKS).filter((at) => at > 1 && at < 70)).toEqual([]);
	});
});

describe('a Cobalt that never stops asking', () => {
	it('for fewer submissions: each is given up after seven, and Retry execution books each once', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(slowDown(ON_SUBMISSIONS, Infinity));
		const stopped = await book(cobalt, { items: bookings(5), settings: {} });
		expect(stopped.error?.message).toContain('Cobalt asks to slow down');
		expect(submissions(cobalt)).toBe(35);
		cobalt.faults.clear();
		const ended = await bookAgain(cobalt, stopped, 600, { items: bookings(5) });
		expect(statusesOf(ended)).toEqual(each('completed', 5));
		expect(submissions(cobalt)).toBe(40);
	});

	it('for fewer of both: nothing is booked twice, whatever the node is set to', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...slowDown(ANYWHERE, Infinity), after: 30 });
		const settings = { retryOnFail: true, maxTries: 3 };
		const stopped = await book(cobalt, { items: bookings(40), settings });
		expect(stopped.error).toBeDefined();
		cobalt.faults.clear();
		const ended = await bookAgain(cobalt, stopped, 3_000, { items: bookings(40) });
		expect(statusesOf(ended)).toEqual(each('completed', 40));
		expect(cobalt.world.appointments()).toHaveLength(40);
	});
});

describe('when time is over in the middle of a storm', () => {
	it('the last looks that stand in line are held as well', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 500, times: 60 });
		cobalt.faults.add({ ...slowDown(ON_LOOKS, Infinity, '30'), after: 10 });
		await book(cobalt, { items: bookings(60), options: { timeout: 10 } });
		const atOnce = new Map<number, number>();
		for (const at of secondsOfRequests(cobalt, ON_LOOKS)) {
			atOnce.set(at, (atOnce.get(at) ?? 0) + 1);
		}
		// Ten were on their way and could not be called back.
		expect(Math.max(...atOnce.values())).toBeLessThanOrEqual(10);
	});

	it.each<[string, string | undefined]>([
		['without Retry-After', undefined],
		['with Retry-After', '50'],
	])('%s, the jobs are pending a minute later at the latest', async (_how, retryAfter) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(slowDown(ON_LOOKS, Infinity, retryAfter));
		let endedAt = 0;
		const ended = await book(cobalt, {
			items: bookings(40),
			meanwhile: ({ result }) => {
				void result.then(() => (endedAt = Date.now()));
			},
		});
		expect(statusesOf(ended)).toEqual(each('pending', 40));
		expect((endedAt - START) / 1000).toBeLessThanOrEqual(120 + 60);
	});
});
