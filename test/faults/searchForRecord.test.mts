/** The answer to a booking is lost, and Cobalt's own list is to tell what became of it. */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt, Fault, NewAppointment } from '../../tools/fake-cobalt/index.mts';
import { after } from '../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow } from '../../tools/n8n-host/workflow.mts';
import {
	bookings,
	cobaltForTest,
	CREATE,
	refuse,
	retry,
	run,
	runFile,
	submissions,
	twice,
} from '../Cobalt/setup.mts';
import {
	book,
	bookAgain,
	each,
	GO_ON,
	later,
	ON_SUBMISSIONS,
	RETRY_ON_FAIL,
	secondsOfRequests,
} from './setup.mts';
import { claimsOf, startOf, statusesOf } from './truth.mts';

const SEARCH_FOR_RECORD = { ifResponseLost: 'search' };

const ONE = bookings(1);

const TWINS = [ONE, ONE].flat();

const [BOOKING = {}] = ONE;

/** How often Cobalt was asked for the list. */
const searches = (cobalt: Cobalt): number =>
	cobalt.world.requests({ method: 'GET', path: '/appointments' }).length;

/** One like that which is booked here, of somebody else. */
function another(more: Partial<NewAppointment>): NewAppointment {
	return {
		datetime: '2025-06-02T13:00:00Z',
		appointment_type: 'follow_up',
		location: '2',
		patient_mrn: '44235',
		provider_ehr_id: '118',
		...more,
	};
}

const LOST: Array<[what: string, fault: Fault]> = [
	['the connection was cut', { kind: 'dropAfterAccept' }],
	['the answer was cut in the middle', { kind: 'cut' }],
	['the answer was a web page', { kind: 'html' }],
	['a gateway gave up with 504', { kind: 'statusAfterAccept', status: 504 }],
	['the answer took more than a minute', { kind: 'slow', ms: 61_000 }],
];

describe.each(LOST)('an accepted booking, and %s', (_what, fault) => {
	it('finds an accepted booking, reports it as found, and does not send it again', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, ...ON_SUBMISSIONS, after: 2 });
		const ended = await book(cobalt, { items: bookings(5), options: SEARCH_FOR_RECORD });
		expect(statusesOf(ended)).toEqual(each('completed', 5));
		expect(claimsOf(ended).map(({ isFound }) => isFound)).toEqual([
			false,
			false,
			true,
			false,
			false,
		]);
		expect(ended.json()[2]).toMatchObject({ found_in_list: true, mrn: '44235' });
		expect(submissions(cobalt)).toBe(5);
		expect(ended.hints()[0]?.message).toContain('1 of 5 items were found in Cobalt');
	});

	it('does not send a found booking again when Retry On Fail or a retry runs for another item', async () => {
		const cobalt = await cobaltForTest();
		const options = { items: bookings(5), options: SEARCH_FOR_RECORD, settings: RETRY_ON_FAIL };
		cobalt.faults.add({ ...fault, ...ON_SUBMISSIONS, after: 2 });
		cobalt.faults.add({ kind: 'status', status: 400, times: 6, ...ON_SUBMISSIONS, after: 2 });
		const stopped = await book(cobalt, options);
		expect(stopped.error).toBeDefined();
		const ended = await bookAgain(cobalt, stopped, 600, options);
		expect(statusesOf(ended)).toEqual(each('completed', 5));
		// The two that were refused, on each of three tries, and then in the Retry.
		expect(submissions(cobalt)).toBe(3 + 2 * 3 + 2);
	});
});

