import type { INodeProperties } from 'n8n-workflow';

/**
 * Any field may be an expression, which n8n cannot always resolve without an item. With this setting, n8n
 * drops an unresolved field, and this package names it; without it, n8n refuses the whole credential.
 */
export const MAY_BE_UNRESOLVED = { ignoreCredentialExpressionResolveError: true };

/** The keys of the client, which are the same for all of its clinics. */
export const clientKeys: INodeProperties[] = [
	{
		displayName: 'Client ID',
		name: 'clientId',
		type: 'string',
		typeOptions: MAY_BE_UNRESOLVED,
		default: '',
		required: true,
		placeholder: 'e.g. ci_live_…',
		description: 'From your Cobalt account. The same for all of your clinics.',
	},
	{
		displayName: 'Client Secret',
		name: 'clientSecret',
		type: 'string',
		typeOptions: { password: true, ...MAY_BE_UNRESOLVED },
		default: '',
		required: true,
		placeholder: 'e.g. cs_live_…',
		description: 'From your Cobalt account, together with the client ID',
	},
];

/** Settings for all requests with a credential. */
export const clientSettings: INodeProperties[] = [
	{
		displayName: 'Webhook Secret',
		name: 'webhookSecret',
		type: 'string',
		typeOptions: { password: true, ...MAY_BE_UNRESOLVED },
		default: '',
		description:
			'Only for a Cobalt Trigger with manual webhook registration: the secret that Cobalt signs deliveries with',
	},
	{
		displayName: 'Read-Only',
		name: 'readOnly',
		type: 'boolean',
		typeOptions: MAY_BE_UNRESOLVED,
		default: false,
		description:
			'Whether the Cobalt nodes refuse everything that would change something in the EHR or at Cobalt, also when an AI agent asks for it. The HTTP Request node does not know this switch.',
	},
	{
		displayName: 'Base URL',
		name: 'baseUrl',
		type: 'string',
		typeOptions: MAY_BE_UNRESOLVED,
		default: 'https://api.usecobalt.com',
		required: true,
		description:
			'Only change this if Cobalt gave you another URL. If the test shows ENOTFOUND or ECONNREFUSED, n8n cannot reach this host.',
	},
];
