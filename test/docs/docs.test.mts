import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';

import type { Operation, Resource } from '../../nodes/Cobalt/declarations/operation.js';
import { resources } from '../../nodes/Cobalt/resources/index.js';
import { documentedOutput, type DocumentedOutput } from './documentedOutput.mts';
import { fieldMessagesInCode, messagesInCode } from './messages/textsInCode.mts';
import { troubleshootingPage } from './messages/troubleshootingPage.mts';
import { operationsPage } from './operationsPage.mts';

/**
 * Pages and files that are made from the declarations. When one of these tests fails, the declarations
 * have changed: `npm run docs` makes them anew.
 */
async function formatted(text: string, file: string): Promise<string> {
	const config = await resolveConfig(new URL(file, import.meta.url).pathname);
	return await format(text, { ...config, filepath: file });
}

it('docs/troubleshooting.md is up to date with the messages', async () => {
	const file = '../../docs/troubleshooting.md';
	const page = troubleshootingPage(messagesInCode(), fieldMessagesInCode());
	await expect(await formatted(page, file)).toMatchFileSnapshot(file);
});

const outputs = new Map<Operation, Promise<DocumentedOutput>>();

/** What an operation returns. It runs once, in the test that asks first. */
async function outputOnce(resource: Resource, operation: Operation): Promise<DocumentedOutput> {
	const output = outputs.get(operation) ?? documentedOutput(resource, operation);
	outputs.set(operation, output);
	return await output;
}

describe.each(resources.map((resource) => [resource.name, resource] as const))(
	'the preview of %s',
	(_, resource) => {
		it.each(resource.operations.map((operation) => [operation.name, operation] as const))(
			'%s has a preview of its output',
			async (_name, operation) => {
				const { schema } = await outputOnce(resource, operation);
				const file = `../../nodes/Cobalt/__schema__/v1.0.0/${resource.value}/${operation.value}.json`;
				const text = JSON.stringify({ ...schema, version: 1 });
				await expect(await formatted(text, file)).toMatchFileSnapshot(file);
			},
		);
	},
);

it('docs/operations.md is up to date with the declarations', async () => {
	const documented = [];
	for (const resource of resources) {
		for (const operation of resource.operations) {
			const { schema, example } = await outputOnce(resource, operation);
			const columns = Object.keys(schema.properties ?? {});
			documented.push({ resource, operation, columns, example });
		}
	}
	const file = '../../docs/operations.md';
	await expect(await formatted(operationsPage(documented), file)).toMatchFileSnapshot(file);
});
