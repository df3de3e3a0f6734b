/**
 * With an On Error setting that continues, n8n makes a success of a node that throws: it hands on the items
 * that came in. So nothing may be thrown then, whatever the items hold and whatever goes wrong.
 */
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { engineLogger } from '../../../tools/n8n-host/n8n.mts';
import { cobaltWorkflow } from '../../../tools/n8n-host/workflow.mts';
import { bookings, cobaltForTest, CREATE, run, runFile, submissions } from '../setup.mts';

const CONTINUE: Array<Partial<INode>> = [
	{ onError: 'continueRegularOutput' },
	{ onError: 'continueErrorOutput' },
];

/** Passes on a response that refers to itself. */
function circular(): IDataObject {
	const response: IDataObject = { status: 200, list: [] };
	response.self = response;
	(response.list as unknown[]).push(response);
	return response;
}

function nested(levels: number): IDataObject {
	let value: IDataObject = {};
	for (let level = 0; level < levels; level += 1) value = { value };
	return value;
}

const HELD: Array<[what: string, held: () => unknown]> = [
	['an object that refers to itself', circular],
	['a BigInt', () => 12_345_678_901_234_567_890n],
	['a function', () => () => 1],
	['three thousand levels', () => nested(3_000)],
	['a date that is none', () => new Date(NaN)],
];

describe.each([{}, ...CONTINUE])('input items with unusual values, %o', (settings) => {
	it.each(HELD)('books all items when one of them also has %s', async (_what, held) => {
		const cobalt = await cobaltForTest();
		const items = bookings(3);
		const file = cobaltWorkflow(CREATE, { items, settings });
		const [, second] = file.pinData?.Trigger ?? [];
		if (!second) throw new Error('There is no second item');
		second.json.response = held() as IDataObject;
		const ended = await runFile(cobalt, file);
		expect(ended.error).toBeUndefined();
		expect(ended.json().map(({ job_status }) => job_status)).toEqual(Array(3).fill('completed'));
		expect(submissions(cobalt)).toBe(3);
	});
});

describe.each(CONTINUE)('errors about the node itself, %o', (settings) => {
	const output = settings.onError === 'continueErrorOutput' ? 1 : 0;

	it.each<[what: string, parameters: INodeParameters]>([
		['an operation that does not exist', { resource: 'appointment', operation: 'none' }],
		['a resource that does not exist', { resource: 'none', operation: 'create' }],
	])('outputs an error for each item for %s', async (_what, parameters) => {
		const cobalt = await cobaltForTest();
		const ended = await run(cobalt, { parameters, items: bookings(3), settings });
		const errors = ended.json('Cobalt', output);
		expect(errors).toHaveLength(3);
		for (const { error, details } of errors) {
			expect(error).toContain('Choose a');
			expect(details).toMatchObject({ job_status: 'not_submitted' });
		}
		if (output === 1) expect(ended.json()).toEqual([]);
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('outputs an error for each item when the credential is not valid', async () => {
		const cobalt = await cobaltForTest();
		const broken = { ...cobalt, url: 'not an address' };
		const ended = await run(broken, { items: bookings(3), settings });
		const errors = ended.json('Cobalt', output);
		expect(errors).toHaveLength(3);
		for (const { details } of errors) {
			expect(details).toMatchObject({ job_status: 'not_submitted' });
		}
	});
});

it('outputs the job ID of an accepted booking when the node itself fails later', async () => {
	const cobalt = await cobaltForTest();
	const log = vi.spyOn(engineLogger, 'debug').mockImplementation((message) => {
		if (/^Cobalt: job .* is completed$/.test(message)) throw new Error('A fault in the node');
	});
	onTestFinished(() => {
		log.mockRestore();
	});
	const ended = await run(cobalt, { settings: { onError: 'continueRegularOutput' } });
	expect(ended.json()[0]?.details).toMatchObject({
		job_id: cobalt.world.jobs()[0]?.id,
		job_status: 'unknown',
	});
});
