import { UserError } from 'n8n-workflow';

import { parseUrl } from '../../url';
import { onlyVisible } from '../../visibleText';

/** Begins the path of every endpoint. */
export const API_VERSION = '/v1';

/** The URL of a path that does not begin with the version. */
export const unversionedUrl = (baseUrl: unknown, path: string): string =>
	apiRoot(baseUrl).slice(0, -API_VERSION.length) + path;

/** Addresses that never leave the machine: only these may be used without TLS. */
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether nobody in between can read what is sent to an address: it is encrypted or stays on this machine. */
export function isPrivateWay({ protocol, hostname }: URL): boolean {
	return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

/**
 * The API root for a base URL as people type it: with or without `/v1` and trailing slashes, with a path in
 * front (a gateway), and with invisible characters from copying.
 *
 * @returns for example `https://api.usecobalt.com/v1`
 * @throws UserError when the text is not a URL, is not https (loopback addresses excepted), or
 *   carries a user name, a query or a fragment
 */
export function apiRoot(baseUrl: unknown): string {
	if (last === undefined || last.baseUrl !== baseUrl) last = { baseUrl, root: rootOf(baseUrl) };
	return last.root;
}

/** Cached because n8n authenticates each request anew, and nearly all of them have the same base URL. */
let last: { baseUrl: unknown; root: string } | undefined;

function rootOf(baseUrl: unknown): string {
	// An expression may return anything, even a list whose text happens to be a URL.
	const typed = typeof baseUrl === 'string' ? onlyVisible(baseUrl) : '';
	const url = parseUrl(typed);
	if (url === undefined) {
		throw new UserError("'Base URL' in the Cobalt credential is not a URL", {
			description: 'Enter a URL such as https://api.usecobalt.com.',
		});
	}
	if (!isPrivateWay(url)) {
		throw new UserError("'Base URL' in the Cobalt credential must start with https://", {
			description:
				'Keys and patient data are only sent encrypted: http:// is only allowed for localhost.',
		});
	}
	if (url.username || url.password || url.search || url.hash) {
		throw new UserError("'Base URL' in the Cobalt credential may only contain a host and a path", {
			description:
				'Remove user names, query parameters (?) and fragments (#), as in https://api.usecobalt.com.',
		});
	}
	const path = url.pathname.replace(/\/+$/, '');
	return url.origin + (path.endsWith(API_VERSION) ? path : path + API_VERSION);
}
