import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';

import { columnsOf } from '../../nodes/Cobalt/declarations/columns.js';
import type { Operation } from '../../nodes/Cobalt/declarations/operation.js';
import { resources } from '../../nodes/Cobalt/resources/index.js';
import { cobaltForTest } from '../Cobalt/setup.mts';
import { operationsPage } from './operationsPage.mts';
import { outputOf } from './outputOf.mts';
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

/** What no document names stays out of the preview: the fake Cobalt's own inventions above all. */
function documented(operation: Operation, { properties = {}, ...schema }: Schema): Schema {
	if (operation.kind !== 'submission' && operation.kind !== 'jobLookUp')
		return { ...schema, properties };
	const known = columnsOf(operation.kind === 'submission' ? operation : {});
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
