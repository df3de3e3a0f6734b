import type { Send } from '../http/client';
import { readPage, type Page } from '../pagination/pages';
import { RequestError } from '../retry/errors';
import { eventOf } from './event';
import { eventLog } from './eventLog';
import { orderOf, timed, type Order, type TimestampedEvent } from './timestampedEvent';

/** A log whose pages fit together in no order, so that there is no reading it without gaps. */
export class UnsortedLogError extends RequestError {
	readonly mayBeAccepted = true;

	readonly isTransient = false;

	constructor() {
		super('Cobalt does not list its events in any order that was asked for');
	}
}

/** The log now comes in the other order than before: the place in it has to be looked for anew. */
export class OrderChange extends Error {}

/**
 * The documented ways to ask for an order; empty is to ask for none, which gives the newest first. Each log
 * knows some, and refuses the others or ignores them: what comes back decides.
 */
const SORTS = ['created', 'created_at', '-created_at', '-created', ''];

/** Stands for what is left where none of them gives an order: the log as it comes without one. */
const AS_IT_COMES = 'none';

function orderFor(sort: string): Order {
	if (sort === AS_IT_COMES) return 'unsorted';
	return sort === '' || sort.startsWith('-') ? 'newestFirst' : 'oldestFirst';
}

/** The two documented names of the filter for how deliveries went. */
const DELIVERY_FILTERS = ['status', 'delivery_status'];

/** What a log may be asked for beside the order, and can do without: what is not wanted is left out here. */
const DISPENSABLE = [...DELIVERY_FILTERS, 'page_size', 'start_date', 'event_type'];

export interface LogQueryOptions {
	send: Send;
	/** What is asked for, beside days and order. */
	query: Record<string, string>;
	/** Whether Cobalt did not understand a request. */
	isRefused: (error: unknown) => boolean;
	/** As it was found out before, and what this log cannot be asked for. */
	sort?: string;
	dropped?: readonly string[];
}

export interface LogPage extends Page {
	/** As Cobalt lists them. */
	events: TimestampedEvent[];
}

type Attempt = { status: 'answered'; page: LogPage } | { status: 'refused'; error: unknown };

/**
 * Asks for pages of the event log in a way that this log understands. A parameter that it refuses is
 * spelled otherwise or left out, and so is one that it visibly ignores.
 */
export class LogQuery {
	sort: string;

	dropped: readonly string[];

	constructor(private readonly options: LogQueryOptions) {
		this.sort = options.sort ?? SORTS[0] ?? '';
		this.dropped = options.dropped ?? [];
	}

	get order(): Order {
		return orderFor(this.sort);
	}

	/** Asks for no order any more. */
	takeAsItComes(): void {
		this.sort = AS_IT_COMES;
	}

	/**
	 * @param number from 1
	 * @param startDate YYYY-MM-DD
	 * @throws OrderChange, UnsortedLogError, UnexpectedResponseError, and what `send` throws
	 */
	async page(number: number, startDate: string): Promise<LogPage> {
		const asked = await this.attempt(number, startDate);
		if (asked.status === 'refused') {
			return await this.askOtherwise(number, startDate, asked.error);
		}
		if (!this.isFiltered(asked.page)) return await this.page(number, startDate);
		if (this.isInOrder(asked.page, number)) return asked.page;
		return await this.askOtherwise(number, startDate, new UnsortedLogError());
	}

	/** Finds the way in which this log wants to be asked. */
	private async askOtherwise(number: number, startDate: string, error: unknown): Promise<LogPage> {
		const { dropped: base, order, sort } = this;
		const without = DISPENSABLE.map((name) => [name]);
		for (const dropped of [[], ...without, DISPENSABLE]) {
			if (dropped.length === 1 && !(await this.isBareTaken())) throw error;
			for (const other of SORTS) {
				Object.assign(this, { sort: other, dropped: [...base, ...dropped] });
				const asked = await this.attempt(number, startDate);
				if (asked.status === 'refused') continue;
				if (!this.isInOrder(asked.page, number)) {
					// The last one, which asks for no order, gives what there is.
					if (other !== '') continue;
					this.takeAsItComes();
				}
				if (this.order !== order) throw new OrderChange();
				return asked.page;
			}
			// Only what was refused in every order is asked for with less.
			if (error instanceof UnsortedLogError) break;
		}
		Object.assign(this, { sort, dropped: base });
		throw error;
	}

	/** @throws what is no refusal */
	private async attempt(number: number, startDate: string): Promise<Attempt> {
		return await this.ask(number, startDate).then(
			(page): Attempt => ({ status: 'answered', page }),
			(error: unknown): Attempt => {
				if (this.options.isRefused(error)) return { status: 'refused', error };
				throw error;
			},
		);
	}

	/** Whether the log answers at all when it is asked for nothing in particular. */
	private async isBareTaken(): Promise<boolean> {
		Object.assign(this, { sort: '', dropped: DISPENSABLE });
		return (await this.attempt(1, '')).status === 'answered';
	}

	private async ask(number: number, startDate: string): Promise<LogPage> {
		const { dropped, filters, sort } = this;
		const isSorted = sort !== '' && sort !== AS_IT_COMES;
		const wanted = { ...filters, start_date: startDate, ...(isSorted && { sort }) };
		const asked = Object.fromEntries(
			Object.entries(wanted).filter(([name]) => !dropped.includes(name)),
		);
		const size = dropped.includes('page_size') ? undefined : eventLog.pageSize;
		const list = { ...eventLog, query: asked };
		const page = await readPage(this.options.send, list, number, size ?? null);
		return { ...page, events: timed(page.records.map(eventOf)) };
	}

	/** What is one page has no gaps, whatever its order. */
	private isInOrder({ events, isLast }: LogPage, number: number): boolean {
		if (this.order === 'unsorted' || (number === 1 && isLast)) return true;
		const order = orderOf(events);
		return order === undefined || order === this.order;
	}

	/** What is asked for, by the names that this log knows. */
	private get filters(): Record<string, string> {
		const { status, ...rest } = this.options.query;
		const name = this.deliveryFilter;
		return status === undefined || name === undefined ? rest : { ...rest, [name]: status };
	}

	private get deliveryFilter(): string | undefined {
		return DELIVERY_FILTERS.find((name) => !this.dropped.includes(name));
	}

	/**
	 * A log that lists deliveries of another status than was asked for takes the filter for something else,
	 * or not at all: the other name is tried, and then none.
	 *
	 * @returns whether it does not: otherwise it has to be asked again
	 */
	private isFiltered(page: LogPage): boolean {
		const { status: wanted } = this.options.query;
		const name = this.deliveryFilter;
		if (wanted === undefined || name === undefined) return true;
		const isFiltered = page.records.every(
			({ delivery_status: delivery, status }) => (delivery ?? status) === wanted,
		);
		if (!isFiltered) this.dropped = [...this.dropped, name];
		return isFiltered;
	}
}
