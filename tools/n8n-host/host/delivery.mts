import { Readable } from 'node:stream';
import type {
	INode,
	IWebhookData,
	IWebhookResponseData,
	IWorkflowDataProxyAdditionalKeys,
	IWorkflowExecuteAdditionalData,
	Workflow,
} from 'n8n-workflow';

import { n8nCore, n8nWorkflow } from '../n8n.mts';
import type { Ended } from '../workflow.mts';
import type { WorkflowFile } from '../workflowFile.mts';
import { ensureError } from './errors.mts';
import {
	parseBody,
	ResponseError,
	sendError,
	type WebhookRequest,
	type WebhookResponse,
} from './http.mts';
import { startingAt } from './polls.mts';
import type { N8nProcess } from './process.mts';
import { webhooksOf } from './webhooks.mts';

export interface Delivery {
	process: N8nProcess;
	file: WorkflowFile;
	workflow: Workflow;
	node: INode;
	webhook: IWebhookData;
	mode: 'webhook' | 'manual';
	request: WebhookRequest;
	response: WebhookResponse;
	/** Called before n8n sends a response. */
	beforeResponse: () => void;
	/** For `execute` of the trigger alone, as the editor's button asks for it. */
	destination?: string;
}

/** `executeWebhook` of live-webhooks.js: finds the active workflow, and hands the request to its node. */
export async function deliver(
	process: N8nProcess,
	path: string,
	request: WebhookRequest,
	response: WebhookResponse,
): Promise<void> {
	const { database } = process.installation;
	const method = request.method ?? '';
	const row = database.findWebhook(method, path);
	const file = database.published;
	if (!row || !file) {
		throw webhookNotFound(method, path, database.webhookMethods(path), PRODUCTION_HINT);
	}
	const stored = database.readStaticData();
	const workflow = process.workflow(file, stored);
	const node = workflow.getNode(row.node);
	const additionalData = process.additionalData();
	const webhook = node
		? webhooksOf(process, workflow, node, additionalData).find(
				(candidate) => candidate.httpMethod === method && candidate.path === path,
			)
		: undefined;
	if (!node || !webhook) throw new Error('Could not find node to process webhook.');
	await executeWebhook({
		process,
		file,
		workflow,
		node,
		webhook,
		mode: 'webhook',
		request,
		response,
		beforeResponse: () => {
			process.save(workflow);
		},
	});
}

/**
 * `executeWebhook` of webhook-helpers.js, for `responseMode: 'onReceived'`. The execution begins when the
 * response is sent: n8n has started it by then, without waiting for its nodes.
 *
 * @returns the execution, if the node has started one
 */
export async function executeWebhook(
	delivery: Delivery,
): Promise<{ result: Promise<Ended> } | undefined> {
	const { process, file, node, webhook, mode, request, response } = delivery;
	const { installation } = process;
	const additionalData = {
		...webhook.workflowExecuteAdditionalData,
		httpRequest: request,
		httpResponse: response,
	};
	const keys: IWorkflowDataProxyAdditionalKeys = {};
	const responseMode = evaluate(delivery, 'responseMode', keys, 'onReceived');
	if (responseMode !== 'onReceived') {
		throw new Error(`The test engine does not answer in the mode ${String(responseMode)}`);
	}
	const responseCode = Number(evaluate(delivery, 'responseCode', keys, 200));
	let hasResponded = false;
	const answer = (send: () => void): void => {
		if (hasResponded) return;
		hasResponded = true;
		delivery.beforeResponse();
		installation.heldBack -= 1;
		send();
	};
	installation.heldBack += 1;
	try {
		await readBody(delivery, keys);
		const { result, error } = await callWebhook(delivery, additionalData);
		if (error) {
			answer(() => {
				sendError(
					response,
					new n8nWorkflow.UnexpectedError('Workflow Webhook Error: Workflow could not be started!'),
				);
			});
		}
		if (result.noWebhookResponse) answer(() => undefined);
		if (result.workflowData === undefined) {
			const body: unknown = result.webhookResponse ?? { message: 'Webhook call received' };
			answer(() => {
				respond(response, body, responseCode);
			});
			return undefined;
		}
		const data = startingAt(node, result.workflowData);
		if (error) {
			const { message, stack } = error;
			const details = Object.assign({}, error, { message, stack });
			Object.assign(data.resultData, { lastNodeExecuted: node.name, error: details });
		}
		if (delivery.destination !== undefined && data.startData) {
			data.startData.destinationNode = { nodeName: delivery.destination, mode: 'inclusive' };
		}
		forgetChanges(delivery);
		const begin = await installation.prepare(process, { file, mode, data });
		const responseData = evaluate(delivery, 'responseData', keys, 'firstEntryJson');
		answer(() => {
			respond(response, bodyFor(responseData, result), responseCode);
		});
		return { result: begin() };
	} catch (thrown) {
		const error =
			thrown instanceof ResponseError && thrown.status < 500
				? thrown
				: new n8nWorkflow.OperationalError('There was a problem executing the workflow', {
						cause: ensureError(thrown),
					});
		answer(() => {
			sendError(response, error);
		});
		return undefined;
	}
}

