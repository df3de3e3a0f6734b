import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
} from 'n8n-workflow';

import { TestCredentials } from './credentials.mts';
import { n8nCore, PACKAGE_NAME } from './n8n.mts';
import { engineNodeTypes } from './nodeTypes.mts';
import { singleNode } from './singleNode.mts';
import { asAdditionalData } from './workflow.mts';

const TYPE = `${PACKAGE_NAME}.cobalt`;

/** What n8n's editor sends along with a request for a list. */
export interface Asked {
	credential: ICredentialDataDecryptedObject;
	/** Its type. Default: that of one clinic. */
	type?: string;
	/** The node's parameters at that moment. */
	parameters?: INodeParameters;
	/** n8n's `$vars`. */
	variables?: IDataObject;
}

/** The node's methods, as n8n knows them. */
export function methodsOf() {
	const { methods = {} } = engineNodeTypes.getByNameAndVersion(TYPE);
	return methods;
}

/**
 * Opens, searches or continues the list of a resource locator, as n8n's service for dynamic node parameters does: with
 * a temporary node in place of the one in the editor.
 */
export async function searchList(
	method: string,
	asked: Asked,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const search = methodsOf().listSearch?.[method];
	if (!search) throw new Error(`The node has no list ${method}`);
	return await search.call(loadOptionsContext(asked), filter, paginationToken);
}

/** Opens the list of a parameter with several values. */
export async function loadOptions(method: string, asked: Asked): Promise<INodePropertyOptions[]> {
	const load = methodsOf().loadOptions?.[method];
	if (!load) throw new Error(`The node has no options ${method}`);
	return await load.call(loadOptionsContext(asked));
}

/** n8n-core's own context for lists. */
export function loadOptionsContext({ credential, type, parameters = {}, variables = {} }: Asked) {
	const { node, workflow } = singleNode('Temp-Node', TYPE, parameters, { credentialType: type });
	const additionalData = asAdditionalData({
		credentialsHelper: new TestCredentials(credential),
		currentNodeParameters: parameters,
		variables,
	});
	return new n8nCore.LoadOptionsContext(workflow, node, additionalData, '');
}
