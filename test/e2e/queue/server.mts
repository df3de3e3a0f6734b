import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { environment, type SystemUser } from '../../../tools/n8n/command.mts';
import { atOurEnd } from '../../../tools/n8n/ending.mts';
import { until } from '../../../tools/n8n/session.mts';
import type { TemporaryFolder } from '../../../tools/n8n/temporaryFolder.mts';

export interface ServerOptions {
	readonly program: string;
	readonly args: readonly string[];
	/** Where it keeps everything. It is removed with it. */
	readonly folder: TemporaryFolder;
	/** Whom it runs as. Default: ourselves. */
	readonly user?: SystemUser;
}

/** What both PostgreSQL and Redis write to their logs. */
const READY = /ready to accept connections/i;

/** A server that n8n needs, as an ordinary process in a temporary folder. */
export class Server {
	private log = '';

	private constructor(
		private readonly child: ChildProcess,
		private readonly folder: TemporaryFolder,
	) {
		child.once(
			'close',
			atOurEnd(() => child.kill('SIGINT')),
		);
		const listen = (chunk: Buffer) => (this.log += chunk.toString());
		child.stdout?.on('data', listen);
		child.stderr?.on('data', listen);
	}

	/** Resolves when it is ready to work. */
	static async start({ program, args, folder, user }: ServerOptions): Promise<Server> {
		const child = spawn(program, args, {
			cwd: folder.path,
			env: environment(),
			stdio: ['ignore', 'pipe', 'pipe'],
			...user,
		});
		const server = new Server(child, folder);
		try {
			await until(`${program} is ready`, () => server.isReady());
		} catch (error) {
			await server.close();
			throw error;
		}
		return server;
	}

	/** Ends it at once (a "fast shutdown" of PostgreSQL); what it kept is gone. */
	async close(): Promise<void> {
		if (!this.hasEnded) {
			const ended = new Promise((resolve) => this.child.once('close', resolve));
			this.child.kill('SIGINT');
			await ended;
		}
		this.folder.remove();
	}

	private get hasEnded(): boolean {
		return this.child.exitCode !== null || this.child.signalCode !== null;
	}

	private isReady(): boolean {
		if (this.hasEnded) throw new Error(`${this.child.spawnfile} did not start:\n${this.log}`);
		return READY.test(this.log);
	}
}

/**
 * Where a program is.
 *
 * @param folders where to look for it first, before the PATH
 * @throws {Error} what to install, when it is nowhere
 */
export function findProgram(name: string, folders: readonly string[] = []): string {
	const path = (process.env.PATH ?? '').split(delimiter);
	const found = [...folders, ...path].map((folder) => join(folder, name)).find(existsSync);
	if (found !== undefined) return found;
	throw new Error(
		`${name} is not on this machine. The tests of queue mode need PostgreSQL and Redis. On Debian: apt-get install postgresql redis-server`,
	);
}
