import type { WorkflowExecute } from 'n8n-core';
import type {
	IBinaryKeyData,
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	IRun,
	IRunExecutionData,
	INodeTypes,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { TestCredentials } from './credentials.mts';
import './deduplication.mts';
import { listenToLog, type LogLine } from './log.mts';
import { n8nCore, n8nWorkflow, PACKAGE_NAME } from './n8n.mts';
import { engineNodeTypes } from './nodeTypes.mts';
import { node, to, type WorkflowFile } from './workflowFile.mts';

export interface Execution {
	/** Resolves when the execution ends, also after a cancellation. One that waits goes on when its time has come. */
	result: Promise<Ended>;
	cancel: () => void;
}

/** What an execution leaves behind apart from its data. */
interface Traces {
	/** Messages that nodes sent to the editor: n8n passes them on in manual mode only. */
	messages: IDataObject[];
	/** The lines that nodes and the engine wrote to n8n's log meanwhile. */
	log: LogLine[];
	/** The executions of sub-workflows that it started, in the order in which they ended. */
	subExecutions: Ended[];
	/** Gives the nodes their credential. */
	credentials: TestCredentials;
}

/** A finished execution, with accessors for tests. */
export class Ended {
	constructor(
		readonly run: IRun,
		readonly workflow: WorkflowFile,
		readonly traces: Traces,
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
	/** The trigger to start at. Default: the one that n8n takes. */
	from?: string;
	credential: ICredentialDataDecryptedObject;
	mode?: WorkflowExecuteMode;
	/** Called each time a node has finished. */
	onNodeFinished?: (name: string) => void;
	/** Default: those of the process that the tests run in. */
	nodeTypes?: INodeTypes;
	executionId?: string;
	/** n8n's `$vars`. */
	variables?: IDataObject;
	/** Where n8n is reached. */
	baseUrl?: string;
	/** The workflow's stored static data. */
	staticData?: IDataObject;
	/** Called with the static data of an execution that has changed it. */
	onStaticData?: (staticData: IDataObject) => void;
}

/** Starts a workflow at its manual trigger, the way the editor's button does. */
export function startWorkflow(file: WorkflowFile, options: StartOptions): Execution {
	return begin(file, options, (execute, workflow) =>
		execute.run({
			workflow,
			startNode: startNodeOf(workflow, options.from),
			pinData: file.pinData,
		}),
	);
}

/**
 * *Retry execution* from n8n's list: reads back what n8n saved of the execution, removes the error and the run that
 * ended with it, and continues from there.
 *
 * @param file the workflow to continue with, if it was changed since
 */
export function retryExecution(
	ended: Ended,
	options: StartOptions,
	file = ended.workflow,
): Execution {
	const data = JSON.parse(JSON.stringify(ended.run.data)) as IRunExecutionData;
	const { resultData } = data;
	delete resultData.error;
	const lastRuns = resultData.runData[resultData.lastNodeExecuted ?? ''];
	if (lastRuns?.at(-1)?.error !== undefined) lastRuns.pop();
	return goOn(file, { ...options, mode: 'retry' }, data);
}

/**
 * *Retry execution* of one that was stopped by hand or crashed with n8n: n8n has saved it as it was at its start, so
 * everything runs again.
 */
export function retryFromStart(file: WorkflowFile, options: StartOptions): Execution {
	return startWorkflow(file, { ...options, mode: 'retry' });
}

/**
 * The same, on an n8n that has saved when the execution was established: 2.41 does that before it begins
 * (cli: workflow-runner.js, establishContextForPersistence).
 */
export function retryCutOff(ended: Ended, options: StartOptions, file = ended.workflow): Execution {
	const start = startNodeOf(buildWorkflow(file, options));
	const entry = { node: start, data: { main: [[{ json: {} }]] }, source: null };
	const data = n8nWorkflow.createRunExecutionData({
		resultData: { pinData: file.pinData },
		executionData: {
			nodeExecutionStack: [entry],
			runtimeData: ended.run.data.executionData?.runtimeData,
		},
	});
	return goOn(file, { ...options, mode: 'retry' }, data);
}

/** Starts a sub-workflow: a separate execution without a link to its parent. */
function startSubWorkflow(
	file: WorkflowFile,
	options: StartOptions,
	items: INodeExecutionData[],
): Execution {
	const entry = {
		node: startNodeOf(buildWorkflow(file, options)),
		data: { main: [items] },
		source: null,
	};
	const data = n8nWorkflow.createRunExecutionData({
		executionData: { nodeExecutionStack: [entry] },
	});
	return goOn(file, { ...options, mode: 'integrated' }, data);
}

/** Continues with the nodes on an execution's stack. */
export function goOn(
	file: WorkflowFile,
	options: StartOptions,
	data: IRunExecutionData,
): Execution {
	return begin(
		file,
		options,
		(execute, workflow) => {
			for (const entry of data.executionData?.nodeExecutionStack ?? []) {
				entry.node = workflow.getNode(entry.node.name) ?? entry.node;
			}
			return execute.processRunExecutionData(workflow);
		},
		data,
	);
}

function begin(
	file: WorkflowFile,
	options: StartOptions,
	start: (execute: WorkflowExecute, workflow: Workflow) => Promise<IRun> & { cancel(): void },
	data?: IRunExecutionData,
): Execution {
	const credentials = new TestCredentials(options.credential);
	const traces: Omit<Traces, 'log'> = { messages: [], subExecutions: [], credentials };
	const linesSince = listenToLog();
	const engine = (saved?: IRunExecutionData) =>
		new n8nCore.WorkflowExecute(
			additionalData(file, options, traces),
			options.mode ?? 'manual',
			saved,
		);
	let run = start(engine(data), buildWorkflow(file, options));
	const toEnd = async (): Promise<Ended> => {
		let result = await run;
		while (result.waitTill) {
			await until(result.waitTill);
			const saved = JSON.parse(JSON.stringify(result.data)) as IRunExecutionData;
			run = engine(saved).processRunExecutionData(buildWorkflow(file, options));
			result = await run;
		}
		return new Ended(result, file, { ...traces, log: linesSince() });
	};
	return {
		result: toEnd(),
		cancel: () => {
			run.cancel();
		},
	};
}

/** What n8n's wait tracker does (cli: wait-tracker.js), whose timers are no longer than a day. */
async function until(moment: Date): Promise<void> {
	const DAY_MS = 24 * 60 * 60 * 1000;
	for (let left = Infinity; left > 0;) {
		left = moment.getTime() - Date.now();
		await new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.min(left, DAY_MS))));
	}
}

