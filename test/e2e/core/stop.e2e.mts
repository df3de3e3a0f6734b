/** Nothing is booked twice when an execution is stopped by hand, or when n8n itself dies. */
import { afterEach, describe, expect, inject, it } from 'vitest';

import { OLDEST } from '../../../tools/n8n/editions.mts';
import { itemsOf, until, type StoredExecution } from '../../../tools/n8n/session.mts';
import { sceneOfFile } from '../scene.mts';
import {
	booked,
	changeBooking,
	lookups,
	of,
	retry,
	startBooking,
	startsOf,
	submissions,
	visits,
	type Booking,
	type Started,
} from './workflows.mts';

/**
 * Of an execution that was stopped, the oldest n8n does not keep that the node is still to be run: a Retry
 * of it does nothing, and n8n calls that a success. The newest runs all nodes again.
 */
const isNothingRetried = inject('edition').n8n === OLDEST.n8n;

/** What n8n says of a manual execution that was stopped. */
const NOT_RETRIED = 'The execution was aborted before starting, so it cannot be retried';

/** Three poll intervals. */
const QUIET_MS = 3000;

const scene = sceneOfFile({ cobalt: { medianSeconds: 1 } });

afterEach(() => {
	scene.stage.cobalt.faults.clear();
});

/** A booking whose jobs are submitted and have been looked for. */
async function startWaiting(booking: Booking): Promise<Started> {
	const { cobalt } = scene.stage;
	const lookupsBefore = lookups(cobalt);
	const started = await startBooking(scene.stage, booking);
	await until('the jobs are waited for', () => lookups(cobalt) > lookupsBefore);
	return started;
}

async function stop({ executionId }: Started): Promise<StoredExecution> {
	const { session } = scene.stage;
	await session.stop(executionId);
	return await session.ended(executionId);
}

/** Resolves when Cobalt has not been asked for anything in some time. */
async function quiet(): Promise<void> {
	const { cobalt } = scene.stage;
	await until('nothing is asked for any more', () => {
		const last = cobalt.world.requests().at(-1)?.at ?? 0;
		return Date.now() - last > QUIET_MS;
	});
}

function expectNothingRun({ run }: StoredExecution): void {
	expect(Object.keys(run.resultData.runData)).toEqual(['Start', 'Visits']);
}

function expectRefusal(execution: StoredExecution): void {
	expect(execution.status).toBe('error');
	expect(execution.run.resultData.error?.message).toContain(
		'Appointment: Create may or may not have reached Cobalt: an earlier execution may already have submitted it',
	);
}

describe('Stop during a wait', () => {
	it('ends the wait of a production execution, and a retry submits nothing again', async () => {
		const { cobalt } = scene.stage;
		const wanted = visits(3);
		cobalt.ehrWorker.plan({ match: of(...wanted), seconds: 60, times: 3 });
		const started = await startWaiting({ visits: wanted, mode: 'webhook' });
		expect(await stop(started)).toMatchObject({ mode: 'webhook', status: 'canceled' });
		await quiet();

		for (const workflow of ['original', 'saved'] as const) {
			const retried = await retry(scene.stage, started.executionId, workflow);
			if (isNothingRetried) expectNothingRun(retried);
			else expectRefusal(retried);
		}
		expect(submissions(cobalt, wanted)).toBe(3);
	});

	it('ends the wait of a manual execution, which n8n does not continue', async () => {
		const { cobalt } = scene.stage;
		const wanted = visits(3);
		cobalt.ehrWorker.plan({ match: of(...wanted), seconds: 60, times: 3 });
		const started = await startWaiting({ visits: wanted, mode: 'manual' });
		expect(await stop(started)).toMatchObject({ mode: 'manual', status: 'canceled' });
		await quiet();

		const retried = retry(scene.stage, started.executionId, 'original');
		if (isNothingRetried) expectNothingRun(await retried);
		else
			await expect(retried).rejects.toMatchObject({ response: { data: { message: NOT_RETRIED } } });
		expect(submissions(cobalt, wanted)).toBe(3);
	});
});

describe('Stop during submissions', () => {
	it.skipIf(isNothingRetried)(
		'submits nothing more after Stop, and a retry books what is missing',
		async () => {
			const { cobalt } = scene.stage;
			const wanted = visits(3);
			// Cobalt does not take the first, and asks to come back when the execution has been stopped.
			const headers = { 'retry-after': '50' };
			cobalt.faults.add({ kind: 'status', status: 429, headers, path: '/appointments' });
			const started = await startBooking(scene.stage, {
				visits: wanted,
				mode: 'webhook',
				parameters: { options: { concurrency: 1 } },
			});
			await until('the first is submitted', () => submissions(cobalt, wanted) === 1);
			expect((await stop(started)).status).toBe('canceled');
			await quiet();

			cobalt.ehrWorker.plan({ match: of(...wanted), seconds: 1, times: 3 });
			const retried = await retry(scene.stage, started.executionId, 'original');
			// Its status is not asked for: n8n keeps the error of the Stop in it, though all has been done.
			expect(startsOf(itemsOf(retried, 'Booked'))).toEqual(startsOf(wanted));
			expect(booked(cobalt, wanted)).toEqual(startsOf(wanted));
			expect(submissions(cobalt, wanted)).toBe(1 + 3);
		},
	);
});

describe('n8n killed during a wait and restarted', () => {
	it('submits nothing again in a retry after a kill, and Search for the Appointment finds what was booked', async () => {
		const { cobalt } = scene.stage;
		const wanted = visits(3);
		cobalt.ehrWorker.plan({ match: of(...wanted), seconds: 10, times: 3 });
		const { workflowId, executionId } = await startWaiting({ visits: wanted, mode: 'webhook' });
		await scene.stage.kill();
		await scene.stage.start();
		expect((await scene.stage.session.ended(executionId)).status).toBe('crashed');
		expectRefusal(await retry(scene.stage, executionId, 'original'));

		await changeBooking(scene.stage, workflowId, { options: { ifResponseLost: 'search' } });
		const retried = await retry(scene.stage, executionId, 'saved');
		expect(retried.status).toBe('success');
		const items = itemsOf(retried, 'Booked');
		expect(startsOf(items)).toEqual(startsOf(wanted));
		expect(items.map(({ found_in_list }) => found_in_list)).toEqual([true, true, true]);
		expect(booked(cobalt, wanted)).toEqual(startsOf(wanted));
		expect(submissions(cobalt, wanted)).toBe(3);
	});
});
