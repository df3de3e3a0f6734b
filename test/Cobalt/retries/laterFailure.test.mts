/** What a retry finds changed since the first run: a job that failed meanwhile, or another operation. */
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { cobaltWorkflow, Ended } from '../../../tools/n8n-host/workflow.mts';
import { bookings, cobaltForTest, CREATE, refuse, retry, run, submissions } from '../setup.mts';

/** Cobalt refuses the second booking at once, so that nobody waits for the first, which the EHR refuses later. */
async function stopBeforeFailure(cobalt: Cobalt): Promise<Ended> {
	cobalt.ehrWorker.plan({ outcome: 'failure', seconds: 3 });
	cobalt.faults.add({ ...refuse, path: '/appointments', after: 1 });
	const stopped = await run(cobalt, { items: bookings(2), linger: 30 });
	expect(stopped.error).toBeDefined();
	return stopped;
}

/** What n8n would hand to the node if something before it had run again. */
function withOtherItems(stopped: Ended): Ended {
	const changed = structuredClone(stopped.run);
	for (const { data } of changed.data.executionData?.nodeExecutionStack ?? []) {
		data.main = [bookings(2).map((json) => ({ json: { ...json, readAt: 'later' } }))];
	}
	const settings = { onError: 'continueRegularOutput' } as const;
	const file = cobaltWorkflow(CREATE, { items: bookings(2), settings });
	return new Ended(changed, file, stopped.traces);
}

const booked = (cobalt: Cobalt) => cobalt.world.appointments({ status: 'scheduled' });

describe('a job that failed after the run ended', () => {
	it('submits a job that failed later again in a retry, and the refused item as well', async () => {
		const cobalt = await cobaltForTest();
		const retried = await retry(cobalt, await stopBeforeFailure(cobalt));
		expect(retried.error).toBeUndefined();
		expect(retried.json().map(({ job_status }) => job_status)).toEqual(['completed', 'completed']);
		expect(booked(cobalt)).toHaveLength(2);
	});

	it('does not submit a failed job again in a second retry of the same execution', async () => {
		const cobalt = await cobaltForTest();
		const stopped = await stopBeforeFailure(cobalt);
		await retry(cobalt, stopped);
		const { error } = await retry(cobalt, stopped);
		expect(error?.message).toContain('another retry of the same execution');
		expect(booked(cobalt)).toHaveLength(2);
	});

	it('does not submit a failed job again in a second retry with other items', async () => {
		const cobalt = await cobaltForTest();
		const stopped = await stopBeforeFailure(cobalt);
		await retry(cobalt, stopped);
		const again = await retry(cobalt, withOtherItems(stopped));
		expect(again.json().map(({ error }) => error)).toEqual([
			expect.stringContaining('another retry of the same execution'),
			expect.stringContaining('another retry of the same execution'),
		]);
		expect(booked(cobalt)).toHaveLength(2);
	});

	it('submits a job that failed later once in a retry, even if it fails again', async () => {
		const cobalt = await cobaltForTest();
		const stopped = await stopBeforeFailure(cobalt);
		cobalt.ehrWorker.plan({ outcome: 'failure', seconds: 1 });
		const before = submissions(cobalt);
		const retried = await retry(cobalt, stopped);
		expect(retried.error?.message).toContain('failed in the EHR');
		expect(submissions(cobalt) - before).toBeLessThanOrEqual(2);
	});
});

it('does not report an appointment as the message that the node now sends', async () => {
	const cobalt = await cobaltForTest();
	cobalt.faults.add({ ...refuse, path: '/appointments', after: 1 });
	const stopped = await run(cobalt, { items: bookings(2) });
	const parameters = {
		resource: 'message',
		operation: 'create',
		provider: { __rl: true, mode: 'id', value: '118' },
		subject: 'Refill request',
		message: 'Please call back',
	};
	const settings = { onError: 'continueRegularOutput' } as const;
	const file = cobaltWorkflow(parameters, { items: bookings(2), settings });
	const [first] = (await retry(cobalt, stopped, { file })).json();
	expect(first?.error).toContain('has run another operation for this item');
	expect(cobalt.world.messages()).toHaveLength(1);
});
