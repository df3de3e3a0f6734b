import type {
	IBinaryKeyData,
	ICredentialDataDecryptedObject,
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	IPinData,
	IRun,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { TestCredentials } from './credentials.mts';
import './deduplication.mts';
import { n8nCore, n8nWorkflow, PACKAGE_NAME } from './n8n.mts';
import { engineNodeTypes } from './nodeTypes.mts';

/** A workflow as n8n exports it. */
export interface WorkflowFile {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	pinData?: IPinData;
}

export interface Execution {
	/** Ends when the execution ends, also by cancellation. */
	result: Promise<Ended>;
	cancel: () => void;
}

/** A finished execution, with the questions that tests have. */
export class Ended {
	constructor(
		readonly run: IRun,
		readonly workflow: WorkflowFile,
	) {}

	/** The items on an output of the node's last run. Output 1 is n8n's error output. */
	items(node = 'Cobalt', output = 0): INodeExecutionData[] {
		const runs = this.run.data.resultData.runData[node];
		return runs?.at(-1)?.data?.main?.[output] ?? [];
	}

	json(node = 'Cobalt', output = 0): IDataObject[] {
		return this.items(node, output).map(({ json }) => json);
	}

	/** The error that stopped the execution. */
	get error() {
		return this.run.data.resultData.error;
	}

	hints(node = 'Cobalt') {
		return this.run.data.resultData.runData[node]?.at(-1)?.hints ?? [];
	}
}

export interface StartOptions {
	credential: ICredentialDataDecryptedObject;
	mode?: WorkflowExecuteMode;
	/** Told each time a node has finished. */
	onNodeFinished?: (name: string) => void;
}

/** Starts a workflow at its manual trigger, the way the editor's button does. */
export function startWorkflow(file: WorkflowFile, options: StartOptions): Execution {
	const workflow = build(file);
	const execute = new n8nCore.WorkflowExecute(
		additionalData(file, options),
		options.mode ?? 'manual',
	);
	const startNode = workflow.getStartNode();
	if (!startNode) throw new Error('The workflow has no start node');
	return execution(file, execute.run({ workflow, startNode, pinData: file.pinData }));
}

/**
 * *Retry execution* from n8n's list: what n8n saved of the execution is read back, the error and the
 * run of the node that stopped are taken out, and the rest goes on from there.
 *
 * @param file the workflow to go on with, when it was changed since
 */
export function retryExecution(
	ended: Ended,
	options: StartOptions,
	file = ended.workflow,
): Execution {
	const data = JSON.parse(JSON.stringify(ended.run.data)) as IRunExecutionData;
	const { resultData } = data;
	delete resultData.error;
	const stoppedAt = data.executionData?.nodeExecutionStack[0]?.node.name ?? '';
	resultData.runData[stoppedAt]?.pop();
	const workflow = build(file);
	for (const entry of data.executionData?.nodeExecutionStack ?? []) {
		entry.node = workflow.getNode(entry.node.name) ?? entry.node;
	}
	const execute = new n8nCore.WorkflowExecute(additionalData(file, options), 'retry', data);
	return execution(file, execute.processRunExecutionData(workflow));
}

/**
 * *Retry execution* of one that was stopped by hand, or that ended with n8n itself: n8n has saved it as it
 * was at its start, so everything runs again.
 */
export function retryFromStart(file: WorkflowFile, options: StartOptions): Execution {
	return startWorkflow(file, { ...options, mode: 'retry' });
}

function execution(file: WorkflowFile, run: Promise<IRun> & { cancel(): void }): Execution {
	return {
		result: run.then((result) => new Ended(result, file)),
		cancel: () => {
			run.cancel();
		},
	};
}

function build(file: WorkflowFile): Workflow {
	return new n8nWorkflow.Workflow({
		id: 'workflow',
		name: file.name,
		active: false,
		nodeTypes: engineNodeTypes,
		nodes: structuredClone(file.nodes),
		connections: file.connections,
		settings: file.settings ?? {},
		pinData: file.pinData ?? {},
	});
}

const HOST = 'http://127.0.0.1:5678';

function additionalData(
	file: WorkflowFile,
	{ credential, mode = 'manual', onNodeFinished }: StartOptions,
): IWorkflowExecuteAdditionalData {
	const base = { id: 'workflow', name: file.name };
	const hooks = new n8nCore.ExecutionLifecycleHooks(mode, 'execution', {
		...base,
		active: false,
		activeVersionId: null,
		isArchived: false,
		createdAt: new Date(),
		updatedAt: new Date(),
		nodes: file.nodes,
		connections: file.connections,
	});
	hooks.addHandler('nodeExecuteAfter', (name) => {
		onNodeFinished?.(name);
	});
	return asAdditionalData({
		credentialsHelper: new TestCredentials(credential),
		hooks,
		executionId: 'execution',
		currentNodeExecutionIndex: 0,
		variables: {},
		formWaitingBaseUrl: `${HOST}/form-waiting`,
		instanceBaseUrl: HOST,
		restApiUrl: `${HOST}/rest`,
		webhookBaseUrl: `${HOST}/webhook`,
		webhookTestBaseUrl: `${HOST}/webhook-test`,
		webhookWaitingBaseUrl: `${HOST}/webhook-waiting`,
		setExecutionStatus: () => undefined,
	});
}

/** The rest of the interface belongs to the n8n server, and no node here reaches for it. */
export function asAdditionalData(
	provided: Partial<IWorkflowExecuteAdditionalData>,
): IWorkflowExecuteAdditionalData {
	return provided as IWorkflowExecuteAdditionalData;
}

export interface CobaltWorkflowOptions {
	/** One item each; default one empty item. */
	items?: IDataObject[];
	/** The files of each item, by binary field. See binaryData.mts. */
	files?: IBinaryKeyData[];
	/** n8n's node settings: onError, retryOnFail, maxTries, waitBetweenTries … */
	settings?: Partial<INode>;
	timezone?: string;
}

/** Trigger → Cobalt → After, and the error output → On Error. */
export function cobaltWorkflow(
	parameters: INodeParameters,
	{ items = [{}], files = [], settings, timezone = 'America/New_York' }: CobaltWorkflowOptions = {},
): WorkflowFile {
	const node = (name: string, type: string, more: Partial<INode> = {}): INode => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		...more,
	});
	return {
		name: 'Test',
		nodes: [
			node('Trigger', 'n8n-nodes-base.manualTrigger'),
			node('Cobalt', `${PACKAGE_NAME}.cobalt`, {
				parameters,
				credentials: { cobaltApi: { id: '1', name: 'Cobalt' } },
				...settings,
			}),
			node('After', 'n8n-nodes-base.noOp'),
			node('On Error', 'n8n-nodes-base.noOp'),
		],
		connections: {
			Trigger: { main: [[{ node: 'Cobalt', type: 'main', index: 0 }]] },
			Cobalt: {
				main: [
					[{ node: 'After', type: 'main', index: 0 }],
					[{ node: 'On Error', type: 'main', index: 0 }],
				],
			},
		},
		settings: { executionOrder: 'v1', timezone },
		pinData: {
			Trigger: items.map((json, index) => {
				const binary = files[index];
				return { json, ...(binary && { binary }) };
			}),
		},
	};
}
