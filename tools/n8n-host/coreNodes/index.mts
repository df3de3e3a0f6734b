import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

import { baseNode } from '../nodeTypes.mts';
import {
	aggregate,
	extractFromFile,
	ifNode,
	removeDuplicates,
	set,
	splitOut,
	wait,
} from './itemNodes.mts';
import type { Outside } from './outside.mts';
import { dataTable, emailSend, form, httpRequest } from './outsideNodes.mts';

export { Outside } from './outside.mts';

/** Passes on what a test has pinned. */
async function start(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return Promise.resolve([this.getInputData()]);
}

const triggers = ['scheduleTrigger', 'formTrigger', 'errorTrigger', 'executeWorkflowTrigger'];

/** Small versions of n8n's own nodes that the example workflows consist of, by their full names. */
export function coreNodes(outside: Outside): Record<string, INodeType> {
	return {
		...Object.fromEntries(
			triggers.map((name) => [
				`n8n-nodes-base.${name}`,
				baseNode(name, start, { inputs: [], group: ['trigger'] }),
			]),
		),
		...Object.fromEntries(
			['mcpTrigger', 'toolWorkflow'].map((name) => [
				`@n8n/n8n-nodes-langchain.${name}`,
				baseNode(name, start, { version: [2, 2.2], inputs: [] }),
			]),
		),
		'n8n-nodes-base.aggregate': aggregate,
		'n8n-nodes-base.dataTable': dataTable(outside),
		'n8n-nodes-base.emailSend': emailSend(outside),
		'n8n-nodes-base.extractFromFile': extractFromFile,
		'n8n-nodes-base.form': form(outside),
		'n8n-nodes-base.httpRequest': httpRequest(outside),
		'n8n-nodes-base.if': ifNode,
		'n8n-nodes-base.removeDuplicates': removeDuplicates,
		'n8n-nodes-base.set': set,
		'n8n-nodes-base.splitOut': splitOut,
		'n8n-nodes-base.wait': wait,
	};
}