describe('a booking whose response was lost', () => {
	it('adopts nothing and sends nothing again when Cobalt never accepted the booking', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'drop', ...ON_SUBMISSIONS });
		const options = { options: SEARCH_FOR_RECORD, settings: RETRY_ON_FAIL };
		const stopped = await book(cobalt, options);
		expect(stopped.error?.description).toContain("Cobalt's list shows no match");
		expect(secondsOfRequests(cobalt).at(-1)).toBeGreaterThanOrEqual(2 * 120);
		expect(searches(cobalt)).toBeLessThan(3 * 10);
		await bookAgain(cobalt, stopped, 900, options);
		expect(submissions(cobalt)).toBe(1);
	});

	it('reports a booking as unknown when the EHR refused it in the end', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ outcome: 'failure' });
		cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS });
		const ended = await book(cobalt, { options: SEARCH_FOR_RECORD });
		expect(statusesOf(ended)).toEqual(['unknown']);
	});

	it('searches for a record as long as a job would be looked up when the result is not waited for', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS });
		const parameters = { ...CREATE, waitForResult: false, options: SEARCH_FOR_RECORD };
		const ended = await run(cobalt, { parameters });
		expect(ended.json()).toEqual([
			expect.objectContaining({ job_status: 'completed', found_in_list: true }),
		]);
		expect(submissions(cobalt)).toBe(1);
	});

	it.each([120, -120, 45, -45])(
		"finds a record when Cobalt's clock is %d seconds ahead",
		async (skew) => {
			const cobalt = await cobaltForTest({ clockSkewSeconds: skew });
			cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS });
			expect(statusesOf(await book(cobalt, { options: SEARCH_FOR_RECORD }))).toEqual(['completed']);
		},
	);

	it.each<[string, Fault]>([
		['fails', { kind: 'status', status: 500, times: 6 }],
		['is cut short', { kind: 'truncated', times: 6 }],
		['asks to slow down', { kind: 'status', status: 429, headers: { 'retry-after': '20' } }],
		['does not answer', { kind: 'slow', ms: 31_000 }],
	])('finds a record in the end when the list %s', async (_, fault) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS });
		cobalt.faults.add({ ...fault, method: 'GET', path: '/appointments' });
		const ended = await book(cobalt, { items: bookings(3), options: SEARCH_FOR_RECORD });
		expect(statusesOf(ended)).toEqual(each('completed', 3));
		expect(submissions(cobalt)).toBe(3);
	});

	it('finds the own record of each of forty items whose responses were all lost', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS, times: 40 });
		const ended = await book(cobalt, { items: bookings(40), options: SEARCH_FOR_RECORD });
		expect(statusesOf(ended)).toEqual(each('completed', 40));
		expect(new Set(claimsOf(ended).map(({ appointmentId }) => appointmentId)).size).toBe(40);
	});
});

describe('two equal items', () => {
	it('reports two equal items as unknown when both responses are lost, and sends nothing again', async () => {
		for (const kind of ['drop', 'dropAfterAccept'] as const) {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ kind, ...ON_SUBMISSIONS });
			cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS });
			const ended = await book(cobalt, { items: TWINS, options: SEARCH_FOR_RECORD });
			expect(statusesOf(ended)).toEqual(['unknown', 'unknown']);
			expect(submissions(cobalt)).toBe(2);
		}
	});

	it.each([0, 1])(
		'gives the right record to item %d of two equal ones when its response is lost',
		async (lost) => {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS, after: lost });
			const ended = await book(cobalt, { items: TWINS, options: SEARCH_FOR_RECORD });
			expect(statusesOf(ended)).toEqual(['completed', 'completed']);
			expect(new Set(claimsOf(ended).map(({ appointmentId }) => appointmentId)).size).toBe(2);
			expect(submissions(cobalt)).toBe(2);
		},
	);

	it.each([0, 1])(
		'does not give the record of the other item to item %d, which never reached Cobalt',
		async (lost) => {
			for (const concurrency of [1, 5]) {
				const cobalt = await cobaltForTest();
				cobalt.faults.add({ kind: 'drop', ...ON_SUBMISSIONS, after: lost });
				const options = { ...SEARCH_FOR_RECORD, concurrency };
				const ended = await book(cobalt, { items: TWINS, options });
				expect(statusesOf(ended)[lost]).toBe('unknown');
				expect(statusesOf(ended)[1 - lost]).toBe('completed');
			}
		},
	);

	it.each([
		['visit type', { type: 'new_patient' }],
		['location', { location: '3' }],
	])(
		'does not give an item the record of another one that differs only in its %s',
		async (_, more) => {
			const cobalt = await cobaltForTest();
			const items: IDataObject[] = [BOOKING, { ...BOOKING, ...more }];
			cobalt.faults.add({ kind: 'drop', ...ON_SUBMISSIONS });
			cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS });
			const options = { ...SEARCH_FOR_RECORD, concurrency: 1 };
			const ended = await book(cobalt, { items, options });
			expect(statusesOf(ended)).toEqual(['unknown', 'unknown']);
		},
	);
});

