/** What something in between answers in Cobalt's place, and answers that say nothing of a success. */
import { describe, expect, it } from 'vitest';

import type { Fault } from '../../tools/fake-cobalt/index.mts';
import { after } from '../../tools/n8n-host/virtualTime.mts';
import { bookings, cobaltForTest, CREATE, retry, run, submissions } from '../Cobalt/setup.mts';
import { book, bookAgain, each, GO_ON, ON_LOOKUPS, ON_SUBMISSIONS } from './setup.mts';
import { statusesOf } from './truth.mts';

const THREE = bookings(3);

const page = (title: string) => `<!DOCTYPE html><html><title>${title}</title></html>`;

/** What firewalls, login pages, ingresses and gateways answer. */
const strangers: Array<[what: string, fault: Fault]> = [
	['a challenge page with 403', { kind: 'status', status: 403, body: page('Just a moment…') }],
	['a sign-in page with 401', { kind: 'status', status: 401, body: page('Sign in') }],
	['a redirect to a login page', { kind: 'redirect', status: 302, location: '/login' }],
	['a redirect with 307', { kind: 'redirect', status: 307, location: '/login' }],
	['a page with 404', { kind: 'status', status: 404, body: page('Not Found') }],
	[
		'the text of an ingress with 404',
		{ kind: 'status', status: 404, body: 'default backend - 404' },
	],
	['JSON of a gateway with 403', { kind: 'status', status: 403, body: { message: 'Forbidden' } }],
	['a page with 400', { kind: 'status', status: 400, body: page('Bad Request') }],
	['nothing with 401', { kind: 'status', status: 401, body: '' }],
	['a page of a proxy with 407', { kind: 'status', status: 407, body: page('Login') }],
	['a page with 429', { kind: 'status', status: 429, body: page('Slow down') }],
	['a page with 502', { kind: 'status', status: 502, body: page('Bad gateway') }],
	['a page with 200', { kind: 'status', status: 200, body: page('Welcome') }],
	['text with 200', { kind: 'status', status: 200, body: 'OK' }],
];

describe.each(strangers)('%s', (_, fault) => {
	it.each([3, 12])(
		'completes %d bookings when one lookup gets a response that is not from Cobalt',
		async (count) => {
			const cobalt = await cobaltForTest();
			cobalt.ehrWorker.plan({ seconds: 5, times: count });
			cobalt.faults.add({ ...fault, ...ON_LOOKUPS, after: 1 });
			const ended = await book(cobalt, { items: bookings(count) });
			expect(statusesOf(ended)).toEqual(each('completed', count));
			expect(submissions(cobalt)).toBe(count);
		},
	);

	it('leaves the bookings pending until their deadline when all lookups get foreign responses', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, ...ON_LOOKUPS, times: Infinity });
		const ended = await book(cobalt, { items: THREE, options: { timeout: 20 } });
		expect(statusesOf(ended)).toEqual(each('pending', 3));
		expect(cobalt.world.requests().at(-1)?.at).toBeGreaterThanOrEqual(
			Date.parse('2025-03-10T15:00:18Z'),
		);
	});

	it('books an item once, or reports it as unknown, when its submission gets a foreign response', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, ...ON_SUBMISSIONS, after: 1 });
		const ended = await book(cobalt, { items: THREE });
		const [, second] = statusesOf(ended);
		expect(['not_submitted', 'unknown', 'completed']).toContain(second);
		const status = 'status' in fault ? (fault.status ?? 0) : 0;
		const mayBeTaken = status < 307 || status >= 500 || [400, 403, 404].includes(status);
		expect(second === 'unknown').toBe(mayBeTaken);
		expect(submissions(cobalt)).toBe(status === 429 ? 4 : 3);
		const [shown] = ended.json('Cobalt', 1);
		if (shown) expect(shown.error).toContain('omething in between');
	});

	it('books in a retry what a foreign response certainly kept from Cobalt', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, ...ON_SUBMISSIONS, after: 1 });
		const stopped = await book(cobalt, { items: THREE, settings: {} });
		const again = await bookAgain(cobalt, stopped, 600, { items: THREE });
		const isKnown = again.error === undefined;
		expect(cobalt.world.appointments()).toHaveLength(isKnown ? 3 : 2);
	});
});

