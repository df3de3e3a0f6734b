import { AsyncLocalStorage } from 'node:async_hooks';
import { isDeepStrictEqual } from 'node:util';
import type {
	IDataObject,
	INode,
	INodeExecutionData,
	IPollFunctions,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowActivateMode,
} from 'n8n-workflow';

import { engineLogger, n8nCore, n8nWorkflow } from '../n8n.mts';
import type { WorkflowFile } from '../workflowFile.mts';
import { ensureError } from './errors.mts';
import type { N8nProcess } from './process.mts';

/** The budget of the durable scheduler: N8N_SCHEDULER's 45 s for a poll, less a fifth. */
const DURABLE_BUDGET_MS = 36_000;

/** A poll's copy of its durable cursor, and whether it has changed. */
interface Staged {
	seed: IDataObject;
	snapshot: IDataObject;
}

/**
 * The cursor of the running poll; `null` where the workflow's static data is used. One storage for all polls: Node 20
 * keeps every storage that was ever entered, and each new promise visits all of them.
 */
const scope = new AsyncLocalStorage<Staged | null>();

interface PollOptions {
	process: N8nProcess;
	file: WorkflowFile;
	additionalData: IWorkflowExecuteAdditionalData;
	activation: WorkflowActivateMode;
	/** Whether a poll of the durable scheduler may still commit. */
	holdsLease?: () => boolean;
}

/** `getExecutePollFunctions` of trigger-execution-context.factory.js. */
export function pollFunctions(
	workflow: Workflow,
	node: INode,
	{ process, file, additionalData, activation, holdsLease }: PollOptions,
): IPollFunctions {
	const { installation } = process;
	const { database, settings } = installation;
	const isDurable = settings.scheduler === 'durable';
	const takeCursor = (): IDataObject | null => {
		const staged = scope.getStore();
		if (!staged || isDeepStrictEqual(staged.snapshot, staged.seed)) return null;
		staged.seed = structuredClone(staged.snapshot);
		return staged.seed;
	};

	/** `runWorkflow` and `runPolledWorkflow`, which writes cursor and execution in one transaction. */
	const start = async (data: INodeExecutionData[][], cursor: IDataObject | null) => {
		if (!process.isAlive) return;
		// Committed first, since nothing else can fail once the execution has its row.
		const begin = await installation.prepare(process, {
			file: database.published ?? file,
			mode: 'trigger',
			data: startingAt(node, data),
		});
		if (cursor !== null) {
			if (holdsLease?.() === false) return;
			database.writeCursor(node.id, cursor);
		}
		await begin();
	};

	return new n8nCore.PollContext(
		workflow,
		node,
		additionalData,
		'trigger',
		activation,
		(data) => {
			const cursor = takeCursor();
			process.save(workflow);
			installation.track(
				start(data, cursor).catch((error: unknown) => {
					const failure = ensureError(error);
					engineLogger.error(failure.message, { error: failure, nodeName: node.name });
				}),
			);
		},
		(error) => {
			if (process.isAlive) installation.recordFailure(error);
		},
		async () => {
			const cursor = takeCursor();
			if (cursor === null || !process.isAlive || holdsLease?.() === false) return;
			database.writeCursor(node.id, cursor);
			await Promise.resolve();
		},
		async (poll) => {
			if (!isDurable) return await scope.run(null, poll);
			const seed = database.readCursor(node.id, workflow.getStaticData('node', node));
			return await scope.run({ seed, snapshot: structuredClone(seed) }, poll);
		},
		() => {
			const staged = scope.getStore();
			if (staged === undefined) {
				throw new n8nWorkflow.UnexpectedError(
					'Poll node read its static data outside of a poll; __runPoll was not entered',
				);
			}
			return staged ? staged.snapshot : workflow.getStaticData('node', node);
		},
		budget(holdsLease !== undefined, isDurable, settings.budgetMs),
	);
}

/** n8n's default of five minutes is also that of the durable engine's poll at activation. */
function budget(
	isScheduledDurably: boolean,
	isDurable: boolean,
	wanted: number | undefined,
): (() => number) | undefined {
	if (wanted !== undefined && isDurable === isScheduledDurably) return () => wanted;
	return isScheduledDurably ? () => DURABLE_BUDGET_MS : undefined;
}

/** The data of an execution that starts with its trigger's items. */
export function startingAt(node: INode, data: INodeExecutionData[][]): IRunExecutionData {
	return n8nWorkflow.createRunExecutionData({
		executionData: { nodeExecutionStack: [{ node, data: { main: data }, source: null }] },
	});
}
