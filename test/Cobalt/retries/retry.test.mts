/**
 * Contract C4: nothing is ever booked twice by us. Each test lets n8n repeat the node in one of its
 * ways, and counts the appointments afterwards.
 */
import type { INode } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { after, inVirtualTime } from '../../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, startWorkflow, type Ended } from '../../../tools/n8n-host/workflow.mts';
import {
	bookings,
	cobaltForTest,
	CREATE,
	credentialOf,
	refuse,
	retry,
	retryLost,
	run,
	runFile,
	submissions,
	tooManyRequests,
	twice,
} from '../setup.mts';

/** The ways in which a node may be set to go on. */
const CONTINUE: Array<Partial<INode>> = [
	{},
	{ onError: 'continueRegularOutput' },
	{ onError: 'continueErrorOutput' },
];

const RETRY: Partial<INode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 };

const startOf = (index: number) => bookings(index + 1)[index]?.datetime as string;

describe.each(CONTINUE)('Retry On Fail, %o', (onError) => {
	const settings = { ...RETRY, ...onError };

	it.each([0, 2, 4])('books each of 5 items once after item %d was refused', async (failing) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, path: '/appointments', after: failing });
		await run(cobalt, { items: bookings(5), settings });
		const booked = cobalt.world.appointments({ status: 'scheduled' });
		// n8n repeats a node that continues only when the first item went wrong.
		const repeated = !settings.onError || failing === 0;
		expect(booked).toHaveLength(repeated ? 5 : 4);
		expect(submissions(cobalt)).toBe(repeated ? 6 : 5);
	});

	it('submits again only what Cobalt confirmed as failed', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ outcome: 'failure' });
		await run(cobalt, { items: bookings(5), settings });
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(5);
		expect(cobalt.world.appointments({ status: 'failed' })).toHaveLength(1);
		expect(submissions(cobalt)).toBe(6);
	});

	it('never repeats a submission whose outcome is unknown', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'dropAfterAccept', path: '/appointments' });
		await run(cobalt, { items: bookings(5), settings });
		expect(cobalt.world.appointments()).toHaveLength(5);
		expect(submissions(cobalt)).toBe(5);
	});

	it('continues to wait for a job that was pending at its timeout', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 25 });
		const parameters = { ...CREATE, options: { timeout: 10, onTimeout: 'fail' } };
		const ended = await run(cobalt, { parameters, settings });
		expect(ended.json()).toEqual([expect.objectContaining({ job_status: 'completed' })]);
		expect(submissions(cobalt)).toBe(1);
	});
});

it('outputs the same item for a reused job as for a new one', async () => {
	const cobalt = await cobaltForTest();
	cobalt.faults.add({ ...refuse, path: '/appointments', after: 1 });
	const ended = await run(cobalt, { items: bookings(2), settings: RETRY });
	const [first] = cobalt.world.appointments({ datetime: startOf(0).replace('.000Z', '+00:00') });
	expect(ended.json()[0]).toMatchObject({
		appointment_id: first?.id,
		job_status: 'completed',
		event_type: 'appointment.created',
		mrn: '44235',
	});
});

describe('an expression with another value on each try', () => {
	const parameters = { ...CREATE, additionalFields: { note: 'Booked at {{ $now.toISO() }}' } };
	parameters.additionalFields.note = `=${parameters.additionalFields.note}`;

	it('books nothing twice when an expression has another value on each try', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, path: '/appointments', after: 2 });
		const ended = await run(cobalt, { parameters, items: bookings(3), settings: RETRY });
		expect(ended.error).toBeUndefined();
		expect(cobalt.world.appointments()).toHaveLength(3);
	});

	it('repeats nothing of unknown outcome when an expression has another value', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'dropAfterAccept', path: '/appointments' });
		await run(cobalt, { parameters, settings: RETRY });
		expect(cobalt.world.appointments()).toHaveLength(1);
	});
});

it('reports the cause of an unknown submission after the last try as after the first', async () => {
	const cobalt = await cobaltForTest();
	cobalt.faults.add({ kind: 'status', status: 500, path: '/appointments' });
	const { error } = await run(cobalt, { settings: RETRY });
	expect(error?.message).toContain('Cobalt could not process the request (HTTP 500)');
});

it('submits in a retry after the credential was not valid and nothing was sent', async () => {
	const cobalt = await cobaltForTest();
	const file = cobaltWorkflow(CREATE, { items: bookings(1) });
	const credential = { ...credentialOf(cobalt), baseUrl: 'not an address' };
	const stopped = await inVirtualTime(async () => await startWorkflow(file, { credential }).result);
	expect(stopped.error?.message).toContain("'Base URL' in the Cobalt credential is not a URL");
	await retry(cobalt, stopped);
	expect(cobalt.world.appointments()).toHaveLength(1);
});

