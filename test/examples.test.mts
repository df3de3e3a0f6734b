/** The workflows of examples/. test/e2e/core runs them. */
import { describe, expect, it } from 'vitest';

import { nodeTypes, PACKAGE_NAME } from '../tools/n8n-host/n8n.mts';
import { example, exampleNames } from '../tools/n8n-host/workflowFile.mts';

describe.each(exampleNames())('%s', (name) => {
	it('uses only nodes and fields that exist', () => {
		const ours = example(name).nodes.filter(({ type }) => type.startsWith(PACKAGE_NAME));
		expect(ours.length).toBeGreaterThan(0);
		for (const { type, parameters } of ours) {
			const description = nodeTypes[type.slice(PACKAGE_NAME.length + 1)]?.type.description;
			const known =
				description && 'properties' in description
					? description.properties.map((property) => property.name)
					: [];
			expect(known).toEqual(expect.arrayContaining(Object.keys(parameters)));
		}
	});
});
