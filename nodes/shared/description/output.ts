import type { INodeProperties } from 'n8n-workflow';

import type { OutputKind } from '../output/output';

/** The form of the items. */
export const output: INodeProperties = {
	displayName: 'Output',
	name: 'output',
	type: 'options',
	options: [
		{
			name: 'Simplified',
			value: 'simplified',
			description: 'The fields that are mostly used, in one spelling',
		},
		{ name: 'Raw', value: 'raw', description: 'What Cobalt sent, as it sent it' },
		{
			name: 'Selected Fields',
			value: 'selectedFields',
			description: 'Only the fields that you choose',
		},
		{
			name: 'IDs Only',
			value: 'idsOnly',
			description:
				"No patient data: the status, Cobalt's IDs and the clinic. Error items leave out what Cobalt says.",
		},
	] satisfies Array<{ name: string; value: OutputKind; description: string }>,
	default: 'simplified',
	description: 'How much of what Cobalt sends to put into the items that n8n saves',
};

/** The fields to output, shown only for *Selected Fields*. */
export const outputFields = {
	displayName: 'Fields to Output',
	name: 'outputFields',
	displayOptions: { show: { output: ['selectedFields'] } },
} satisfies Partial<INodeProperties>;
