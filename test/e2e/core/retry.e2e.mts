/** Nothing is booked twice when n8n tries again: by Retry On Fail, or by Retry in the list of executions. */
import { afterEach, describe, expect, it } from 'vitest';

import { itemsOf } from '../../../tools/n8n/session.mts';
import { sceneOfFile } from '../scene.mts';
import {
	book,
	booked,
	changeBooking,
	of,
	retry,
	startBooking,
	startsOf,
	submissions,
	visit,
	visits,
} from './workflows.mts';

const scene = sceneOfFile({ cobalt: { medianSeconds: 1 } });

afterEach(() => {
	scene.stage.cobalt.faults.clear();
});

describe('Retry On Fail', () => {
	const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 200 };

	it('submits again what the EHR refused, and nothing else, by Retry On Fail', async () => {
		const { cobalt } = scene.stage;
		const [first, refused, last] = [visit(), visit(), visit()];
		const wanted = [first, refused, last];
		cobalt.ehrWorker.plan({ match: of(refused), outcome: 'failure', seconds: 1 });
		const execution = await book(scene.stage, { visits: wanted, mode: 'webhook', settings });
		expect(execution.status).toBe('success');
		expect(startsOf(itemsOf(execution, 'Booked'))).toEqual(startsOf(wanted));
		expect(booked(cobalt, wanted)).toEqual(startsOf(wanted));
		expect(submissions(cobalt, wanted)).toBe(4);
	});

	it('waits for the same jobs when the first attempt could not look them up', async () => {
		const { cobalt } = scene.stage;
		const wanted = visits(2);
		cobalt.ehrWorker.plan({ match: of(...wanted), seconds: 2, times: 2 });
		cobalt.faults.add({ kind: 'status', status: 401, path: '/webhook-events' });
		const execution = await book(scene.stage, { visits: wanted, mode: 'webhook', settings });
		expect(execution.status).toBe('success');
		expect(startsOf(itemsOf(execution, 'Booked'))).toEqual(startsOf(wanted));
		expect(booked(cobalt, wanted)).toEqual(startsOf(wanted));
		expect(submissions(cobalt, wanted)).toBe(2);
	});

	it('does not repeat a submission whose response was lost', async () => {
		const { cobalt } = scene.stage;
		const wanted = visits(2);
		cobalt.faults.add({ kind: 'dropAfterAccept', path: '/appointments' });
		const execution = await book(scene.stage, { visits: wanted, mode: 'webhook', settings });
		expect(execution.status).toBe('error');
		expect(execution.run.resultData.error?.message).toContain(
			'Appointment: Create may or may not have reached Cobalt',
		);
		expect(submissions(cobalt, wanted)).toBe(2);
	});
});

