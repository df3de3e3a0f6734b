import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { atOurEnd } from '../../tools/n8n/ending.mts';
import type { Installation } from '../../tools/n8n/installation.mts';

/** A process with the engine of a whole n8n, and with this package loaded into it. */
export class EngineProcess<Task, Result> {
	private constructor(private readonly child: ChildProcess) {}

	/**
	 * @param script exports nothing: it answers each message with one, see {@link answerTasks}
	 * @param packageFolder where this package, or another build of it, is unpacked
	 */
	static async start<Task, Result>(
		script: URL,
		{ node, folder }: Installation,
		packageFolder: string,
	): Promise<EngineProcess<Task, Result>> {
		const modules = join(folder, 'node_modules');
		const child = fork(script, {
			execPath: node,
			execArgv: ['--import', import.meta.resolve('tsx'), '--expose-gc'],
			env: {
				...process.env,
				N8N_MODULES: modules,
				COBALT_PACKAGE: packageFolder,
				// How n8n lets community packages find its own (load-nodes-and-credentials.js).
				NODE_PATH: modules,
			},
			stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
		});
		const forget = atOurEnd(() => child.kill('SIGKILL'));
		child.once('exit', forget);
		await once(child, 'message');
		return new EngineProcess(child);
	}

	/** @throws {Error} if the process ends instead */
	async run(task: Task & object): Promise<Result> {
		const { child } = this;
		const ended = new AbortController();
		const answered = once(child, 'message', { signal: ended.signal });
		const onExit = () => {
			ended.abort(new Error('The engine ended'));
		};
		child.once('exit', onExit);
		child.send(task);
		const [response] = (await answered) as [{ result: Result } | { error: string }];
		child.off('exit', onExit);
		if ('error' in response) throw new Error(response.error);
		return response.result;
	}

	async stop(): Promise<void> {
		const gone = once(this.child, 'exit');
		this.child.disconnect();
		await gone;
	}
}

/** The other end of an {@link EngineProcess}: carries out one task after the other. */
export function respondToTasks(carryOut: (task: unknown) => Promise<object>): void {
	const send = (message: object) => process.send?.(message);
	process.on('message', (task) => {
		carryOut(task).then(
			(result) => send({ result }),
			(error: unknown) => send({ error: error instanceof Error ? error.stack : String(error) }),
		);
	});
	send({ ready: true });
}

/** Time and processor time of a piece of work, in milliseconds. */
export interface Cost {
	ms: number;
	cpuMs: number;
}

export async function costOf<T>(work: () => Promise<T>): Promise<Cost & { value: T }> {
	globalThis.gc?.();
	const cpu = process.cpuUsage();
	const start = performance.now();
	const value = await work();
	const ms = performance.now() - start;
	const { user, system } = process.cpuUsage(cpu);
	return { ms, cpuMs: (user + system) / 1000, value };
}
