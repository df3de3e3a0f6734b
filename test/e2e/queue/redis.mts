import { freePort } from '../../../tools/n8n/ports.mts';
import { temporaryFolder } from '../../../tools/n8n/temporaryFolder.mts';
import { findProgram, Server } from './server.mts';

export interface Redis {
	readonly port: number;
	readonly server: Server;
}

/** Starts a Redis of its own, on this machine only. It keeps nothing on the disk. */
export async function startRedis(): Promise<Redis> {
	const program = findProgram('redis-server');
	const folder = temporaryFolder('n8n-redis-');
	const port = await freePort();
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path, '--save', ''];
	return { port, server: await Server.start({ program, args, folder }) };
}
