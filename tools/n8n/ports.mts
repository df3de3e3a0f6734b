import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Finds a free port of this machine. It lies below the ports that the system gives to outgoing connections, so that it
 * is still free when a program starts to listen on it seconds later.
 *
 * @param preferred is returned if it is free
 */
export async function freePort(preferred?: number): Promise<number> {
	if (preferred !== undefined && (await isFree(preferred))) return preferred;
	for (;;) {
		const port = randomInt(20_000, 32_000);
		if (await isFree(port)) return port;
	}
}

async function isFree(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => {
			resolve(false);
		});
		server.listen(port, '127.0.0.1', () => {
			server.close(() => {
				resolve(true);
			});
		});
	});
}
