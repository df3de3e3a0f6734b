/**
 * Contract C4 once more, where n8n runs the node more than once by itself: in the rounds of a loop, in
 * a sub-workflow, and in one Retry execution after the other.
 */
import type { IDataObject, INode } from 'n8n-workflow';
import { describe, expect, it, vi } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { engineNodeTypes } from '../../../tools/n8n-host/nodeTypes.mts';
import { after } from '../../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, type Ended, type Execution } from '../../../tools/n8n-host/workflow.mts';
import { node, to, type WorkflowFile } from '../../../tools/n8n-host/workflowFile.mts';
import {
	bookings,
	cobaltForTest,
	CREATE,
	refuse,
	retry,
	retryLost,
	run,
	runFile,
	submissions,
	tooManyRequests,
} from '../setup.mts';

const RETRY: Partial<INode> = { retryOnFail: true };

const GO_ON: Partial<INode> = { onError: 'continueErrorOutput' };

const equal = (count: number): IDataObject[] =>
	Array.from({ length: count }, () => bookings(1)).flat();

/** The starts of what is in the EHR now, in their order. */
function booked(cobalt: Cobalt): number[] {
	const appointments = cobalt.world.appointments({ status: 'scheduled' });
	return appointments.map(({ datetime }) => Date.parse(datetime)).sort((one, other) => one - other);
}

/** The starts of what is to be in the EHR. */
const startsOf = (items: IDataObject[]): number[] =>
	items.map(({ datetime }) => Date.parse(datetime as string));

/** Cobalt turns away one booking, after so many that it took. */
function refuseOne(cobalt: Cobalt, accepted: number): void {
	cobalt.faults.add({ ...refuse, path: '/appointments', after: accepted });
}

function cancelAfter(seconds: number) {
	return {
		meanwhile: ({ cancel }: Execution) => {
			after(seconds, cancel);
		},
	};
}

/** Trigger → Loop → Cobalt and back, whatever became of the items; After, when all rounds are done. */
function loop(items: IDataObject[], batchSize: number, settings?: Partial<INode>): WorkflowFile {
	const file = cobaltWorkflow(CREATE, { items, settings });
	const about = { typeVersion: 3, parameters: { batchSize } };
	file.nodes.push(node('Loop', 'n8n-nodes-base.splitInBatches', about));
	file.connections = {
		Trigger: { main: [to('Loop')] },
		Loop: { main: [to('After'), to('Cobalt')] },
		Cobalt: { main: [to('Loop'), to('Loop')] },
	};
	return file;
}

describe.each([
	['different', bookings(6)],
	['equal', equal(6)],
])('a loop of three rounds with %s items', (_, items) => {
	const file = loop(items, 2);
	const patient = loop(items, 2, RETRY);

	it.each([
		[
			'is refused by Cobalt',
			(cobalt: Cobalt) => {
				refuseOne(cobalt, 3);
			},
		],
		[
			'fails in the EHR',
			(cobalt: Cobalt) => {
				cobalt.ehrWorker.plan({ outcome: 'failure', after: 3 });
			},
		],
	])('books each item once when one in round 2 %s', async (_what, goWrong) => {
		const cobalt = await cobaltForTest();
		goWrong(cobalt);
		const stopped = await runFile(cobalt, file);
		expect(stopped.error).toBeDefined();
		expect(submissions(cobalt)).toBe(4);
		const ended = await retry(cobalt, stopped);
		expect(ended.error).toBeUndefined();
		expect(ended.json('After')).toHaveLength(6);
		expect(booked(cobalt)).toEqual(startsOf(items));
		expect(submissions(cobalt)).toBe(7);

		const again = await cobaltForTest();
		goWrong(again);
		expect((await runFile(again, patient)).json('After')).toHaveLength(6);
		expect(booked(again)).toEqual(startsOf(items));
		expect(submissions(again)).toBe(7);
	});

	it('never repeats a booking of unknown outcome in round 2, however often it is tried', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'dropAfterAccept', path: '/appointments', after: 3 });
		const stopped = await runFile(cobalt, patient);
		const again = await retry(cobalt, await retry(cobalt, stopped));
		expect(again.error?.message).toContain('may or may not have reached Cobalt');
		expect(submissions(cobalt)).toBe(4);
		expect(booked(cobalt)).toEqual(startsOf(items.slice(0, 4)));
	});

	it('continues to wait for the jobs of round 2 after an execution timeout', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 10, times: 2 });
		cobalt.ehrWorker.plan({ seconds: 60, times: 2 });
		const stopped = await runFile(cobalt, file, cancelAfter(30));
		expect(stopped.run.status).toBe('canceled');
		expect(submissions(cobalt)).toBe(4);
		const ended = await retry(cobalt, stopped, { now: '2025-03-10T15:00:40Z' });
		expect(ended.json('After')).toHaveLength(6);
		expect(booked(cobalt)).toEqual(startsOf(items));
		expect(submissions(cobalt)).toBe(6);
	});

	it('repeats nothing of an execution that was cut off in round 2 and that n8n lost', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 10, times: 2 });
		cobalt.ehrWorker.plan({ seconds: 60, times: 2 });
		await runFile(cobalt, file, cancelAfter(30));
		const ended = await retryLost(cobalt, file, { now: '2025-03-10T15:02:00Z' });
		expect(ended.error?.message).toContain('may or may not have reached Cobalt');
		expect(submissions(cobalt)).toBe(4);
	});
});

