import type { Cobalt } from '../fake-cobalt/index.mts';
import type { WorkflowFile } from '../n8n-host/workflowFile.mts';
import type { Session, StoredWorkflow } from './session.mts';

const NAME = 'Cobalt account';

/** Creates a credential for a fake Cobalt in an n8n. @returns its ID */
export async function createCobaltCredential(session: Session, cobalt: Cobalt): Promise<string> {
	const data = { ...cobalt.keys, baseUrl: cobalt.url };
	return await session.createCredential(NAME, 'cobaltApi', data);
}

/** Imports a workflow. Its Cobalt nodes get this credential. */
export async function importWithCredential(
	session: Session,
	credentialId: string,
	file: WorkflowFile,
): Promise<StoredWorkflow> {
	const credentials = { cobaltApi: { id: credentialId, name: NAME } };
	const nodes = file.nodes.map((node) =>
		node.type.startsWith('n8n-nodes-cobalt.') ? { ...node, credentials } : node,
	);
	return await session.createWorkflow({ ...file, nodes });
}
