import type { Simplified } from '../../shared/normalize/normalize';
import { httpsUrl } from '../../shared/parsers/text';
import { identifier, required, text } from '../declarations/field';
import { GET_MANY, type Resource } from '../declarations/operation';

const webhookId = required(
	identifier('id', 'Webhook ID', {
		name: 'webhookId',
		placeholder: 'e.g. 9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d',
		description: "The webhook's Cobalt ID, returned by 'Create' and 'Get Many'",
	}),
);

/** Cobalt's pages name these three fields differently (docs/api-notes.md, "What the documents disagree on"). */
const registration: Simplified = [
	['webhook_id', 'id'],
	['webhook_url', 'url'],
	['webhook_secret', 'webhook_secret_key', 'secret'],
	'message',
];

export const webhook: Resource = {
	value: 'webhook',
	name: 'Webhook',
	defaultOperation: GET_MANY,
	operations: [
		{
			kind: 'change',
			value: 'create',
			name: 'Create',
			action: 'Create webhook',
			description:
				'Create a webhook: Cobalt delivers all events to its URL. Returns the signing secret if Cobalt sends it.',
			method: 'POST',
			path: '/webhook',
			recordKey: 'webhook_id',
			fields: [
				required(
					text('webhook_url', 'Webhook URL', {
						placeholder: 'e.g. https://example.com/cobalt-events',
						description: 'The HTTPS URL that Cobalt delivers events to',
						read: httpsUrl,
					}),
				),
			],
			simplified: registration,
		},
		{
			kind: 'change',
			value: 'delete',
			name: 'Delete',
			action: 'Delete webhook',
			description: 'Delete a webhook. Cobalt stops delivering events to its URL.',
			method: 'DELETE',
			path: '/webhook/{id}',
			recordKey: 'webhook_id',
			fields: [webhookId],
		},
		{
			kind: 'list',
			value: GET_MANY,
			name: 'Get Many',
			action: 'Get many webhooks',
			description:
				'Retrieve a list of the URLs that Cobalt delivers events to, with the secret that signs them',
			path: '/webhook',
			key: 'webhook_urls',
			shared: ['webhook_secret', 'webhook_secret_key'],
			fields: [],
			simplified: [
				['webhook_url', 'url', 'value'],
				['webhook_id', 'id'],
				['webhook_secret', 'webhook_secret_key'],
			],
		},
		{
			kind: 'change',
			value: 'rotateSecret',
			name: 'Rotate Secret',
			action: 'Rotate webhook secret',
			description:
				'Replace the secret that Cobalt signs deliveries with. The old one stays valid for 24 hours.',
			method: 'POST',
			path: '/webhook/{id}/rotate-secret',
			recordKey: 'webhook_id',
			fields: [webhookId],
			simplified: registration,
		},
	],
};