it('repeats nothing of a lost loop whose first round had nothing to send', async () => {
	const cobalt = await cobaltForTest();
	const [, ...valid] = bookings(4);
	const file = loop([{ ...valid[0], mrn: '' }, ...valid], 1, { onError: 'continueErrorOutput' });
	await runFile(cobalt, file, cancelAfter(25));
	expect(submissions(cobalt)).toBe(3);
	await retryLost(cobalt, file, { now: '2025-03-10T15:02:00Z' });
	expect(submissions(cobalt)).toBe(3);
});

it('books each item once in a loop that failed after more rounds than the node remembers', async () => {
	const items = bookings(44);
	const cobalt = await cobaltForTest();
	refuseOne(cobalt, 43);
	const stopped = await runFile(cobalt, loop(items, 2));
	await retry(cobalt, stopped);
	expect(booked(cobalt)).toEqual(startsOf(items));
	expect(submissions(cobalt)).toBe(45);
});

describe('a sub-workflow that books', () => {
	const items = bookings(3);

	/** Trigger → Call → After, and what is called books the items. */
	function calling(inside: Partial<INode>, settings: Partial<INode> = {}): WorkflowFile {
		const sub = cobaltWorkflow(CREATE, { settings: inside });
		sub.connections = { Trigger: { main: [to('Cobalt')] } };
		const parameters = { workflowJson: JSON.stringify(sub) };
		const file = cobaltWorkflow({}, { items });
		file.nodes.push(node('Call', 'n8n-nodes-base.executeWorkflow', { parameters, ...settings }));
		file.connections = { Trigger: { main: [to('Call')] }, Call: { main: [to('After')] } };
		return file;
	}

	/** What is in the EHR when a second sub-workflow has run: the refused item once, the others twice. */
	const TWICE = startsOf(items).flatMap((start, index) => (index === 1 ? [start] : [start, start]));

	it('books each item once with Retry On Fail inside a sub-workflow', async () => {
		const cobalt = await cobaltForTest();
		refuseOne(cobalt, 1);
		const ended = await runFile(cobalt, calling(RETRY));
		expect(ended.json('After')).toHaveLength(3);
		expect(booked(cobalt)).toEqual(startsOf(items));
		expect(submissions(cobalt)).toBe(4);
	});

	it('books each item once when the execution of the sub-workflow itself is retried', async () => {
		const cobalt = await cobaltForTest();
		refuseOne(cobalt, 1);
		const stopped = await runFile(cobalt, calling({}));
		expect(stopped.error).toBeDefined();
		const [inside] = stopped.traces.subExecutions;
		if (!inside) throw new Error('No sub-workflow was started');
		const ended = await retry(cobalt, inside);
		expect(ended.json()).toHaveLength(3);
		expect(booked(cobalt)).toEqual(startsOf(items));
		expect(submissions(cobalt)).toBe(4);
	});

	it('books items AGAIN with Retry On Fail on Execute Workflow, which n8n starts anew', async () => {
		const cobalt = await cobaltForTest();
		refuseOne(cobalt, 1);
		const ended = await runFile(cobalt, calling({}, RETRY));
		expect(ended.error).toBeUndefined();
		expect(ended.traces.subExecutions).toHaveLength(2);
		expect(booked(cobalt)).toEqual(TWICE);
	});

	it('books items AGAIN when the parent of a sub-workflow is retried, which n8n starts anew', async () => {
		const cobalt = await cobaltForTest();
		refuseOne(cobalt, 1);
		const stopped = await runFile(cobalt, calling({}));
		const ended = await retry(cobalt, stopped);
		expect(ended.json('After')).toHaveLength(3);
		expect(booked(cobalt)).toEqual(TWICE);
	});

	it('books nothing again when the parent fails after the sub-workflow and is retried', async () => {
		const cobalt = await cobaltForTest();
		const stopped = await failingAfter(async () => await runFile(cobalt, calling({})));
		const ended = await retry(cobalt, stopped);
		expect(ended.json('After')).toHaveLength(3);
		expect(booked(cobalt)).toEqual(startsOf(items));
	});
});

