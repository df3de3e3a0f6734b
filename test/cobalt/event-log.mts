import { DateTime } from 'luxon';
import type { CobaltClock } from './clock.mts';
import type { Random } from './random.mts';

/** Whether an event reached the webhook: it says nothing of how the EHR work went (3.4). */
export interface Delivery {
	status: 'success' | 'failed' | 'pending';
	attempts: number;
	lastAttempt: string | null;
	responseStatusCode: number | null;
}

/** One event, free of any spelling. */
export interface EventRecord {
	id: string;
	type: string;
	/** As Cobalt writes it: with Z or with an offset. */
	created: string;
	createdAt: number;
	/** From when on the log shows it: Infinity for never. */
	listedAt: number;
	/** Whether it is shown only to those who ask for its job. */
	listedByJobIdOnly: boolean;
	jobId?: string;
	data: unknown;
	delivery: Delivery;
}

/** What happened, as far as the one who reports it decides. */
export interface NewEvent {
	type: string;
	data?: unknown;
	jobId?: string;
	/** ISO 8601, kept as it is. */
	created?: string;
	id?: string;
}

/** How an event gets into the log. */
interface Listing {
	/** When it happened. Default now. */
	at?: number;
	lateBySeconds?: number | undefined;
	copies?: number;
	byJobIdOnly?: boolean | undefined;
}

export interface EventFilter {
	type?: string;
	jobId?: string;
	/** The first and the last day, YYYY-MM-DD. */
	from?: string;
	to?: string;
	oldestFirst: boolean;
}

/** The seeds' own example: an offset that is not the account's (seed 2). */
const COBALTS_ZONE = 'America/Los_Angeles';

/** Every event of the account, and what the log shows of them. */
export class EventLog {
	readonly #events: EventRecord[] = [];
	readonly #random: Random;
	readonly #dayZone: string;
	readonly #clock: CobaltClock;

	constructor(random: Random, dayZone: string, clock: CobaltClock) {
		this.#random = random;
		this.#dayZone = dayZone;
		this.#clock = clock;
	}

	add(event: NewEvent, listing: Listing = {}): void {
		const { at = Date.now(), lateBySeconds = 0, copies = 1, byJobIdOnly = false } = listing;
		const zone = this.#random.next() < 0.3 ? COBALTS_ZONE : 'utc';
		const written = DateTime.fromMillis(this.#clock.at(at), { zone });
		const created = event.created ?? String(written.toISO());
		const createdAt = Date.parse(created);
		if (Number.isNaN(createdAt)) throw new Error(`Not a time: ${created}`);
		const record: EventRecord = {
			id: event.id ?? this.#random.id(),
			type: event.type,
			created,
			createdAt,
			listedAt: at + lateBySeconds * 1000,
			listedByJobIdOnly: byJobIdOnly,
			...(event.jobId === undefined ? {} : { jobId: event.jobId }),
			data: event.data ?? {},
			delivery: this.#deliver(createdAt),
		};
		for (let copy = 0; copy < copies; copy++) this.#events.push(record);
	}

	/** All events, also those that the log does not show (yet). */
	all(): EventRecord[] {
		return structuredClone(this.#events);
	}

	/** What the log shows now. Equal times keep the order in which they came. */
	list(filter: EventFilter): EventRecord[] {
		const { type, jobId, from, to } = filter;
		const earliest = from === undefined ? -Infinity : this.#day(from).toMillis();
		const latest = to === undefined ? Infinity : this.#day(to).endOf('day').toMillis();
		const listed = this.#events.filter(
			(event) =>
				event.listedAt <= Date.now() &&
				event.type === (type ?? event.type) &&
				event.jobId === (jobId ?? event.jobId) &&
				(jobId !== undefined || !event.listedByJobIdOnly) &&
				event.createdAt >= earliest &&
				event.createdAt <= latest,
		);
		const oldestFirst = listed.sort((one, other) => one.createdAt - other.createdAt);
		return filter.oldestFirst ? oldestFirst : oldestFirst.reverse();
	}

	#day(date: string): DateTime {
		return DateTime.fromISO(date, { zone: this.#dayZone });
	}

	#deliver(createdAt: number): Delivery {
		const chance = this.#random.next();
		const lastAttempt = new Date(createdAt + 1000).toISOString();
		if (chance < 0.1) {
			return { status: 'pending', attempts: 0, lastAttempt: null, responseStatusCode: null };
		}
		return chance < 0.3
			? { status: 'failed', attempts: 2, lastAttempt, responseStatusCode: 500 }
			: { status: 'success', attempts: 1, lastAttempt, responseStatusCode: 200 };
	}
}
