import { DateTime } from 'luxon';

import type { Dialect } from '../server/dialect.mts';
import type { CobaltClock } from '../world/clock.mts';
import type { Ehr } from '../world/ehr.mts';
import type { Random } from '../world/random.mts';
import { Timeline, type Dated, type Sequence } from '../world/timeline.mts';
import { worstOf, type Delivery } from './delivery.mts';
import type { WebhookSender } from './webhookSender.mts';

/** One event, independent of any dialect. */
export interface CobaltEvent {
	id: string;
	/** Whose event it is: an account's log may hold the events of several clinics. */
	reference: string;
	type: string;
	/** As Cobalt writes it: with Z or with an offset. */
	created: string;
	createdAt: number;
	/** When the log starts to list it: Infinity for never. */
	listedAt: number;
	/** Whether only a query for its job lists it. */
	listedByJobIdOnly: boolean;
	jobId?: string;
	data: unknown;
}

/** An event and where it went. */
export interface EventRecord extends CobaltEvent {
	/** To every URL that was registered when it happened. At least one. */
	deliveries: Delivery[];
}

/** An event as `world.events()` returns it. */
export interface EventSummary extends EventRecord {
	/** The delivery with the worst status. */
	delivery: Delivery;
}

/** The caller's part of an event. */
export interface NewEvent {
	type: string;
	data?: unknown;
	jobId?: string;
	/** ISO 8601, kept verbatim. */
	created?: string | undefined;
	id?: string | undefined;
	/** Its `access_token_reference_id`. Default: the account's own. */
	reference?: string | undefined;
}

/** How an event gets into the log. Deliveries do not wait for that. */
export interface Listing {
	/** When it happened. Default now. */
	at?: number;
	/** How much later the log lists it: Infinity for never. */
	lateBySeconds?: number | undefined;
	/** How often it is listed and delivered, under the same id. */
	copies?: number;
	byJobIdOnly?: boolean | undefined;
}

/** One entry of the log: an event and the deliveries that the entry reports. */
export interface LogEntry extends Dated {
	event: EventRecord;
	deliveries: Delivery[];
}

export interface EventFilter {
	type: string | undefined;
	jobId: string | undefined;
	/** The first and the last day, YYYY-MM-DD. */
	from: string | undefined;
	to: string | undefined;
	/** Default: any delivery. */
	delivered: ((delivery: Delivery) => boolean) | undefined;
	oldestFirst: boolean;
}

interface Setup {
	random: Random;
	dayZone: string;
	clock: CobaltClock;
	ehr: Ehr;
	dialect: Dialect;
	webhookSender: WebhookSender;
}

/** The documented examples have an offset that is not the account's. */
const COBALTS_ZONE = 'America/Los_Angeles';

/** The URL of an event for which no webhook was registered. The documents do not say what the log shows then. */
const NOBODYS_URL = 'https://hooks.example.com/cobalt';

function timelineOf(lists: Map<string, Timeline<LogEntry>>, key: string): Timeline<LogEntry> {
	const list = lists.get(key) ?? new Timeline();
	lists.set(key, list);
	return list;
}

/** Every event of the account, and what the log shows of them. */
export class EventLog {
	readonly #setup: Setup;
	readonly #events: EventRecord[] = [];
	/** The listed entries: all, by type and by job. */
	readonly #listed = new Timeline<LogEntry>();
	readonly #listedByType = new Map<string, Timeline<LogEntry>>();
	readonly #listedByJob = new Map<string, Timeline<LogEntry>>();
	/** Entries that are not listed yet, unordered. */
	#unlisted: LogEntry[] = [];
	#turn = 0;

	constructor(setup: Setup) {
		this.#setup = setup;
	}

