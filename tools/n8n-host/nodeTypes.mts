import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeData,
	INodeTypeDescription,
	INodeTypes,
	IVersionedNodeType,
	IWorkflowBase,
	NodeParameterValue,
	NodePropertyTypes,
} from 'n8n-workflow';

import { n8nWorkflow, nodeTypes, PACKAGE_NAME } from './n8n.mts';

/**
 * n8n-nodes-base is too large to install for what tests need of it: a trigger that passes on pinned items, a node that
 * shows what arrives, and the two nodes that make other nodes run more than once.
 */
export function baseNode(
	displayName: string,
	execute: INodeType['execute'],
	description: Partial<INodeTypeDescription> = {},
): INodeType {
	return {
		description: {
			displayName,
			name: displayName,
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name: displayName },
			inputs: ['main'],
			outputs: ['main'],
			properties: [],
			...description,
		},
		execute,
	};
}

async function passThrough(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return Promise.resolve([this.getInputData()]);
}

/** *Loop Over Items* from version 3 on, without its Reset. The items of all rounds come out of "done" in the end. */
async function splitInBatches(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const context = this.getContext('node') as {
		items?: INodeExecutionData[];
		processedItems?: INodeExecutionData[];
	};
	const isFirst = context.items === undefined;
	const items = (context.items ??= [...this.getInputData()]);
	const processed = (context.processedItems ??= []);
	if (!isFirst) processed.push(...this.getInputData());
	const batch = items.splice(0, this.getNodeParameter('batchSize', 0) as number);
	return Promise.resolve(batch.length === 0 ? [processed, []] : [[], batch]);
}

/** *Execute Workflow* with *Define Below*, run once with all items. */
async function executeWorkflow(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const code = JSON.parse(this.getNodeParameter('workflowJson', 0) as string) as IWorkflowBase;
	const { data } = await this.executeWorkflow({ code }, this.getInputData());
	return data.map((items) => items ?? []);
}

/** A parameter without a form. */
export function parameter(
	name: string,
	type: NodePropertyTypes,
	value: NodeParameterValue | object,
): INodeProperties {
	return { displayName: name, name, type, default: value as NodeParameterValue };
}

/** Reads parameters of one item that are texts. */
export const textParameters =
	(context: IExecuteFunctions, itemIndex: number) =>
	(name: string): string =>
		context.getNodeParameter(name, itemIndex) as string;

const baseNodes: Record<string, INodeType> = {
	'n8n-nodes-base.manualTrigger': baseNode('manualTrigger', passThrough, { inputs: [] }),
	'n8n-nodes-base.noOp': baseNode('noOp', passThrough),
	'n8n-nodes-base.stickyNote': baseNode('stickyNote', passThrough, { inputs: [] }),
	'n8n-nodes-base.splitInBatches': baseNode('splitInBatches', splitInBatches, {
		version: 3,
		outputs: ['main', 'main'],
		outputNames: ['done', 'loop'],
		properties: [parameter('batchSize', 'number', 1)],
	}),
	'n8n-nodes-base.executeWorkflow': baseNode('executeWorkflow', executeWorkflow, {
		properties: [parameter('workflowJson', 'json', '')],
	}),
};

/**
 * All node types, as n8n looks them up.
 *
 * @param loaded this package's, by their short names
 * @param others a test's own, by their full names
 */
export function nodeTypesOf(
	loaded: INodeTypeData,
	others: Record<string, INodeType | IVersionedNodeType> = {},
): INodeTypes {
	const getByName = (type: string): INodeType | IVersionedNodeType => {
		const known = baseNodes[type] ?? others[type];
		if (known) return known;
		// n8n makes the tool for agents from the node itself; only its description differs.
		const ours = type.startsWith(`${PACKAGE_NAME}.`)
			? loaded[type.slice(PACKAGE_NAME.length + 1).replace(/Tool$/, '')]
			: undefined;
		if (!ours) throw new Error(`The test engine has no node type ${type}`);
		return ours.type;
	};
	return {
		getByName,
		getByNameAndVersion: (type, version) =>
			n8nWorkflow.NodeHelpers.getVersionedNodeType(getByName(type), version),
		getKnownTypes: () => ({}),
	};
}

export const engineNodeTypes = nodeTypesOf(nodeTypes);
