/** Many items may name the same job: what that costs, and what each item gets. */
import { describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import { after } from '../../../tools/n8n-host/virtualTime.mts';
import { cobaltForTest, run } from '../setup.mts';

const JOBS = Array.from({ length: 50 }, (_, index) => String(7_000 + index));

/** Each job five times, the same one never twice in a row. */
const ITEMS = Array.from({ length: 250 }, (_, index) => ({ job: JOBS[index % JOBS.length] }));

const GET_RESULT = { resource: 'job', operation: 'getResult', jobId: '={{ $json.job }}' };

const CONTINUE = { onError: 'continueRegularOutput' } as const;

/** Every tenth job fails, the others are completed. */
function endAll(cobalt: Cobalt): void {
	for (const [index, jobId] of JOBS.entries()) {
		cobalt.world.addEvent(
			index % 10 === 0
				? { type: 'note.failed', jobId, data: { failure_reason: `No chart for ${jobId}` } }
				: { type: 'note.created', jobId, data: { note_id: `n${jobId}` } },
		);
	}
}

const lookedUp = (cobalt: Cobalt) =>
	cobalt.world
		.requests({ path: '/webhook-events' })
		.flatMap(({ query }) => (query.job_id === undefined ? [] : [query.job_id]));

function expectEachItsOwn(outputs: Array<Record<string, unknown>>): void {
	expect(outputs).toHaveLength(ITEMS.length);
	for (const [index, output] of outputs.entries()) {
		const jobId = ITEMS[index]?.job ?? '';
		if (JOBS.indexOf(jobId) % 10 > 0) {
			expect(output).toMatchObject({ job_id: jobId, note_id: `n${jobId}` });
		} else {
			const text = `Job ${jobId} failed in the EHR: No chart for ${jobId} [item ${index}]`;
			expect(output.error).toBe(text);
		}
	}
}

describe('250 items with 50 different jobs', () => {
	it.each([false, true])('looks up each job once (Wait for Result: %s)', async (waitForResult) => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, {
			parameters: { ...GET_RESULT, waitForResult },
			items: ITEMS,
			settings: CONTINUE,
			meanwhile: () => {
				endAll(cobalt);
			},
		});
		expectEachItsOwn(ended.json());
		expect(lookedUp(cobalt).sort()).toEqual(JOBS);
		expect(cobalt.world.requests()).toHaveLength(50);
	});

	it('looks up each job once, and finds later events in the log', async () => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, {
			parameters: { ...GET_RESULT, waitForResult: true },
			items: ITEMS,
			settings: CONTINUE,
			meanwhile: () => {
				after(3.5, () => {
					endAll(cobalt);
				});
			},
		});
		expectEachItsOwn(ended.json());
		expect(lookedUp(cobalt).sort()).toEqual(JOBS);
	});

	it.each([false, true])(
		"outputs for each item the error of its own job's lookup (Wait for Result: %s)",
		async (waitForResult) => {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ kind: 'status', status: 410, path: '/webhook-events', times: Infinity });
			const ended = await run(cobalt, {
				parameters: { ...GET_RESULT, waitForResult },
				items: ITEMS,
				settings: CONTINUE,
			});
			const errors = ended.json().map(({ error }) => error);
			expect(errors).toHaveLength(ITEMS.length);
			for (const [index, { job }] of ITEMS.entries()) {
				expect(errors[index]).toContain(`Could not get the result of Job ${job}`);
				expect(errors[index]).toContain(`[item ${index}]`);
			}
			expect(lookedUp(cobalt).sort()).toEqual(JOBS);
		},
	);

	it('shares the last lookups at the deadline among the items of a job', async () => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, {
			parameters: { ...GET_RESULT, waitForResult: true, options: { timeout: 5 } },
			items: ITEMS,
		});
		expect(ended.json().map(({ job_status }) => job_status)).toEqual(ITEMS.map(() => 'pending'));
		// In the first round, and at the deadline.
		expect(lookedUp(cobalt).sort()).toEqual([...JOBS, ...JOBS].sort());
	});
});
