import {
	UserError,
	type ICredentialDataDecryptedObject,
	type IHttpRequestOptions,
} from 'n8n-workflow';

import { isWithoutAccessToken } from './accessToken';
import { apiRoot } from './baseUrl';
import { credentialKey } from './credentialKeys';

/** Options of n8n's `httpRequest`, and of its older `request`, which the HTTP Request node uses. */
export type RequestOptions = IHttpRequestOptions & {
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

/**
 * A request with the keys of one account. They go to the base URL and nowhere else, whichever node sends it.
 *
 * @throws UserError for another address, and for a credential that cannot be used
 */
export function authenticated(
	credential: ICredentialDataDecryptedObject,
	requestOptions: RequestOptions,
): IHttpRequestOptions {
	const root = apiRoot(credential.baseUrl);
	const url = String(requestOptions.url || requestOptions.uri || '');
	const target = new URL(/^https?:/i.test(url) ? url : root + url);
	if (target.origin !== new URL(root).origin) {
		throw new UserError(`This credential can only be used for requests to ${root}`, {
			description: `Use a URL that starts with ${root}, or change 'Base URL' in the credential.`,
		});
	}
	const { access_token: accessToken, ...headers } = requestOptions.headers ?? {};
	return {
		...requestOptions,
		...WITHOUT_REDIRECTS,
		baseURL: undefined,
		uri: undefined,
		url: target.href,
		headers: {
			...headers,
			client_id: credentialKey(credential, 'clientId'),
			client_secret: credentialKey(credential, 'clientSecret'),
			...(!isWithoutAccessToken({ access_token: accessToken }) && {
				access_token: credentialKey(credential, 'accessToken'),
			}),
		},
	} as IHttpRequestOptions;
}