/** What proxies put in place of an answer that they have read, and do not let through. */
const blocked: Array<[what: string, status: number, body: unknown]> = [
	['a page with 403', 403, page('Blocked: personal data')],
	['nothing with 403', 403, ''],
	['JSON with 403', 403, { message: 'Blocked by policy' }],
	['a page with 404', 404, page('Not here')],
	['text with 451', 451, 'Withheld'],
];

describe.each(blocked)('%s after Cobalt accepted a booking', (_, status, body) => {
	const fault = { kind: 'statusAfterAccept', status, body, ...ON_SUBMISSIONS, after: 1 } as const;

	it('does not book an accepted item again by Retry On Fail, nor by a retry', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(fault);
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 };
		const stopped = await book(cobalt, { items: THREE, settings });
		expect(stopped.error?.message).toMatch(
			/may or may not have reached Cobalt: Something in between/,
		);
		await bookAgain(cobalt, stopped, 600, { items: THREE });
		expect(submissions(cobalt)).toBe(3);
		expect(cobalt.world.appointments()).toHaveLength(3);
	});

	it('finds an accepted booking with Search for the Appointment when its response is foreign', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(fault);
		const ended = await book(cobalt, {
			items: THREE,
			options: { ifResponseLost: 'search' },
		});
		expect(statusesOf(ended)).toEqual(each('completed', 3));
		expect(cobalt.world.appointments()).toHaveLength(3);
	});
});

/** What Cobalt, or something in between, answers 200 without saying that it took a request. */
const silences: unknown[] = [
	{},
	[],
	5,
	{ error: 'boom' },
	{ message: 'Rate limit exceeded' },
	{ success: null },
	{ success: 0 },
	{ success: 'maybe' },
	{ success: {} },
	{ status: 'error' },
	{ errors: [{ message: 'boom' }] },
	{ data: {} },
	{ data: null },
	{ data: [{ job_id: 5 }] },
	{ job_id: null },
	{ job_id: '' },
	{ job_id: 0 },
	{ job_id: { id: 5 } },
	{ id: 'req_1', error: 'boom' },
	{ error: 'Double booking', appointment_id: 'of-another' },
	{ success: true, data: { success: false, message: 'boom' } },
];

describe.each(silences.map((body) => [JSON.stringify(body), body]))(
	'HTTP 200 with %s',
	(_, body) => {
		it.each(['status', 'statusAfterAccept'] as const)(
			'reports a booking as unknown and does not send it again when HTTP 200 says nothing of it (%s)',
			async (kind) => {
				const cobalt = await cobaltForTest();
				cobalt.faults.add({ kind, status: 200, body, ...ON_SUBMISSIONS });
				const stopped = await book(cobalt, { items: THREE, settings: {} });
				expect(stopped.error?.message).toContain('may or may not have reached Cobalt');
				const again = await bookAgain(cobalt, stopped, 600, { items: THREE });
				expect(again.error?.message).toContain('may or may not have reached Cobalt');
				expect(submissions(cobalt)).toBe(3);
			},
		);
	},
);

it.each([
	{ success: true },
	{ success: 'true', data: { job_id: null } },
	{ job_id: 5 },
	{ data: { job_id: '5' } },
	{ job_id: 5, data: { job_id: null } },
	{ job_execution_id: '5' },
	{ appointment_id: 'abc' },
	{ error: 'late', job_id: 5 },
])('takes HTTP 200 with %j as an accepted booking', async (body) => {
	const cobalt = await cobaltForTest();
	cobalt.faults.add({ kind: 'statusAfterAccept', status: 200, body, ...ON_SUBMISSIONS });
	const ended = await run(cobalt, { settings: GO_ON });
	expect(['submitted', 'pending']).toContain(statusesOf(ended)[0]);
});

it('takes HTTP 200 with success: false as a refusal, which a retry sends again', async () => {
	for (const success of [false, 'false', 'False']) {
		const cobalt = await cobaltForTest();
		const body = { success, errors: ['Unknown patient'] };
		cobalt.faults.add({ kind: 'status', status: 200, body, ...ON_SUBMISSIONS });
		const stopped = await run(cobalt);
		expect(stopped.error?.message).toContain('Unknown patient');
		expect((await retry(cobalt, stopped)).json()[0]?.job_status).toBe('completed');
	}
});

