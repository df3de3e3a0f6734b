/** The action node in executions that go through: what comes out, and what it costs. */
import { afterEach, describe, expect, it } from 'vitest';

import { itemsOf } from '../../../tools/n8n/session.mts';
import { sceneOfFile } from '../scene.mts';
import { book, booked, lookups, of, startsOf, submissions, visit, visits } from './workflows.mts';

const scene = sceneOfFile({ cobalt: { medianSeconds: 1 } });

afterEach(() => {
	scene.stage.cobalt.faults.clear();
});

describe('Wait for Result in a production execution', () => {
	it('outputs what the EHR has booked, in the order of the items, and books each once', async () => {
		const { cobalt } = scene.stage;
		const wanted = visits(12);
		for (const [index, each] of wanted.entries()) {
			cobalt.ehrWorker.plan({ match: of(each), seconds: 4 - (index % 4) });
		}
		const lookupsBefore = lookups(cobalt);
		const execution = await book(scene.stage, { visits: wanted, mode: 'webhook' });
		expect(execution).toMatchObject({ mode: 'webhook', status: 'success' });
		const items = itemsOf(execution, 'Booked');
		expect(items.map(({ job_status }) => job_status)).toEqual(wanted.map(() => 'completed'));
		expect(startsOf(items)).toEqual(startsOf(wanted));
		expect(booked(cobalt, wanted)).toEqual(startsOf(wanted));
		expect(submissions(cobalt, wanted)).toBe(12);
		// A look at each of them each second would be 30.
		expect(lookups(cobalt) - lookupsBefore).toBeLessThan(wanted.length);
	});
});

describe('On Error: Continue (using error output)', () => {
	it('sends the item that the EHR refused to the error output, and the others to the main output', async () => {
		const { cobalt } = scene.stage;
		const [first, refused, last] = [visit(), visit(), visit()];
		const wanted = [first, refused, last];
		cobalt.ehrWorker.plan({
			match: of(refused),
			outcome: 'failure',
			failureReason: 'Slot taken.',
			seconds: 1,
		});
		const execution = await book(scene.stage, {
			visits: wanted,
			mode: 'webhook',
			settings: { onError: 'continueErrorOutput' },
		});
		expect(execution.status).toBe('success');
		expect(startsOf(itemsOf(execution, 'Booked'))).toEqual(startsOf([first, last]));
		expect(itemsOf(execution, 'Needs a Look')).toEqual([
			expect.objectContaining({
				...refused,
				error: expect.stringContaining('Slot taken.') as string,
				details: expect.objectContaining({ job_status: 'failed' }) as object,
			}),
		]);
		expect(booked(cobalt, wanted)).toEqual(startsOf([first, last]));
	});
});

describe.each(['manual', 'webhook'] as const)('an item that lacks a field, %s', (mode) => {
	it('stops the execution before any request, with a message that names the missing field', async () => {
		const { cobalt } = scene.stage;
		const requestsBefore = cobalt.world.requests().length;
		const wanted = [visit(), { ...visit(), mrn: '' }];
		const execution = await book(scene.stage, { visits: wanted, mode });
		expect(execution).toMatchObject({ mode, status: 'error' });
		expect(execution.run.resultData.error?.message).toBe("'Patient MRN' is empty [item 1]");
		expect(cobalt.world.requests()).toHaveLength(requestsBefore);
	});
});