	add(event: NewEvent, listing: Listing = {}): void {
		const { at = Date.now(), lateBySeconds = 0, copies = 1, byJobIdOnly = false } = listing;
		const { random, ehr, webhookSender, dialect } = this.#setup;
		const zone = random.next() < 0.3 ? COBALTS_ZONE : 'utc';
		const created = event.created ?? this.#write(at, zone);
		const createdAt = Date.parse(created);
		if (Number.isNaN(createdAt)) throw new Error(`Not a time: ${created}`);
		const { id = random.id(), data = {} } = event;
		// Drawn even when it is not needed, so that a webhook does not change the random numbers of other events.
		const drawn = this.#drawDelivery(createdAt);
		const happened: CobaltEvent = {
			id,
			reference: event.reference ?? ehr.settings.access_token_reference_id,
			type: event.type,
			created,
			createdAt,
			listedAt: at + lateBySeconds * 1000,
			listedByJobIdOnly: byJobIdOnly,
			...(event.jobId === undefined ? {} : { jobId: event.jobId }),
			data,
		};
		const deliveries = webhookSender.send(happened, copies);
		const record: EventRecord = {
			...happened,
			deliveries: deliveries.length === 0 ? [drawn] : deliveries,
		};
		for (let copy = 0; copy < copies; copy++) {
			this.#events.push(record);
			for (const told of dialect.entries(record.deliveries)) {
				const entry = { at: createdAt, turn: this.#turn++, event: record, deliveries: told };
				if (record.listedAt <= Date.now()) this.#list(entry);
				else this.#unlisted.push(entry);
			}
		}
	}

	/** All events, including those that the log does not list yet or any more. */
	all(): EventSummary[] {
		return structuredClone(
			this.#events.map((event) => ({ ...event, delivery: worstOf(event.deliveries) })),
		);
	}

	/** The entries that the log lists now. Entries with equal times keep their order of arrival. */
	list(filter: EventFilter): Sequence<LogEntry> {
		this.#listDue();
		const { type, jobId, from, to, delivered, oldestFirst } = filter;
		const earliest = from === undefined ? -Infinity : this.#day(from).toMillis();
		const latest = to === undefined ? Infinity : this.#day(to).endOf('day').toMillis();
		const entries = this.#listedFor(filter)?.between(earliest, latest, !oldestFirst) ?? [];
		if (jobId === undefined && delivered === undefined) return entries;
		return entries
			.slice(0, entries.length)
			.filter(
				({ event, deliveries }) =>
					event.type === (type ?? event.type) && (delivered?.(worstOf(deliveries)) ?? true),
			);
	}

	/** Removes the entries created before this moment. The documents do not say how long the log keeps them. */
	forget(before: number): void {
		this.#listDue();
		this.#listed.dropBefore(before);
		for (const timeline of this.#listedByType.values()) timeline.dropBefore(before);
		for (const timeline of this.#listedByJob.values()) timeline.dropBefore(before);
		this.#unlisted = this.#unlisted.filter(({ at }) => at >= before);
	}

	#listDue(): void {
		const now = Date.now();
		const due = this.#unlisted.filter(({ event }) => event.listedAt <= now);
		if (due.length === 0) return;
		this.#unlisted = this.#unlisted.filter(({ event }) => event.listedAt > now);
		for (const entry of due) this.#list(entry);
	}

	#list(entry: LogEntry): void {
		const { type, jobId, listedByJobIdOnly } = entry.event;
		if (!listedByJobIdOnly) {
			this.#listed.add(entry);
			timelineOf(this.#listedByType, type).add(entry);
		}
		if (jobId !== undefined) timelineOf(this.#listedByJob, jobId).add(entry);
	}

	/** The shortest timeline that contains every match. */
	#listedFor({ type, jobId }: EventFilter): Timeline<LogEntry> | undefined {
		if (jobId !== undefined) return this.#listedByJob.get(jobId);
		return type === undefined ? this.#listed : this.#listedByType.get(type);
	}

	#write(at: number, zone: string): string {
		const moment = this.#setup.clock.at(at);
		if (zone === 'utc') return new Date(moment).toISOString();
		return String(DateTime.fromMillis(moment, { zone }).toISO());
	}

	#day(date: string): DateTime {
		return DateTime.fromISO(date, { zone: this.#setup.dayZone });
	}

	#drawDelivery(createdAt: number): Delivery {
		const chance = this.#setup.random.next();
		const url = NOBODYS_URL;
		const lastAttempt = new Date(createdAt + 1000).toISOString();
		if (chance < 0.1) {
			return { url, status: 'pending', attempts: 0, lastAttempt: null, responseStatusCode: null };
		}
		return chance < 0.3
			? { url, status: 'failed', attempts: 2, lastAttempt, responseStatusCode: 500 }
			: { url, status: 'success', attempts: 1, lastAttempt, responseStatusCode: 200 };
	}
}
