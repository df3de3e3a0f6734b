/**
 * Every submission that is declared, in the same few situations. What an operation has of its own is in
 * the other files of this folder.
 */
import { describe, expect, it } from 'vitest';

import { fieldsOf } from '../../../../nodes/Cobalt/declarations/operation.js';
import { resources } from '../../../../nodes/Cobalt/resources/index.js';
import type { Cobalt, Job } from '../../../../tools/fake-cobalt/index.mts';
import { after } from '../../../../tools/n8n-host/virtualTime.mts';
import { cobaltForTest } from '../../setup.mts';
import { outcome, runOperation, sent, writes, type Prepare } from '../setup.mts';
import { appointments } from './appointments.mts';
import { chart } from './chart.mts';
import { liveFetches } from './liveFetches.mts';
import { office } from './office.mts';
import { patients } from './patients.mts';

const cases: Record<string, Prepare> = {
	...appointments,
	...chart,
	...liveFetches,
	...office,
	...patients,
};

const declared = resources.flatMap((resource) =>
	resource.operations
		.filter(({ kind }) => kind === 'submission')
		.map((operation) => ({
			name: `${resource.value}.${operation.value}`,
			title: `${resource.name}: ${operation.name}`,
			operation,
		})),
);

it('each submission has a case, and each case has an operation', () => {
	expect(Object.keys(cases).sort()).toEqual(declared.map(({ name }) => name).sort());
});

/** When it was looked at a job, in seconds after its submission: to the tenth, for jobs are gathered. */
function looksAt(cobalt: Cobalt, job: Job | undefined): number[] {
	return cobalt.world
		.requests({ path: '/webhook-events' })
		.filter(({ query }) => query.job_id === job?.id)
		.map(({ at }) => Math.round((at - Number(job?.submittedAt)) / 100) / 10);
}

/** A submission that has no case fails at the test above. */
const known = declared.flatMap(({ name, title, operation }) => {
	const prepare = cases[name];
	return prepare ? [{ name, title, operation, prepare }] : [];
});

describe.each(known)('$title', ({ name, title, operation, prepare }) => {
	it.each(['full', 'minimal'] as const)(
		'sends the documented request, and returns its result: %s',
		async (size) => {
			const cobalt = await cobaltForTest();
			const submission = await prepare(cobalt);
			const { method, recordKey, recordOf, event: type } = submission;
			const { path, body, record } = submission[size];
			const before = writes(cobalt).length;
			cobalt.ehrWorker.plan({ seconds: 7 });
			const ended = await runOperation(cobalt, name, submission[size]);

			expect(ended.error).toBeUndefined();
			expect(sent(cobalt)).toEqual({ method, path, body });
			expect(writes(cobalt)).toHaveLength(before + 1);
			const { job, event } = outcome(cobalt);
			if (record) expect(recordOf?.(String(job?.recordId))).toMatchObject(record);
			expect(ended.json()).toEqual([
				expect.objectContaining({
					...(recordKey && { [recordKey]: job?.recordId }),
					job_id: job?.id,
					job_status: 'completed',
					event_id: event?.id,
					event_type: type ?? event?.type,
					event_created_at: event?.created,
				}),
			]);
			expect(looksAt(cobalt, job)).toEqual([5, 6, 7]);
		},
	);

	it('fills in all fields of the operation in one of the examples', async () => {
		const { full, minimal } = await prepare(await cobaltForTest());
		const entered = [full, minimal].flatMap(({ parameters }) => [
			...Object.keys(parameters),
			...Object.values(parameters).flatMap((value) =>
				typeof value === 'object' && value !== null ? Object.keys(value) : [],
			),
		]);
		const fields = fieldsOf(operation);
		const missing = fields
			.map(({ property }) => property.name)
			.filter((one) => !entered.includes(one));
		expect(missing).toEqual(elsewhere[name] ?? []);
	});

	it("reports in the EHR's words why the EHR worker failed", async () => {
		const cobalt = await cobaltForTest();
		const { minimal, recordOf, undone } = await prepare(cobalt);
		const failureReason = 'The EHR is closed for lunch.';
		cobalt.ehrWorker.plan({ outcome: 'failure', failureReason, seconds: 7 });
		const ended = await runOperation(cobalt, name, minimal);

		expect(ended.error?.message).toBe(
			`${title} failed in the EHR: The EHR is closed for lunch. [item 0]`,
		);
		const { job } = outcome(cobalt);
		expect(job?.state).toBe('failed');
		expect(looksAt(cobalt, job)).toEqual([5, 6, 7]);
		expect(ended.error?.description).toContain(`Job ID: ${String(job?.id)}.`);
		if (undone) expect(recordOf?.(String(job?.recordId))).toMatchObject(undone);
	});

	it('waits as long as Cobalt recommends, then returns the pending job', async () => {
		const cobalt = await cobaltForTest();
		const { minimal, timeout, recordKey, pending } = await prepare(cobalt);
		cobalt.ehrWorker.plan({ seconds: timeout + 1 });
		const parameters = { ...minimal.parameters, options: { pollInterval: 50 } };
		const ended = await runOperation(cobalt, name, { ...minimal, parameters });

		const { job } = outcome(cobalt);
		expect(ended.json()).toEqual([
			expect.objectContaining({
				...(recordKey && { [recordKey]: job?.recordId }),
				job_id: job?.id,
				job_status: 'pending',
				...pending,
				event_id: null,
			}),
		]);
		expect(looksAt(cobalt, job)).toEqual([
			...[50, 100, 150].filter((seconds) => seconds < timeout),
			timeout,
		]);
	});
});

/** Fields that exclude those of the examples. They have tests of their own. */
const elsewhere: Record<string, string[]> = {
	'patient.fetchLive': ['dob', 'phone'],
	'patientInsurance.create': ['insuranceName', 'insurancePayerId'],
	'patientInsurance.update': ['insuranceProviderId'],
};

describe('undocumented event types', () => {
	const nameless = known.filter(
		({ operation: { kind, ...rest } }) =>
			kind === 'submission' &&
			'terminalEvents' in rest &&
			rest.terminalEvents.completed.length === 0,
	);

	it.each(nameless)('resolves $title by the shape of events', async ({ name, title, prepare }) => {
		for (const [type, data, message] of [
			['something.else', { note: 'all is well' }, undefined],
			['something.else', { failure_reason: 'Not today.' }, 'Not today.'],
			['something.else', { reasons: [{ code: 'X', description: 'Not now.' }] }, 'Not now.'],
			['something_failed', {}, 'Cobalt gave no reason'],
		] as const) {
			const cobalt = await cobaltForTest();
			const { minimal } = await prepare(cobalt);
			cobalt.ehrWorker.plan({ eventNeverListed: true, seconds: 500 });
			const ended = await runOperation(cobalt, name, minimal, {
				meanwhile: () => {
					after(5, () => {
						cobalt.world.addEvent({ type, data, jobId: cobalt.world.jobs().at(-1)?.id ?? '' });
					});
				},
			});
			const said = ended.error?.message.replace('seems to have failed', 'failed');
			expect(said).toBe(message && `${title} failed in the EHR: ${message} [item 0]`);
			if (!message) expect(ended.json()[0]).toMatchObject({ ...data, job_status: 'completed' });
		}
	});
});
