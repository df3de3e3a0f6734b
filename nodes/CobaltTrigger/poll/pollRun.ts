import type { IPollFunctions } from 'n8n-workflow';

import type { CobaltEvent } from '../../shared/events/event';
import { dedupeKey } from '../../shared/events/eventKey';
import { LogReader, type EventsPage, type TimestampedEvent } from '../../shared/events/logReader';
import { spanOf } from '../../shared/events/timestampedEvent';
import type { Send } from '../../shared/http/client';
import { systemClock as clock } from '../../shared/retry/clock';
import { accountOf } from '../account';
import { isRefused, triggerError } from '../errors';
import { isWanted, queryFor } from '../filter';
import { processId, type ProcessState } from '../processState';
import type { TriggerSettings } from '../settings';
import { ourAddress } from '../webhook/registrationState';
import { isInGap, openGap, type Gap } from './gap';
import { settleBatch } from './inFlight';
import { LogCursor } from './logCursor';
import { readLogState, writeLogState, type LogState } from './pollState';
import { hasBacklog } from './savedCursor';
import { filterDigest, startFromDigest } from './settingsDigest';
import { MAX_LOOK_BACK_MS, StartPosition, type KnownPosition } from './startPosition';
import { isUndelivered, type WebhookTarget } from './undelivered';

const DAY_MS = 24 * 60 * 60_000;

/** A batch of failed deliveries that another process handed over is only handed over again while it is this young. */
const MAX_REDELIVERED_AGE_MS = DAY_MS;

/** One reading of the event log. */
export class PollRun {
	/** The events to emit, by their dedupe keys. */
	private readonly found = new Map<string, TimestampedEvent>();

	/** Read once, because n8n copies the whole node in each call of getNode(). */
	private readonly address: WebhookTarget;

	private readonly filter: string;

	constructor(
		private readonly context: IPollFunctions,
		private readonly settings: TriggerSettings,
		private readonly processState: ProcessState,
		private readonly send: Send,
		private readonly over: AbortSignal,
	) {
		this.address = ourAddress(context);
		this.filter = filterDigest(settings);
	}

	/** Reads on from where the last poll ended, and saves how far it got. Returns the events to emit. */
	async run(): Promise<CobaltEvent[]> {
		const { context, found, processState, settings } = this;
		const beganAt = clock.now();
		const data = context.getWorkflowStaticData('node');
		const places = [readLogState(data, settings.overlapMs), processState.log].filter(
			(place) => place !== undefined,
		);
		const origin = await accountOf(context);
		processState.deliveries.openFor(origin);
		const saved = latest(places.filter((place) => place.origin === origin));
		processState.log = saved;
		const known = saved && this.settle(saved, beganAt);
		const gap = this.gapAfter(known, beganAt);
		const { gapStart } = processState;
		const reader = this.reader(known, gap);
		const start = new StartPosition(settings, processState);
		const { isRestart } = this;
		const cursor = new LogCursor(await start.find(reader, { known, places, gap, isRestart }), {
			overlapMs: settings.overlapMs,
			now: clock.now,
		});
		const isAtEnd = await this.read(reader, cursor, gap);
		// After a backlog, the overlap begins far before its end.
		const page = isAtEnd && cursor.isResumed ? 1 : reader.bookmark.page;
		const bookmark = { ...reader.bookmark, page };
		processState.logPosition = bookmark;
		if (!isAtEnd && !cursor.isResumed) cursor.beganAfter(await this.clockAt(beganAt, reader));
		const isStillOpen = gap && !(isAtEnd && found.size === 0 && this.isOver(beganAt));
		const state: LogState = {
			origin,
			mode: settings.mode,
			filter: this.filter,
			startFrom: startFromDigest(settings),
			cursor: cursor.save(isAtEnd, { keys: found.keys(), by: processId }),
			bookmark,
			lookedAt: beganAt,
			...(isStillOpen && { gap: { until: processState.registeredAt ?? beganAt, ...gap } }),
		};
		writeLogState(data, state);
		processState.lookedAt = beganAt;
		// n8n may discard the result of a poll, and the static data with it, so this process must not remember
		// more than that. Nor may it undo what a deactivation has noted in the meantime.
		if (found.size === 0) {
			processState.log = state;
			if (!isStillOpen && processState.gapStart === gapStart) processState.gapStart = undefined;
		}
		return [...found.values()]
			.sort((one, other) => one.moment - other.moment)
			.map(({ event }) => event);
	}

