import type { Simplified } from '../../shared/normalize/normalize';
import { httpsUrl } from '../../shared/parsers/text';
import { identifier, required, text } from '../declarations/field';
import type { Resource } from '../declarations/operation';

const webhookId = required(
	identifier('id', 'Webhook ID', {
		name: 'webhookId',
		placeholder: 'e.g. 9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d',
		description: "Cobalt's ID of the registration, as 'Get' gives it",
	}),
);

/** Each page of Cobalt's documents has its own names for these three fields (docs/api-notes.md). */
const registration: Simplified = [
	['webhook_id', 'id'],
	['webhook_url', 'url'],
	['webhook_secret', 'webhook_secret_key', 'secret'],
	'message',
];

export const webhook: Resource = {
	value: 'webhook',
	name: 'Webhook',
	defaultOperation: 'get',
	operations: [
		{
			kind: 'record',
			value: 'get',
			name: 'Get',
			action: 'Get webhooks of account',
			description: 'Read which addresses Cobalt delivers events to, and the secret that signs them',
			path: '/webhook',
			fields: [],
			simplified: ['webhook_urls', 'webhook_url', ['webhook_secret', 'webhook_secret_key']],
		},
		{
			kind: 'change',
			value: 'register',
			name: 'Register',
			action: 'Register webhook',
			description:
				"Have Cobalt deliver all events to an address. The item has the secret, if Cobalt's answer does.",
			method: 'POST',
			path: '/webhook',
			recordKey: 'webhook_id',
			fields: [
				required(
					text('webhook_url', 'Webhook URL', {
						placeholder: 'e.g. https://example.com/cobalt-events',
						read: httpsUrl,
					}),
				),
			],
			simplified: registration,
		},
		{
			kind: 'change',
			value: 'remove',
			name: 'Remove',
			action: 'Remove webhook',
			description: 'Stop the deliveries to an address. What was registered is gone.',
			method: 'DELETE',
			path: '/webhook/{id}',
			recordKey: 'webhook_id',
			fields: [webhookId],
		},
		{
			kind: 'change',
			value: 'rotateSecret',
			name: 'Rotate Secret',
			action: 'Rotate secret of webhook',
			description:
				'Have the deliveries to an address signed with a new secret. The old one works for 24 hours more.',
			method: 'POST',
			path: '/webhook/{id}/rotate-secret',
			recordKey: 'webhook_id',
			fields: [webhookId],
			simplified: registration,
		},
	],
};
