import type { INodeType, INodeTypeDescription, INodeTypes, IVersionedNodeType } from 'n8n-workflow';

import { n8nWorkflow, nodeTypes, PACKAGE_NAME } from './n8n.mts';

/**
 * n8n-nodes-base is too large to install for what a test needs of it: a trigger that hands on pinned
 * items, and a node to see what arrives.
 */
function passThrough(displayName: string, inputs: INodeTypeDescription['inputs']): INodeType {
	return {
		description: {
			displayName,
			name: displayName,
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name: displayName },
			inputs,
			outputs: ['main'],
			properties: [],
		},
		async execute() {
			return Promise.resolve([this.getInputData()]);
		},
	};
}

const baseNodes: Record<string, INodeType> = {
	'n8n-nodes-base.manualTrigger': passThrough('manualTrigger', []),
	'n8n-nodes-base.noOp': passThrough('noOp', ['main']),
	'n8n-nodes-base.stickyNote': passThrough('stickyNote', []),
};

function getByName(type: string): INodeType | IVersionedNodeType {
	const base = baseNodes[type];
	if (base) return base;
	// n8n makes the tool for agents from the node itself; only its description differs.
	const ours = type.startsWith(`${PACKAGE_NAME}.`)
		? nodeTypes[type.slice(PACKAGE_NAME.length + 1).replace(/Tool$/, '')]
		: undefined;
	if (!ours) throw new Error(`The test engine has no node type ${type}`);
	return ours.type;
}

export const engineNodeTypes: INodeTypes = {
	getByName,
	getByNameAndVersion: (type, version) =>
		n8nWorkflow.NodeHelpers.getVersionedNodeType(getByName(type), version),
	getKnownTypes: () => ({}),
};
