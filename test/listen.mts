import { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * Listens on this machine until the test is over.
 *
 * @returns the port
 */
export async function listen(server: Server): Promise<number> {
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	onTestFinished(() => {
		server.close();
		if (server instanceof HttpServer) server.closeAllConnections();
	});
	return (server.address() as AddressInfo).port;
}
