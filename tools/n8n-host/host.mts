/**
 * An n8n that keeps a workflow active: the part of the n8n server (2.41.1) that a trigger node meets. The engine is
 * n8n-core's own; what the server adds is rebuilt in host/, whose modules name the files of n8n's `dist` that they
 * follow.
 */
import type { ICredentialDataDecryptedObject, IDataObject, INode } from 'n8n-workflow';
import { onTestFinished } from 'vitest';

import { deliver } from './host/delivery.mts';
import { HttpServer, type WebhookRequest, type WebhookResponse } from './host/http.mts';
import { Installation, sleep, type Failure, type Settings } from './host/installation.mts';
import { N8nProcess, type OtherNodes } from './host/process.mts';
import { Publication } from './host/publication.mts';
import { Scheduler } from './host/scheduler.mts';
import { TestStep } from './host/testStep.mts';
import { listenToLog, type LogLine } from './log.mts';
import { n8nCore, PACKAGE_NAME } from './n8n.mts';
import { WORKFLOW_ID, type Ended } from './workflow.mts';
import { node, to, type WorkflowFile } from './workflowFile.mts';

export type { Failure } from './host/installation.mts';

export interface HostOptions extends Partial<Omit<Settings, 'credential'>> {
	credential: ICredentialDataDecryptedObject;
	/** Whether n8n retries an activation that fails. Default: one attempt, so that tests see the error. */
	persistent?: boolean;
	/** The test's own nodes. */
	nodes?: OtherNodes;
}

/** A process that only answers production webhooks, as in queue mode. */
export interface WebhookProcess {
	url: () => string;
}

/** Starts an n8n that ends with the test. */
export async function startHost(options: HostOptions): Promise<Host> {
	const host = await Host.start(options);
	onTestFinished(async () => {
		await host.stop();
	});
	return host;
}

/** The main process and its parts. */
interface Main {
	process: N8nProcess;
	scheduler: Scheduler;
	publication: Publication;
}

export class Host {
	/** The lines of n8n's log since the start, of nodes and of the engine. */
	readonly log: () => LogLine[] = listenToLog();

