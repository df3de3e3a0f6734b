/**
 * Cancelled at each stage: nothing is sent any more, and Retry execution books nothing twice and misses
 * nothing but what may have been taken.
 */
import { describe, expect, it } from 'vitest';

import type { Cobalt, CobaltOptions } from '../../tools/fake-cobalt/index.mts';
import { cobaltWorkflow } from '../../tools/n8n-host/workflow.mts';
import { bookings, cobaltForTest, CREATE, retry, submissions } from '../Cobalt/setup.mts';
import {
	bookAgain,
	bookAndCancel,
	each,
	GO_ON,
	later,
	ON_LOOKUPS,
	ON_SUBMISSIONS,
	RETRY_ON_FAIL,
	slowDown,
	type BookOptions,
} from './setup.mts';
import { doublesIn, statusesOf } from './truth.mts';

interface Stage {
	stage: string;
	cobalt?: CobaltOptions;
	prepare?: (cobalt: Cobalt) => void;
	/** When it is cancelled, in seconds. */
	at: number;
	items?: number;
	options?: BookOptions['options'];
	/** How many submissions Cobalt had by then. */
	sent: number;
}

/** Stages at which no submission is on its way. */
const CLEAR: Stage[] = [
	{
		stage: 'while Cobalt asks to wait before the first submission',
		prepare: ({ faults }) => {
			faults.add(slowDown(ON_SUBMISSIONS, 5, '60'));
		},
		at: 30,
		sent: 5,
	},
	{
		stage: 'between submissions, while Cobalt asks to wait',
		prepare: ({ faults }) => {
			faults.add({ ...slowDown(ON_SUBMISSIONS, 5, '60'), after: 7 });
		},
		at: 30,
		sent: 12,
	},
	{ stage: 'before the first look', at: 0.005, sent: 20 },
	{ stage: 'between two looks', at: 1.5, sent: 20 },
	{
		stage: 'while Cobalt asks to wait for the looks',
		prepare: ({ faults }) => {
			faults.add(slowDown(ON_LOOKUPS, 1, '40'));
		},
		at: 20,
		sent: 20,
	},
	{
		stage: 'in the middle of a page of the log',
		prepare: ({ faults }) => {
			faults.add({ kind: 'slow', ms: 5_000, ...ON_LOOKUPS, after: 1 });
		},
		at: 3,
		sent: 20,
	},
	{
		stage: 'in the middle of a look at one job',
		prepare: ({ faults }) => {
			faults.add({ kind: 'slow', ms: 5_000, ...ON_LOOKUPS, after: 1 });
		},
		items: 1,
		at: 3,
		sent: 1,
	},
	{
		stage: 'in the middle of the last looks',
		prepare: ({ faults, ehrWorker }) => {
			ehrWorker.plan({ seconds: 60, times: 20 });
			faults.add({ kind: 'slow', ms: 5_000, times: 20, ...ON_LOOKUPS, after: 10 });
		},
		options: { timeout: 10 },
		at: 12,
		sent: 20,
	},
	{
		stage: 'between two tries of Retry On Fail',
		prepare: ({ faults }) => {
			faults.add({ kind: 'status', status: 400, ...ON_SUBMISSIONS, after: 4 });
		},
		at: 0.5,
		sent: 5,
	},
];

describe.each(CLEAR)(
	'an execution cancelled $stage',
	({ cobalt: world, prepare, at, items: count = 20, options, sent }) => {
		const items = bookings(count);

		it('sends nothing more, and a retry books each item once', async () => {
			const cobalt = await cobaltForTest(world);
			prepare?.(cobalt);
			const booking = { items, options, settings: RETRY_ON_FAIL };
			const stopped = await bookAndCancel(cobalt, at, booking);
			expect(submissions(cobalt)).toBeGreaterThanOrEqual(sent);
			const ended = await bookAgain(cobalt, stopped, 300, booking);
			expect(statusesOf(ended)).toEqual(each('completed', count));
			expect(cobalt.world.appointments()).toHaveLength(count);
		});

		it('books each item once when two retries are cancelled as well', async () => {
			const cobalt = await cobaltForTest(world);
			prepare?.(cobalt);
			const booking = { items, options, settings: RETRY_ON_FAIL };
			const first = await bookAndCancel(cobalt, at, booking);
			const second = await retry(cobalt, first, {
				now: later(100),
				meanwhile: ({ cancel }) => {
					setTimeout(cancel, 500);
				},
			});
			const third = await retry(cobalt, second, {
				now: later(200),
				meanwhile: ({ cancel }) => {
					setTimeout(cancel, 3);
				},
			});
			const ended = await bookAgain(cobalt, third, 300, { items });
			expect(statusesOf(ended)).toEqual(each('completed', count));
			expect(cobalt.world.appointments()).toHaveLength(count);
		});
	},
);