/** `runWebhook` of webhook.service.js. A node that throws has an execution with its error. */
async function callWebhook(
	{ process, workflow, node, webhook, mode }: Delivery,
	additionalData: IWorkflowExecuteAdditionalData,
): Promise<{ result: IWebhookResponseData; error?: Error }> {
	const nodeType = process.nodeType(node);
	if (!nodeType.webhook) throw new Error('Node does not have any webhooks defined');
	const context = new n8nCore.WebhookContext(
		workflow,
		node,
		additionalData,
		mode,
		webhook,
		[],
		null,
	);
	try {
		return { result: await nodeType.webhook.call(context) };
	} catch (error) {
		return {
			result: { noWebhookResponse: true, workflowData: [[{ json: {} }]] },
			error: ensureError(error),
		};
	}
}

/** `parseRequestBody`: newer versions of a node read a body that n8n cannot parse by themselves. */
async function readBody(
	{ workflow, node, mode, request }: Delivery,
	keys: IWorkflowDataProxyAdditionalKeys,
): Promise<void> {
	if (node.typeVersion === 1) {
		const isBinary = workflow.expression.getSimpleParameterValue(
			node,
			'={{$parameter["options"]["binaryData"]}}',
			mode,
			keys,
			undefined,
			false,
		);
		if (isBinary) return;
	} else if (!isParsable(request.contentType)) return;
	await parseBody(request);
}

function isParsable(contentType = ''): boolean {
	return (
		/^(application\/json|text\/plain|application\/x-www-form-urlencoded)/.test(contentType) ||
		/[/+]xml$/.test(contentType)
	);
}

/** A property of the webhook's description, which may be an expression. */
function evaluate(
	{ workflow, node, webhook, mode }: Delivery,
	property: 'responseMode' | 'responseCode' | 'responseData',
	keys: IWorkflowDataProxyAdditionalKeys,
	defaultValue: string | number,
): unknown {
	const { webhookDescription } = webhook;
	const native = n8nWorkflow.resolveWebhookDescriptionField(node, webhookDescription, property);
	if (native.resolved) return native.value;
	return workflow.expression.getComplexParameterValue(
		node,
		webhookDescription[property],
		mode,
		keys,
		undefined,
		defaultValue,
	);
}

/**
 * `establishContextForPersistence` of workflow-runner.js makes another Workflow of the same static data,
 * which forgets that it was changed: what `webhook()` wrote is not saved when it starts an execution.
 */
function forgetChanges({ workflow }: Delivery): void {
	workflow.staticData.__dataChanged = false;
}

/** webhook-on-received-response-extractor.js */
function bodyFor(responseData: unknown, { webhookResponse }: IWebhookResponseData): unknown {
	if (responseData === 'noData') return undefined;
	if (responseData) return responseData;
	return webhookResponse ?? { message: 'Workflow was started' };
}

/** `sendStaticResponse` and `sendLegacyResponse` of webhook-request-handler.js. */
function respond(response: WebhookResponse, body: unknown, code: number): void {
	response.status(code);
	if (body instanceof Readable) body.pipe(response);
	else if (typeof body === 'string') response.send(body);
	else response.json(body);
}

const PRODUCTION_HINT =
	"The workflow must be active for a production URL to run successfully. You can activate the workflow using the toggle in the top-right of the editor. Note that unlike test URL calls, production URL calls aren't shown on the canvas (only in the executions list)";

/** errors/response-errors/webhook-not-found.error.js */
export function webhookNotFound(
	method: string,
	path: string,
	methods: string[],
	hint: string,
): ResponseError {
	if (methods.length === 0) {
		return new ResponseError(
			404,
			`The requested webhook "${method} ${path}" is not registered.`,
			hint,
		);
	}
	return new ResponseError(
		404,
		`This webhook is not registered for ${method} requests. Did you mean to make a ${methods.join(' or ')} request?`,
	);
}
