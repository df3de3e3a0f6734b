import { describe, expect, it } from 'vitest';

import { after } from '../../../tools/n8n-host/virtualTime.mts';
import {
	bookings,
	cobaltForTest,
	CREATE,
	lookups,
	run,
	submissions,
	tooManyRequests,
} from '../setup.mts';

/** Seconds between the first look at the event log and each of them. */
function lookupTimes(cobalt: Awaited<ReturnType<typeof cobaltForTest>>): number[] {
	const times = cobalt.world.requests({ path: '/webhook-events' }).map(({ at }) => at);
	return times.map((at) => (at - (times[0] ?? 0)) / 1000);
}

describe('the wait for a job', () => {
	it('looks up a job every second from the shortest documented duration on', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 7.5 });
		await run(cobalt);
		const [submission] = cobalt.world.requests({ path: '/appointments' });
		const [first] = cobalt.world.requests({ path: '/webhook-events' });
		expect((first?.at ?? 0) - (submission?.at ?? 0)).toBe(5_000);
		expect(lookupTimes(cobalt)).toEqual([0, 1, 2, 3]);
	});

	it('looks up the job of an earlier execution at once', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 3 });
		await run(cobalt, { parameters: { ...CREATE, waitForResult: false } });
		const begun = Date.parse('2025-03-10T16:00:00.000Z');
		await run(cobalt, {
			parameters: {
				resource: 'job',
				operation: 'getResult',
				jobId: cobalt.world.jobs()[0]?.id ?? '',
				waitForResult: true,
			},
			now: new Date(begun).toISOString(),
		});
		const [first] = cobalt.world.requests({ path: '/webhook-events' });
		expect((first?.at ?? 0) - begun).toBeLessThan(50);
	});

	it('uses the poll interval that the user sets', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 15 });
		await run(cobalt, { parameters: { ...CREATE, options: { pollInterval: 7 } } });
		const [submission] = cobalt.world.requests({ path: '/appointments' });
		const [first] = cobalt.world.requests({ path: '/webhook-events' });
		expect((first?.at ?? 0) - (submission?.at ?? 0)).toBe(7_000);
		expect(lookupTimes(cobalt)).toEqual([0, 7, 14]);
	});

	it('makes the last lookup at the deadline, and none later', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 60 });
		const parameters = { ...CREATE, options: { timeout: 12, pollInterval: 5 } };
		expect((await run(cobalt, { parameters })).json()).toEqual([
			expect.objectContaining({
				appointment_id: cobalt.world.appointments()[0]?.id,
				job_id: cobalt.world.jobs()[0]?.id,
				job_status: 'pending',
			}),
		]);
		// In the end the job is looked for in the log, too.
		expect(lookupTimes(cobalt)).toEqual([0, 5, 7, 7]);
	});

	it.each([
		['appointment', 119, 'completed'],
		['appointment', 121, 'pending'],
	])(
		'waits for an %s two minutes by default: after %d seconds it is %s',
		async (_, seconds, status) => {
			const cobalt = await cobaltForTest();
			cobalt.ehrWorker.plan({ seconds });
			expect((await run(cobalt)).json()).toEqual([expect.objectContaining({ job_status: status })]);
		},
	);

	it('says in a hint that a pending job is not a failure', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 400 });
		const ended = await run(cobalt);
		expect(ended.hints()).toEqual([
			expect.objectContaining({ message: expect.stringContaining('still pending') as string }),
		]);
		expect(ended.error).toBeUndefined();
	});

	it('fails at the timeout, with the job ID and advice, when On Timeout says so', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 400 });
		const parameters = { ...CREATE, options: { timeout: 30, onTimeout: 'fail' } };
		const { error } = await run(cobalt, { parameters });
		expect(error?.message).toBe('Appointment: Create is still pending after 30 seconds [item 0]');
		expect(error?.description).toContain(String(cobalt.world.jobs()[0]?.id));
		expect(error?.description).toContain('Job: Get Result');
	});

	it('ignores the delivery status of an event', async () => {
		for (const seed of [1, 2, 3, 4, 5, 6]) {
			const cobalt = await cobaltForTest({ seed });
			cobalt.ehrWorker.plan({ outcome: seed % 2 === 0 ? 'success' : 'failure' });
			const ended = await run(cobalt);
			expect(ended.error === undefined).toBe(seed % 2 === 0);
		}
	});

	it('waits for an event that is listed late, and counts a duplicate once', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 3, eventLateBySeconds: 30, duplicateEvent: true });
		expect((await run(cobalt)).json()).toEqual([
			expect.objectContaining({ job_status: 'completed' }),
		]);
		expect(lookups(cobalt)).toBe(29);
	});
});

