import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	ICredentialsExpressionResolveValues,
	ICredentialsHelper,
	IExecuteData,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeParameters,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { credentialTypes, n8nCore, n8nWorkflow } from './n8n.mts';
import { engineNodeTypes } from './nodeTypes.mts';

/** The node for expressions where there is none. */
const NOBODY: INode = {
	id: 'nobody',
	name: '',
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** Gives the nodes one credential's data, and runs the credential type's own `authenticate`. */
export class TestCredentials extends n8nWorkflow.ICredentialsHelper implements ICredentialsHelper {
	/** How often the credential was read. */
	reads = 0;

	constructor(private readonly data: ICredentialDataDecryptedObject) {
		super();
	}

	/** As entered, with its expressions. */
	protected stored(): ICredentialDataDecryptedObject {
		return this.data;
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions | IRequestOptionsSimplified,
	): Promise<IHttpRequestOptions> {
		const authenticate = credentialTypes[typeName]?.type.authenticate;
		if (typeof authenticate !== 'function') throw new Error(`${typeName} has no authenticate`);
		return await authenticate(credentials, requestOptions as IHttpRequestOptions);
	}

	async preAuthentication(): Promise<undefined> {
		await Promise.resolve();
	}

	async runPreAuthentication(): Promise<undefined> {
		await Promise.resolve();
	}

	async getCredentials(node: INodeCredentialsDetails, type: string): Promise<ICredentials> {
		return Promise.reject(new Error(`Not stored: ${type} ${node.name}`));
	}

	/**
	 * Resolves expressions in the fields as n8n's credentials-helper does: for the requested item, or else without any
	 * data, where a field that does not resolve is omitted if it may be.
	 */
	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		_node: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		_raw?: boolean,
		item?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		this.reads += 1;
		await Promise.resolve();
		const data = { ...this.stored() } as INodeParameters;
		const keys = n8nCore.getAdditionalKeys(additionalData, mode, null, { isCredential: true });
		if (item) {
			const { connectionInputData, itemIndex, node, runExecutionData, runIndex, workflow } = item;
			return workflow.expression.getParameterValue(
				data,
				runExecutionData,
				runIndex,
				itemIndex,
				node.name,
				connectionInputData,
				mode,
				keys,
				executeData,
				false,
				data,
			) as ICredentialDataDecryptedObject;
		}
		const { expression } = new n8nWorkflow.Workflow({
			nodes: [NOBODY],
			connections: {},
			active: false,
			nodeTypes: engineNodeTypes,
		});
		const resolve = (part: INodeParameters) =>
			expression.getComplexParameterValue(
				NOBODY,
				part,
				mode,
				keys,
				undefined,
				undefined,
				data,
			) as ICredentialDataDecryptedObject;
		try {
			return resolve(data);
		} catch (error) {
			const fields = this.getCredentialsProperties(type);
			const resolved = Object.entries(data).map(([name, value]) => {
				try {
					return resolve({ [name]: value });
				} catch {
					const options = fields.find((field) => field.name === name)?.typeOptions;
					if (options?.ignoreCredentialExpressionResolveError) return {};
					throw error;
				}
			});
			return Object.assign({}, ...resolved) as ICredentialDataDecryptedObject;
		}
	}

	async updateCredentials(): Promise<void> {
		await Promise.resolve();
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		await Promise.resolve();
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return credentialTypes[type]?.type.properties ?? [];
	}
}