function startNodeOf(workflow: Workflow, name?: string): INode {
	const startNode = name === undefined ? workflow.getStartNode() : workflow.getNode(name);
	if (!startNode) throw new Error('The workflow has no start node');
	return startNode;
}

/** The id that n8n has given to the workflow. */
export const WORKFLOW_ID = 'workflow';

export function buildWorkflow(
	file: WorkflowFile,
	{
		nodeTypes = engineNodeTypes,
		staticData,
		active = false,
	}: Pick<StartOptions, 'nodeTypes' | 'staticData'> & { active?: boolean },
): Workflow {
	return new n8nWorkflow.Workflow({
		id: WORKFLOW_ID,
		name: file.name,
		active,
		nodeTypes,
		staticData,
		nodes: structuredClone(file.nodes),
		connections: file.connections,
		settings: file.settings ?? {},
		pinData: file.pinData ?? {},
	});
}

/** The URLs that nodes see. */
export function urlsOf(baseUrl: string) {
	return {
		formWaitingBaseUrl: `${baseUrl}/form-waiting`,
		instanceBaseUrl: baseUrl,
		restApiUrl: `${baseUrl}/rest`,
		webhookBaseUrl: `${baseUrl}/webhook`,
		webhookTestBaseUrl: `${baseUrl}/webhook-test`,
		webhookWaitingBaseUrl: `${baseUrl}/webhook-waiting`,
	};
}

function additionalData(
	file: WorkflowFile,
	options: StartOptions,
	{ messages, subExecutions, credentials }: Omit<Traces, 'log'>,
): IWorkflowExecuteAdditionalData {
	const { mode = 'manual', variables = {}, onNodeFinished, executionId = 'execution' } = options;
	const base = { id: WORKFLOW_ID, name: file.name };
	const hooks = new n8nCore.ExecutionLifecycleHooks(mode, executionId, {
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
	// The engine omits it if nothing has changed it, whatever the type says.
	hooks.addHandler('workflowExecuteAfter', (_run, staticData?: IDataObject) => {
		if (staticData) options.onStaticData?.(staticData);
	});
	return asAdditionalData({
		credentialsHelper: credentials,
		hooks,
		executionId,
		currentNodeExecutionIndex: 0,
		variables,
		...urlsOf(options.baseUrl ?? 'http://127.0.0.1:5678'),
		setExecutionStatus: () => undefined,
		sendDataToUI: (_type, data) => {
			messages.push(...[data].flat());
		},
		executeWorkflow: async ({ code }, _parent, { inputData = [{ json: {} }] }) => {
			// As in n8n, a workflow that is defined below has its parent's id.
			if (!code) throw new Error('The test engine has no stored workflows');
			const subExecutionId = `${executionId}.${subExecutions.length + 1}`;
			const sub = { ...options, executionId: subExecutionId };
			const ended = await startSubWorkflow(code, sub, inputData).result;
			subExecutions.push(ended);
			const { error, lastNodeExecuted = '', runData } = ended.run.data.resultData;
			if (error) throw Object.assign(new Error(error.message), error);
			const data = runData[lastNodeExecuted]?.at(-1)?.data?.main ?? [];
			return { executionId: subExecutionId, data };
		},
	});
}

/** The rest of the interface belongs to the n8n server, and no node here uses it. */
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
			Trigger: { main: [to('Cobalt')] },
			Cobalt: { main: [to('After'), to('On Error')] },
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
