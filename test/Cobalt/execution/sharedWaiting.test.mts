/**
 * Most bookings come one at a time: each is an execution of its own. All executions of one n8n process that
 * wait for the same account share their lookups. Here many of them run side by side in one process.
 */
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { Random } from '../../../tools/fake-cobalt/world/random.mts';
import { after, inVirtualTime } from '../../../tools/n8n-host/virtualTime.mts';
import {
	cobaltWorkflow,
	startWorkflow,
	type Ended,
	type Execution,
} from '../../../tools/n8n-host/workflow.mts';
import {
	bookings,
	cobaltForTest,
	CREATE,
	credentialOf,
	lookups,
	passed,
	submissions,
} from '../setup.mts';

/** One execution. */
interface Plan {
	/** Seconds after the beginning at which it starts. */
	startsAt?: number;
	/** Seconds after its start at which it is cancelled. */
	cancelledAfter?: number;
	options?: INodeParameters;
	parameters?: INodeParameters;
	item?: IDataObject;
	credential?: ICredentialDataDecryptedObject;
}

/** Runs each plan as an execution of its own, all of them in one n8n process. */
async function runAll(cobalt: Cobalt, plans: Plan[]): Promise<Array<{ ended: Ended; at: number }>> {
	const items = bookings(plans.length);
	return await inVirtualTime(
		async () =>
			await Promise.all(plans.map(async (plan, index) => await begin(cobalt, plan, items[index]))),
		() => cobalt.faults.heldBack,
	);
}

async function begin(cobalt: Cobalt, plan: Plan, booking: IDataObject = {}) {
	await passed(plan.startsAt ?? 0);
	const parameters = { ...CREATE, options: plan.options ?? {}, ...plan.parameters };
	const file = cobaltWorkflow(parameters, { items: [plan.item ?? booking] });
	const credential = { ...credentialOf(cobalt), ...plan.credential };
	const execution: Execution = startWorkflow(file, { credential });
	if (plan.cancelledAfter !== undefined) after(plan.cancelledAfter, execution.cancel);
	return { ended: await execution.result, at: Date.now() };
}

/** 5 to 90 seconds, half of them within 20. */
function realisticSeconds(random: Random): number {
	return Math.min(Math.max(random.logNormal(20, 0.67), 5), 90);
}

const statusesOf = (results: Array<{ ended: Ended }>) =>
	results.map(({ ended }) => ended.json()[0]?.job_status);

const many = (count: number, plan: (index: number) => Plan = () => ({})) =>
	Array.from({ length: count }, (_, index) => plan(index));

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('executions with one booking each', () => {
	it.each([
		{ executions: 1, max: 60 },
		{ executions: 10, max: 14 },
		{ executions: 100, max: 2.5 },
	])(
		'makes for $executions executions at most $max lookups for each job',
		async ({ executions, max }) => {
			const cobalt = await cobaltForTest({ latencyMs: 100 });
			const random = new Random(7, 'shared waiting');
			for (let job = 0; job < executions; job += 1) {
				cobalt.ehrWorker.plan({ seconds: realisticSeconds(random) });
			}
			const results = await runAll(
				cobalt,
				many(executions, () => ({ startsAt: random.next() * 10 })),
			);
			expect(statusesOf(results)).toEqual(Array(executions).fill('completed'));
			expect(submissions(cobalt)).toBe(executions);
			expect(lookups(cobalt) / executions).toBeLessThanOrEqual(max);
			const jobs = cobalt.world.jobs();
			const delays = results.map(({ ended, at }) => {
				const job = jobs.find(({ id }) => id === ended.json()[0]?.job_id);
				return (at - (job?.dueAt ?? NaN)) / 1000;
			});
			// A single job is not enough for a mean.
			if (executions > 1) expect(mean(delays)).toBeLessThan(0.7);
			expect(Math.max(...delays)).toBeLessThan(2.5);
		},
		120_000,
	);

	it('respects the poll interval of each execution', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 200, times: 3 });
		await runAll(cobalt, [
			{ options: { pollInterval: 1, timeout: 60 } },
			{ options: { pollInterval: 20, timeout: 60 }, startsAt: 0.5 },
			{ options: { pollInterval: 30, timeout: 60 }, startsAt: 0.7 },
		]);
		const [fast = '', slow = '', slowest = ''] = cobalt.world.jobs().map(({ id }) => id);
		const lookupsOf = (jobId: string) =>
			cobalt.world
				.requests({ path: '/webhook-events' })
				.filter(({ query }) => query.job_id === jobId);
		expect(lookupsOf(fast).length).toBeGreaterThan(50);
		// At about 20, 40 and 60 seconds, or 30 and 60; and at the deadline.
		expect(lookupsOf(slow)).toHaveLength(4);
		expect(lookupsOf(slowest)).toHaveLength(3);
	});

	it('says in the hint of Show Request Count how many requests were shared', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 20.5, times: 20 });
		const results = await runAll(
			cobalt,
			many(20, () => ({ options: { showRequestCount: true } })),
		);
		const hints = results.map(({ ended }) => ended.hints()[0]?.message ?? '');
		for (const hint of hints) {
			expect(hint).toMatch(
				/^Waited for 1 jobs with \d+ requests\. Of these, \d+ also served other executions\.$/,
			);
		}
	});

	it('shares no lookup with another account', async () => {
		const cobalt = await cobaltForTest({ clinics: 2 });
		cobalt.ehrWorker.plan({ seconds: 20.5, times: 40 });
		const tokens = cobalt.clinics.map(({ keys }) => keys.accessToken);
		const results = await runAll(
			cobalt,
			many(40, (index) => ({ credential: { accessToken: tokens[index % 2] ?? '' } })),
		);
		expect(statusesOf(results)).toEqual(Array(40).fill('completed'));
		// Jobs of both clinics have the same ids.
		for (const [index, { ended }] of results.entries()) {
			const own = cobalt.clinics[index % 2]?.world.appointments().map(({ id }) => id);
			expect(own).toContain(ended.json()[0]?.appointment_id);
		}
		const asked = cobalt.world.requests({ path: '/webhook-events' });
		const logsRead = asked.filter(({ query }) => query.job_id === undefined);
		expect(new Set(logsRead.map(({ headers }) => headers.access_token))).toEqual(new Set(tokens));
	});

	it('shares the lookups of a job that ten executions wait for', async () => {
		const cobalt = await cobaltForTest();
		const jobId = '7001';
		const getResult = { resource: 'job', operation: 'getResult', jobId, waitForResult: true };
		const results = await runAll(cobalt, [
			...many(10, () => ({ parameters: getResult, options: { timeout: 20 } })),
		]);
		expect(statusesOf(results)).toEqual(Array(10).fill('pending'));
		// One of each round, and in the end the job's own and the log.
		expect(lookups(cobalt)).toBeLessThanOrEqual(23);
	});
});

