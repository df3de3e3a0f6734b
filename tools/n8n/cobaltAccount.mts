import type { INode } from 'n8n-workflow';

import type { Cobalt } from '../fake-cobalt/index.mts';
import type { WorkflowFile } from '../n8n-host/workflowFile.mts';
import type { Session, StoredWorkflow } from './session.mts';

/** Credentials of an n8n, by their types. */
export type Credentials = NonNullable<INode['credentials']>;

/** Creates the credentials for a fake Cobalt in an n8n. */
export async function createCobaltCredentials(
	session: Session,
	cobalt: Cobalt,
): Promise<Credentials> {
	const { clientId, clientSecret } = cobalt.keys;
	const accessTokens = cobalt.clinics
		.map(({ keys, world }) => `${world.settings.access_token_reference_id}: ${keys.accessToken}`)
		.join('\n');
	const oneClinic = { ...cobalt.keys, baseUrl: cobalt.url };
	const allClinics = { clientId, clientSecret, accessTokens, baseUrl: cobalt.url };
	return {
		// A node that is added in the editor gets the newest.
		...(await createCredential(session, 'cobaltMultipleClinicsApi', 'All clinics', allClinics)),
		...(await createCredential(session, 'cobaltApi', 'Cobalt account', oneClinic)),
	};
}

export async function createCredential(
	session: Session,
	type: string,
	name: string,
	data: object,
): Promise<Credentials> {
	return { [type]: { id: await session.createCredential(name, type, data), name } };
}

/** Imports a workflow. Its nodes get these credentials, each of the type that it has; Cobalt nodes without one get one. */
export async function importWithCredentials(
	session: Session,
	credentials: Credentials,
	file: WorkflowFile,
): Promise<StoredWorkflow> {
	const nodes = file.nodes.map((node) => {
		const isOurs = node.type.startsWith('n8n-nodes-cobalt.');
		const types = Object.keys(node.credentials ?? (isOurs ? { cobaltApi: null } : {}));
		const chosen = Object.entries(credentials).filter(([type]) => types.includes(type));
		return { ...node, credentials: Object.fromEntries(chosen) };
	});
	return await session.createWorkflow({ ...file, nodes });
}
