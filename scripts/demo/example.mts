import { coreNodes, Outside } from '../../tools/n8n-host/coreNodes/index.mts';
import { nodeTypes } from '../../tools/n8n-host/n8n.mts';
import { nodeTypesOf } from '../../tools/n8n-host/nodeTypes.mts';
import { example, type WorkflowFile } from '../../tools/n8n-host/workflowFile.mts';

/** The example that books, with seconds in place of the minute that it waits. */
export function bookingExample(): WorkflowFile {
	const file = example('book-appointments');
	for (const node of file.nodes) {
		if (node.type.endsWith('.wait')) Object.assign(node.parameters, { amount: 3, unit: 'seconds' });
	}
	return file;
}

/** The nodes that examples consist of, with nobody who reads their mails. */
export function exampleNodeTypes() {
	return nodeTypesOf(nodeTypes, coreNodes(new Outside()));
}
