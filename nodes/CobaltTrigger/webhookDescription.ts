import * as n8nWorkflow from 'n8n-workflow';
import type { IWebhookDescription, WebhookDescriptionField } from 'n8n-workflow';

/** What differs between the modes, as an expression and as an equivalent function. */
const fields: Record<'httpMethod' | 'ndvHideUrl', WebhookDescriptionField> = {
	httpMethod: {
		template: '={{ $parameter["mode"] === "webhook" ? "POST" : "" }}',
		resolve: ({ mode }) => (mode === 'webhook' ? 'POST' : ''),
	},
	ndvHideUrl: {
		template: '={{ $parameter["mode"] !== "webhook" }}',
		resolve: ({ mode }) => mode !== 'webhook',
	},
};

/**
 * n8n evaluates these for each delivery. Newer versions use the functions, because the sandbox for
 * expressions is the slowest part of a delivery; n8n 2.8 only knows the expressions.
 */
const { webhookDescriptionFields }: Partial<typeof n8nWorkflow> = n8nWorkflow;

/** The trigger's only webhook. n8n evaluates its address and method for each delivery. */
export const webhookDescription: IWebhookDescription = {
	name: 'default',
	path: 'webhook',
	responseMode: 'onReceived',
	// Anything else would replace the response of `webhook()`.
	responseData: '',
	...(webhookDescriptionFields?.(fields) ?? {
		httpMethod: fields.httpMethod.template,
		ndvHideUrl: fields.ndvHideUrl.template,
	}),
};
