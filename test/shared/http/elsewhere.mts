import { createServer, type IncomingHttpHeaders } from 'node:http';

import { listen } from '../../listen.mts';

/**
 * Opens a server that is not Cobalt, for redirects to lead to.
 *
 * @returns its URL, and the headers of each request that it has received
 */
export async function openElsewhere() {
	const visitors: IncomingHttpHeaders[] = [];
	const server = createServer((request, response) => {
		visitors.push(request.headers);
		response.end('{}');
	});
	const port = await listen(server);
	return { location: `http://127.0.0.1:${port}/`, visitors };
}
