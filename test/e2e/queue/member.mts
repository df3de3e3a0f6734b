import { N8nProcess, type N8nProcessOptions } from '../../../tools/n8n/process.mts';

/** One of the processes of an n8n in queue mode. It may be ended and started again, with what it has. */
export class Member {
	private running: Promise<N8nProcess> | undefined;
	private last: N8nProcess | undefined;

	constructor(
		readonly name: string,
		private readonly options: N8nProcessOptions & { readonly port: number },
	) {}

	get url(): string {
		return `http://127.0.0.1:${this.options.port}`;
	}

	/** What it has written to its log, over all of its lives. */
	get log(): string {
		return this.last?.log ?? '';
	}

	/** Resolves when it is ready to work. */
	async start(): Promise<void> {
		this.running = N8nProcess.start(this.options);
		this.last = await this.running;
	}

	/** Ends it at once, also while it starts (`kill -9`). */
	async kill(): Promise<void> {
		const process = await this.running?.catch(() => undefined);
		await process?.kill();
	}
}
