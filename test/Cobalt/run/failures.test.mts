import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it, vi } from 'vitest';

import { engineLogger } from '../../../tools/n8n-host/n8n.mts';
import { bookings, cobaltForTest, CREATE, run, submissions } from '../setup.mts';

const REASONS = [
	{ code: 'SLOT_TAKEN', description: 'The slot is taken.' },
	{ code: 'CLOSED', description: 'The clinic is closed.' },
];

/** The second of three bookings is refused by the EHR. */
async function secondFails(settings = {}) {
	const cobalt = await cobaltForTest();
	cobalt.ehrWorker.plan({
		after: 1,
		outcome: 'failure',
		failureReason: 'The slot is taken. The clinic is closed.',
		reasons: REASONS,
	});
	return { cobalt, ended: await run(cobalt, { items: bookings(3), settings }) };
}

describe('a job that failed in the EHR', () => {
	it("reports a failed job in Cobalt's words, with codes, job ID and advice", async () => {
		const { cobalt, ended } = await secondFails();
		const { error } = ended;
		expect(error?.message).toBe(
			'Appointment: Create failed in the EHR: The slot is taken. The clinic is closed. [item 1]',
		);
		expect(error?.description).toContain('Reason codes: SLOT_TAKEN, CLOSED.');
		expect(error?.description).toContain(`Job ID: ${String(cobalt.world.jobs()[1]?.id)}.`);
		expect(error?.description).toContain('2 of 3 items were or may have been submitted');
	});

	it('sends a failed job with its details to the error output, and the others to the success output', async () => {
		const { cobalt, ended } = await secondFails({ onError: 'continueErrorOutput' });
		expect(ended.items('After').map(({ json }) => json.job_status)).toEqual([
			'completed',
			'completed',
		]);
		expect(ended.items().map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		const job = cobalt.world.jobs()[1];
		expect(ended.json('On Error')).toEqual([
			{
				...bookings(2)[1],
				error: expect.stringContaining('The slot is taken.') as string,
				details: {
					description: expect.stringContaining('Reason codes') as string,
					appointment_id: job?.recordId,
					mrn: '44235',
					datetime: '2025-06-02T14:00:00+00:00',
					type: 'follow_up',
					job_id: job?.id,
					job_status: 'failed',
					failure_reason: 'The slot is taken. The clinic is closed.',
					reasons: REASONS,
					event_id: cobalt.world.events().find(({ jobId }) => jobId === job?.id)?.id,
					event_type: 'appointment.failed',
				},
			},
		]);
	});

	it('outputs a failed item in its place with Continue', async () => {
		const { ended } = await secondFails({ onError: 'continueRegularOutput' });
		expect(ended.items().map(({ json, pairedItem }) => [Boolean(json.error), pairedItem])).toEqual([
			[false, { item: 0 }],
			[true, { item: 1 }],
			[false, { item: 2 }],
		]);
	});
});

describe('the event of a failed job', () => {
	const GET_RESULT = { resource: 'job', operation: 'getResult', jobId: '7' };

	/** The result of a job whose event has this data. */
	async function resultOf(data: object, settings = {}) {
		const cobalt = await cobaltForTest();
		const { accessToken } = cobalt.keys;
		const written = JSON.parse(
			JSON.stringify(data).replaceAll('ACCESS_TOKEN', accessToken),
		) as IDataObject;
		const ended = await run(cobalt, {
			parameters: GET_RESULT,
			settings,
			meanwhile: () => {
				cobalt.world.addEvent({ type: 'Appointment.Failed', jobId: '7', data: written });
			},
		});
		return { ended, keys: Object.values(cobalt.keys) };
	}

	const CONFLICT = {
		conflict_type: 'schedule_block',
		conflict_details: { overlaps: 'Visit of Ada Byron', at: ['14:00'] },
	};

	it.each([
		['a conflict', CONFLICT, 'Conflict: schedule_block'],
		[
			'a reason and a conflict',
			{ ...CONFLICT, failure_reason: 'Not free.' },
			'Not free. (conflict: schedule_block)',
		],
		['no reason', { patient_id: 'p1', hint: 'Ada Byron' }, 'Cobalt gave no reason'],
	])('keeps an event with %s in details, and reveals no patient', async (_, data, told) => {
		const stopped = (await resultOf(data)).ended;
		expect(stopped.error?.message).toBe(`Job 7 failed in the EHR: ${told} [item 0]`);
		expect(JSON.stringify([stopped.error, stopped.error?.description])).not.toContain('Ada');
		const { ended } = await resultOf(data, { onError: 'continueErrorOutput' });
		expect(ended.json('On Error')[0]?.details).toMatchObject({ ...data, job_status: 'failed' });
	});

	it('removes all keys from the event of a failed job', async () => {
		const said = 'Login ACCESS_TOKEN';
		const data = {
			failure_reason: `${said} ${'x'.repeat(590)} ACCESS_TOKEN`,
			reasons: [{ code: 'ACCESS_TOKEN', description: said }],
			conflict_details: { deep: [said] },
		};
		const { ended, keys } = await resultOf(data, { onError: 'continueErrorOutput' });
		const text = JSON.stringify([ended.json('On Error'), ended.run.data.resultData]);
		expect(text).toContain('Login ***');
		for (const key of keys) expect(text).not.toContain(key);
	});

	it("keeps the node's own fields when the event has fields of the same names", async () => {
		const data = { description: 'Call back', job_id: 'other', job_status: 'x', failure_reason: 7 };
		const { ended } = await resultOf(data, { onError: 'continueErrorOutput' });
		expect(ended.json('On Error')[0]?.details).toMatchObject({
			description: expect.stringContaining('Correct the data') as string,
			event_description: 'Call back',
			job_id: '7',
			job_status: 'failed',
			failure_reason: '7',
		});
	});
});

describe('the advice on a failed item', () => {
	const advised = async (fault: 'failed' | 'unknown', settings: object) => {
		const cobalt = await cobaltForTest();
		if (fault === 'failed') cobalt.ehrWorker.plan({ outcome: 'failure' });
		else cobalt.faults.add({ kind: 'dropAfterAccept', path: '/appointments' });
		const ended = await run(cobalt, {
			settings,
			parameters: { ...CREATE, options: { ifResponseLost: 'stop' } },
		});
		const [item] = ended.json('On Error').concat(ended.json());
		const { description } = (item?.details ?? {}) as { description?: string };
		return ended.error?.description ?? description;
	};

	it.each(['failed', 'unknown'] as const)(
		'mentions a retry when n8n offers one: %s',
		async (fault) => {
			expect(await advised(fault, {})).toMatch(
				/'Retry with currently saved workflow'|'Retry' does not submit it/,
			);
		},
	);

	it.each([
		['failed', { onError: 'continueErrorOutput' }],
		['failed', { onError: 'continueRegularOutput' }],
		['unknown', { onError: 'continueErrorOutput' }],
		['unknown', { onError: 'continueErrorOutput', retryOnFail: true, maxTries: 2 }],
	] as const)('mentions a new execution when n8n has no retry: %s, %o', async (fault, settings) => {
		const text = await advised(fault, settings);
		expect(text).not.toMatch(/retry/i);
		expect(text).toContain('in a new execution');
	});
});

it("does not let Cobalt's words make the execution look cancelled", async () => {
	const cobalt = await cobaltForTest();
	const failureReason = 'The visit was canceled by the front desk.';
	cobalt.ehrWorker.plan({ outcome: 'failure', failureReason });
	const ended = await run(cobalt);
	expect(ended.run.status).toBe('error');
	expect(ended.error?.message).toContain('The visit was cancelled by the front desk.');
});

it('reports a refusal at once, before the other jobs are done', async () => {
	const cobalt = await cobaltForTest();
	cobalt.ehrWorker.plan({ seconds: 100, times: 4 });
	cobalt.faults.add({ kind: 'status', status: 400, path: '/appointments', after: 3 });
	await run(cobalt, { items: bookings(5) });
	const times = cobalt.world.requests().map(({ at }) => at);
	expect(Math.max(...times) - Math.min(...times)).toBeLessThan(2_000);
});

it('submits nothing more after an item failed in a run that stops', async () => {
	const cobalt = await cobaltForTest();
	cobalt.faults.add({ kind: 'status', status: 400, path: '/appointments' });
	const { error } = await run(cobalt, { items: bookings(30) });
	expect(error?.message).toContain('[item 0]');
	expect(submissions(cobalt)).toBeLessThan(10);
});

it('never outputs a good item that looks like a failed one to n8n', async () => {
	const cobalt = await cobaltForTest();
	const ended = await run(cobalt, {
		parameters: { resource: 'job', operation: 'getResult', jobId: '7' },
		settings: { retryOnFail: true },
		meanwhile: () => {
			cobalt.world.addEvent({
				type: 'note.uploaded',
				jobId: '7',
				data: { error: 'minor', note_id: 'n', job_id: 'other', __proto__: { polluted: true } },
			});
		},
	});
	expect(ended.json()).toEqual([
		expect.objectContaining({ job_id: '7', job_status: 'completed', cobalt_error: 'minor' }),
	]);
	expect(ended.json()[0]).not.toHaveProperty('error');
	expect(cobalt.world.requests()).toHaveLength(1);
});

describe('a submission that Cobalt did not accept', () => {
	it.each([
		[
			{
				kind: 'status',
				status: 401,
				body: { success: false, message: 'Who is 493FAKE89789hLKH?' },
			},
			'Appointment: Create was not submitted: Cobalt rejected the keys: Who is ***? [item 0]',
		],
		[
			{
				kind: 'status',
				status: 403,
				body: { success: false, error: 'login_required', message: 'Account link expired.' },
			},
			'Appointment: Create was not submitted: The EHR login for this access token has expired [item 0]',
		],
		[
			{ kind: 'status', status: 200, body: { success: false, message: 'Not today.' } },
			'Appointment: Create was not submitted: Cobalt rejected the request: Not today. [item 0]',
		],
		[
			{ kind: 'redirect', location: 'https://elsewhere.example/' },
			'Appointment: Create was not submitted: Something in between seems to have responded instead of Cobalt (HTTP 307) [item 0]',
		],
	] as const)('reports a refused submission, and sends it once: %o', async (fault, message) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, path: '/appointments' });
		const { error } = await run(cobalt);
		expect(error?.message).toBe(message);
		// A 401 is not sent a second time, as n8n would do by itself.
		expect(submissions(cobalt)).toBe(1);
	});

	it("shortens Cobalt's message, and hides a key that the cut would leave in part", async () => {
		const cobalt = await cobaltForTest();
		const message = `${'x'.repeat(550)} ${cobalt.keys.clientSecret} ${'y'.repeat(9_000)}`;
		cobalt.faults.add({ kind: 'status', status: 400, body: { success: false, message } });
		const { error } = await run(cobalt);
		expect(error?.message.length).toBeLessThan(700);
		expect(error?.message).not.toContain('cs_');
	});

	it('reports that Cobalt refuses connections', async () => {
		const cobalt = await cobaltForTest();
		await cobalt.close();
		const { error } = await run(cobalt);
		expect(error?.message).toBe(
			'Appointment: Create was not submitted: Could not connect to Cobalt: the connection was refused [item 0]',
		);
	});

	it('outputs the item as not submitted on the error output', async () => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, {
			items: [{ ...bookings(1)[0], location: '999' }, ...bookings(1)],
			settings: { onError: 'continueErrorOutput' },
		});
		expect(ended.json('On Error')).toEqual([
			expect.objectContaining({
				details: expect.objectContaining({
					job_status: 'not_submitted',
					http_status: 404,
				}) as object,
			}),
		]);
		expect(ended.json()).toHaveLength(1);
	});
});

