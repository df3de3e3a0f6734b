import { isDeepStrictEqual } from 'node:util';
import type { INode, IWebhookData, Workflow, WorkflowActivateMode } from 'n8n-workflow';

import { engineLogger } from '../n8n.mts';
import { WORKFLOW_ID } from '../workflow.mts';
import type { WorkflowFile } from '../workflowFile.mts';
import { ensureError } from './errors.mts';
import { sleep } from './installation.mts';
import { pollFunctions } from './polls.mts';
import type { N8nProcess } from './process.mts';
import type { Scheduler } from './scheduler.mts';
import { createIfNotExists, deleteWebhook, webhooksOf } from './webhooks.mts';

/** n8n's attempts, with pauses of 1, 2, 4 … seconds. */
const CREATE_TRIES = 5;
const DELETE_TRIES = 3;

/** The properties of a node whose change makes n8n register its trigger again: trigger-diff.js. */
function registrationOf({ name, type, typeVersion, webhookId, credentials, parameters }: INode) {
	return { name, type, typeVersion, webhookId, credentials, parameters };
}

/**
 * Publishing a workflow: workflow-publication-applier.js and workflow-trigger-activator.js. What n8n does
 * in the background is done here when a call returns.
 */
export class Publication {
	constructor(
		private readonly process: N8nProcess,
		private readonly scheduler: Scheduler,
		/** Whether to retry as often as n8n does. */
		private readonly persistent: boolean,
	) {}

