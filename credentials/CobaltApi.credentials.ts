import type {
	IAuthenticate,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

import { authenticated, type RequestOptions } from '../nodes/shared/http/credential/authenticated';
import { clientKeys, clientSettings, MAY_BE_UNRESOLVED } from './clientFields';

export class CobaltApi implements ICredentialType {
	name = 'cobaltApi';

	displayName = 'Cobalt API';

	icon: Icon = { light: 'file:../icons/cobalt.svg', dark: 'file:../icons/cobalt.dark.svg' };

	documentationUrl = 'https://docs.usecobalt.com/docs/authentication';

	properties: INodeProperties[] = [
		...clientKeys,
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true, ...MAY_BE_UNRESOLVED },
			default: '',
			required: true,
			description:
				'From Cobalt Link. Each token belongs to one EHR login. For several clinics, use the credential "Cobalt Multiple Clinics API", or an expression that gives the token of each item.',
		},
		...clientSettings,
	];

	/**
	 * A function instead of n8n's declarative form, because the keys must go to the base URL and nowhere
	 * else, whichever node uses this credential (the HTTP Request node can, too).
	 */
	authenticate: IAuthenticate = async (credentials, requestOptions: RequestOptions) =>
		authenticated(credentials, requestOptions);

	/**
	 * The event log is the endpoint that this package needs most. It requires all three keys, and responds with
	 * 200 for an empty account (the settings respond with 404).
	 *
	 * The status for wrong keys is not documented (docs/api-notes.md, "What the documents do not say"), so the
	 * body decides if it is Cobalt's. The statuses in `except` are not about keys, and are reported by name. The
	 * first matching rule wins.
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
						'The keys are valid, but the EHR login for this access token has expired. Reconnect the EHR through Cobalt Link (update mode).',
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'success',
					value: false,
					message:
						"Cobalt rejected the keys. Check 'Client ID', 'Client Secret' and 'Access Token'.",
				},
			},
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'webhook_events',
					value: undefined,
					message: "The server at 'Base URL' is not the Cobalt API. Check 'Base URL'.",
				},
			},
		],
	};
}
