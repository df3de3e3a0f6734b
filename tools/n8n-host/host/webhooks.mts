import type {
	INode,
	IWebhookData,
	IWebhookDescription,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { engineLogger, n8nCore, n8nWorkflow } from '../n8n.mts';
import { WORKFLOW_ID } from '../workflow.mts';
import type { N8nProcess } from './process.mts';

/** A property of a webhook's description, which may be an expression. */
function evaluate(
	workflow: Workflow,
	node: INode,
	description: IWebhookDescription,
	property: string,
	defaultValue?: string | boolean,
): unknown {
	const native = n8nWorkflow.resolveWebhookDescriptionField(node, description, property);
	if (native.resolved) return native.value;
	return workflow.expression.getSimpleParameterValue(
		node,
		description[property],
		'internal',
		{},
		undefined,
		defaultValue,
	);
}

/** `getNodeWebhooks` of webhook.service.js, for webhooks that start workflows. */
export function webhooksOf(
	process: N8nProcess,
	workflow: Workflow,
	node: INode,
	additionalData: IWorkflowExecuteAdditionalData,
): IWebhookData[] {
	if (node.disabled) return [];
	const webhooks: IWebhookData[] = [];
	for (const description of process.nodeType(node).description.webhooks ?? []) {
		if (description.restartWebhook) continue;
		const given = evaluate(workflow, node, description, 'path');
		if (given === undefined || given === null) {
			engineLogger.error(
				`No webhook path could be found for node "${node.name}" in workflow "${WORKFLOW_ID}".`,
			);
			continue;
		}
		const path = n8nWorkflow.NodeHelpers.getNodeWebhookPath(
			WORKFLOW_ID,
			node,
			textOf(given).trim().replace(/^\//, '').replace(/\/$/, ''),
			evaluate(workflow, node, description, 'isFullPath', false) === true,
		);
		const methods = evaluate(workflow, node, description, 'httpMethod', 'GET');
		if (methods === undefined) {
			engineLogger.error(
				`The webhook "${path}" for node "${node.name}" in workflow "${WORKFLOW_ID}" could not be added because the httpMethod is not defined.`,
			);
			continue;
		}
		// An empty method means no webhook: that is how a node has none in one of its modes.
		for (const method of textOf(methods).split(',').filter(Boolean)) {
			webhooks.push({
				httpMethod: method.trim() as IWebhookData['httpMethod'],
				node: node.name,
				path,
				webhookDescription: description,
				workflowId: WORKFLOW_ID,
				workflowExecuteAdditionalData: additionalData,
			});
		}
	}
	return webhooks;
}

/** Like n8n's `toString` of a value. */
function textOf(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `runWebhookMethod` of webhook.service.js: one of the node's `webhookMethods`. */
async function callMethod(
	method: 'checkExists' | 'create' | 'delete',
	process: N8nProcess,
	workflow: Workflow,
	webhook: IWebhookData,
	mode: WorkflowExecuteMode,
	activation: WorkflowActivateMode,
): Promise<boolean | undefined> {
	const node = workflow.getNode(webhook.node);
	if (!node) return undefined;
	const { name } = webhook.webhookDescription;
	const call = process.nodeType(node).webhookMethods?.[name]?.[method];
	const context = new n8nCore.HookContext(
		workflow,
		node,
		webhook.workflowExecuteAdditionalData,
		mode,
		activation,
		webhook,
	);
	return await call?.call(context);
}

export async function createIfNotExists(
	process: N8nProcess,
	workflow: Workflow,
	webhook: IWebhookData,
	mode: 'trigger' | 'manual',
	activation: WorkflowActivateMode,
): Promise<void> {
	const exists = await callMethod('checkExists', process, workflow, webhook, mode, activation);
	if (!exists) await callMethod('create', process, workflow, webhook, mode, activation);
}

/** n8n always passes the same activation mode, even on deactivation and after a test. */
export async function deleteWebhook(
	process: N8nProcess,
	workflow: Workflow,
	webhook: IWebhookData,
): Promise<void> {
	await callMethod('delete', process, workflow, webhook, 'internal', 'update');
}