	get #database() {
		return this.process.installation.database;
	}

	/** Publishes a workflow, for the first time or again. */
	async publish(file: WorkflowFile): Promise<void> {
		const old = this.#database.published;
		const oldTriggers = this.#triggersOf(old);
		const triggers = this.#triggersOf(file);
		const isUnchanged = (node: INode): boolean =>
			oldTriggers.some(
				(other) =>
					other.id === node.id && isDeepStrictEqual(registrationOf(other), registrationOf(node)),
			);
		const kept = new Set(triggers.filter(isUnchanged).map(({ id }) => id));
		if (old) {
			await this.#tearDown(
				old,
				oldTriggers.filter(({ id }) => !kept.has(id)),
			);
		}
		this.#database.published = structuredClone(file);
		await this.#setUp(
			triggers.filter((node) => !kept.has(node.id) || !this.#isRegistered(file, node)),
			old ? 'update' : 'activate',
		);
	}

	async unpublish(): Promise<void> {
		const old = this.#database.published;
		if (old) await this.#tearDown(old, this.#triggersOf(old));
		this.#database.published = undefined;
	}

	/** Resumes the workflow in a new process: only what no table holds is registered again. */
	async resume(): Promise<void> {
		const file = this.#database.published;
		if (!file) return;
		await this.#setUp(
			this.#triggersOf(file).filter((node) => !this.#isRegistered(file, node)),
			'init',
		);
	}

	#triggersOf(file: WorkflowFile | undefined): INode[] {
		if (!file) return [];
		const workflow = this.process.workflow(file, {});
		return workflow.queryNodes((type) => type.poll !== undefined || type.webhook !== undefined);
	}

	#isRegistered(file: WorkflowFile, node: INode): boolean {
		const registered = this.scheduler.triggers.getRegisteredTriggerNodeIds(WORKFLOW_ID);
		if (this.process.nodeType(node).poll && !registered.has(node.id)) return false;
		const workflow = this.process.workflow(file, {});
		return this.#webhooks(workflow, node).every(
			({ httpMethod, path }) => this.#database.findWebhook(httpMethod, path) !== undefined,
		);
	}

	#webhooks(workflow: Workflow, node: INode): IWebhookData[] {
		return webhooksOf(this.process, workflow, node, this.process.additionalData());
	}

	/** `activateInternal`: webhooks and polls at the same time, on one workflow with its static data. */
	async #setUp(nodes: INode[], activation: WorkflowActivateMode): Promise<void> {
		const file = this.#database.published;
		if (!file || nodes.length === 0) return;
		const workflow = this.process.workflow(file, this.#database.readStaticData());
		const results = await Promise.allSettled(
			nodes.flatMap((node) => [
				this.#register(workflow, node, activation),
				this.#startPolling(file, workflow, node, activation),
			]),
		);
		this.process.save(workflow);
		const failed = results.find((result) => result.status === 'rejected');
		if (failed) throw ensureError(failed.reason);
	}

	async #register(workflow: Workflow, node: INode, activation: WorkflowActivateMode) {
		for (const webhook of this.#webhooks(workflow, node)) {
			await this.#try(CREATE_TRIES, async () => {
				await this.#registerOne(workflow, webhook, activation);
			});
		}
	}

	/** `register` of webhook-trigger-registrar.js: n8n answers the webhook before the node registers it. */
	async #registerOne(
		workflow: Workflow,
		webhook: IWebhookData,
		activation: WorkflowActivateMode,
	): Promise<void> {
		const { httpMethod: method, path, node } = webhook;
		this.#database.addWebhook({ method, path, node });
		try {
			await createIfNotExists(this.process, workflow, webhook, 'trigger', activation);
		} catch (error) {
			await this.#clear(workflow, webhook);
			throw error;
		}
	}

	async #clear(workflow: Workflow, webhook: IWebhookData): Promise<void> {
		try {
			await deleteWebhook(this.process, workflow, webhook);
			this.process.save(workflow);
			this.#database.removeWebhooks(webhook.node);
		} catch (error) {
			const { message } = ensureError(error);
			engineLogger.error(
				`Could not remove webhook "${webhook.node}" of workflow "${WORKFLOW_ID}" because of error: "${message}"`,
			);
		}
	}

	async #startPolling(
		file: WorkflowFile,
		workflow: Workflow,
		node: INode,
		activation: WorkflowActivateMode,
	): Promise<void> {
		if (!this.process.nodeType(node).poll) return;
		const additionalData = this.process.additionalData();
		const { process } = this;
		await this.#try(CREATE_TRIES, async () => {
			this.scheduler.choose();
			await this.scheduler.triggers.addTriggers(
				WORKFLOW_ID,
				workflow,
				[node.id],
				additionalData,
				'trigger',
				activation,
				() => {
					throw new Error('The test engine runs no trigger() functions');
				},
				() => pollFunctions(workflow, node, { process, file, additionalData, activation }),
			);
		});
	}

	/** `deactivateInternal`. A node that cannot remove its webhook does not keep the workflow active. */
	async #tearDown(file: WorkflowFile, nodes: INode[]): Promise<void> {
		const workflow = this.process.workflow(file, this.#database.readStaticData());
		await Promise.all(
			nodes.map(async (node) => {
				this.#database.removeWebhooks(node.name);
				await this.scheduler.remove(node.id);
				for (const webhook of this.#webhooks(workflow, node)) {
					await this.#delete(workflow, webhook);
				}
			}),
		);
		this.process.save(workflow);
	}

	async #delete(workflow: Workflow, webhook: IWebhookData): Promise<void> {
		try {
			await this.#try(DELETE_TRIES, async () => {
				await deleteWebhook(this.process, workflow, webhook);
			});
		} catch (error) {
			engineLogger.warn('Abandoned webhook whose external deregistration kept failing', {
				nodeName: webhook.node,
				error: ensureError(error).message,
			});
		}
	}

	/** trigger-activation-retry.js */
	async #try(tries: number, action: () => Promise<void>): Promise<void> {
		const last = this.persistent ? tries - 1 : 0;
		for (let attempt = 0; ; attempt += 1) {
			try {
				await action();
				return;
			} catch (error) {
				if (attempt >= last || !this.process.isAlive) throw error;
				await sleep(1000 * 2 ** attempt);
			}
		}
	}
}
