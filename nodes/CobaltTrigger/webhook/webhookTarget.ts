import { parseUrl } from '../../shared/url';

/** Host and path of a URL, normalized; undefined for anything else. */
function partsOf(url: string): { host: string; path: string } | undefined {
	const parsed = parseUrl(url.trim());
	if (parsed === undefined) return undefined;
	// URL normalizes the host (lower case, punycode) and leaves out a default port.
	const { protocol, hostname, port, pathname, search } = parsed;
	const path = `${decoded(pathname).replace(/\/+/g, '/').replace(/\/$/, '')}${search}`;
	return {
		host: `${protocol}//${hostname.replace(/\.$/, '')}:${port}`,
		path: path.toLowerCase(),
	};
}

/** Whether two URLs are the same address. No two paths of n8n differ only in case. */
export function isSameAddress(one: string, other: string): boolean {
	return one === other || (isSamePath(one, other) && partsOf(one)?.host === partsOf(other)?.host);
}

/** Like {@link isSameAddress} for the path alone, which contains the id of n8n's webhook. */
export function isSamePath(one: string, other: string): boolean {
	const path = partsOf(one)?.path;
	return path !== undefined && path === partsOf(other)?.path;
}

function decoded(path: string): string {
	try {
		return decodeURI(path);
	} catch {
		return path;
	}
}