it('does not adopt the record of an equal item whose response did not identify it', async () => {
	const cobalt = await cobaltForTest();
	const silent = { status: 200, body: { success: true, data: {} } };
	cobalt.faults.add({ kind: 'statusAfterAccept', ...silent, ...ON_SUBMISSIONS });
	cobalt.faults.add({ kind: 'drop', ...ON_SUBMISSIONS });
	const parameters = { ...CREATE, options: { ...SEARCH_FOR_RECORD, concurrency: 1 } };
	const ended = await run(cobalt, { items: TWINS, parameters, settings: GO_ON });
	expect(statusesOf(ended)).toEqual(['submitted', 'unknown']);
});

it('does not adopt a record that an earlier round of a loop may have made', async () => {
	const cobalt = await cobaltForTest();
	// Longer than the search of the first round.
	cobalt.ehrWorker.plan({ seconds: 150 });
	cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS });
	cobalt.faults.add({ kind: 'drop', ...ON_SUBMISSIONS });
	const file = cobaltWorkflow(
		{ ...CREATE, options: SEARCH_FOR_RECORD },
		{ items: ONE, settings: GO_ON },
	);
	const { runData } = (await runFile(cobalt, twice(file))).run.data.resultData;
	const second = runData.Cobalt?.[1]?.data?.main?.[1]?.[0];
	expect(second?.json.details).toMatchObject({ job_status: 'unknown' });
	expect(submissions(cobalt)).toBe(2);
});

describe('an appointment of another booking', () => {
	const strangers: Array<[what: string, appointment: NewAppointment]> = [
		['that the staff made', another({})],
		['that the staff made, and told of', another({ created_at: later(1) })],
		[
			'that Cobalt made ten minutes ago',
			another({ source: 'cobalt_operation', created_at: later(-600) }),
		],
		[
			'that Cobalt made a minute ago and that was cancelled since',
			another({ source: 'cobalt_operation', created_at: later(-60), status: 'CANC' }),
		],
		['of another provider', another({ source: 'cobalt_operation', provider_ehr_id: '204' })],
		['of another patient', another({ source: 'cobalt_operation', patient_mrn: '804' })],
		['an hour later', another({ source: 'cobalt_operation', datetime: '2025-06-02T14:00:00Z' })],
	];

	it.each(strangers)(
		'does not adopt an appointment when the booking was not accepted: %s',
		async (_, stranger) => {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ kind: 'drop', ...ON_SUBMISSIONS });
			const ended = await book(cobalt, {
				options: SEARCH_FOR_RECORD,
				items: ONE,
				meanwhile: () => {
					cobalt.world.addAppointment({ created_at: later(1), ...stranger });
				},
			});
			expect(statusesOf(ended)).toEqual(['unknown']);
			expect(submissions(cobalt)).toBe(1);
		},
	);

	it.each(strangers)(
		'finds the accepted booking beside another appointment: %s',
		async (_, stranger) => {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS });
			const ended = await book(cobalt, {
				options: SEARCH_FOR_RECORD,
				items: ONE,
				meanwhile: () => {
					after(1, () => {
						cobalt.world.addAppointment({ created_at: later(1), ...stranger });
					});
				},
			});
			expect(statusesOf(ended)).toEqual(['completed']);
			const [made] = cobalt.world.jobs();
			expect(claimsOf(ended)[0]?.appointmentId).toBe(made?.recordId);
		},
	);
});

