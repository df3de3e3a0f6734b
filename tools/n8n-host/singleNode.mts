import type {
	ICredentialDataDecryptedObject,
	INode,
	INodeParameters,
	INodeTypes,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { TestCredentials } from './credentials.mts';
import { n8nCore, n8nWorkflow } from './n8n.mts';
import { engineNodeTypes } from './nodeTypes.mts';
import { asAdditionalData } from './workflow.mts';
import { node as nodeOf } from './workflowFile.mts';

/** A workflow that consists of one node with a Cobalt credential. */
export interface SingleNode {
	readonly node: INode;
	readonly workflow: Workflow;
}

export interface SingleNodeOptions {
	/** Default: those of this package and of n8n. */
	nodeTypes?: INodeTypes;
	/** Default: the credential for one clinic. */
	credentialType?: string;
}

export function singleNode(
	name: string,
	type: string,
	parameters: INodeParameters = {},
	{ nodeTypes = engineNodeTypes, credentialType = 'cobaltApi' }: SingleNodeOptions = {},
): SingleNode {
	const credentials = { [credentialType]: { id: '1', name: 'Cobalt' } };
	const node = nodeOf(name, type, { parameters, credentials });
	const nodes = [node];
	return {
		node,
		workflow: new n8nWorkflow.Workflow({ nodes, connections: {}, active: false, nodeTypes }),
	};
}

/** n8n-core's context for executing the node with one empty item. */
export function executeContextOf(
	{ node, workflow }: SingleNode,
	credential: ICredentialDataDecryptedObject,
	mode: WorkflowExecuteMode,
): InstanceType<typeof n8nCore.ExecuteContext> {
	return new n8nCore.ExecuteContext(
		workflow,
		node,
		asAdditionalData({ credentialsHelper: new TestCredentials(credential) }),
		mode,
		n8nWorkflow.createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
}