/** The node behind the bookings fails in this run. */
async function failingAfter(work: () => Promise<Ended>): Promise<Ended> {
	const noOp = engineNodeTypes.getByNameAndVersion('n8n-nodes-base.noOp');
	const spy = vi.spyOn(noOp, 'execute').mockRejectedValue(new Error('After failed'));
	const ended = await work();
	spy.mockRestore();
	expect(ended.error?.message).toBe('After failed');
	return ended;
}

describe('a retry of a retry', () => {
	it('books each item once in a retry of a retry of a retry', async () => {
		const cobalt = await cobaltForTest();
		const items = bookings(5);
		refuseOne(cobalt, 2);
		const first = await run(cobalt, { items });
		refuseOne(cobalt, 0);
		const second = await retry(cobalt, first);
		cobalt.ehrWorker.plan({ outcome: 'failure' });
		const third = await retry(cobalt, second);
		expect([first, second, third].filter(({ error }) => error === undefined)).toEqual([]);
		const ended = await retry(cobalt, third);
		expect(ended.json().map(({ job_status }) => job_status)).toEqual(Array(5).fill('completed'));
		expect(booked(cobalt)).toEqual(startsOf(items));
		expect(submissions(cobalt)).toBe(5 + 3);
	});

	it('waits for the same jobs when both executions were cut off during the wait', async () => {
		const cobalt = await cobaltForTest();
		const items = bookings(3);
		cobalt.ehrWorker.plan({ seconds: 100, times: 3 });
		const first = await run(cobalt, { items, ...cancelAfter(20) });
		const second = await retry(cobalt, first, { now: '2025-03-10T15:00:30Z', ...cancelAfter(20) });
		expect([first, second].map(({ run: { status } }) => status)).toEqual(['canceled', 'canceled']);
		const ended = await retry(cobalt, second, { now: '2025-03-10T15:01:00Z' });
		expect(ended.json().map(({ job_status }) => job_status)).toEqual(Array(3).fill('completed'));
		expect(booked(cobalt)).toEqual(startsOf(items));
		expect(submissions(cobalt)).toBe(3);
	});

	it('submits the rest, each once, when both executions were cut off while submitting', async () => {
		const cobalt = await cobaltForTest();
		const items = bookings(20);
		cobalt.faults.add({ ...tooManyRequests(60), after: 7, times: 5 });
		const first = await run(cobalt, { items, ...cancelAfter(30) });
		expect(booked(cobalt)).toHaveLength(7);
		cobalt.faults.add({ ...tooManyRequests(60), after: 4, times: 5 });
		const second = await retry(cobalt, first, { now: '2025-03-10T15:01:00Z', ...cancelAfter(30) });
		expect(booked(cobalt)).toHaveLength(11);
		await retry(cobalt, second, { now: '2025-03-10T15:02:00Z' });
		expect(booked(cobalt)).toEqual(startsOf(items));
	});

	it('does not repeat a submission that the first cancel interrupted', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ kind: 'slow', ms: 20_000, path: '/appointments' });
		const first = await run(cobalt, cancelAfter(5));
		const second = await retry(cobalt, await retry(cobalt, first));
		expect(second.error?.message).toContain('may or may not have reached Cobalt');
		expect(submissions(cobalt)).toBe(1);
	});
});

describe('a retry with Continue (using error output)', () => {
	const items = bookings(5);

	it('does not run the node again when a later node failed, not even for the refused item', async () => {
		const cobalt = await cobaltForTest();
		refuseOne(cobalt, 2);
		const stopped = await failingAfter(async () => await run(cobalt, { items, settings: GO_ON }));
		const ended = await retry(cobalt, stopped);
		expect(ended.error).toBeUndefined();
		expect(ended.json('After')).toHaveLength(4);
		expect(ended.json('On Error')).toHaveLength(1);
		expect(booked(cobalt)).toHaveLength(4);
		expect(submissions(cobalt)).toBe(5);
	});

	it('outputs jobs as pending, and does not run again, after an execution timeout', async () => {
		const cobalt = await cobaltForTest();
		cobalt.ehrWorker.plan({ seconds: 50, times: 5 });
		const stopped = await run(cobalt, { items, settings: GO_ON, ...cancelAfter(20) });
		expect(stopped.run.status).toBe('canceled');
		const ended = await retry(cobalt, stopped);
		const jobs = cobalt.world.jobs().map(({ id }) => id);
		expect(ended.json('Cobalt', 1)).toEqual(
			jobs.map(
				(job_id) =>
					expect.objectContaining({
						details: expect.objectContaining({ job_id, job_status: 'pending' }) as IDataObject,
					}) as IDataObject,
			),
		);
		expect(submissions(cobalt)).toBe(5);
	});
});