	readonly #installation: Installation;
	readonly #nodes: OtherNodes;
	readonly #isPersistent: boolean;
	readonly #servers: HttpServer[] = [];
	readonly #server = new HttpServer(async (request, response) => {
		await this.#route(request, response);
	});
	#main: Main | undefined;
	#test: TestStep | undefined;

	private constructor({ nodes, persistent, ...settings }: HostOptions) {
		this.#nodes = nodes ?? (() => ({}));
		this.#isPersistent = persistent ?? false;
		this.#installation = new Installation({
			scheduler: 'legacy',
			budgetMs: undefined,
			publicUrl: undefined,
			...settings,
		});
	}

	static async start(options: HostOptions): Promise<Host> {
		const host = new Host(options);
		await host.#startMain();
		await host.#listen(host.#server);
		return host;
	}

	/** Ends all processes, with nothing saved and no webhook deleted. */
	async stop(): Promise<void> {
		this.#main?.process.end();
		this.#installation.worker?.end();
		for (const server of this.#servers) await server.close();
	}

	/**
	 * Publishes the workflow for the first time. Rejects with a trigger's error; as in n8n, the workflow is published
	 * nevertheless, with the triggers that work.
	 */
	async activate(file: WorkflowFile): Promise<void> {
		if (this.#installation.database.published) throw new Error('The workflow is active already');
		await this.#running.publication.publish(file);
	}

	/** Publishes it again. n8n only re-registers triggers that have changed. */
	async update(file: WorkflowFile): Promise<void> {
		if (!this.#installation.database.published) throw new Error('The workflow is not active');
		await this.#running.publication.publish(file);
	}

	async deactivate(): Promise<void> {
		await this.#running.publication.unpublish();
	}

	/** Runs one scheduled poll now. Resolves when it and all running executions have ended. */
	async tick(): Promise<void> {
		await this.#running.scheduler.tick();
		await this.settled();
	}

	/** Lets minutes pass, with a poll in each, whether or not the poll before has ended. */
	async runFor(minutes: number): Promise<void> {
		const polls: Promise<void>[] = [];
		for (let minute = 0; minute < minutes; minute += 1) {
			await sleep(60_000);
			polls.push(this.tick());
		}
		await Promise.all(polls);
	}

	/** Resolves when every execution has ended. */
	async settled(): Promise<void> {
		await this.#installation.settled();
	}

	/**
	 * Shuts n8n down and starts it again. It waits for executions but saves nothing, and webhooks stay registered.
	 *
	 * @param meanwhile runs before the new process starts, while connections are refused
	 */
	async restart(meanwhile?: () => Promise<void>): Promise<void> {
		const { process, scheduler } = this.#running;
		await scheduler.triggers.remove(WORKFLOW_ID);
		await this.settled();
		await this.#startAgainAfter(process, meanwhile);
	}

	/** Restarts n8n with another WEBHOOK_URL. */
	async moveTo(publicUrl: string): Promise<void> {
		await this.restart(async () => {
			this.#installation.settings.publicUrl = publicUrl;
			return Promise.resolve();
		});
	}

	/** Kills n8n in the middle of polls and executions, and starts it again. */
	async crash(meanwhile?: () => Promise<void>): Promise<void> {
		await this.#startAgainAfter(this.#running.process, meanwhile);
	}

	/** *Execute step* on the workflow's trigger. `undefined` when no call came in two minutes. */
	async testStep(file: WorkflowFile): Promise<Ended | undefined> {
		const { process } = this.#running;
		this.#test = new TestStep(process, file, triggerOf(process, file));
		try {
			return await this.#test.run();
		} finally {
			this.#test = undefined;
		}
	}

	/** *Stop listening* in the editor. */
	async cancelTest(): Promise<void> {
		await this.#test?.cancel();
	}

	/**
	 * Switches to queue mode: adds a webhook process, which WEBHOOK_URL then points to, and a worker for executions.
	 * No process shares memory with another.
	 */
	async webhookProcess(): Promise<WebhookProcess> {
		const installation = this.#installation;
		installation.worker ??= await N8nProcess.start(installation, this.#nodes);
		const process = await N8nProcess.start(installation, this.#nodes);
		const server = new HttpServer(async (request, response) => {
			await this.#answer(process, request, response);
		});
		await this.#listen(server);
		return { url: () => this.#webhookUrl(server.address) };
	}

	/** Lets a node on a worker write static data, which replaces everything that was stored. */
	workerWritesStaticData(): void {
		this.#installation.database.writeStaticData({ 'node:After': { written: true } });
	}

	/** Replaces what is stored of the trigger, for example by what another version of its node wrote. */
	replaceSaved(staticData: IDataObject, name = 'Trigger'): void {
		this.#installation.database.writeStaticData({ [`node:${name}`]: staticData });
	}

	/** The production URL, at main. The default is that of the active workflow. */
	url(file?: WorkflowFile): string {
		return this.#webhookUrl(this.#server.address, file);
	}

	testUrl(file: WorkflowFile): string {
		return this.url(file).replace('/webhook/', '/webhook-test/');
	}

	/** The workflow's static data, as the database has it. */
	get saved(): string {
		return this.#installation.database.staticDataText;
	}

	/** The durable scheduler's cursors by node id, as the database has them. */
	get cursors(): string {
		return this.#installation.database.cursorsText;
	}

	/** Production executions, in the order in which they ended. */
	get executions(): readonly Ended[] {
		return this.#installation.executions;
	}

	/** Polls that threw. */
	get failures(): readonly Failure[] {
		return this.#installation.failures;
	}

	get credential(): ICredentialDataDecryptedObject {
		return this.#installation.credential;
	}

	set credential(credential: ICredentialDataDecryptedObject) {
		this.#installation.settings.credential = credential;
	}

	/** Whether n8n's database is down: nothing is saved, and no execution can start. */
	set databaseIsDown(isDown: boolean) {
		this.#installation.database.isDown = isDown;
	}

	/** How long n8n takes to start an execution; webhook responses wait for that. */
	set startDelayMs(milliseconds: number) {
		this.#installation.startDelayMs = milliseconds;
	}

	/** How often a node has read its credential: each time, n8n asks its database, and evaluates the fields. */
	get credentialReads(): number {
		return this.#installation.credentialReads;
	}

	/** For `inVirtualTime`: how many deliveries to n8n are waiting for the virtual clock. */
	get heldBack(): number {
		return this.#installation.heldBack;
	}

	get #running(): Main {
		if (!this.#main) throw new Error('n8n is not running');
		return this.#main;
	}

	async #startMain(): Promise<void> {
		const process = await N8nProcess.start(this.#installation, this.#nodes);
		const scheduler = new Scheduler(process);
		const publication = new Publication(process, scheduler, this.#isPersistent);
		this.#main = { process, scheduler, publication };
	}

	async #startAgainAfter(process: N8nProcess, meanwhile?: () => Promise<void>): Promise<void> {
		process.end();
		this.#main = undefined;
		await this.#server.close();
		await meanwhile?.();
		await this.#startMain();
		await this.#server.listen();
		await this.#running.publication.resume();
	}

	async #listen(server: HttpServer): Promise<void> {
		await server.listen();
		this.#servers.push(server);
		this.#installation.address = server.address;
	}

	async #route(request: WebhookRequest, response: WebhookResponse): Promise<void> {
		const { process } = this.#running;
		const path = pathBelow('/webhook-test/', request);
		if (path === undefined) await this.#answer(process, request, response);
		else if (this.#test) await this.#test.deliver(path, request, response);
		else response.sendStatus(404);
	}

	async #answer(
		process: N8nProcess,
		request: WebhookRequest,
		response: WebhookResponse,
	): Promise<void> {
		const path = pathBelow('/webhook/', request);
		if (path === undefined) response.sendStatus(404);
		else await deliver(process, path, request, response);
	}

	#webhookUrl(address: string, file = this.#installation.database.published): string {
		if (!file) throw new Error('No workflow is active');
		const { process } = this.#running;
		const workflow = process.workflow(file, {});
		const context = new n8nCore.HookContext(
			workflow,
			triggerOf(process, file),
			process.additionalData(address),
			'trigger',
			'activate',
		);
		const url = context.getNodeWebhookUrl('default');
		if (url === undefined) throw new Error('The trigger has no webhook');
		return url;
	}
}

function pathBelow(prefix: string, { path }: WebhookRequest): string | undefined {
	return path.startsWith(prefix) ? path.slice(prefix.length).replace(/\/$/, '') : undefined;
}

function triggerOf(process: N8nProcess, file: WorkflowFile): INode {
	const [trigger] = process
		.workflow(file, {})
		.queryNodes((type) => type.poll !== undefined || type.webhook !== undefined);
	if (!trigger) throw new Error('The workflow has no trigger');
	return trigger;
}

/** Trigger → After. */
export function triggerWorkflow(
	parameters: INode['parameters'],
	{ type = `${PACKAGE_NAME}.cobaltTrigger`, ...settings }: Partial<INode> = {},
): WorkflowFile {
	return {
		name: 'Test',
		nodes: [
			node('Trigger', type, {
				typeVersion: 1.1,
				parameters,
				webhookId: '0b1c7f3e-0000-4000-8000-000000000001',
				credentials: { cobaltApi: { id: '1', name: 'Cobalt' } },
				...settings,
			}),
			node('After', 'n8n-nodes-base.noOp'),
		],
		connections: { Trigger: { main: [to('After')] } },
		settings: { executionOrder: 'v1', timezone: 'America/New_York' },
	};
}

/** The static data of a node in `host.saved`. */
export function savedOf(host: Host, name = 'Trigger'): IDataObject | undefined {
	const saved = JSON.parse(host.saved) as Record<string, IDataObject | undefined>;
	return saved[`node:${name}`];
}