describe('Retry in the list of executions', () => {
	it.each(['original', 'saved'] as const)(
		'submits again what the EHR refused, and nothing else, with the %s workflow',
		async (workflow) => {
			const { cobalt } = scene.stage;
			const [first, refused, last] = [visit(), visit(), visit()];
			const wanted = [first, refused, last];
			cobalt.ehrWorker.plan({ match: of(refused), outcome: 'failure', seconds: 1 });
			const failed = await book(scene.stage, { visits: wanted, mode: 'webhook' });
			expect(failed.status).toBe('error');
			expect(failed.run.resultData.error?.message).toContain(
				'Appointment: Create failed in the EHR',
			);
			expect(submissions(cobalt, wanted)).toBe(3);

			const retried = await retry(scene.stage, failed.id, workflow);
			expect(retried).toMatchObject({ mode: 'retry', status: 'success', retryOf: failed.id });
			expect(startsOf(itemsOf(retried, 'Booked'))).toEqual(startsOf(wanted));
			expect(booked(cobalt, wanted)).toEqual(startsOf(wanted));
			expect(submissions(cobalt, wanted)).toBe(4);
		},
	);

	it('books what was corrected in the saved workflow, and nothing else', async () => {
		const { cobalt } = scene.stage;
		const wanted = [visit(), { ...visit(), mrn: 'nobody' }, visit()];
		const { workflowId, executionId } = await startBooking(scene.stage, {
			visits: wanted,
			mode: 'webhook',
		});
		const failed = await scene.stage.session.ended(executionId);
		expect(failed.status).toBe('error');

		await changeBooking(scene.stage, workflowId, { mrn: '44235' });
		const retried = await retry(scene.stage, executionId, 'saved');
		expect(retried.status).toBe('success');
		expect(booked(cobalt, wanted)).toEqual(startsOf(wanted));
		expect(submissions(cobalt, wanted)).toBe(4);
	});

	it('waits for the same jobs when the execution could not look them up', async () => {
		const { cobalt } = scene.stage;
		const wanted = visits(2);
		cobalt.ehrWorker.plan({ match: of(...wanted), seconds: 2, times: 2 });
		cobalt.faults.add({ kind: 'status', status: 401, path: '/webhook-events' });
		const failed = await book(scene.stage, { visits: wanted, mode: 'manual' });
		expect(failed.status).toBe('error');
		expect(failed.run.resultData.error?.message).toContain('Could not get the result of');
		const retried = await retry(scene.stage, failed.id, 'original');
		expect(retried.status).toBe('success');
		expect(booked(cobalt, wanted)).toEqual(startsOf(wanted));
		expect(submissions(cobalt, wanted)).toBe(2);
	});

	it('books nothing twice in a second retry of the same execution, nor in two at once', async () => {
		const { cobalt } = scene.stage;
		const [first, refused, last] = [visit(), visit(), visit()];
		const wanted = [first, refused, last];
		cobalt.ehrWorker.plan({ match: of(refused), outcome: 'failure', seconds: 1 });
		const failed = await book(scene.stage, { visits: wanted, mode: 'webhook' });
		expect(failed.status).toBe('error');
		const statuses = await Promise.all(
			['original', 'saved'].map(async (workflow) => {
				return (await retry(scene.stage, failed.id, workflow as 'original')).status;
			}),
		);
		expect(statuses.sort()).toEqual(['error', 'success']);
		const again = await retry(scene.stage, failed.id, 'original');
		expect(again.run.resultData.error?.message).toContain('another retry of the same execution');
		expect(booked(cobalt, wanted)).toEqual(startsOf(wanted));
		expect(submissions(cobalt, wanted)).toBe(4);
	});

	it('books nothing twice when the node is edited and a field holds $now', async () => {
		const { cobalt } = scene.stage;
		const [first, refused, last] = [visit(), visit(), visit()];
		const wanted = [first, refused, last];
		cobalt.ehrWorker.plan({ match: of(refused), outcome: 'failure', seconds: 1 });
		const { workflowId, executionId } = await startBooking(scene.stage, {
			visits: wanted,
			mode: 'webhook',
			parameters: { additionalFields: { note: '={{ "Kne pain, " + $now }}' } },
		});
		expect((await scene.stage.session.ended(executionId)).status).toBe('error');
		await changeBooking(scene.stage, workflowId, {
			additionalFields: { note: '={{ "Knee pain, " + $now }}' },
			options: { ifResponseLost: 'search' },
		});
		expect((await retry(scene.stage, executionId, 'saved')).status).toBe('success');
		expect(booked(cobalt, wanted)).toEqual(startsOf(wanted));
		expect(submissions(cobalt, wanted)).toBe(4);
	});

	it('does not repeat a submission whose response was lost, however often it is retried', async () => {
		const { cobalt } = scene.stage;
		const wanted = visits(2);
		cobalt.faults.add({ kind: 'dropAfterAccept', path: '/appointments' });
		let last = await book(scene.stage, { visits: wanted, mode: 'webhook' });
		for (const workflow of ['original', 'saved'] as const) {
			last = await retry(scene.stage, last.id, workflow);
			expect(last.run.resultData.error?.message).toContain('may or may not have reached Cobalt');
		}
		expect(submissions(cobalt, wanted)).toBe(2);
	});
});
