import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';

import { environment } from './command.mts';
import { atOurEnd } from './ending.mts';
import type { Installation } from './installation.mts';
import { freePort } from './ports.mts';

/** The kinds of n8n processes: in queue mode, main has workers and webhook processes beside it. */
export type N8nCommand = 'start' | 'worker' | 'webhook';

export interface N8nProcessOptions {
	readonly installation: Installation;
	readonly command?: N8nCommand;
	/** Its database (if SQLite), its keys and its community nodes. One folder per process. */
	readonly userFolder: string;
	/** The port of the editor, the webhooks, or a worker's health check. Default: any free port. */
	readonly port?: number;
	/** More of n8n's environment variables. */
	readonly env?: Readonly<Record<string, string>>;
}

const READINESS = '/healthz/readiness';

/** The path that answers when a process is ready. An older n8n serves its REST API only seconds after it says so. */
const PROBES: Record<N8nCommand, readonly string[]> = {
	start: [READINESS, '/rest/settings'],
	worker: [READINESS],
	webhook: [READINESS],
};

/** How long a start may take; observed: 4 to 24 s. */
const START_SECONDS = 180;

/** How long a process may take to end after SIGTERM before it is killed. */
const STOP_SECONDS = 15;

/** A running n8n process, without telemetry and templates, reachable on this machine only. */
export class N8nProcess {
	private constructor(
		readonly url: string,
		private readonly child: ChildProcess,
		private readonly logFile: string,
		private readonly probes: readonly string[],
	) {
		child.once(
			'exit',
			atOurEnd(() => child.kill('SIGKILL')),
		);
	}

	/** Starts n8n. Resolves when it is ready, with its database migrated. */
	static async start(options: N8nProcessOptions): Promise<N8nProcess> {
		const started = await N8nProcess.launch(options);
		await started.ready();
		return started;
	}

	/** Starts n8n. Resolves at once, while it is starting. */
	static async launch({
		installation,
		command = 'start',
		userFolder,
		port: wanted,
		env,
	}: N8nProcessOptions): Promise<N8nProcess> {
		const port = wanted ?? (await freePort());
		mkdirSync(userFolder, { recursive: true });
		const logFile = join(userFolder, `${command}.log`);
		const log = openSync(logFile, 'a');
		const child = spawn(installation.node, [installation.n8n, command], {
			cwd: userFolder,
			env: {
				...environment(),
				PATH: installation.path,
				N8N_USER_FOLDER: userFolder,
				N8N_HOST: '127.0.0.1',
				N8N_LISTEN_ADDRESS: '127.0.0.1',
				N8N_PROTOCOL: 'http',
				N8N_PORT: String(port),
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				QUEUE_HEALTH_CHECK_PORT: String(port),
				N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
				// Each process has a broker for code nodes, on its own port.
				N8N_RUNNERS_BROKER_PORT: String(await freePort()),
				N8N_ENCRYPTION_KEY: 'only-for-trying-n8n-nodes-cobalt',
				N8N_SECURE_COOKIE: 'false',
				N8N_LOG_LEVEL: 'info',
				N8N_DIAGNOSTICS_ENABLED: 'false',
				N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
				N8N_TEMPLATES_ENABLED: 'false',
				N8N_PERSONALIZATION_ENABLED: 'false',
				N8N_HIRING_BANNER_ENABLED: 'false',
				N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
				GENERIC_TIMEZONE: 'UTC',
				TZ: 'UTC',
				...env,
			},
			stdio: ['ignore', log, log],
		});
		closeSync(log);
		return new N8nProcess(`http://127.0.0.1:${port}`, child, logFile, PROBES[command]);
	}

	/** Everything it has logged since the user folder was created. */
	get log(): string {
		return readFileSync(this.logFile, 'utf8');
	}

	/** Shuts it down with SIGTERM. */
	async stop(): Promise<void> {
		this.child.kill('SIGTERM');
		await Promise.race([this.ended(), sleep(STOP_SECONDS * 1000, undefined, { ref: false })]);
		await this.kill();
	}

	/** Ends it at once with `kill -9`: it cannot log or save anything. */
	async kill(): Promise<void> {
		this.child.kill('SIGKILL');
		await this.ended();
	}

	private get hasEnded(): boolean {
		return this.child.exitCode !== null || this.child.signalCode !== null;
	}

	private async ended(): Promise<void> {
		if (this.hasEnded) return;
		await new Promise((resolve) => this.child.once('exit', resolve));
	}

	/** @throws {Error} if it ends before that */
	async ready(): Promise<void> {
		const deadline = Date.now() + START_SECONDS * 1000;
		// Another program may answer on a port that n8n could not get.
		while (this.hasEnded || !(await this.isReady())) {
			if (this.hasEnded || Date.now() > deadline) {
				await this.kill();
				throw new Error(`n8n did not start:\n${this.log.split('\n').slice(-30).join('\n')}`);
			}
			await sleep(200);
		}
	}

	private async isReady(): Promise<boolean> {
		try {
			for (const probe of this.probes) await axios.get(this.url + probe, { timeout: 5000 });
			return true;
		} catch {
			return false;
		}
	}
}