describe('a lookup that fails', () => {
	it.each([
		{ kind: 'drop' },
		{ kind: 'html' },
		{ kind: 'truncated' },
		{ kind: 'empty' },
		{ kind: 'status', status: 500 },
		{ kind: 'status', status: 502, body: '<html>Bad gateway</html>' },
		{ kind: 'status', status: 503 },
		{ kind: 'status', status: 408 },
	] as const)('completes the job after five lookups failed: %o', async (fault) => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 2 });
		cobalt.faults.add({ ...fault, path: '/webhook-events', times: 5 });
		expect((await run(cobalt)).json()).toEqual([
			expect.objectContaining({ job_status: 'completed' }),
		]);
		expect(lookupTimes(cobalt)).toEqual([0, 1, 2, 3, 4, 5]);
		expect(submissions(cobalt)).toBe(1);
	});

	it('doubles the pauses when Cobalt keeps asking to slow down', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 2 });
		cobalt.faults.add({ kind: 'status', status: 429, path: '/webhook-events', times: 5 });
		expect((await run(cobalt)).json()).toEqual([
			expect.objectContaining({ job_status: 'completed' }),
		]);
		expect(lookupTimes(cobalt)).toEqual([0, 1, 3, 7, 15, 31]);
		expect(submissions(cobalt)).toBe(1);
	});

	it('completes the job when a lookup is slow', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 12 });
		cobalt.faults.add({ kind: 'slow', ms: 9_000, path: '/webhook-events' });
		expect((await run(cobalt)).json()).toEqual([
			expect.objectContaining({ job_status: 'completed' }),
		]);
		// The time of an answer is a part of the pause, up to a half of it.
		expect(lookupTimes(cobalt)).toEqual([0, 9.5]);
	});

	it.each([
		['seconds', '7'],
		['a date', new Date('2025-03-10T15:00:12.000Z').toUTCString()],
	])('respects Retry-After in %s for all jobs together', async (_, retryAfter) => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 4, times: 3 });
		cobalt.faults.add({
			kind: 'status',
			status: 429,
			headers: { 'retry-after': retryAfter },
			path: '/webhook-events',
		});
		const ended = await run(cobalt, { items: bookings(3) });
		expect(ended.json().map(({ job_status }) => job_status)).toEqual(Array(3).fill('completed'));
		// The three jobs look at the same moment; what is already on its way cannot be called back.
		expect(lookupTimes(cobalt).filter((at) => at > 0.1 && at < 6.9)).toEqual([]);
	});

	it('fails at once, with the job ID, when the EHR login expires', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 30 });
		const { error } = await run(cobalt, {
			meanwhile: () => {
				after(5, () => (cobalt.world.settings.loginExpired = true));
			},
		});
		expect(error?.message).toBe(
			'Could not get the result of Appointment: Create: The EHR login for this access token has expired [item 0]',
		);
		expect(error?.description).toContain(String(cobalt.world.jobs()[0]?.id));
		expect(lookups(cobalt)).toBeLessThan(8);
	});
});

describe('a cancelled execution', () => {
	it('ends the wait at once, and sends no more requests', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 90 });
		let endedAt = 0;
		const ended = await run(cobalt, {
			meanwhile: (execution) => {
				after(10.5, execution.cancel);
				void execution.result.then(() => (endedAt = Date.now()));
			},
		});
		expect(ended.run.status).toBe('canceled');
		// n8n saves a cancelled execution at once: a node that answers later is not in it, and a Retry
		// of the execution would not come back to it.
		expect(endedAt).toBe(Date.parse('2025-03-10T15:00:10.500Z'));
		// At 5 to 10 seconds.
		expect(lookups(cobalt)).toBe(6);
		expect(cobalt.world.requests().at(-1)?.at).toBeLessThan(Date.parse('2025-03-10T15:00:10.600Z'));
	});

	it('submits nothing more after the cancel', async () => {
		const cobalt = await cobaltForTest();
		// Cobalt asks the first five to come back in a minute; the cancel comes before that.
		cobalt.faults.add({ ...tooManyRequests(60), times: 5 });
		await run(cobalt, {
			items: bookings(12),
			meanwhile: (execution) => {
				after(30, execution.cancel);
			},
		});
		expect(submissions(cobalt)).toBe(5);
		expect(cobalt.world.appointments()).toEqual([]);
	});

	it('does not repeat a cancelled execution by Retry On Fail', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...tooManyRequests(60), after: 2, times: 5 });
		const ended = await run(cobalt, {
			items: bookings(12),
			settings: { retryOnFail: true, maxTries: 5, onError: 'continueRegularOutput' },
			meanwhile: (execution) => {
				after(30, execution.cancel);
			},
		});
		expect(ended.run.status).toBe('canceled');
		expect(cobalt.world.appointments()).toHaveLength(2);
		expect(cobalt.world.requests().at(-1)?.at).toBeLessThan(Date.parse('2025-03-10T15:00:30.500Z'));
	});
});

it('waits for 200 items at once, and outputs them in order', async () => {
	const cobalt = await cobaltForTest({ seed: 7, medianSeconds: 20 });
	const items = bookings(200);
	// Every three seconds, for the sake of the machine: it is real HTTP.
	const parameters = { ...CREATE, options: { pollInterval: 3 } };
	const ended = await run(cobalt, { parameters, items });
	const appointments = new Map(cobalt.world.appointments().map((record) => [record.id, record]));
	expect(
		ended.json().map(({ appointment_id }) => {
			const { datetime = '' } = appointments.get(appointment_id as string) ?? {};
			return Date.parse(datetime);
		}),
	).toEqual(items.map(({ datetime }) => Date.parse(datetime as string)));
	const inTime = cobalt.world
		.jobs()
		.filter(({ dueAt, submittedAt }) => dueAt - submittedAt < 120_000);
	expect(ended.json().filter(({ job_status }) => job_status === 'completed')).toHaveLength(
		inTime.length,
	);
	expect(ended.items().map(({ pairedItem }) => pairedItem)).toEqual(
		items.map((_, item) => ({ item })),
	);
	expect(appointments.size).toBe(200);
	expect(submissions(cobalt)).toBe(200);
});
