import type { IDataObject } from 'n8n-workflow';

import type { Send } from '../../../nodes/shared/http/client.js';

export const DAY_MS = 86_400_000;

export const T0 = Date.parse('2025-03-10T15:00:00.000Z');

export interface Entry {
	id: string;
	/** When it happened, for the order of the log. */
	timestamp: number;
	/** As Cobalt writes it, where that does not say when it happened. */
	created?: string;
	/** Minutes from UTC in which Cobalt writes the moment. */
	offset?: number;
}

/** What the log says of its pages. */
export type PageInfo = 'all' | 'total' | 'pages' | 'nothing';

export interface LogOptions {
	pageInfo?: PageInfo;
	/** The longest page that it gives. */
	size?: number;
	/** Hours from UTC of the days that it filters by. */
	zone?: number;
	/** The one name of the sort key that it knows. */
	sortKey?: string;
	/** What happens between the requests: the first before the second one, and so on. */
	changes?: Array<(log: SimulatedLog) => void>;
	/** Requests after which a reading counts as endless. */
	max?: number;
}

export class UnknownSortKey extends Error {}

/** Cobalt's event log as documented: filtered by day, sorted as asked, in pages, and never still. */
export class SimulatedLog {
	readonly requests: IDataObject[] = [];

	constructor(
		public entries: Entry[],
		private readonly options: LogOptions = {},
	) {}

	readonly send: Send = async ({ query = {} }) => {
		const { changes = [], max = 2_000, sortKey } = this.options;
		if (this.requests.length > 0) changes[this.requests.length - 1]?.(this);
		this.requests.push(query);
		if (this.requests.length > max) throw new Error(`Endless: page ${JSON.stringify(query.page)}`);
		if (sortKey !== undefined && query.sort !== sortKey) throw new UnknownSortKey();
		return Promise.resolve(this.response(query));
	};

	get pages(): unknown[] {
		return this.requests.map(({ page }) => page);
	}

	add(...entries: Entry[]): void {
		this.entries = [...this.entries, ...entries];
	}

	private response({ page, page_size: asked, start_date: first }: IDataObject): IDataObject {
		const { pageInfo = 'all', size = 100, zone = 0 } = this.options;
		const dayOf = (timestamp: number) => new Date(timestamp + zone * 3_600_000).toISOString();
		const listed = this.entries
			.filter(({ timestamp }) => dayOf(timestamp) >= (first as string))
			.sort((one, other) => one.timestamp - other.timestamp);
		const length = Math.min(size, Number(asked));
		const place = (Number(page) - 1) * length;
		const facts = {
			total_count: listed.length,
			total_pages: Math.ceil(listed.length / length),
			page_size: length,
		};
		const { total_count, total_pages, page_size } = facts;
		const pagination = {
			all: facts,
			total: { total_count, page_size },
			pages: { total_pages },
			nothing: { page_size },
		}[pageInfo];
		return { webhook_events: listed.slice(place, place + length).map(recordOf), pagination };
	}
}

function recordOf({ id, timestamp, offset = 0, created }: Entry): IDataObject {
	return { event_id: id, event_type: 'x.done', created_at: created ?? written(timestamp, offset) };
}

/** ISO 8601, with an offset unless that is none. */
function written(timestamp: number, offset: number): string {
	const local = new Date(timestamp + offset * 60_000).toISOString();
	if (offset === 0) return local;
	const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
	const digits = [hours, minutes].map((part) => String(part).padStart(2, '0')).join(':');
	return local.replace('Z', `${offset < 0 ? '-' : '+'}${digits}`);
}

/** Events one second apart. */
export const entries = (count: number, from = 0): Entry[] =>
	Array.from({ length: count }, (_, index) => ({
		id: `e${from + index}`,
		timestamp: T0 + (from + index) * 1000,
	}));
