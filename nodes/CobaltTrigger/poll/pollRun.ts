import { dedupeKey } from '../../shared/events/eventKey';
import { LogReader, type EventsPage, type TimestampedEvent } from '../../shared/events/logReader';
import { spanOf } from '../../shared/events/timestampedEvent';
import type { Send } from '../../shared/http/client';
import { systemClock as clock } from '../../shared/retry/clock';
import { UNNAMED, type TriggerAccount } from '../clinics/accounts';
import { requireSameReference } from '../clinics/reference';
import type { LogQuota } from '../clinics/runQuota';
import type { Poll } from '../clinics/sharedPoll';
import { isRefused, triggerError } from '../errors';
import { isWanted, queryFor } from '../filter';
import { processId } from '../processState';
import { deliveryKey } from '../webhook/deliveries';
import { isInGap, openGap, type Gap } from './gap';
import { settleBatch } from './inFlight';
import { LogCursor } from './logCursor';
import type { LogMemory } from './logMemory';
import { stateOf, type LogState } from './pollState';
import { hasBacklog } from './savedCursor';
import { savedLengthFor } from './seenKeys';
import { filterDigest, startFromDigest } from './settingsDigest';
import { MAX_LOOK_BACK_MS, StartPosition, type KnownPosition } from './startPosition';
import { isUndelivered } from './undelivered';

const DAY_MS = 24 * 60 * 60_000;

/** Maximum age of a batch of failed deliveries from another process that is handed over again. */
const MAX_REDELIVERED_AGE_MS = DAY_MS;

/** The events to emit, and how far the log has been read. */
export interface LogReading {
	events: TimestampedEvent[];
	state: LogState;
	isAtEnd: boolean;
}

/** One read of an account's event log. */
export class PollRun {
	/** The events to emit, by their dedupe keys. */
	private readonly found = new Map<string, TimestampedEvent>();

	private readonly filter: string;
	private readonly memory: LogMemory;

	/** The latest saved position in this log. */
	private readonly saved?: LogState;

	constructor(
		private readonly poll: Poll,
		private readonly account: TriggerAccount,
		private readonly quota: LogQuota,
	) {
		this.filter = filterDigest(poll.settings);
		this.memory = poll.processState.logs.forAccount(account.id);
		this.saved = stateOf(account, poll.accounts.all, poll.places);
	}

	/**
	 * Continues from where the last poll ended.
	 *
	 * @param send reads from Cobalt with the keys of the account
	 * @param over aborts when the poll's time is up
	 * @throws NodeApiError or NodeOperationError
	 */
	async run(send: Send, over: AbortSignal): Promise<LogReading> {
		const { account, found, memory, poll, saved } = this;
		const { accounts, beganAt, context, places, processState, settings } = poll;
		memory.state = saved;
		const known = saved && this.settle(saved);
		const gap = this.gapAfter(known);
		const { gapStart } = memory;
		const reader = this.reader(send, known, gap);
		const start = new StartPosition(settings, memory);
		const options = { known, places, gap, isRestart: this.isRestart };
		const cursor = new LogCursor(await start.find(reader, options), {
			overlapMs: settings.overlapMs,
			maxSavedLength: savedLengthFor(accounts.all.length),
			now: clock.now,
		});
		const isAtEnd = await this.read(reader, cursor, gap, over);
		memory.checkedClinic = await requireSameReference(context, account, memory.checkedClinic);
		// After a backlog, the overlap begins far before its end.
		const page = isAtEnd && cursor.isResumed ? 1 : reader.bookmark.page;
		const bookmark = { ...reader.bookmark, page };
		memory.position = bookmark;
		if (!isAtEnd && !cursor.isResumed && !over.aborted) {
			cursor.setBeganAt(await this.remoteTimeAt(beganAt, reader));
		}
		// Events of a gap may appear late.
		const isOver = (processState.registeredAt ?? Infinity) + settings.overlapMs <= beganAt;
		const isStillOpen = gap && !(isAtEnd && found.size === 0 && isOver);
		const state: LogState = {
			...this.stateAt(cursor.save(isAtEnd, { keys: found.keys(), by: processId })),
			bookmark,
			...(isStillOpen && { gap: { until: processState.registeredAt ?? beganAt, ...gap } }),
		};
		memory.lookedAt = beganAt;
		// n8n may discard the result of a poll, and the static data with it, so this process must not remember more
		// than is saved. Nor may it undo what a deactivation has noted in the meantime.
		if (found.size === 0) {
			memory.state = state;
			if (!isStillOpen && memory.gapStart === gapStart) memory.gapStart = undefined;
		}
		return { events: [...found.values()], state, isAtEnd };
	}

	/** What to save for a log that could not be read: the position so far, or where to begin. */
	withoutReading(): LogState {
		const { memory, poll, saved } = this;
		const { places, settings } = poll;
		const start = new StartPosition(settings, memory);
		const begin = () => start.withoutLog({ places, isRestart: this.isRestart });
		return (memory.state = saved ?? this.stateAt(begin()));
	}

	private stateAt(cursor: LogState['cursor']): LogState {
		const { beganAt, settings } = this.poll;
		return {
			origin: this.account.id,
			clinicId: this.account.clinicId,
			mode: settings.mode,
			filter: this.filter,
			startFrom: startFromDigest(settings),
			cursor,
			lookedAt: beganAt,
		};
	}

