import { ESLint } from 'eslint';
import { format } from 'prettier';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { INodeTypeDescription } from 'n8n-workflow';

import { description, trigger } from './nodeProperties.mts';

/** n8n's lint rules see only texts that are written out in a file, and most of ours are composed. */
describe("n8n's lint rules for nodes, on the descriptions written out", () => {
	let lint: ESLint;

	/** What the rules find in a node of this description, as `rule: source line`. */
	async function findingsIn(className: string, shown: INodeTypeDescription): Promise<string[]> {
		// The options of poll times are n8n's own, with its own texts.
		const properties = shown.properties.map((property) =>
			property.name === 'pollTimes' ? { ...property, options: [] } : property,
		);
		// The rules look for keys without quotes, as prettier writes them.
		const code = await format(
			`export class ${className} implements INodeType {
				description: INodeTypeDescription = ${JSON.stringify({ ...shown, properties })};
			}`,
			{ parser: 'typescript', printWidth: 1000 },
		);
		const lines = code.split('\n');
		const [result] = await lint.lintText(code, {
			filePath: `nodes/${className}/${className}.node.ts`,
		});
		return (result?.messages ?? [])
			.filter(({ ruleId }) => ruleId === null || ruleId.startsWith('n8n-nodes-base/'))
			.map(({ ruleId, message, line }) => `${ruleId ?? message}: ${lines[line - 1]?.trim()}`);
	}

	beforeAll(() => {
		// With 'test', the rules take every file for one of their own test cases.
		vi.stubEnv('NODE_ENV', 'production');
		lint = new ESLint();
	});

	afterAll(() => {
		vi.unstubAllEnvs();
	});

	it.each([
		['Cobalt', description],
		['CobaltTrigger', trigger],
	])('finds nothing wrong in %s', { timeout: 120_000 }, async (className, shown) => {
		if (!shown) throw new Error(`The build has no ${className}`);
		expect(await findingsIn(className, shown)).toEqual([]);
	});

	it('finds what is wrong in an invalid description', async () => {
		if (!description) throw new Error('The build has no Cobalt');
		const wrong: INodeTypeDescription = {
			...description,
			properties: [
				{ displayName: 'Some thing', name: 'something', type: 'boolean', default: false },
				{
					displayName: 'Fruit',
					name: 'fruit',
					type: 'options',
					options: ['Pear', 'Apple', 'Fig', 'Kiwi', 'Date'].map((name) => ({ name, value: name })),
					default: 'Pear',
					description: 'One of them.',
				},
			],
		};
		const found = (await findingsIn('Cobalt', wrong)).join('\n');
		expect(found).toContain('node-param-display-name-miscased');
		expect(found).toContain('node-param-options-type-unsorted-items');
		expect(found).toContain('node-param-description-excess-final-period');
	});
});
