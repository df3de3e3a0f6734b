import type { INode, IPollFunctions, Workflow } from 'n8n-workflow';

import { Container, CronLoggingConfig, engineLogger, n8nCore } from '../n8n.mts';
import { WORKFLOW_ID } from '../workflow.mts';
import { ensureError } from './errors.mts';
import { pollFunctions } from './polls.mts';
import type { N8nProcess } from './process.mts';

/** N8N_SCHEDULER's time limit for a poll. */
const ABANDONED_AFTER_MS = 45_000;

/** n8n's crons, which tests trigger. */
class Crons extends n8nCore.ScheduledTaskManager {
	readonly #ticks = new Map<string, (scheduledTime: Date) => void>();

	constructor() {
		super(Container.get(n8nCore.InstanceSettings), engineLogger, Container.get(CronLoggingConfig));
	}

	goOff(): void {
		for (const tick of this.#ticks.values()) tick(new Date());
	}

	/** All schedules of a node count as one. */
	override register(
		{ targetId }: { targetId: string },
		onTick: (scheduledTime: Date) => void,
	): boolean {
		this.#ticks.set(targetId, onTick);
		return true;
	}

	override deregisterTarget(_group: object, targetId: string): void {
		this.#ticks.delete(targetId);
	}

	override deregisterGroup(): boolean {
		const had = this.#ticks.size > 0;
		this.#ticks.clear();
		return had;
	}

	override getGroupIds(): string[] {
		return this.hasGroup() ? [WORKFLOW_ID] : [];
	}

	override getTargetIds(): string[] {
		return [...this.#ticks.keys()];
	}

	override hasGroup(): boolean {
		return this.#ticks.size > 0;
	}

	override hasTarget(_group: object, targetId: string): boolean {
		return this.#ticks.has(targetId);
	}
}

/** n8n's own executor. A cron does not wait for it, but a test has to know when it is done. */
class AwaitablePolls extends n8nCore.PollTriggerExecutor {
	#started: Promise<void>[] = [];

	takeStarted(): Promise<void>[] {
		return this.#started.splice(0);
	}

	override create(
		workflow: Workflow,
		node: INode,
		functions: IPollFunctions,
		isCurrent: () => boolean,
	) {
		const poll = super.create(workflow, node, functions, isCurrent);
		return async (testingTrigger?: boolean) => {
			const running = poll(testingTrigger);
			if (!testingTrigger) this.#started.push(running);
			await running;
		};
	}
}

/** The durable scheduler's table of jobs: poll-trigger-job-registrar.js. It outlives the process. */
class DurableJobs extends n8nCore.PollJobManager {
	constructor(private readonly process: N8nProcess) {
		super();
	}

	override async register(_workflowId: string, node: INode): Promise<{ inserted: boolean }> {
		const { pollJobs } = this.process.installation.database;
		const inserted = !pollJobs.has(node.id);
		if (inserted) pollJobs.set(node.id, Symbol(node.id));
		return Promise.resolve({ inserted });
	}

	override async remove(_workflowId: string, nodeId: string): Promise<void> {
		this.process.installation.database.pollJobs.delete(nodeId);
		return Promise.resolve();
	}
}

/** A process's polls, on n8n-core's own ActiveWorkflowTriggers. */
export class Scheduler {
	readonly #crons = new Crons();
	readonly #polling = Container.get(n8nCore.TriggersAndPollers);
	readonly #executor = new AwaitablePolls(
		engineLogger,
		this.#polling,
		Container.get(n8nCore.Tracing),
		Container.get(n8nCore.ErrorReporter),
	);
	readonly #jobs: DurableJobs;

	readonly triggers = new n8nCore.ActiveWorkflowTriggers(
		engineLogger,
		this.#crons,
		this.#polling,
		Container.get(n8nCore.ErrorReporter),
		this.#executor,
	);

	constructor(private readonly process: N8nProcess) {
		this.#jobs = new DurableJobs(process);
	}

	get isDurable(): boolean {
		return this.process.installation.settings.scheduler === 'durable';
	}

	/** Must be called before each activation: the engine asks its container which scheduler to use. */
	choose(): void {
		Container.set(
			n8nCore.PollJobManager,
			this.isDurable ? this.#jobs : new n8nCore.NoOpPollJobManager(),
		);
	}

	/** `deregister` of non-webhook-trigger-registrar.js. */
	async remove(nodeId: string): Promise<void> {
		await this.triggers.removeTriggers(WORKFLOW_ID, new Set([nodeId]));
		await this.#jobs.remove(WORKFLOW_ID, nodeId);
	}

	/** Starts every scheduled poll. Resolves when these have ended; others may still be running. */
	async tick(): Promise<void> {
		if (this.isDurable) {
			const { pollJobs } = this.process.installation.database;
			await Promise.all([...pollJobs].map(async ([nodeId, job]) => this.#pollDurably(nodeId, job)));
		} else {
			this.#crons.goOff();
			await Promise.all(this.#executor.takeStarted());
		}
	}

	/**
	 * `execute` of poll-trigger-task-handler.js: everything is read from the database for each poll, and
	 * one that takes too long is abandoned, along with its items.
	 */
	async #pollDurably(nodeId: string, job: symbol): Promise<void> {
		const { process } = this;
		const { database } = process.installation;
		const file = database.published;
		const node = file?.nodes.find(({ id }) => id === nodeId);
		if (!file || !node) return;
		const isActive = (): boolean => database.published !== undefined;
		const workflow = process.workflow(file, database.readStaticData());
		const functions = pollFunctions(workflow, node, {
			process,
			file,
			additionalData: process.additionalData(),
			activation: 'update',
			holdsLease: () => process.isAlive && database.pollJobs.get(nodeId) === job,
		});
		await n8nCore.runPollInStagingScope(functions, async () => {
			try {
				const poll = this.#polling.runPollFunction(workflow, node, functions);
				const outcome = await inTime(poll, ABANDONED_AFTER_MS);
				if (outcome === TOO_LATE) {
					engineLogger.warn('Poll exceeded its timeout and was abandoned', { nodeId });
				} else if (!isActive() || !process.isAlive) {
					engineLogger.debug('Workflow deactivated during poll; discarding the result', { nodeId });
				} else if (outcome !== null) {
					functions.__emit(outcome);
				} else {
					await this.#commit(functions, nodeId);
				}
			} catch (error) {
				functions.__emitError(ensureError(error));
			}
		});
	}

	async #commit(functions: IPollFunctions, nodeId: string): Promise<void> {
		try {
			await n8nCore.commitStagedCursor(functions);
		} catch (error) {
			engineLogger.error(
				'Failed to commit the poll cursor; the next poll repeats the same window',
				{ nodeId, error },
			);
		}
	}
}

const TOO_LATE = Symbol('too late');

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T | typeof TOO_LATE> {
	work.catch(() => undefined);
	let timer: NodeJS.Timeout | undefined;
	const tooLate = new Promise<typeof TOO_LATE>((resolve) => {
		timer = setTimeout(resolve, milliseconds, TOO_LATE);
	});
	try {
		return await Promise.race([work, tooLate]);
	} finally {
		clearTimeout(timer);
	}
}
