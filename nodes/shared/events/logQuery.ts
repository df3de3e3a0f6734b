import type { Send } from '../http/client';
import { readPage, type Page } from '../pagination/pages';
import { RequestError } from '../retry/errors';
import { eventOf } from './event';
import { eventLog } from './eventLog';
import { orderOf, timed, type Order, type TimestampedEvent } from './timestampedEvent';

/** A log without a consistent order, which cannot be read without gaps. */
export class UnsortedLogError extends RequestError {
	readonly mayBeAccepted = true;

	readonly isTransient = false;

	readonly description =
		'Contact Cobalt support. Without an order, the event log cannot be read without gaps.';

	constructor() {
		super("Cobalt's event log is not sorted as requested");
	}
}

/** The log has changed its order: the page has to be searched for again. */
export class OrderChange extends Error {}

/**
 * The documented values of `sort`; an empty one means to send none, which lists the newest first. A log
 * supports some and refuses or ignores the others: its response shows which.
 */
const SORTS = ['created', 'created_at', '-created_at', '-created', ''];

/** Saved instead of a `sort` when none of them gives an order: the log is read unsorted. */
const AS_IT_COMES = 'none';

function orderFor(sort: string): Order {
	if (sort === AS_IT_COMES) return 'unsorted';
	return sort === '' || sort.startsWith('-') ? 'newestFirst' : 'oldestFirst';
}

/**
 * The two documented names of the delivery status filter (docs/api-notes.md, "What the documents disagree
 * on").
 */
const DELIVERY_FILTERS = ['status', 'delivery_status'];

/** Parameters that a log may refuse: without them the node filters the events itself. */
const DISPENSABLE = [...DELIVERY_FILTERS, 'page_size', 'start_date', 'event_type'];

/** What to request from the log, and what is already known about its parameters. */
export interface LogQueryOptions {
	send: Send;
	/** Filters, besides the days and the order. */
	query: Record<string, string>;
	/** Whether an error means that Cobalt refuses a parameter. */
	isRefused: (error: unknown) => boolean;
	/** Known from an earlier read: the `sort` that works, and the parameters that do not. */
	sort?: string;
	dropped?: readonly string[];
}

/** A page of the log, with the times of its events. */
export interface LogPage extends Page {
	/** As Cobalt lists them. */
	events: TimestampedEvent[];
}

type Attempt = { status: 'answered'; page: LogPage } | { status: 'refused'; error: unknown };

/**
 * Requests pages of the event log with the parameters that this log supports. A parameter that the log
 * refuses or visibly ignores gets its other name or is dropped.
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

	/** From now on, no order is requested. */
	giveUpSorting(): void {
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

	/** Tries other values of `sort` and fewer parameters until the log responds. */
	private async askOtherwise(number: number, startDate: string, error: unknown): Promise<LogPage> {
		const { dropped: base, order, sort } = this;
		const without = DISPENSABLE.map((name) => [name]);
		for (const dropped of [[], ...without, DISPENSABLE]) {
			if (dropped.length === 1 && !(await this.isBareQueryAccepted())) throw error;
			for (const other of SORTS) {
				Object.assign(this, { sort: other, dropped: [...base, ...dropped] });
				const asked = await this.attempt(number, startDate);
				if (asked.status === 'refused') continue;
				if (!this.isInOrder(asked.page, number)) {
					// The last one requests no order, so nothing is left to try.
					if (other !== '') continue;
					this.giveUpSorting();
				}
				if (this.order !== order) throw new OrderChange();
				return asked.page;
			}
			// Parameters are left out only if the log refuses every order.
			if (error instanceof UnsortedLogError) break;
		}
		Object.assign(this, { sort, dropped: base });
		throw error;
	}

	/** @throws errors other than a refusal */
	private async attempt(number: number, startDate: string): Promise<Attempt> {
		return await this.ask(number, startDate).then(
			(page): Attempt => ({ status: 'answered', page }),
			(error: unknown): Attempt => {
				if (this.options.isRefused(error)) return { status: 'refused', error };
				throw error;
			},
		);
	}

	/** Whether the log responds at all without any parameters. */
	private async isBareQueryAccepted(): Promise<boolean> {
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

	/** A log of a single page has no gaps in any order. */
	private isInOrder({ events, isLast }: LogPage, number: number): boolean {
		if (this.order === 'unsorted' || (number === 1 && isLast)) return true;
		const order = orderOf(events);
		return order === undefined || order === this.order;
	}

	/** The filters, by the names that this log supports. */
	private get filters(): Record<string, string> {
		const { status, ...rest } = this.options.query;
		const name = this.deliveryFilter;
		return status === undefined || name === undefined ? rest : { ...rest, [name]: status };
	}

	private get deliveryFilter(): string | undefined {
		return DELIVERY_FILTERS.find((name) => !this.dropped.includes(name));
	}

	/**
	 * A log that lists deliveries with another status does not support this name of the filter: the other name
	 * is tried, and then no filter.
	 *
	 * @returns false if the page has to be requested again
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
