import type { IDataObject } from 'n8n-workflow';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import type { Host } from '../../../tools/n8n-host/host.mts';
import { Rng } from '../../random/rng.mts';
import { drawEvent, isAskedFor, type Filter } from './events.mts';
import type { Burst } from './plan.mts';

/** An event, and when it happened: epoch milliseconds of the true time, except `createdAt`. */
export interface Entry {
	/** Its ID, or its tag where it has none. */
	name: string;
	happenedAt: number;
	listedAt: number;
	/** By Cobalt's clock. */
	createdAt: number;
	isAskedFor: boolean;
}

/** Adds events to the world, and records which of them the trigger has to emit and has emitted. */
export class EventHistory {
	readonly entries: Entry[] = [];

	/** How often each event has reached the node after the trigger, by its name. */
	readonly emitted = new Map<string, number>();

	/** The items of each execution, in their order. */
	readonly runs: IDataObject[][] = [];

	readonly #rng: Rng;
	#executions = 0;

	constructor(
		private readonly cobalt: Cobalt,
		private readonly filter: Filter,
		private readonly seed: number,
		private readonly skewMs: number,
	) {
		this.#rng = new Rng(seed ^ 0x5eed);
	}

	/** One event, now. */
	addEvent(
		{ lateSeconds, copies, aheadSeconds }: Omit<Burst, 'count'>,
		isListedLater = false,
	): void {
		const tag = `${this.seed}.${this.entries.length}`;
		const event = drawEvent(this.#rng, tag);
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

	/** Records what has been emitted since the last call. */
	update(host: Host): void {
		const { executions } = host;
		for (; this.#executions < executions.length; this.#executions += 1) {
			const items = executions[this.#executions]?.json('After') ?? [];
			if (items.length > 0) this.runs.push(items);
			for (const item of items) {
				const name = nameOf(item);
				this.emitted.set(name, (this.emitted.get(name) ?? 0) + 1);
			}
		}
	}

	/**
	 * Until when the log may forget: everything older has been emitted, or is not asked for.
	 *
	 * @returns epoch milliseconds of Cobalt's clock
	 */
	get emittedUntil(): number {
		const open = this.entries.filter(
			({ name, isAskedFor }) => isAskedFor && !this.emitted.has(name),
		);
		return open.reduce((min, { createdAt }) => Math.min(min, createdAt), Infinity);
	}
}

/** The name of an event in {@link EventHistory}, from the item that it became, simplified or not. */
export function nameOf(item: IDataObject): string {
	const { event_id: id, tag, event } = item;
	if (typeof id === 'string' && id !== '') return id;
	const { data } = (event ?? {}) as { data?: IDataObject };
	return textOf(tag ?? data?.tag);
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}