describe('secrets and patient data', () => {
	/** Everything that n8n keeps or shows of an execution, apart from the items themselves. */
	function kept({ run: { data } }: Awaited<ReturnType<typeof run>>): string {
		const errors = Object.values(data.resultData.runData).flatMap((runs) =>
			runs.map(({ error, hints, metadata }) => ({ error, hints, metadata })),
		);
		return JSON.stringify([data.executionData?.contextData, data.resultData.error, errors]);
	}

	it.each([
		{ kind: 'dropAfterAccept' },
		{ kind: 'status', status: 500 },
		{ kind: 'html' },
		{ kind: 'status', status: 400, body: { success: false, message: 'cs_live_fake is odd' } },
		{ kind: 'redirect', location: 'https://elsewhere.example/' },
	] as const)('saves no keys and no patient data after %o', async (fault) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, path: '/appointments' });
		const item = { ...bookings(1)[0], mrn: 'MRN123456' };
		const text = kept(await run(cobalt, { items: [item] }));
		for (const secret of Object.values(cobalt.keys)) expect(text).not.toContain(secret);
		expect(text).not.toContain('MRN123456');
	});

	it('saves no patient data in the node context of a finished run', async () => {
		const cobalt = await cobaltForTest();
		const parameters = {
			resource: 'patient',
			operation: 'create',
			firstName: 'Ada',
			lastName: 'Byron',
			dob: '1985-12-10',
			additionalFields: { sex: 'female' },
		};
		const text = kept(await run(cobalt, { parameters }));
		expect(text).toContain('completed');
		expect(text).not.toMatch(/Ada|Byron|1985/);
	});
});

it('logs counts and job IDs, and no patient data', async () => {
	const cobalt = await cobaltForTest();
	const spies = (['debug', 'info', 'warn', 'error'] as const).map((level) =>
		vi.spyOn(engineLogger, level),
	);
	await run(cobalt, { items: [{ ...bookings(1)[0], mrn: 'MRN123456' }] });
	const text = JSON.stringify(spies.map(({ mock }) => mock.calls));
	expect(text).toContain('15550001');
	expect(text).not.toContain('MRN123456');
	for (const key of Object.values(cobalt.keys)) expect(text).not.toContain(key);
});

it('sends no request when the expression of a parameter fails', async () => {
	const cobalt = await cobaltForTest();
	const { error } = await run(cobalt, { parameters: { ...CREATE, mrn: '={{ $json.a.b.c }}' } });
	expect(error).toBeDefined();
	expect(cobalt.world.requests()).toEqual([]);
});
