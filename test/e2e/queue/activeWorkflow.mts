import {
	eventually,
	itemsOf,
	type Session,
	type StoredExecution,
} from '../../../tools/n8n/session.mts';
import type { Member } from './member.mts';

/** What an active workflow needs to know of the n8n that it is in. */
interface Host {
	readonly session: Session;
	enqueuerOf(executionId: string): Promise<Member>;
	workerOf(executionId: string): Promise<Member>;
}

/** A workflow that is active, and what became of its executions. */
export class ActiveWorkflow {
	/** Executions that are over do not change any more: each is read once. */
	private readonly over = new Map<string, StoredExecution>();

	constructor(
		private readonly host: Host,
		readonly id: string,
	) {}

	/** The executions, when there are as many and all of them are over. */
	async ended(count: number): Promise<StoredExecution[]> {
		const ids = await eventually(`${count} executions of workflow ${this.id}`, async () => {
			const found = await this.executionIds();
			return found.length >= count ? found : undefined;
		});
		return await Promise.all(ids.map(async (id) => await this.execution(id)));
	}

	/** The IDs of the events that it was started with, in the node after its trigger. */
	async emitted(): Promise<unknown[]> {
		const executions = await this.ended(0);
		return executions.flatMap((one) => itemsOf(one, 'Told').map(({ event_id: id }) => id));
	}

	/** Resolves when it was started with all of these events. */
	async tells(eventIds: readonly string[], seconds?: number): Promise<void> {
		const ask = async () => {
			const emitted = new Set(await this.emitted());
			return eventIds.every((id) => emitted.has(id)) ? true : undefined;
		};
		await eventually(`the events ${eventIds.join()} are told`, ask, seconds);
	}

	/** The names of the processes that have put its executions into the queue. */
	async enqueuers(): Promise<string[]> {
		return await this.namesOf(async (id) => await this.host.enqueuerOf(id));
	}

	/** The names of the workers that have run its executions. */
	async workers(): Promise<string[]> {
		return await this.namesOf(async (id) => await this.host.workerOf(id));
	}

	/** Its executions, the oldest first. */
	async executionIds(): Promise<string[]> {
		return (await this.host.session.executions(this.id)).map(({ id }) => id);
	}

	private async namesOf(ask: (executionId: string) => Promise<Member>): Promise<string[]> {
		const members = await Promise.all((await this.executionIds()).map(ask));
		return [...new Set(members.map(({ name }) => name))].sort();
	}

	private async execution(id: string): Promise<StoredExecution> {
		const execution = this.over.get(id) ?? (await this.host.session.ended(id));
		this.over.set(id, execution);
		return execution;
	}
}
