import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeType,
	INodeTypes,
	IWorkflowExecuteAdditionalData,
	Workflow,
} from 'n8n-workflow';

import { TestCredentials } from '../credentials.mts';
import { loadNodeTypesAnew } from '../n8n.mts';
import { nodeTypesOf } from '../nodeTypes.mts';
import { asAdditionalData, buildWorkflow, urlsOf } from '../workflow.mts';
import type { WorkflowFile } from '../workflowFile.mts';
import type { Installation } from './installation.mts';

/** Creates a test's node types, by their full names. Called once per process. */
export type OtherNodes = () => Record<string, INodeType>;

/** The credential at the moment a node reads it: tests may change it at any time. */
class CurrentCredential extends TestCredentials {
	constructor(private readonly installation: Installation) {
		super({});
	}

	protected override stored(): ICredentialDataDecryptedObject {
		this.installation.credentialReads += 1;
		return this.installation.credential;
	}
}

/** One process of n8n: main, a webhook process or a worker. Each has modules of its own. */
export class N8nProcess {
	#isAlive = true;
	readonly #endings = new Set<() => void>();

	private constructor(
		readonly installation: Installation,
		readonly nodeTypes: INodeTypes,
	) {}

	static async start(installation: Installation, others: OtherNodes): Promise<N8nProcess> {
		return new N8nProcess(installation, nodeTypesOf(await loadNodeTypesAnew(), others()));
	}

	/** Ends the process: nothing it does afterwards has an effect, except for requests it has sent. */
	get isAlive(): boolean {
		return this.#isAlive;
	}

	/** @returns a function that takes it back */
	onEnd(action: () => void): () => void {
		this.#endings.add(action);
		return () => {
			this.#endings.delete(action);
		};
	}

	end(): void {
		this.#isAlive = false;
		for (const action of this.#endings) action();
	}

	workflow(file: WorkflowFile, staticData: IDataObject, active = true): Workflow {
		return buildWorkflow(file, { nodeTypes: this.nodeTypes, staticData, active });
	}

	nodeType(node: INode): INodeType {
		return this.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	}

	/** `getBase` of workflow-execute-additional-data.js. */
	additionalData(baseUrl = this.installation.baseUrl): IWorkflowExecuteAdditionalData {
		return asAdditionalData({
			credentialsHelper: new CurrentCredential(this.installation),
			currentNodeExecutionIndex: 0,
			variables: this.installation.settings.variables ?? {},
			setExecutionStatus: () => undefined,
			...urlsOf(baseUrl),
		});
	}

	/** Saves a workflow's static data, if the process still can. */
	save(workflow: Workflow): void {
		if (this.#isAlive) this.installation.database.saveStaticData(workflow.staticData);
	}
}