/** Two ways lead from the trigger to the node: it runs twice in one execution, with the same item. */
async function runTwice(cobalt: Cobalt, type: string): Promise<Ended> {
	const file = cobaltWorkflow(CREATE, { items: bookings(1) });
	for (const node of file.nodes) if (node.name === 'Cobalt') node.type = type;
	const ended = await runFile(cobalt, twice(file));
	expect(ended.run.data.resultData.runData.Cobalt).toHaveLength(2);
	return ended;
}

it('books in each round of a loop, even if the rounds are equal', async () => {
	const cobalt = await cobaltForTest();
	await runTwice(cobalt, 'n8n-nodes-cobalt.cobalt');
	expect(submissions(cobalt)).toBe(2);
});

it('books once what n8n repeats as a tool under a new run index', async () => {
	const cobalt = await cobaltForTest();
	const ended = await runTwice(cobalt, 'n8n-nodes-cobalt.cobaltTool');
	expect(ended.json()).toEqual([expect.objectContaining({ job_status: 'completed' })]);
	expect(submissions(cobalt)).toBe(1);
});

it('books two equal items twice', async () => {
	const cobalt = await cobaltForTest();
	await run(cobalt, { items: [...bookings(1), ...bookings(1)] });
	expect(submissions(cobalt)).toBe(2);
});

describe('a retried execution', () => {
	it('reuses finished jobs in a retry, and sends only the refused item', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, path: '/appointments', after: 2 });
		const stopped = await run(cobalt, { items: bookings(5) });
		expect(stopped.error?.message).toContain('[item 2]');
		expect(stopped.error?.description).toContain('4 of 5 items were or may have been submitted');

		const ended = await retry(cobalt, stopped);
		expect(ended.error).toBeUndefined();
		expect(ended.json().map(({ job_status }) => job_status)).toEqual(Array(5).fill('completed'));
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(5);
		expect(submissions(cobalt)).toBe(6);
	});

	it('books a corrected item in a retry of an edited workflow', async () => {
		const cobalt = await cobaltForTest();
		const stopped = await run(cobalt, {
			parameters: { ...CREATE, provider: '={{ $itemIndex === 1 ? "999" : $json.provider }}' },
			items: bookings(3),
		});
		expect(stopped.error?.message).toContain('did not find what was requested');
		const ended = await retry(cobalt, stopped, {
			file: cobaltWorkflow(CREATE, { items: bookings(3) }),
		});
		expect(ended.error).toBeUndefined();
		expect(cobalt.world.appointments()).toHaveLength(3);
	});

	it('waits for the same jobs in a retry after an execution timeout during the wait', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 50, times: 3 });
		const stopped = await run(cobalt, {
			items: bookings(3),
			meanwhile: (execution) => {
				after(20, execution.cancel);
			},
		});
		expect(stopped.run.status).toBe('canceled');
		expect(stopped.error?.message).toContain('canceled before Appointment: Create was finished');
		const ended = await retry(cobalt, stopped);
		expect(ended.json().map(({ job_status }) => job_status)).toEqual(Array(3).fill('completed'));
		expect(submissions(cobalt)).toBe(3);
	});

	it('submits the rest, each once, in a retry after a cancel while submitting', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...tooManyRequests(60), after: 7, times: 5 });
		const stopped = await run(cobalt, {
			items: bookings(20),
			meanwhile: (execution) => {
				after(30, execution.cancel);
			},
		});
		expect(cobalt.world.appointments()).toHaveLength(7);
		await retry(cobalt, stopped);
		expect(cobalt.world.appointments()).toHaveLength(20);
	});

	it('does not repeat a submission that a cancel interrupted', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'slow', ms: 20_000, path: '/appointments' });
		const cancelled = await run(cobalt, {
			meanwhile: (execution) => {
				after(5, execution.cancel);
			},
		});
		expect(cancelled.run.status).toBe('canceled');
		const ended = await retry(cobalt, cancelled);
		expect(ended.error?.message).toContain('may or may not have reached Cobalt');
		expect(submissions(cobalt)).toBe(1);
		expect(cobalt.world.appointments()).toHaveLength(1);
	});
});

