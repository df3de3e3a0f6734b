/** Where a URL leads, whatever way it is written; undefined for what is none. */
function partsOf(url: string): { host: string; path: string } | undefined {
	const typed = url.trim();
	if (!URL.canParse(typed)) return undefined;
	// This brings the host and a default port into one form, punycode included.
	const { protocol, hostname, port, pathname, search } = new URL(typed);
	const path = `${decoded(pathname).replace(/\/+/g, '/').replace(/\/$/, '')}${search}`;
	return {
		host: `${protocol}//${hostname.replace(/\.$/, '')}:${port}`,
		path: path.toLowerCase(),
	};
}

/** Whether two URLs lead to the same place. Of n8n's paths, no two differ in capitals alone. */
export function isSameAddress(one: string, other: string): boolean {
	return one === other || (isSamePath(one, other) && partsOf(one)?.host === partsOf(other)?.host);
}

/** The same for the path alone, which has the ID of n8n's webhook in it. */
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