describe.each([{}, { error: 'boom' }, { message: 'Rate limit exceeded' }])(
	'HTTP 200 with %j',
	(body) => {
		const silence = { kind: 'status', status: 200, body } as const;

		it('reports a change as unknown and does not send it again when HTTP 200 says nothing of it', async () => {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ ...silence, path: '/webhook' });
			const parameters = {
				resource: 'webhook',
				operation: 'create',
				webhookUrl: 'https://example.com/a',
			};
			const stopped = await run(cobalt, { parameters });
			expect(stopped.error?.message).toContain('may or may not have reached Cobalt');
			expect((await retry(cobalt, stopped)).error?.message).toContain('may or may not');
			expect(cobalt.world.requests({ method: 'POST', path: '/webhook' })).toHaveLength(1);
		});

		it.each([
			[
				{ resource: 'appointment', operation: 'fetchLive', searchBy: 'mrn', mrn: '44235' },
				'/appointments/fetch',
			],
			[{ resource: 'account', operation: 'getSettings' }, '/settings'],
		])('repeats a read whose HTTP 200 has no result: %j', async (parameters, path) => {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ ...silence, path });
			const ended = await run(cobalt, { parameters });
			expect(ended.error).toBeUndefined();
			expect(cobalt.world.requests({ path })).toHaveLength(2);
		});
	},
);

it.each([1, 3])(
	'finds %d bookings in the end when the job_id filter of the log shows nothing',
	async (count) => {
		const cobalt = await cobaltForTest({ jobIdFilter: 'blind' });
		const ended = await book(cobalt, { items: bookings(count), options: { timeout: 30 } });
		expect(statusesOf(ended)).toEqual(each('completed', count));
		const [{ id } = { id: '' }] = cobalt.world.jobs();
		const parameters = { resource: 'job', operation: 'getResult', jobId: id };
		expect((await run(cobalt, { parameters })).json()[0]?.job_status).toBe('completed');
	},
);

describe('a response that is nested thousands of levels deep', () => {
	const deep = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
	const eventOf = (jobId: string, note: string) =>
		`{"id":"e-${jobId}","type":"appointment.created","created":"2025-03-10T15:00:03.000Z","job_id":"${jobId}","data":{"note":${note}}}`;

	it.each([4_000, 100_000])(
		'loses no other item when the event of a job is nested %d levels deep',
		async (levels) => {
			const cobalt = await cobaltForTest();
			cobalt.ehrWorker.plan({ seconds: 5, times: 3 });
			const body = `{"success":true,"webhook_events":[${eventOf('JOB', deep(levels))}]}`;
			const meanwhile = () => {
				after(4, () => {
					const [{ id } = { id: '' }] = cobalt.world.jobs();
					const reply = { status: 200, body: body.replaceAll('JOB', id) };
					cobalt.faults.add({ kind: 'status', ...reply, ...ON_LOOKUPS });
				});
			};
			const ended = await run(cobalt, { items: THREE, settings: GO_ON, meanwhile });
			expect(ended.error).toBeUndefined();
			expect(statusesOf(ended)).toEqual(each('completed', 3));
			expect(submissions(cobalt)).toBe(3);
		},
	);

	it('loses no other record of a list when one is nested too deeply', async () => {
		const cobalt = await cobaltForTest();
		const records = [{ id: 'one' }, 'DEEP', { id: 'two' }];
		const body = JSON.stringify({ success: true, providers: records });
		const reply = { status: 200, body: body.replace('"DEEP"', `{"id":"deep","x":${deep(4_000)}}`) };
		cobalt.faults.add({ kind: 'status', ...reply, path: '/providers', times: Infinity });
		for (const output of ['simplified', 'raw']) {
			const parameters = { resource: 'provider', operation: 'getAll', returnAll: true, output };
			expect((await run(cobalt, { parameters })).json()).toHaveLength(3);
		}
	});

	it('accepts a submission with its IDs when the response is nested too deeply', async () => {
		const cobalt = await cobaltForTest();
		const body = `{"success":true,"job_id":5,"data":{"appointment_id":"abc","x":${deep(4_000)}}}`;
		cobalt.faults.add({ kind: 'status', status: 200, body, ...ON_SUBMISSIONS });
		const parameters = { ...CREATE, waitForResult: false, output: 'raw' };
		const ended = await run(cobalt, { parameters });
		expect(ended.json()[0]).toMatchObject({ job_id: '5', appointment_id: 'abc' });
	});
});
