import type { ICredentialDataDecryptedObject, IDataObject, IRunExecutionData } from 'n8n-workflow';

import { engineLogger, n8nWorkflow } from '../n8n.mts';
import { goOn, type Ended } from '../workflow.mts';
import type { WorkflowFile } from '../workflowFile.mts';
import { Database } from './database.mts';
import type { N8nProcess } from './process.mts';

/** An error of a poll. n8n records it as an execution without nodes. */
export interface Failure {
	error: Error;
	at: Date;
}

export interface Settings {
	credential: ICredentialDataDecryptedObject;
	/** n8n's poll engine; `durable` is N8N_SCHEDULER_ENABLED with durable cursors. */
	scheduler: 'legacy' | 'durable';
	/** The result of `getPollBudgetMs()` in scheduled polls. Default: n8n's. */
	budgetMs: number | undefined;
	/** n8n's WEBHOOK_URL. Default: its real address. */
	publicUrl: string | undefined;
	/** n8n's `$vars`. Default: none. */
	variables?: IDataObject;
}

interface Run {
	file: WorkflowFile;
	mode: 'trigger' | 'webhook' | 'manual';
	data: IRunExecutionData;
}

/** What the processes of one n8n have in common. */
export class Installation {
	readonly database = new Database();

	/** Production executions, in the order in which they ended. */
	readonly executions: Ended[] = [];

	readonly failures: Failure[] = [];

	/** How long n8n takes to write the row of a new execution. */
	startDelayMs = 0;

	/** How often a node has read its credential. */
	credentialReads = 0;

	/** How many deliveries are waiting for the virtual clock. */
	heldBack = 0;

	/** Runs the production executions instead of main, in queue mode. */
	worker: N8nProcess | undefined;

	/** Where n8n listens. */
	address = '';

	readonly #runs = new Set<Promise<unknown>>();
	#started = 0;

	constructor(readonly settings: Settings) {}

	get credential(): ICredentialDataDecryptedObject {
		return this.settings.credential;
	}

	get baseUrl(): string {
		return this.settings.publicUrl ?? this.address;
	}

	/**
	 * `WorkflowRunner.run` of workflow-runner.js, in two steps: the execution gets its row, and the
	 * returned function runs it.
	 *
	 * In queue mode a worker starts with empty static data, and what a node writes there replaces all that
	 * is stored: the execution's snapshot has none (`toWorkflowSnapshot`).
	 */
	async prepare(owner: N8nProcess, { file, mode, data }: Run): Promise<() => Promise<Ended>> {
		this.database.demand();
		if (this.startDelayMs > 0) await sleep(this.startDelayMs);
		if (!owner.isAlive) throw new n8nWorkflow.OperationalError('The process has ended');
		const runner = mode === 'manual' ? owner : (this.worker ?? owner);
		this.#started += 1;
		const options = {
			credential: this.credential,
			variables: this.settings.variables,
			mode,
			nodeTypes: runner.nodeTypes,
			executionId: String(this.#started),
			baseUrl: this.baseUrl,
			staticData: runner === this.worker ? {} : this.database.readStaticData(),
			onStaticData: (staticData: Parameters<Database['writeStaticData']>[0]) => {
				if (mode !== 'manual' && runner.isAlive) this.database.writeStaticData(staticData);
			},
		};
		return async () => {
			const execution = goOn(file, options, data);
			const forget = runner.onEnd(execution.cancel);
			const result = execution.result.then((ended) => {
				forget();
				if (mode !== 'manual' && runner.isAlive) this.executions.push(ended);
				return ended;
			});
			this.track(result);
			return await result;
		};
	}

	/** Registers work that `settled` waits for. Its errors are ignored here. */
	track(work: Promise<unknown>): void {
		const run = work
			.catch(() => undefined)
			.finally(() => {
				this.#runs.delete(run);
			});
		this.#runs.add(run);
	}

	/** Resolves when no execution is running or about to start. */
	async settled(): Promise<void> {
		while (this.#runs.size > 0) await Promise.all(this.#runs);
	}

	/** `recordTriggerFailure` of trigger-execution-context.factory.js. */
	recordFailure(error: Error): void {
		try {
			this.database.demand();
			this.failures.push({ error, at: new Date() });
		} catch {
			engineLogger.error('Failed to record failed trigger execution', { error });
		}
	}
}

export async function sleep(milliseconds: number): Promise<void> {
	await new Promise<void>((resolve) => {
		setTimeout(resolve, milliseconds);
	});
}