describe('an execution cancelled before anything is sent', () => {
	it('books each item once when a retry follows a cancel before the first request', async () => {
		const cobalt = await cobaltForTest();
		const stopped = await bookAndCancel(cobalt, 0, { items: bookings(20) });
		expect(submissions(cobalt)).toBe(0);
		const ended = await bookAgain(cobalt, stopped, 60, { items: bookings(20) });
		expect(statusesOf(ended)).toEqual(each('completed', 20));
	});
});

describe('an execution cancelled while five submissions are in flight', () => {
	const items = bookings(20);

	/** The node goes on now, so that each item says how it is. */
	const file = (options: BookOptions['options']) =>
		cobaltWorkflow({ ...CREATE, options }, { items, settings: GO_ON });

	async function cancelled(): Promise<[Cobalt, Awaited<ReturnType<typeof bookAndCancel>>]> {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'slow', ms: 2_000, times: 5, ...ON_SUBMISSIONS, after: 10 });
		const stopped = await bookAndCancel(cobalt, 1, { items });
		expect(submissions(cobalt)).toBe(15);
		return [cobalt, stopped];
	}

	it('sends in a retry what was not sent before, and none of the five submissions in flight', async () => {
		const [cobalt, stopped] = await cancelled();
		const ended = await retry(cobalt, stopped, { now: later(60), file: file({}) });
		const statuses = [...each('completed', 10), ...each('unknown', 5), ...each('completed', 5)];
		expect(statusesOf(ended)).toEqual(statuses);
		expect(submissions(cobalt)).toBe(20);
		expect(doublesIn(cobalt, items)).toEqual([]);
	});

	it('finds the five submissions in flight when the retry searches for records, and sends none of them', async () => {
		const [cobalt, stopped] = await cancelled();
		const options = { ifResponseLost: 'search' };
		const ended = await retry(cobalt, stopped, { now: later(60), file: file(options) });
		expect(statusesOf(ended)).toEqual(each('completed', 20));
		expect(submissions(cobalt)).toBe(20);
		expect(doublesIn(cobalt, items)).toEqual([]);
	});
});

describe('an execution cancelled while it searches for a record', () => {
	const options = { ifResponseLost: 'search' };

	it.each([
		['between two searches', 0, 3],
		['in the middle of a search', 5_000, 4],
	])(
		'finds in a retry the record that a cancelled search did not find: %s',
		async (_when, ms, seconds) => {
			const cobalt = await cobaltForTest();
			cobalt.ehrWorker.plan({ seconds: 20, times: 10 });
			cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS, after: 2 });
			cobalt.faults.add({ kind: 'slow', ms, method: 'GET', path: '/appointments', after: 1 });
			const stopped = await bookAndCancel(cobalt, seconds, { items: bookings(10), options });
			const ended = await bookAgain(cobalt, stopped, 60, { items: bookings(10) });
			expect(statusesOf(ended)).toEqual(each('completed', 10));
			expect(submissions(cobalt)).toBe(10);
		},
	);
});

it('reports with Continue On Fail what each cancelled item knows, and a retry does not look it up again', async () => {
	const cobalt = await cobaltForTest();
	cobalt.ehrWorker.plan({ seconds: 60, times: 10 });
	const stopped = await bookAndCancel(cobalt, 5, { items: bookings(10), settings: GO_ON });
	const ended = await bookAgain(cobalt, stopped, 120, { items: bookings(10) });
	expect(statusesOf(ended)).toEqual(each('pending', 10));
	expect(submissions(cobalt)).toBe(10);
});
