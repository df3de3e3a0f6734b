/** What goes wrong while bookings are sent. */
import { describe, expect, it } from 'vitest';

import type { Cobalt, Fault } from '../../tools/fake-cobalt/index.mts';
import { bookings, cobaltForTest, submissions } from '../Cobalt/setup.mts';
import {
	book,
	bookAgain,
	each,
	ON_SUBMISSIONS,
	RETRY_ON_FAIL,
	secondsOfRequests,
} from './setup.mts';
import { statusesOf } from './truth.mts';

const FIVE = bookings(5);

/** The third of five is struck. */
const THIRD = { ...ON_SUBMISSIONS, after: 2 };

describe('a submission of which nobody knows whether Cobalt accepted it', () => {
	const cases: Array<[what: string, fault: Fault, accepted: number]> = [
		['the connection is cut before Cobalt took it', { kind: 'drop' }, 0],
		['the connection is cut after Cobalt took it', { kind: 'dropAfterAccept' }, 1],
		['the answer is cut in the middle', { kind: 'cut' }, 1],
		['Cobalt answers 500 and did not take it', { kind: 'status', status: 500 }, 0],
		['Cobalt answers 503 and did not take it', { kind: 'status', status: 503 }, 0],
		['a gateway answers 408', { kind: 'status', status: 408 }, 0],
		[
			'a gateway gives up with 504 on what was taken',
			{ kind: 'statusAfterAccept', status: 504 },
			1,
		],
		[
			'a gateway answers 502 with a web page',
			{ kind: 'statusAfterAccept', status: 502, body: '<html></html>' },
			1,
		],
		['the answer is a web page', { kind: 'html' }, 1],
		['the answer is empty', { kind: 'empty' }, 1],
		['the answer is cut short', { kind: 'truncated' }, 1],
		['the answer takes more than a minute', { kind: 'slow', ms: 61_000 }, 1],
		[
			'Cobalt points elsewhere after it took it',
			{ kind: 'redirect', location: '/elsewhere', status: 302 },
			0,
		],
	];

	describe.each(cases)('%s', (_, fault, accepted) => {
		it('reports only the item whose outcome is unknown, and sends nothing again', async () => {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ ...fault, ...THIRD });
			const ended = await book(cobalt, { items: FIVE });
			const others = each('completed', 2);
			expect(statusesOf(ended)).toEqual([...others, 'unknown', ...others]);
			expect(submissions(cobalt)).toBe(5);
			expect(cobalt.world.appointments()).toHaveLength(4 + accepted);
		});

		it('sends an unknown submission again neither by Retry On Fail nor by a retry', async () => {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ ...fault, ...THIRD });
			const options = { items: FIVE, settings: RETRY_ON_FAIL };
			const stopped = await book(cobalt, options);
			const again = await bookAgain(cobalt, stopped, 600, options);
			expect(again.error?.message).toContain('may or may not have reached Cobalt');
			expect(submissions(cobalt)).toBe(5);
			expect(cobalt.world.appointments()).toHaveLength(4 + accepted);
		});
	});

	it('books the other half once when half of a run has unknown outcomes', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status: 503, times: 10, ...ON_SUBMISSIONS });
		cobalt.faults.add({ kind: 'statusAfterAccept', status: 500, times: 10, ...ON_SUBMISSIONS });
		const ended = await book(cobalt, { items: bookings(40) });
		expect(statusesOf(ended)).toEqual([...each('unknown', 20), ...each('completed', 20)]);
		expect(submissions(cobalt)).toBe(40);
		expect(cobalt.world.appointments()).toHaveLength(30);
	});
});

describe('a submission that Cobalt certainly did not accept', () => {
	const refusals: Array<[what: string, fault: Fault]> = [
		['it says that the data are wrong', { kind: 'status', status: 400 }],
		['it does not allow it', { kind: 'status', status: 403 }],
		['it does not know the keys', { kind: 'status', status: 401 }],
		['it asks for the same elsewhere', { kind: 'redirect', location: '/elsewhere', status: 307 }],
	];

	it.each(refusals)('books in a retry what is missing, each once: %s', async (_, fault) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, ...THIRD });
		const stopped = await book(cobalt, { items: FIVE, settings: {} });
		expect(stopped.error).toBeDefined();
		const ended = await bookAgain(cobalt, stopped, 60, { items: FIVE });
		expect(statusesOf(ended)).toEqual(each('completed', 5));
		expect(submissions(cobalt)).toBe(6);
	});

	it('makes four attempts when nobody listens, and a retry books each item once', async () => {
		const cobalt = await cobaltForTest();
		const away: Cobalt = { ...cobalt, url: 'http://127.0.0.1:1' };
		const stopped = await book(away, { items: FIVE, settings: {} });
		expect(stopped.error?.message).toContain('the connection was refused');
		expect(submissions(cobalt)).toBe(0);
		const ended = await bookAgain(cobalt, stopped, 60, { items: FIVE });
		expect(statusesOf(ended)).toEqual(each('completed', 5));
		expect(submissions(cobalt)).toBe(5);
	});

	it('reports each item as not submitted when nobody listens and the node continues on failure', async () => {
		const cobalt = await cobaltForTest();
		const ended = await book({ ...cobalt, url: 'http://127.0.0.1:1' }, { items: FIVE });
		expect(statusesOf(ended)).toEqual(each('not_submitted', 5));
	});
});

describe('a Cobalt that is slow to accept bookings', () => {
	it('sends as many submissions at once as the user allows, and each once', async () => {
		const cobalt = await cobaltForTest({ latencyMs: 9_000 });
		cobalt.ehrWorker.plan({ seconds: 2, times: 12 });
		const options = { items: bookings(12), options: { concurrency: 4 } };
		expect(statusesOf(await book(cobalt, options))).toEqual(each('completed', 12));
		const sentAt = secondsOfRequests(cobalt, ON_SUBMISSIONS);
		// From the first one on: before that, the items are noted in n8n's table, in real time.
		const [first = 0] = sentAt;
		const seconds = sentAt.map((at) => Math.round(at - first));
		expect(seconds).toEqual([0, 9, 18].flatMap((at) => [at, at, at, at]));
	});

	it('reports items as submitted and looks nothing up when Cobalt gives no job IDs', async () => {
		const cobalt = await cobaltForTest({ jobIds: 'absent' });
		const ended = await book(cobalt, { items: FIVE });
		expect(statusesOf(ended)).toEqual(each('submitted', 5));
		expect(ended.hints()[0]?.message).toContain('Cobalt returned no job_id for 5 of 5 items');
		expect(cobalt.world.requests()).toHaveLength(5);
	});

	it('reports only the items that failed in the EHR, and a retry submits only those again', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ outcome: 'failure', seconds: 1, after: 1 });
		const stopped = await book(cobalt, { items: FIVE, settings: {} });
		expect(stopped.error?.message).toContain('failed in the EHR');
		const ended = await bookAgain(cobalt, stopped, 60, { items: FIVE });
		expect(statusesOf(ended)).toEqual(each('completed', 5));
		expect(submissions(cobalt)).toBe(6);
	});
});