	/**
	 * The last batch of another process may be lost. If n8n's table may no longer know its events, or if the
	 * filter has changed, only a recent batch is handed over again.
	 */
	private settle(saved: LogState): KnownPosition {
		const mostKnownMs = saved.mode === 'webhook' ? MAX_REDELIVERED_AGE_MS : Infinity;
		const maxAgeMs = saved.filter === this.filter ? mostKnownMs : MAX_LOOK_BACK_MS;
		const now = { now: this.poll.beganAt, processId, maxAgeMs };
		return { ...saved, ...settleBatch(saved.cursor, now) };
	}

	/** n8n may poll before the registration is complete, so a later poll ends the gap. */
	private gapAfter(known: LogState | undefined): Gap | undefined {
		const { memory } = this;
		const { beganAt, processState, settings } = this.poll;
		if (settings.mode === 'polling') return undefined;
		const { gapStart } = memory;
		const gap = openGap(known, { ...processState, gapStart }, beganAt);
		if (known?.mode === 'polling') memory.gapStart = beganAt;
		return gap;
	}

	/**
	 * Reads until the run is full or the time is up; the next poll reads the rest.
	 *
	 * @returns whether it reached the end of the log
	 */
	private async read(
		reader: LogReader,
		cursor: LogCursor,
		gap: Gap | undefined,
		over: AbortSignal,
	): Promise<boolean> {
		let pages = 0;
		try {
			for await (const page of reader.since(cursor.start, cursor.isResumed)) {
				pages += 1;
				const isWhole = this.readPage(page, cursor, gap);
				if (isWhole && page.isLast) return true;
				if (!isWhole || this.quota.isUsedUp || over.aborted) return false;
			}
			return true;
		} catch (error) {
			if (over.aborted && pages > 0) return false;
			throw triggerError(this.poll.context.getNode(), error);
		} finally {
			this.memory.position = reader.bookmark;
			this.quota.close();
		}
	}

	/**
	 * A lower bound for Cobalt's clock at a time of our clock, taken from the newest event. With it, a backlog
	 * is not read again from its beginning once its end is reached. The reader loses its place.
	 */
	private async remoteTimeAt(timestamp: number, reader: LogReader): Promise<number> {
		const last = await reader.last(timestamp - DAY_MS).catch(() => undefined);
		const now = clock.now();
		const past = last?.events.filter((event) => event.timestamp <= now) ?? [];
		return spanOf(past).last - (now - timestamp);
	}

	/** @returns whether there was room for all of its events */
	private readPage({ events }: EventsPage, cursor: LogCursor, gap: Gap | undefined): boolean {
		const { found, quota } = this;
		const { accounts, processState, settings } = this.poll;
		const { deliveries } = processState;
		for (const timed of events) {
			const { event, timestamp } = timed;
			const key = dedupeKey(event);
			if (timestamp < cursor.start) continue;
			const isEmittable = this.isInScope(timed, gap) && isWanted(event, settings);
			if (!isEmittable || !cursor.isNew({ key, timestamp }) || !this.isOfThisLog(timed, key)) {
				cursor.markRead(timestamp);
				continue;
			}
			const isDelivered = deliveries.has(deliveryKey(accounts.ownerOf(event), event));
			if (!isDelivered && !found.has(key)) {
				if (!quota.reserve()) return false;
				found.set(key, timed);
			}
			cursor.markEmitted({ key, timestamp });
		}
		return true;
	}

	private isInScope({ event, timestamp }: TimestampedEvent, gap: Gap | undefined): boolean {
		const { address, settings } = this.poll;
		const isLost = gap !== undefined && isInGap(timestamp, gap);
		return settings.mode === 'polling' || isLost || isUndelivered(event, address);
	}

	/** A log may have events of other clinics, see {@link UnnamedEvents}. Each clinic's come from its own log. */
	private isOfThisLog({ event, timestamp }: TimestampedEvent, key: string): boolean {
		const { accounts, unnamed } = this.poll;
		if (!accounts.mayBelongTo(this.account, event)) return false;
		const isNamed = accounts.ownerOf(event) !== UNNAMED;
		return isNamed || unnamed.claim(this.account.id, { key, timestamp });
	}

	private get isRestart(): boolean {
		return ['init', 'leadershipChange'].includes(this.poll.context.getActivationMode());
	}

	private reader(send: Send, known: KnownPosition | undefined, gap: Gap | undefined): LogReader {
		const { memory, poll } = this;
		const isAll = poll.settings.mode === 'polling' || gap !== undefined;
		// A bookmark counts pages of one query. A read can only be resumed with its own bookmark.
		const isSame =
			known?.filter === this.filter && (known.gap === undefined) === (gap === undefined);
		const newestBookmark = known && hasBacklog(known.cursor) ? undefined : memory.position;
		const savedBookmark = known?.isRewound ? undefined : known?.bookmark;
		return new LogReader({
			send,
			// Some logs can filter by failed deliveries.
			query: { ...(!isAll && { status: 'failed' }), ...queryFor(poll.settings) },
			isRefused,
			bookmark: isSame ? (newestBookmark ?? savedBookmark) : undefined,
		});
	}
}
