import type { IDataObject } from 'n8n-workflow';

import { engineLogger, n8nWorkflow } from '../n8n.mts';
import type { WorkflowFile } from '../workflowFile.mts';
import { ensureError } from './errors.mts';

/** A webhook that n8n answers: a row of its table `webhook_entity`. */
export interface WebhookRow {
	method: string;
	path: string;
	node: string;
}

/**
 * What n8n stores of one workflow, which is all that a new process finds. It is kept as text, so that it cannot contain
 * anything that a real database would lose.
 */
export class Database {
	/** Whether writing to it fails. */
	isDown = false;

	/** The version that is active. */
	published: WorkflowFile | undefined;

	/** The durable scheduler's jobs by node id. Each new job is a new object. */
	readonly pollJobs = new Map<string, symbol>();

	#webhooks: WebhookRow[] = [];
	#staticData = '{}';
	readonly #cursors = new Map<string, string>();

	get staticDataText(): string {
		return this.#staticData;
	}

	get cursorsText(): string {
		const entries = [...this.#cursors].map(([nodeId, text]): [string, unknown] => [
			nodeId,
			JSON.parse(text),
		]);
		return JSON.stringify(Object.fromEntries(entries));
	}

	readStaticData(): IDataObject {
		return JSON.parse(this.#staticData) as IDataObject;
	}

	/** One column, rewritten whole: `saveStaticDataById` of workflow-static-data.service.js. */
	writeStaticData(staticData: IDataObject): void {
		this.demand();
		this.#staticData = JSON.stringify(staticData);
	}

	/** `saveStaticData` of the same file: writes only what was changed, and only logs a failure. */
	saveStaticData(staticData: IDataObject): void {
		if (staticData.__dataChanged !== true) return;
		try {
			this.writeStaticData(staticData);
			staticData.__dataChanged = false;
		} catch (error) {
			const { message } = ensureError(error);
			engineLogger.error(
				`There was a problem saving the workflow with id "workflow" to save changed Data: "${message}"`,
			);
		}
	}

	/** A durable cursor, initially a copy of the node's static data. */
	readCursor(nodeId: string, initial: IDataObject): IDataObject {
		const text = this.#cursors.get(nodeId) ?? JSON.stringify(initial);
		if (!this.#cursors.has(nodeId)) {
			this.demand();
			this.#cursors.set(nodeId, text);
		}
		return JSON.parse(text) as IDataObject;
	}

	writeCursor(nodeId: string, cursor: IDataObject): void {
		this.demand();
		this.#cursors.set(nodeId, JSON.stringify(cursor));
	}

	findWebhook(method: string, path: string): WebhookRow | undefined {
		return this.#webhooks.find((row) => row.method === method && row.path === path);
	}

	webhookMethods(path: string): string[] {
		return this.#webhooks.filter((row) => row.path === path).map(({ method }) => method);
	}

	addWebhook(row: WebhookRow): void {
		if (!this.findWebhook(row.method, row.path)) this.#webhooks.push(row);
	}

	removeWebhooks(node: string): void {
		this.#webhooks = this.#webhooks.filter((row) => row.node !== node);
	}

	/** Throws the error of a query to a database that is down. */
	demand(): void {
		if (this.isDown) throw new n8nWorkflow.OperationalError('The database does not answer');
	}
}
