import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import type { Cobalt } from '../../tools/fake-cobalt/index.mts';
import { inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import { cobaltWorkflow, startWorkflow, type Ended } from '../../tools/n8n-host/workflow.mts';
import type { WorkflowFile } from '../../tools/n8n-host/workflowFile.mts';
import { bookings, credentialOf } from './setup.mts';

/**
 * The node as the tool of an agent, which calls it several times in one execution, each time under a new
 * run index. Here each call takes its own way from the trigger to the node.
 */
export function toolWorkflow(
	parameters: INodeParameters,
	calls: number,
	items: IDataObject[] = bookings(1),
): WorkflowFile {
	const file = cobaltWorkflow(parameters, { items });
	const [trigger, cobalt] = file.nodes;
	if (!trigger || !cobalt) throw new Error('The workflow has no nodes');
	cobalt.type = 'n8n-nodes-cobalt.cobaltTool';
	const ways = Array.from({ length: calls - 1 }, (_, call) => `Way ${call}`);
	for (const name of ways) {
		file.nodes.push({ ...trigger, id: name, name, type: 'n8n-nodes-base.noOp' });
		file.connections[name] = { main: [[{ node: 'Cobalt', type: 'main', index: 0 }]] };
	}
	file.connections.Trigger?.main?.[0]?.push(
		...ways.map((node) => ({ node, type: 'main' as const, index: 0 })),
	);
	return file;
}

export async function callTool(
	cobalt: Cobalt,
	file: WorkflowFile,
	start: typeof startWorkflow = startWorkflow,
	credential: ICredentialDataDecryptedObject = {},
): Promise<Ended> {
	return await inVirtualTime(
		async () =>
			await start(file, { credential: { ...credentialOf(cobalt), ...credential } }).result,
		() => cobalt.faults.heldBack,
	);
}

/** Everything that came out, call by call. */
export const outputs = (ended: Ended) =>
	(ended.run.data.resultData.runData.Cobalt ?? []).flatMap(
		({ data }) => data?.main?.[0]?.map(({ json }) => json) ?? [],
	);
