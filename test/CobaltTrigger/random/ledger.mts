import type { IDataObject } from 'n8n-workflow';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import type { Host } from '../../../tools/n8n-host/host.mts';
import { Chance } from '../../faults/random/chance.mts';
import { drawEvent, isAskedFor, type Filter } from './events.mts';
import type { Burst } from './plan.mts';

/** What happened, and when: epoch milliseconds of the true time, but for `createdAt`. */
export interface Entry {
	/** Its id, or what stands for it where it has none. */
	name: string;
	happenedAt: number;
	listedAt: number;
	/** By Cobalt's clock. */
	createdAt: number;
	isAskedFor: boolean;
}

/** Lets events happen, and writes down which of them the workflow has to be told. */
export class Ledger {
	readonly entries: Entry[] = [];

	/** How often each event has reached the node after the trigger, by its name. */
	readonly told = new Map<string, number>();

	/** What each run got, in its order: the times of the events as they are told. */
	readonly runs: IDataObject[][] = [];

	readonly #chance: Chance;
	#executions = 0;

	constructor(
		private readonly cobalt: Cobalt,
		private readonly filter: Filter,
		private readonly seed: number,
		private readonly skewMs: number,
	) {
		this.#chance = new Chance(seed ^ 0x5eed);
	}

	/** One event, now. */
	happen({ lateSeconds, copies, aheadSeconds }: Omit<Burst, 'count'>, isListedLater = false): void {
		const tag = `${this.seed}.${this.entries.length}`;
		const event = drawEvent(this.#chance, tag);
		const now = Date.now();
		const lateMs = lateSeconds * 1000;
		const happenedAt = isListedLater ? now : now - lateMs;
		const createdAt = happenedAt + this.skewMs + aheadSeconds * 1000;
		const isAhead = aheadSeconds > 0;
		this.cobalt.world.addEvent(
			{ ...event, ...(isAhead && { created: new Date(createdAt).toISOString() }) },
			{ at: happenedAt, lateBySeconds: lateSeconds, copies },
		);
		this.entries.push({
			name: event.id === '' ? tag : (event.id ?? tag),
			happenedAt,
			listedAt: happenedAt + lateMs,
			createdAt,
			isAskedFor: isAskedFor(event, this.filter),
		});
	}

	/** Notes what has been told since it was asked last. */
	look(host: Host): void {
		const { executions } = host;
		for (; this.#executions < executions.length; this.#executions += 1) {
			const items = executions[this.#executions]?.json('After') ?? [];
			if (items.length > 0) this.runs.push(items);
			for (const item of items) {
				const name = nameOf(item);
				this.told.set(name, (this.told.get(name) ?? 0) + 1);
			}
		}
	}

	/**
	 * When the log may forget: what is older has been told, or is not asked for.
	 *
	 * @returns epoch milliseconds of Cobalt's clock
	 */
	get toldUntil(): number {
		const open = this.entries.filter(({ name, isAskedFor }) => isAskedFor && !this.told.has(name));
		return open.reduce((least, { createdAt }) => Math.min(least, createdAt), Infinity);
	}
}

/** As in {@link Ledger.happen}: what has no id is known by what it says, simplified or not. */
export function nameOf(item: IDataObject): string {
	const { event_id: id, tag, event } = item;
	if (typeof id === 'string' && id !== '') return id;
	const { data } = (event ?? {}) as { data?: IDataObject };
	return textOf(tag ?? data?.tag);
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}
