import { chownSync, existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { run, type SystemUser } from '../../../tools/n8n/command.mts';
import { freePort } from '../../../tools/n8n/ports.mts';
import { temporaryFolder } from '../../../tools/n8n/temporaryFolder.mts';
import { findProgram, Server } from './server.mts';

export interface Postgres {
	readonly port: number;
	readonly server: Server;
}

/** Debian has a folder for each release in here, and none of them in the PATH. */
const RELEASES = '/usr/lib/postgresql';

/**
 * Starts a PostgreSQL of its own, on this machine only, with the superuser and the database `postgres` and
 * no password. It does not wait for the disk: nothing in it is kept.
 */
export async function startPostgres(): Promise<Postgres> {
	const initdb = findProgram('initdb', releases());
	const folder = temporaryFolder('n8n-postgres-');
	try {
		const user = await postgresUser();
		if (user) chownSync(folder.path, user.uid, user.gid);
		const data = join(folder.path, 'data');
		await run(
			initdb,
			['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
			{ cwd: folder.path, user },
		);
		const port = await freePort();
		const settings = [
			...['listen_addresses=127.0.0.1', `unix_socket_directories=${folder.path}`],
			...['fsync=off', 'synchronous_commit=off'],
		];
		const args = ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])];
		const program = join(dirname(initdb), 'postgres');
		return { port, server: await Server.start({ program, args, folder, user }) };
	} catch (error) {
		folder.remove();
		throw error;
	}
}

/** The newest first. */
function releases(): string[] {
	if (!existsSync(RELEASES)) return [];
	return readdirSync(RELEASES)
		.sort((one, other) => Number(other) - Number(one))
		.map((release) => join(RELEASES, release, 'bin'));
}

/** PostgreSQL refuses to run as root. Its Debian package brings a user for it. */
async function postgresUser(): Promise<SystemUser | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const ask = async (what: string) =>
		Number(await run('id', [what, 'postgres'], { cwd: tmpdir() }));
	return { uid: await ask('-u'), gid: await ask('-g') };
}