describe('a retry of an execution that was stopped and that n8n lost', () => {
	const file = cobaltWorkflow(CREATE, { items: bookings(2) });

	it('repeats nothing that may have been submitted in an execution that n8n lost', async () => {
		const cobalt = await cobaltForTest();
		await run(cobalt, {
			items: bookings(2),
			meanwhile: (execution) => {
				after(0.5, execution.cancel);
			},
		});
		const { error } = await retryLost(cobalt, file);
		expect(error?.message).toBe(
			'Appointment: Create may or may not have reached Cobalt: an earlier execution may already have submitted it, and n8n no longer knows the result [item 0]',
		);
		expect(submissions(cobalt)).toBe(2);
	});

	it('submits when the lost execution had not reached the node', async () => {
		const cobalt = await cobaltForTest();
		const ended = await retryLost(cobalt, file);
		expect(ended.error).toBeUndefined();
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(2);
	});

	it('submits a new item beside one that may have been submitted', async () => {
		const cobalt = await cobaltForTest();
		await run(cobalt, { items: bookings(1) });
		const settings: Partial<INode> = { onError: 'continueErrorOutput' };
		const two = cobaltWorkflow(CREATE, { items: bookings(2), settings });
		const ended = await retryLost(cobalt, two);
		expect(ended.json('On Error')).toHaveLength(1);
		expect(submissions(cobalt)).toBe(2);
	});

	it('submits in an ordinary run what an earlier run has submitted', async () => {
		const cobalt = await cobaltForTest();
		await run(cobalt, { items: bookings(1) });
		await run(cobalt, { items: bookings(1) });
		expect(submissions(cobalt)).toBe(2);
	});
});

describe('a failure event that Cobalt does not document', () => {
	const tell = (cobalt: Cobalt, seconds: number) => {
		after(seconds, () => {
			const [job] = cobalt.world.jobs();
			cobalt.world.addEvent({ type: 'appointment.check_failed', jobId: job?.id });
		});
	};

	it('completes a job that succeeds after an undocumented failure event', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 10 });
		const ended = await run(cobalt, {
			meanwhile: () => {
				tell(cobalt, 3);
			},
		});
		expect(ended.json()).toEqual([expect.objectContaining({ job_status: 'completed' })]);
	});

	it('reports an undocumented failure event at the deadline, and does not submit again', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 150 });
		const stopped = await run(cobalt, {
			meanwhile: () => {
				tell(cobalt, 3);
			},
		});
		expect(stopped.error?.message).toContain('failed in the EHR');
		expect(stopped.error?.description).toContain('Check the EHR');
		const ended = await retry(cobalt, stopped, { now: '2025-03-10T15:02:10Z' });
		expect(ended.json()).toEqual([expect.objectContaining({ job_status: 'completed' })]);
		expect(submissions(cobalt)).toBe(1);
	});
});

describe('a submission that Cobalt certainly did not accept', () => {
	it('sends a submission again after 429, once Cobalt allows it', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...tooManyRequests(3), times: 2 });
		const ended = await run(cobalt);
		expect(ended.json()).toEqual([expect.objectContaining({ job_status: 'completed' })]);
		const times = cobalt.world.requests({ method: 'POST' }).map(({ at }) => at);
		expect(times.map((at) => Math.round((at - (times[0] ?? 0)) / 1000))).toEqual([0, 3, 6]);
	});

	it('gives up a submission after seven attempts, and a retry books it once', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'status', status: 429, path: '/appointments', times: 7 });
		const stopped = await run(cobalt);
		expect(stopped.error?.message).toContain('limiting requests');
		expect(submissions(cobalt)).toBe(7);
		await retry(cobalt, stopped);
		expect(cobalt.world.appointments()).toHaveLength(1);
	});
});

describe('a submission that Cobalt may have accepted', () => {
	it.each([
		[{ kind: 'drop' }, 0],
		[{ kind: 'dropAfterAccept' }, 1],
		[{ kind: 'status', status: 500 }, 0],
		[{ kind: 'statusAfterAccept', status: 502, body: '<html></html>' }, 1],
		[{ kind: 'statusAfterAccept', status: 504 }, 1],
		[{ kind: 'status', status: 408 }, 0],
		[{ kind: 'html' }, 1],
		[{ kind: 'empty' }, 1],
		[{ kind: 'truncated' }, 1],
	] as const)('does not send a submission again after %o', async (fault, appointments) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, path: '/appointments' });
		const stopped = await run(cobalt, { settings: RETRY });
		expect(stopped.error?.message).toContain(
			'Appointment: Create may or may not have reached Cobalt',
		);
		expect(stopped.error?.description).toContain('not submitted again');
		await retry(cobalt, stopped);
		expect(submissions(cobalt)).toBe(1);
		expect(cobalt.world.appointments()).toHaveLength(appointments);
	});
});
