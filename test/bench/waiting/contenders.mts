import { Agent } from 'node:http';

import { createLimiter } from '../../../nodes/shared/retry/concurrency.js';
import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { cobaltWorkflow, startWorkflow } from '../../../tools/n8n-host/workflow.mts';
import { CREATE, credentialOf } from '../../Cobalt/setup.mts';
import { cobaltSample } from './cobaltSample.mts';
import { drawnLoop } from './drawnLoop.mts';
import type { Work } from './work.mts';

/** A way to book all of this and to wait for it. Gives the ids of the jobs that it saw completed. */
type Contender = (cobalt: Cobalt, work: Work[]) => Promise<string[]>;

/** How many bookings the node sends at once; the others are not to be slower or faster at that. */
const SUBMISSIONS_SIDE_BY_SIDE = 5;

/** Books and waits as Cobalt's sample does, in whatever order the given runner has it. */
function sampled(
	runAll: (work: Work[], run: (one: Work) => Promise<string[]>) => Promise<string[][]>,
): Contender {
	return async (cobalt, work) => {
		const httpAgent = new Agent({ keepAlive: true });
		const sample = cobaltSample(cobalt, httpAgent);
		const limit = createLimiter(SUBMISSIONS_SIDE_BY_SIDE);
		try {
			const completed = await runAll(work, async ({ body }) => {
				const jobId = await limit(async () => await sample.createAppointment(body));
				const event = await sample.awaitResult(jobId);
				return event.event_type === 'appointment.created' ? [event.job_id] : [];
			});
			return completed.flat();
		} finally {
			httpAgent.destroy();
		}
	};
}

export const contenders = {
	/** Appointment: Create of this package on the n8n engine, with all options as they are. */
	node: async (cobalt, work) => {
		const items = work.map(({ body }) => body);
		const ended = await startWorkflow(cobaltWorkflow(CREATE, { items }), {
			credential: credentialOf(cobalt),
		}).result;
		if (ended.error) throw ended.error;
		const completed = ended.json().filter(({ job_status }) => job_status === 'completed');
		return completed.map(({ job_id }) => job_id as string);
	},

	/** The same, in as many executions at once, with one item each, in one process. */
	nodeExecutions: async (cobalt, work) => {
		const credential = credentialOf(cobalt);
		const ended = await Promise.all(
			work.map(async ({ body }, index) => {
				const file = cobaltWorkflow(CREATE, { items: [body] });
				return await startWorkflow(file, { credential, executionId: `execution ${index}` }).result;
			}),
		);
		const items = ended.flatMap((one) => {
			if (one.error) throw one.error;
			return one.json();
		});
		const completed = items.filter(({ job_status }) => job_status === 'completed');
		return completed.map(({ job_id }) => job_id as string);
	},

	/** HTTP Request, Wait and If of n8n, in one execution. */
	drawnLoop,

	/** Cobalt's sample in a plain loop. */
	oneByOne: sampled(async (work, run) => {
		const results: string[][] = [];
		for (const one of work) results.push(await run(one));
		return results;
	}),

	/** Cobalt's sample for everything side by side, each job with a loop of its own. */
	sideBySide: sampled(async (work, run) => await Promise.all(work.map(run))),
} satisfies Record<string, Contender>;

export type ContenderName = keyof typeof contenders;
