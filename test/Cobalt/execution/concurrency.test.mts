/**
 * Executions of one workflow that begin at the same moment share what the node writes down in n8n's
 * database, and n8n writes it without a lock. Each test cuts them off, and retries them without a ledger.
 */
import type { INodeParameters, INodeTypes } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { holdNextWrite } from '../../../tools/n8n-host/deduplication.mts';
import { loadNodeTypesAnew } from '../../../tools/n8n-host/n8n.mts';
import { engineNodeTypes, nodeTypesOf } from '../../../tools/n8n-host/nodeTypes.mts';
import { after, inVirtualTime } from '../../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, startWorkflow } from '../../../tools/n8n-host/workflow.mts';
import type { WorkflowFile } from '../../../tools/n8n-host/workflowFile.mts';
import {
	bookings,
	cobaltForTest,
	CREATE,
	credentialOf,
	passed,
	retryLost,
	run,
	submissions,
} from '../setup.mts';

const anotherProcess = nodeTypesOf(await loadNodeTypesAnew());

/** One workflow, started with other bookings each time. */
const files = (parameters: INodeParameters = {}) =>
	bookings(6).map((booking) => cobaltWorkflow({ ...CREATE, ...parameters }, { items: [booking] }));

interface Course {
	files?: WorkflowFile[];
	/** The n-th execution runs in the n-th process of this circle. Default: all in the same. */
	processes?: INodeTypes[];
	/** For how many seconds whoever writes first is held up. */
	hold?: number;
	/** When they are cut off, in seconds. */
	cutOffAt?: number;
}

/**
 * Starts them all at once, cuts them off, and lets their processes live on for a while. Then each is
 * retried, and must submit nothing.
 */
async function expectNothingTwice(
	cobalt: Cobalt,
	{ files: started = files(), processes = [engineNodeTypes], hold = 0, cutOffAt = 1 }: Course = {},
): Promise<void> {
	const credential = credentialOf(cobalt);
	await inVirtualTime(async () => {
		if (hold > 0) holdNextWrite(passed(hold));
		const executions = started.map((file, index) =>
			startWorkflow(file, { credential, nodeTypes: processes[index % processes.length] }),
		);
		after(cutOffAt, () => {
			for (const { cancel } of executions) cancel();
		});
		await Promise.all(executions.map(async ({ result }) => await result));
		await passed(5);
	});
	const { length } = cobalt.world.requests({ method: 'POST' });
	for (const file of started) {
		const { error } = await retryLost(cobalt, file);
		expect(error?.message).toContain('may or may not have reached Cobalt');
	}
	expect(submissions(cobalt)).toBe(length);
}

describe('executions that start at the same moment and that n8n loses', () => {
	it('remembers the bookings of each execution in one process', async () => {
		const cobalt = await cobaltForTest();
		await expectNothingTwice(cobalt);
		expect(cobalt.world.appointments()).toHaveLength(6);
	});

	it('remembers the bookings of each execution in two processes', async () => {
		const cobalt = await cobaltForTest();
		await expectNothingTwice(cobalt, { processes: [engineNodeTypes, anotherProcess] });
		expect(cobalt.world.appointments()).toHaveLength(6);
	});

	it.each([
		['in the middle of the wait', {}],
		['right after the submission', { cutOffAt: 0.35 }],
		['after the node, which does not wait', { files: files({ waitForResult: false }) }],
	])('remembers all bookings despite a slow process, cut off %s', async (_, course) => {
		const cobalt = await cobaltForTest();
		// The list is there already.
		await run(cobalt, { items: bookings(7).slice(-1) });
		await expectNothingTwice(cobalt, {
			processes: [engineNodeTypes, anotherProcess],
			hold: 0.2,
			...course,
		});
		expect(cobalt.world.appointments()).toHaveLength(7);
	});
});
