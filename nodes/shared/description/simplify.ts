import type { INodeProperties } from 'n8n-workflow';

/** With the description that n8n's own nodes use. */
export const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simple',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};
