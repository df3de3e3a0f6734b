import {
	NodeHelpers,
	type INode,
	type INodeProperties,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { resources } from '../nodes/Cobalt/resources/index.js';
import { description } from './nodeProperties.mts';

/** What n8n makes of a node for agents (`tool-generation/ai-tools.js`), as far as it counts here. */
function asTool(given: INodeTypeDescription | undefined): INodeTypeDescription {
	if (!given) throw new Error('The build has no Cobalt');
	return { ...given, name: `${given.name}Tool`, displayName: `${given.displayName} Tool` };
}

/** The parameters of a new node, with their defaults. */
function parametersOf(shown: INodeTypeDescription, resource: string, operation: string) {
	const parameters = { resource, operation };
	const node: INode = {
		...{ id: '1', name: 'Cobalt', type: shown.name, typeVersion: 1, position: [0, 0] },
		parameters,
	};
	return (
		NodeHelpers.getNodeParameters(shown.properties, parameters, true, false, node, shown) ?? {}
	);
}

const operations = resources.flatMap(({ value: resource, operations }) =>
	operations.map(({ value: operation }) => [resource, operation] as const),
);

describe('what an agent is told', () => {
	it.each(operations)('says what %s: %s does, and is no parameter of the node', (...chosen) => {
		const tool = asTool(description);
		const { toolDescription } = parametersOf(tool, ...chosen);
		expect(toolDescription).toMatch(/^[A-Z].{30,}\.$/);
		if (description) {
			expect(parametersOf(description, ...chosen)).not.toHaveProperty('toolDescription');
		}
	});

	it('says of a booking what must be known first, and what never to do', () => {
		const { toolDescription } = parametersOf(asTool(description), 'appointment', 'create');
		expect(toolDescription).toContain(
			'Needs: Patient MRN, Date and Time with Offset, Provider EHR ID, Location EHR ID, Visit Type Code.',
		);
		expect(toolDescription).toContain('only once the user has confirmed');
		expect(toolDescription).toContain('do not call it again');
		const { toolDescription: ofRead } = parametersOf(asTool(description), 'patient', 'getAll');
		expect(ofRead).not.toContain('confirmed');
	});

	it.each(operations)('says in the labels of %s: %s which ID is meant', (resource, operation) => {
		const tool = asTool(description);
		const parameters = { resource, operation };
		const isLocator = ({ type }: INodeProperties) => type === 'resourceLocator';
		const shown = tool.properties.filter((property) =>
			NodeHelpers.displayParameter(parameters, property, null, tool),
		);
		const collected = shown
			.filter(({ type }) => type === 'collection')
			.flatMap(({ options = [] }) => options as INodeProperties[])
			.filter((property) => NodeHelpers.displayParameter({}, property, null, tool));
		const labels = [...shown, ...collected].filter(isLocator).map((one) => one.displayName);
		expect(labels.filter((label) => !/ (ID|MRN|Code)$/.test(label))).toEqual([]);
	});

	it('asks for the MRN of a patient, where the node asks for the ID that few lists show', () => {
		const chosen = ['patient', 'update'] as const;
		expect(parametersOf(asTool(description), ...chosen).patientId).toMatchObject({ mode: 'mrn' });
		if (description) {
			expect(parametersOf(description, ...chosen).patientId).toMatchObject({ mode: 'id' });
		}
	});

	it('is the selection of documented fields, where the node has all', () => {
		const { output } = parametersOf(asTool(description), 'appointment', 'getAll');
		expect(output).toBe('selectedFields');
		if (description) {
			expect(parametersOf(description, 'appointment', 'getAll').output).toBe('simplified');
		}
	});
});