describe('a found record in each of its states', () => {
	const made = (status: string, seconds = 1): NewAppointment =>
		another({ source: 'cobalt_operation', created_at: later(seconds), status });

	async function find(status: string, more: { seconds?: number; options?: object } = {}) {
		const cobalt = await cobaltForTest({ listsUnfinished: true });
		cobalt.faults.add({ kind: 'drop', ...ON_SUBMISSIONS });
		const parameters = { ...CREATE, options: { ...SEARCH_FOR_RECORD, ...more.options } };
		const meanwhile = () => {
			cobalt.world.addAppointment(made(status, more.seconds));
		};
		const ended = await run(cobalt, { items: ONE, parameters, settings: GO_ON, meanwhile });
		return { cobalt, ended };
	}

	it.each([
		['scheduled', 'completed'],
		['Scheduled', 'completed'],
		['pending', 'pending'],
		['failed', 'failed'],
		['completed', 'unknown'],
		['PEN', 'unknown'],
		['queued', 'unknown'],
		['', 'unknown'],
		['CANC', 'unknown'],
	])('reports a found record with its status: %s: %s', async (status, told) => {
		const { cobalt, ended } = await find(status);
		expect(statusesOf(ended)).toEqual([told]);
		const isKnown = status !== 'CANC';
		const [record] = cobalt.world.appointments();
		expect(claimsOf(ended)[0]?.appointmentId).toBe(isKnown ? record?.id : undefined);
		if (told === 'unknown') {
			const has = status === '' ? 'without a status' : `with the status '${status}'`;
			expect(ended.json('Cobalt', 1)[0]?.details).toMatchObject({
				description: expect.stringContaining(has) as string,
			});
		}
		expect(submissions(cobalt)).toBe(1);
	});

	it.each([
		['scheduled', 0],
		['pending', 0],
		['failed', 1],
		['PEN', 0],
	])('sends a found record with status %s again %d times in a retry', async (status, times) => {
		const cobalt = await cobaltForTest({ listsUnfinished: true });
		cobalt.faults.add({ kind: 'drop', ...ON_SUBMISSIONS });
		cobalt.faults.add({ ...refuse, ...ON_SUBMISSIONS });
		const parameters = { ...CREATE, options: { ...SEARCH_FOR_RECORD, concurrency: 1 } };
		const meanwhile = () => {
			cobalt.world.addAppointment(made(status));
		};
		// The second one stops the run.
		const stopped = await run(cobalt, { items: bookings(2), parameters, meanwhile });
		expect(stopped.error).toBeDefined();
		const before = submissions(cobalt);
		await retry(cobalt, stopped, { now: later(600) });
		const again = cobalt.world.requests(ON_SUBMISSIONS).slice(before);
		const isFirst = ({ body }: { body?: unknown }) =>
			startOf(body as IDataObject) === startOf(BOOKING);
		expect(again.filter(isFirst)).toHaveLength(times);
	});

	it('fails on a found record that is pending where On Timeout says so', async () => {
		const { ended } = await find('pending', { options: { onTimeout: 'fail' } });
		const [{ error, details } = {}] = ended.json('Cobalt', 1);
		expect(error).toContain('still pending after 120 seconds');
		expect(details).toMatchObject({ job_status: 'pending', found_in_list: true });
	});

	it.each([
		['success', 'completed'],
		['failure', 'failed'],
	] as const)('waits for a found record that is pending at first: %s', async (outcome, told) => {
		const cobalt = await cobaltForTest({ listsUnfinished: true });
		cobalt.ehrWorker.plan({ outcome, seconds: 40 });
		cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS });
		expect(statusesOf(await book(cobalt, { items: ONE, options: SEARCH_FOR_RECORD }))).toEqual([
			told,
		]);
		expect(submissions(cobalt)).toBe(1);
	});

	it('sends a found record again in a retry after it has failed', async () => {
		const cobalt = await cobaltForTest({ listsUnfinished: true });
		cobalt.ehrWorker.plan({ outcome: 'failure', seconds: 300 });
		cobalt.faults.add({ kind: 'dropAfterAccept', ...ON_SUBMISSIONS });
		cobalt.faults.add({ ...refuse, ...ON_SUBMISSIONS });
		const parameters = { ...CREATE, options: { ...SEARCH_FOR_RECORD, concurrency: 1 } };
		const stopped = await run(cobalt, { items: bookings(2), parameters });
		const ended = await retry(cobalt, stopped, { now: later(600) });
		expect(statusesOf(ended)).toEqual(['completed', 'completed']);
		expect(cobalt.world.appointments().map(({ status }) => status)).toEqual([
			'failed',
			'scheduled',
			'scheduled',
		]);
	});

	it('does not adopt a failed record that may be older', async () => {
		const { ended } = await find('failed', { seconds: -60 });
		expect(statusesOf(ended)).toEqual(['unknown']);
	});
});
