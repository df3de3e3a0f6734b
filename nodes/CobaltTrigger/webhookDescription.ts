import * as n8nWorkflow from 'n8n-workflow';
import type { IWebhookDescription, WebhookDescriptionField } from 'n8n-workflow';

/** Only in the mode *Webhook*, as an expression and as the function that is the same. */
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
 * n8n evaluates these in each delivery, by the functions where it knows them: a sandbox for the expressions takes it
 * longer than anything else. n8n 2.8 knows the expressions alone.
 */
const { webhookDescriptionFields }: Partial<typeof n8nWorkflow> = n8nWorkflow;

/** The trigger's one webhook. Its address and method are asked for by n8n for each delivery. */
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
