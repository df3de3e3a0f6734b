import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';

import { TestCredentials } from '../engine/credentials.mts';
import { n8nCore, n8nWorkflow, PACKAGE_NAME } from '../engine/n8n.mts';
import { engineNodeTypes } from '../engine/nodeTypes.mts';
import { asAdditionalData } from '../engine/workflow.mts';

/** One of n8n's real contexts that may talk to Cobalt. */
export function loadingContext(credential: ICredentialDataDecryptedObject) {
	const node: INode = {
		id: '1',
		name: 'Cobalt',
		type: `${PACKAGE_NAME}.cobalt`,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { cobaltApi: { id: '1', name: 'Cobalt' } },
	};
	const workflow = new n8nWorkflow.Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: engineNodeTypes,
	});
	const additionalData = asAdditionalData({
		credentialsHelper: new TestCredentials(credential),
		currentNodeParameters: {},
	});
	return new n8nCore.LoadOptionsContext(workflow, node, additionalData, '');
}
