/**
 * All jobs of a run are waited for together: what that costs, how many items are under way at once, and
 * what the user sees of it.
 */
import type { INodeParameters } from 'n8n-workflow';
import { expect, describe, it } from 'vitest';

import type { Cobalt, JobPlan } from '../../../tools/fake-cobalt/index.mts';
import { after } from '../../../tools/n8n-host/virtualTime.mts';
import { bookings, cobaltForTest, CREATE, lookups, run, submissions } from '../setup.mts';

/** Looks for everybody's events. */
const pages = (cobalt: Cobalt): number =>
	cobalt.world.requests({ path: '/webhook-events' }).filter(({ query }) => !query.job_id).length;

const withOptions = (options: Record<string, string | number | boolean>) => ({
	...CREATE,
	options,
});

describe('the lookups of a run', () => {
	it('reads the log about once a second for 200 jobs', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 20.5, times: 200 });
		const ended = await run(cobalt, { items: bookings(200) });
		expect(ended.json().filter(({ job_status }) => job_status === 'completed')).toHaveLength(200);
		expect(pages(cobalt)).toBeGreaterThan(15);
		expect(lookups(cobalt)).toBeLessThan(40);
	});

	it('looks up three jobs by their IDs', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 5.5, times: 3 });
		await run(cobalt, { items: bookings(3) });
		expect(pages(cobalt)).toBe(0);
	});

	it('looks up less often the longer a wait lasts, within limits', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 500 });
		await run(cobalt, { parameters: withOptions({ timeout: 600 }) });
		const times = cobalt.world.requests({ path: '/webhook-events' }).map(({ at }) => at);
		const pauses = times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / 1000);
		// From 5 to 90 seconds after the submission.
		expect(pauses.slice(0, 85)).toEqual(Array(85).fill(1));
		expect(Math.max(...pauses)).toBeCloseTo(3);
		expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
	});

	it('counts the lookups in a hint when Show Request Count is on', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 3.5 });
		const ended = await run(cobalt, { parameters: withOptions({ showRequestCount: true }) });
		expect(ended.hints().map(({ message }) => message)).toEqual([
			`Waited for 1 jobs with ${lookups(cobalt)} requests.`,
		]);
		expect((await run(cobalt)).hints()).toEqual([]);
	});
});

describe('Job: Get Result for 250 items of 50 jobs', () => {
	async function lookedUp(plan: JobPlan, parameters: INodeParameters = {}) {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 0, times: 50, ...plan });
		await run(cobalt, {
			items: bookings(50),
			parameters: { ...CREATE, waitForResult: false },
			linger: 10,
		});
		const ids = cobalt.world.jobs().map(({ id }) => id);
		const before = lookups(cobalt);
		const ended = await run(cobalt, {
			items: Array.from({ length: 250 }, (_, index) => ({ id: ids[index % 50] ?? '' })),
			parameters: {
				resource: 'job',
				operation: 'getResult',
				jobId: '={{ $json.id }}',
				...parameters,
			},
		});
		const jobs = ended.json().map(({ job_id, job_status }) => ({ job_id, job_status }));
		return { ids, jobs, requests: lookups(cobalt) - before };
	}

	it('looks up each job once, and outputs its result for each item', async () => {
		const { ids, jobs, requests } = await lookedUp({});
		expect(requests).toBe(50);
		expect(jobs).toEqual(
			Array.from({ length: 250 }, (_, index) => ({
				job_id: ids[index % 50],
				job_status: 'completed',
			})),
		);
	});

	it('looks up each pending job once, and then searches the log for all of them', async () => {
		const { jobs, requests } = await lookedUp({ eventNeverListed: true });
		expect(requests).toBe(51);
		expect(new Set(jobs.map(({ job_status }) => job_status))).toEqual(new Set(['pending']));
	});

	it('shares the lookups of items that wait for the result', async () => {
		const { requests, jobs } = await lookedUp({}, { waitForResult: true });
		expect(requests).toBe(50);
		expect(jobs).toHaveLength(250);
	});
});

describe('Concurrency', () => {
	/** How many submissions were unanswered at once, at most. */
	async function maxAtOnce(options: Record<string, number>): Promise<number> {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'slow', ms: 1_000, path: '/appointments', times: 40 });
		let max = 0;
		await run(cobalt, {
			items: bookings(40),
			parameters: { ...withOptions(options), waitForResult: false },
			meanwhile: () => {
				for (let half = 1; half < 90; half += 2) {
					after(half / 2, () => (max = Math.max(max, cobalt.faults.heldBack)));
				}
			},
		});
		expect(submissions(cobalt)).toBe(40);
		return max;
	}

	it.each([
		[{}, 5],
		[{ concurrency: 1 }, 1],
		[{ concurrency: 20 }, 20],
	])('sends with %o at most %d submissions at once', async (options, max) => {
		expect(await maxAtOnce(options)).toBe(max);
	});

	it.each([0, 21, 2.5])('refuses %d Concurrency before anything is sent', async (concurrency) => {
		const cobalt = await cobaltForTest();
		const { error } = await run(cobalt, { parameters: withOptions({ concurrency }) });
		expect(error?.message).toContain("'Concurrency'");
		expect(cobalt.world.requests()).toEqual([]);
	});
});

describe('a 429', () => {
	it('holds back submissions and lookups for as long as Cobalt asks', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 30, times: 12 });
		cobalt.faults.add({
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '20' },
			path: '/appointments',
			after: 7,
		});
		await run(cobalt, { items: bookings(12) });
		const times = cobalt.world.requests().map(({ at }) => at);
		const turnedAway = cobalt.world.requests().find(({ status }) => status === 429)?.at ?? 0;
		// What was on its way at that moment could not be called back.
		const meanwhile = times.filter((at) => at > turnedAway + 20 && at < turnedAway + 19_900);
		expect(meanwhile).toEqual([]);
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(12);
	});
});

describe('the progress of a long wait', () => {
	it('reports progress to the editor and to the log, without patient data', async () => {
		const cobalt = await cobaltForTest({ medianSeconds: 20 });
		const items = bookings(30);
		const { traces } = await run(cobalt, { items });
		const messages = traces.messages.flatMap(({ messages: said }) => said as string[]);
		expect(messages.length).toBeGreaterThan(3);
		expect(messages.every((message) => /^Cobalt: \d+ of 30 jobs are done$/.test(message))).toBe(
			true,
		);
		const log = JSON.stringify(traces.log);
		expect(log).toContain('jobs are done');
		for (const { id } of cobalt.world.jobs()) expect(log).toContain(`job ${id} is `);
		for (const { mrn, datetime } of items) {
			expect(log).not.toContain(mrn);
			expect(log).not.toContain(datetime);
		}
	});

	it('does not report the progress of a short wait', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 2 });
		expect((await run(cobalt)).traces.messages).toEqual([]);
	});
});
