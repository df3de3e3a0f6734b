import {
	UserError,
	type IAuthenticate,
	type ICredentialTestRequest,
	type ICredentialType,
	type Icon,
	type IHttpRequestOptions,
	type INodeProperties,
} from 'n8n-workflow';

import { isWithoutAccessToken } from '../nodes/shared/http/credential/accessToken';
import { apiRoot } from '../nodes/shared/http/credential/baseUrl';
import { credentialKey } from '../nodes/shared/http/credential/credentialKeys';

/**
 * Any field may be an expression. Without an item, n8n then drops what it cannot resolve, and this package
 * names the field; without this setting, n8n refuses the whole credential.
 */
const MAY_BE_UNRESOLVED = { ignoreCredentialExpressionResolveError: true };

/** Options of n8n's `httpRequest`, and of its older `request`, which the HTTP Request node uses. */
type RequestOptions = IHttpRequestOptions & {
	uri?: string | URL;
	followRedirect?: boolean;
	followAllRedirects?: boolean;
};

/**
 * A redirect may lead anywhere, and n8n's HTTP client would send the keys there. Each of its interfaces has
 * its own option against that (n8n-core, request-helpers).
 */
const WITHOUT_REDIRECTS = {
	disableFollowRedirect: true,
	followRedirect: false,
	followAllRedirects: false,
	maxRedirects: 0,
} satisfies Partial<RequestOptions>;

export class CobaltApi implements ICredentialType {
	name = 'cobaltApi';

	displayName = 'Cobalt API';

	icon: Icon = { light: 'file:../icons/cobalt.svg', dark: 'file:../icons/cobalt.dark.svg' };

	documentationUrl = 'https://docs.usecobalt.com/docs/authentication';

	properties: INodeProperties[] = [
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			typeOptions: MAY_BE_UNRESOLVED,
			default: '',
			required: true,
			placeholder: 'e.g. ci_live_…',
			description: 'From your Cobalt account. It is the same for all your clinics.',
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
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true, ...MAY_BE_UNRESOLVED },
			default: '',
			required: true,
			description:
				'Stands for one EHR login, and comes from Cobalt Link. Make one credential for each login, or use an expression that gives the token of each item.',
		},
		{
			displayName: 'Webhook Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true, ...MAY_BE_UNRESOLVED },
			default: '',
			description:
				'Only for a Cobalt Trigger whose webhook was registered by hand: the secret with which Cobalt signs what it delivers',
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
				'Where the Cobalt API is. Leave as it is unless Cobalt gave you another address. If the test answers ENOTFOUND or ECONNREFUSED, this host cannot be reached from n8n.',
		},
	];

	/**
	 * A function instead of n8n's declarative form, because the keys must go to the base URL and nowhere
	 * else, whichever node uses this credential (the HTTP Request node can, too).
	 */
	authenticate: IAuthenticate = async (credentials, requestOptions: RequestOptions) => {
		const root = apiRoot(credentials.baseUrl);
		const url = String(requestOptions.url || requestOptions.uri || '');
		const target = new URL(/^https?:/i.test(url) ? url : root + url);
		if (target.origin !== new URL(root).origin) {
			throw new UserError('Cobalt keys are only sent to the Base URL of the Cobalt credential', {
				description: `Requests with this credential can go to ${root} alone.`,
			});
		}
		const { access_token: left, ...headers } = requestOptions.headers ?? {};
		return {
			...requestOptions,
			...WITHOUT_REDIRECTS,
			baseURL: undefined,
			uri: undefined,
			url: target.href,
			headers: {
				...headers,
				client_id: credentialKey(credentials, 'clientId'),
				client_secret: credentialKey(credentials, 'clientSecret'),
				...(!isWithoutAccessToken({ access_token: left }) && {
					access_token: credentialKey(credentials, 'accessToken'),
				}),
			},
		};
	};

	/**
	 * The event log is the endpoint that this package needs most. It requires all three keys, and responds
	 * with 200 on an empty account (settings respond with 404 there).
	 *
	 * The status for unknown keys is not documented, so the body decides if Cobalt wrote one. The statuses
	 * in `except` are not about keys and show their own names. The first rule that matches wins.
	 */
	test: ICredentialTestRequest = {
		request: {
			url: '/webhook-events',
			qs: { page_size: 1 },
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: { ignore: true, except: [404, 408, 429, 500, 502, 503, 504] },
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'error',
					value: 'login_required',
					message:
						'The keys are right, but the EHR login behind this access token has expired. Renew it through Cobalt Link (update mode).',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'success',
					value: false,
					message:
						'Cobalt does not accept these keys. Check Client ID, Client Secret and Access Token.',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'webhook_events',
					value: undefined,
					message: 'The server at Base URL did not answer like the Cobalt API. Check Base URL.',
				},
			},
		],
	};
}
