import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';

import type { Operation, Submission } from '../../nodes/Cobalt/declarations/operation.js';
import { resources } from '../../nodes/Cobalt/resources/index.js';
import type { Cobalt } from '../../tools/fake-cobalt/index.mts';
import { inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, startWorkflow } from '../../tools/n8n-host/workflow.mts';
import { bookings, cobaltForTest, CREATE, credentialOf } from '../Cobalt/setup.mts';
import { operationsPage } from './operationsPage.mts';
import { samples } from './samples.mts';
import { schemaOf, type Schema } from './schema.mts';

/**
 * Pages and files that are made from the declarations. When one of these tests fails, the declarations
 * have changed: `npm run docs` makes them anew.
 */
async function formatted(text: string, file: string): Promise<string> {
	const config = await resolveConfig(new URL(file, import.meta.url).pathname);
	return await format(text, { ...config, filepath: file });
}

it('docs/operations.md is up to date with the declarations', async () => {
	const file = '../../docs/operations.md';
	await expect(await formatted(operationsPage(resources), file)).toMatchFileSnapshot(file);
});

const FILE = {
	data: Buffer.from('A report').toString('base64'),
	mimeType: 'text/plain',
	fileName: 'report.txt',
};

const WEBHOOK = {
	resource: 'webhook',
	operation: 'create',
	webhookUrl: 'https://example.com/cobalt',
};

/** What comes out of an operation for an account that has a visit and a webhook. */
async function outputOf(
	cobalt: Cobalt,
	resource: string,
	operation: string,
): Promise<INodeExecutionData[]> {
	const execute = async (parameters: INodeParameters, item: IDataObject = {}) => {
		const file = cobaltWorkflow(parameters, { items: [item], files: [{ data: FILE }] });
		const ended = await startWorkflow(file, { credential: credentialOf(cobalt) }).result;
		expect(ended.error).toBeUndefined();
		return ended.items();
	};
	return await inVirtualTime(async () => {
		const [booking = {}] = bookings(1);
		await execute(CREATE, booking);
		await execute(WEBHOOK);
		const sample = samples(cobalt)[resource]?.[operation];
		if (!sample) throw new Error('There is no sample for this operation');
		return await execute({ resource, operation, ...sample }, { json: {}, binary: { data: FILE } });
	});
}

/** What no document names stays out of the preview: the fake Cobalt's own inventions above all. */
function documented(operation: Operation, { properties = {}, ...schema }: Schema): Schema {
	if (operation.kind !== 'submission' && operation.kind !== 'jobLookUp')
		return { ...schema, properties };
	const ours = ['job_id', 'job_status', 'event_id', 'event_type', 'event_created_at'];
	const {
		recordKey,
		eventData = [],
		findsFirst,
	}: Partial<Submission> = operation.kind === 'submission' ? operation : {};
	const known = [recordKey, ...ours, ...eventData, ...(findsFirst ? ['created'] : [])];
	const entries = Object.entries(properties).filter(([key]) => known.includes(key));
	return { ...schema, properties: Object.fromEntries(entries) };
}

describe.each(resources.map((resource) => [resource.name, resource] as const))(
	'the preview of %s',
	(_, resource) => {
		it.each(resource.operations.map((operation) => [operation.name, operation] as const))(
			'%s has a preview of its output',
			async (_name, operation) => {
				const cobalt = await cobaltForTest();
				const items = await outputOf(cobalt, resource.value, operation.value);
				expect(items).not.toEqual([]);
				const schema = documented(operation, schemaOf(items.map(({ json }) => json)));
				const file = `../../nodes/Cobalt/__schema__/v1.0.0/${resource.value}/${operation.value}.json`;
				const text = JSON.stringify({ ...schema, version: 1 });
				await expect(await formatted(text, file)).toMatchFileSnapshot(file);
			},
		);
	},
);