	/**
	 * The last batch of another process may be lost. If n8n's table may no longer know its events, or if the
	 * filter has changed, only a recent batch is handed over again.
	 */
	private settle(saved: LogState, now: number): KnownPosition {
		const mostKnownMs = saved.mode === 'webhook' ? MAX_REDELIVERED_AGE_MS : Infinity;
		const maxAgeMs = saved.filter === this.filter ? mostKnownMs : MAX_LOOK_BACK_MS;
		return { ...saved, ...settleBatch(saved.cursor, { now, processId, maxAgeMs }) };
	}

	/** n8n may poll before the registration is complete, so a later poll ends the gap. */
	private gapAfter(known: LogState | undefined, now: number): Gap | undefined {
		const { processState, settings } = this;
		if (settings.mode === 'polling') return undefined;
		const gap = openGap(known, processState, now);
		if (known?.mode === 'polling') processState.gapStart = now;
		return gap;
	}

	/** Whether all events of a gap are in the log: they may appear late. */
	private isOver(now: number): boolean {
		const { registeredAt = Infinity } = this.processState;
		return registeredAt + this.settings.overlapMs <= now;
	}

	/**
	 * Reads until the run is full or the time is over; the next poll reads the rest.
	 *
	 * @returns whether it reached the end of the log
	 */
	private async read(reader: LogReader, cursor: LogCursor, gap: Gap | undefined): Promise<boolean> {
		let pages = 0;
		try {
			for await (const page of reader.since(cursor.start, cursor.isResumed)) {
				pages += 1;
				const isTaken = this.takePage(page, cursor, gap);
				if (isTaken && page.isLast) return true;
				if (!isTaken || this.isFull || this.over.aborted) return false;
			}
			return true;
		} catch (error) {
			if (this.over.aborted && pages > 0) return false;
			throw triggerError(this.context.getNode(), error);
		} finally {
			this.processState.logPosition = reader.bookmark;
		}
	}

	/**
	 * What Cobalt's clock showed at least at a moment of ours: by the newest event, so that a backlog is not read
	 * again from its beginning once its end is reached. The reader loses its place.
	 */
	private async clockAt(moment: number, reader: LogReader): Promise<number> {
		if (this.over.aborted) return -Infinity;
		const last = await reader.last(moment - DAY_MS).catch(() => undefined);
		const now = clock.now();
		const past = last?.events.filter((event) => event.moment <= now) ?? [];
		return spanOf(past).last - (now - moment);
	}

	private get isFull(): boolean {
		return this.found.size >= this.settings.eventsPerRun;
	}

	/** @returns whether there was room for all of its events */
	private takePage({ events }: EventsPage, cursor: LogCursor, gap: Gap | undefined): boolean {
		const { found, processState, settings } = this;
		for (const timed of events) {
			const { event, moment } = timed;
			const key = dedupeKey(event);
			if (moment < cursor.start) continue;
			const isMeant = this.isMeant(timed, gap);
			if (!cursor.isNew({ key, moment }) || !isWanted(event, settings) || !isMeant) {
				cursor.pass(moment);
				continue;
			}
			if (!processState.deliveries.has(key) && !found.has(key)) {
				if (this.isFull) return false;
				found.set(key, timed);
			}
			cursor.take({ key, moment });
		}
		return true;
	}

	private isMeant({ event, moment }: TimestampedEvent, gap: Gap | undefined): boolean {
		const isLost = gap !== undefined && isInGap(moment, gap);
		return this.settings.mode === 'polling' || isLost || isUndelivered(event, this.address);
	}

	private get isRestart(): boolean {
		return ['init', 'leadershipChange'].includes(this.context.getActivationMode());
	}

	private reader(known: KnownPosition | undefined, gap: Gap | undefined): LogReader {
		const { processState, settings } = this;
		const isAll = settings.mode === 'polling' || gap !== undefined;
		// A bookmark counts pages of one query. To resume a reading, only its own bookmark fits.
		const isSame =
			known?.filter === this.filter && (known.gap === undefined) === (gap === undefined);
		const newestBookmark = known && hasBacklog(known.cursor) ? undefined : processState.logPosition;
		const savedBookmark = known?.isRewound ? undefined : known?.bookmark;
		return new LogReader({
			send: this.send,
			// Some logs can filter by failed deliveries.
			query: { ...(!isAll && { status: 'failed' }), ...queryFor(settings) },
			isRefused,
			bookmark: isSame ? (newestBookmark ?? savedBookmark) : undefined,
		});
	}
}

/**
 * The latest of several positions in the same log. The static data may be that of an earlier node of the same
 * name, and older than what this process remembers.
 */
function latest(places: LogState[]): LogState | undefined {
	return places.reduce<LogState | undefined>((best, place) => {
		const isLater = best && (place.lookedAt ?? -Infinity) > (best.lookedAt ?? -Infinity);
		return best === undefined || isLater ? place : best;
	}, undefined);
}