describe('a cancelled execution among others', () => {
	it('ends only the waits of cancelled executions, whenever they are cancelled', async () => {
		const cobalt = await cobaltForTest({ latencyMs: 400 });
		const random = new Random(3, 'cancels');
		cobalt.ehrWorker.plan({ seconds: 30.5, times: 60 });
		const results = await runAll(
			cobalt,
			many(60, (index) =>
				index % 2 === 0
					? { startsAt: random.next() * 3 }
					: { startsAt: random.next() * 3, cancelledAfter: 1 + random.next() * 28 },
			),
		);
		const uncancelled = results.filter((_, index) => index % 2 === 0);
		expect(statusesOf(uncancelled)).toEqual(Array(30).fill('completed'));
		const cancelled = results.filter((_, index) => index % 2 === 1);
		expect(new Set(cancelled.map(({ ended }) => ended.run.status))).toEqual(new Set(['canceled']));
		expect(cobalt.world.appointments()).toHaveLength(60);
	});

	it('repeats a shared lookup that a cancelled execution had started', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 12, times: 8 });
		// The first reading of the log hangs; the execution that came last, whose context it is, is cancelled.
		cobalt.faults.add({ kind: 'slow', ms: 20_000, path: '/webhook-events' });
		const results = await runAll(
			cobalt,
			many(8, (index) => ({
				startsAt: index / 100,
				...(index === 7 && { cancelledAfter: 8 }),
			})),
		);
		expect(statusesOf(results.slice(0, 7))).toEqual(Array(7).fill('completed'));
		const last = Math.max(...results.map(({ at }) => at));
		// Without a repetition, nothing is known before the hanging response comes, after 25 seconds.
		expect(last - Date.parse('2025-03-10T15:00:00.000Z')).toBeLessThan(15_000);
	});

	it('stops looking up the job of a cancelled execution', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 60, times: 2 });
		await runAll(cobalt, [{ options: { timeout: 30 } }, { cancelledAfter: 10.5 }]);
		const [, abandoned] = cobalt.world.jobs();
		const asked = cobalt.world
			.requests({ path: '/webhook-events' })
			.filter(({ query }) => query.job_id === abandoned?.id);
		const from = Date.parse('2025-03-10T15:00:00.000Z');
		expect(Math.max(...asked.map(({ at }) => at - from))).toBeLessThan(10_600);
	});
});

describe('a response of Cobalt', () => {
	it('slows down all executions of an account, submissions included', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 12, times: 20 });
		cobalt.faults.add({
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '30' },
			path: '/webhook-events',
		});
		// The first one's first lookup is at 5 seconds; the others come at 6 to 15 seconds.
		const results = await runAll(
			cobalt,
			many(20, (index) => ({ startsAt: index === 0 ? 0 : 5.5 + index / 2 })),
		);
		expect(statusesOf(results)).toEqual(Array(20).fill('completed'));
		const from = Date.parse('2025-03-10T15:00:00.000Z');
		const times = cobalt.world.requests().map(({ at }) => (at - from) / 1000);
		expect(times.filter((at) => at > 5.2 && at < 34.9)).toEqual([]);
		expect(cobalt.world.appointments()).toHaveLength(20);
	});

	it('fails all executions of an account with their own jobs when its login expires', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 60, times: 12 });
		const running = runAll(cobalt, [
			...many(12, (index) => ({ startsAt: index / 10 })),
			{ startsAt: 10, parameters: { resource: 'account', operation: 'getSettings' } },
		]);
		const expiry = { kind: 'status', status: 403, path: '/webhook-events', times: 999 } as const;
		cobalt.faults.add({
			...expiry,
			body: { success: false, error: 'login_required', message: 'Log in again.' },
		});
		const results = (await running).slice(0, 12);
		for (const [index, { ended }] of results.entries()) {
			expect(ended.error?.message).toContain('has expired [item 0]');
			expect(ended.error?.description).toContain(String(cobalt.world.jobs()[index]?.id));
		}
	});

	it('fails only the execution that waits for a failed job', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 10.5, outcome: 'failure' });
		cobalt.ehrWorker.plan({ seconds: 10.5, times: 2 });
		const results = await runAll(
			cobalt,
			many(3, (index) => ({ startsAt: index })),
		);
		expect(results.map(({ ended }) => ended.error === undefined)).toEqual([false, true, true]);
	});
});
