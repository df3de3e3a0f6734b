import type { INode, IWebhookData, Workflow } from 'n8n-workflow';

import { n8nWorkflow } from '../n8n.mts';
import type { Ended } from '../workflow.mts';
import type { WorkflowFile } from '../workflowFile.mts';
import { executeWebhook, webhookNotFound } from './delivery.mts';
import { ensureError } from './errors.mts';
import type { WebhookRequest, WebhookResponse } from './http.mts';
import type { N8nProcess } from './process.mts';
import { createIfNotExists, deleteWebhook, webhooksOf } from './webhooks.mts';

/** TEST_WEBHOOK_TIMEOUT of constants.js: how long the editor listens. */
const LISTENING_MS = 120_000;

const TEST_HINT =
	"Click the 'Execute workflow' button on the canvas, then try again. (In test mode, the webhook only works for one call after you click this button)";

/** A webhook that waits for a call: test-webhook-registrations.service.js. */
interface Registration {
	webhook: IWebhookData;
	/** The static data that `create` has written; it is never stored. */
	staticData?: Workflow['staticData'];
}

/** *Execute step* on a trigger in the editor: test-webhooks.js, and manual-execution.service.js. */
export class TestStep {
	#registrations: Registration[] = [];
	#end: (ended: Ended | undefined) => void = () => undefined;

	constructor(
		private readonly process: N8nProcess,
		private readonly file: WorkflowFile,
		private readonly node: INode,
	) {}

	/** Resolves with the execution, or with undefined when no call has come. */
	async run(): Promise<Ended | undefined> {
		const workflow = this.#workflow();
		const additionalData = this.process.additionalData();
		const webhooks = webhooksOf(this.process, workflow, this.node, additionalData);
		if (webhooks.length === 0) return await this.#runNow();
		const called = new Promise<Ended | undefined>((resolve) => {
			this.#end = resolve;
		});
		const timer = setTimeout(() => {
			this.cancel().catch(() => undefined);
		}, LISTENING_MS);
		try {
			for (const webhook of webhooks) await this.#register(workflow, webhook);
			return await called;
		} finally {
			clearTimeout(timer);
		}
	}

	/** *Stop listening* */
	async cancel(): Promise<void> {
		try {
			await this.#deactivate(this.#workflow());
		} finally {
			this.#end(undefined);
		}
	}

	/** Handles a call of the test URL. n8n accepts calls from just before `create` on. */
	async deliver(path: string, request: WebhookRequest, response: WebhookResponse): Promise<void> {
		const method = request.method ?? '';
		const here = this.#registrations.filter(({ webhook }) => webhook.path === path);
		const registration = here.find(({ webhook }) => webhook.httpMethod === method);
		if (!registration) {
			const methods = here.map(({ webhook }) => webhook.httpMethod);
			throw webhookNotFound(method, path, methods, TEST_HINT);
		}
		const workflow = this.#workflow();
		if (registration.staticData) workflow.setTestStaticData(registration.staticData);
		const execution = await executeWebhook({
			process: this.process,
			file: this.file,
			workflow,
			node: this.node,
			webhook: registration.webhook,
			mode: 'manual',
			request,
			response,
			beforeResponse: () => undefined,
			destination: this.node.name,
		});
		// Without an execution it keeps listening.
		if (!execution) return;
		try {
			await this.#deactivate(workflow);
		} finally {
			this.#end(await execution.result);
		}
	}

	async #register(workflow: Workflow, webhook: IWebhookData): Promise<void> {
		const registration: Registration = { webhook: { ...webhook, isTest: true } };
		this.#registrations.push(registration);
		try {
			await createIfNotExists(this.process, workflow, registration.webhook, 'manual', 'manual');
			registration.staticData = workflow.staticData;
		} catch (error) {
			await this.#deactivate(workflow);
			throw ensureError(error);
		}
	}

	async #deactivate(workflow: Workflow): Promise<void> {
		for (const { webhook, staticData } of this.#registrations) {
			if (staticData) workflow.staticData = staticData;
			await deleteWebhook(this.process, workflow, webhook);
		}
		this.#registrations = [];
	}

	async #runNow(): Promise<Ended> {
		const { installation } = this.process;
		const data = n8nWorkflow.createRunExecutionData({
			startData: { destinationNode: { nodeName: this.node.name, mode: 'inclusive' } },
			executionData: {
				nodeExecutionStack: [{ node: this.node, data: { main: [[{ json: {} }]] }, source: null }],
			},
		});
		const begin = await installation.prepare(this.process, {
			file: this.file,
			mode: 'manual',
			data,
		});
		return await begin();
	}

	/** The workflow in the editor, without stored data: `toWorkflow`. */
	#workflow(): Workflow {
		return this.process.workflow(this.file, {}, false);
	}
}
