/** Cobalt asks to send less: what it asks of one request holds for the whole run. */
import { describe, expect, it } from 'vitest';

import { bookings, cobaltForTest, lookups, submissions } from '../Cobalt/setup.mts';
import {
	book,
	bookAgain,
	each,
	ON_LOOKUPS,
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
	['lookups', ON_LOOKUPS],
	['anything', ANYWHERE],
])('many responses 429 to %s', (_where, where) => {
	it.each([
		['without Retry-After', undefined],
		['with Retry-After in seconds', '3'],
		['with Retry-After as a date', inSeconds(3)],
		['with a Retry-After that is no time', 'soon'],
	])('books and completes each item once after many responses 429 %s', async (_how, retryAfter) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(slowDown(where, 12, retryAfter));
		const ended = await book(cobalt, { items: bookings(20) });
		expect(statusesOf(ended)).toEqual(each('completed', 20));
		expect(submissions(cobalt)).toBeLessThanOrEqual(20 + 12);
		expect(lookups(cobalt)).toBeLessThan(80);
	});

	it.each([
		['for 20 seconds', '20'],
		['until a date', inSeconds(20)],
	])('sends nothing while Cobalt asks to wait %s', async (_how, retryAfter) => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 2, times: 20 });
		cobalt.faults.add(slowDown(where, 1, retryAfter));
		const ended = await book(cobalt, { items: bookings(20) });
		expect(statusesOf(ended)).toEqual(each('completed', 20));
		// What was on its way at the same moment cannot be called back.
		const asked = where === ON_LOOKUPS ? 5 : 0;
		const sentAt = secondsOfRequests(cobalt).filter((at) => at > asked + 0.1);
		expect(Math.min(...sentAt)).toBeGreaterThanOrEqual(20);
	});
});

describe('a Retry-After of more than a minute', () => {
	it('reports refused submissions as not submitted after a long Retry-After, and waits for the accepted ones', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...slowDown(ON_SUBMISSIONS, 1, '90'), after: 6 });
		const ended = await book(cobalt, { items: bookings(20) });
		const accepted = cobalt.world.appointments().length;
		expect(statusesOf(ended).filter((status) => status === 'completed')).toHaveLength(accepted);
		expect(statusesOf(ended).filter((status) => status === 'not_submitted')).toHaveLength(
			20 - accepted,
		);
		expect(submissions(cobalt)).toBe(accepted + 1);
		const sentAt = secondsOfRequests(cobalt).filter((at) => at > 0.1);
		expect(Math.min(...sentAt)).toBeGreaterThanOrEqual(90);
	});

	it('books in a retry only what a long Retry-After kept from being sent', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...slowDown(ON_SUBMISSIONS, 1, '90'), after: 6 });
		const stopped = await book(cobalt, { items: bookings(20), settings: {} });
		expect(stopped.error?.message).toContain('Cobalt is limiting requests');
		const ended = await bookAgain(cobalt, stopped, 100, { items: bookings(20) });
		expect(statusesOf(ended)).toEqual(each('completed', 20));
		expect(submissions(cobalt)).toBe(21);
	});

	it('leaves jobs pending and Cobalt alone when Retry-After ends after their deadline', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 5, times: 20 });
		cobalt.faults.add(slowDown(ON_LOOKUPS, 1, '300'));
		const ended = await book(cobalt, { items: bookings(20) });
		expect(statusesOf(ended)).toEqual(each('pending', 20));
		expect(lookups(cobalt)).toBe(1);
	});

	it('respects a Retry-After with 503 as well, and finds the jobs after it', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 5, times: 20 });
		const headers = { 'retry-after': '70' };
		cobalt.faults.add({ kind: 'status', status: 503, headers, ...ON_LOOKUPS });
		const ended = await book(cobalt, { items: bookings(20) });
		expect(statusesOf(ended)).toEqual(each('completed', 20));
		expect(secondsOfRequests(cobalt, ON_LOOKUPS).filter((at) => at > 5.5 && at < 75)).toEqual([]);
	});
});

describe('a Cobalt that never stops asking to slow down', () => {
	it('gives up each submission after seven attempts, and a retry books each once', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(slowDown(ON_SUBMISSIONS, Infinity));
		const stopped = await book(cobalt, { items: bookings(5), settings: {} });
		expect(stopped.error?.message).toContain('Cobalt is limiting requests');
		expect(submissions(cobalt)).toBe(35);
		cobalt.faults.clear();
		const ended = await bookAgain(cobalt, stopped, 600, { items: bookings(5) });
		expect(statusesOf(ended)).toEqual(each('completed', 5));
		expect(submissions(cobalt)).toBe(40);
	});

	it('books nothing twice with any settings when submissions and lookups are slowed down for ever', async () => {
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

describe('a deadline during many responses 429', () => {
	it('stops the queued last lookups as well when Cobalt asks to slow down', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 500, times: 60 });
		cobalt.faults.add({ ...slowDown(ON_LOOKUPS, Infinity, '30'), after: 5 });
		await book(cobalt, { items: bookings(60), options: { timeout: 10 } });
		const atOnce = new Map<number, number>();
		for (const at of secondsOfRequests(cobalt, ON_LOOKUPS)) {
			atOnce.set(at, (atOnce.get(at) ?? 0) + 1);
		}
		// Ten were on their way and could not be called back.
		expect(Math.max(...atOnce.values())).toBeLessThanOrEqual(10);
	});

	it.each<[string, string | undefined]>([
		['without Retry-After', undefined],
		['with Retry-After', '50'],
	])('ends the jobs at most a minute after their deadline, %s', async (_how, retryAfter) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(slowDown(ON_LOOKUPS, Infinity, retryAfter));
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
