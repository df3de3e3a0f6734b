import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import type { CobaltEvent } from '../../shared/events/event';
import { digest, dedupeKey } from '../../shared/events/eventKey';
import { LogReader, type EventsPage, type TimestampedEvent } from '../../shared/events/logReader';
import { CLOCK_SKEW_MS } from '../../shared/events/logTail';
import type { Send } from '../../shared/http/client';
import { withTimeBudget } from '../../shared/http/timeBudget';
import { systemClock as clock } from '../../shared/retry/clock';
import { accountOf } from '../account';
import { isRefused, triggerError } from '../errors';
import { isWanted, queryFor } from '../filter';
import { itemOf } from '../item';
import { processStateFor, processId, type ProcessState } from '../processState';
import { readSettings, type TriggerSettings } from '../settings';
import { parametersOfTrigger } from '../settingsSource';
import { ourAddress } from '../webhook/registrationState';
import { isRegistrationRefused } from './activation';
import { isInGap, openGap, type Gap } from './gap';
import { settleBatch, type Settled } from './inFlight';
import { LogCursor } from './logCursor';
import { readLogState, writeLogState, type LogState } from './pollState';
import { startOf, type SavedCursor } from './savedCursor';
import { isUndelivered, type WebhookTarget } from './undelivered';

const MINUTE_MS = 60_000;

const DAY_MS = 24 * 60 * MINUTE_MS;

/** What n8n gives a poll at most, and what hosts before 2.39 do not tell. */
const MAX_POLL_MS = 5 * MINUTE_MS;

/** How far a trigger looks back that was at work before n8n started, and whose place in the log is lost. */
const LOOK_BACK_MS = 60 * MINUTE_MS;

/** How far Cobalt's clock may be behind where a gap opens and the log is read on from a time of ours. */
const MAX_BEHIND_MS = 3 * 60 * MINUTE_MS;

/**
 * One look at the event log: for what happened since the last one, or in the mode *Webhook* for what
 * could not be delivered since.
 *
 * @returns the new events that are wanted, oldest first; null when there are none
 */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const settings = readSettings(parametersOfTrigger(this));
	if (settings.mode === 'webhook' && !settings.recoversMissed) return null;
	if (settings.mode === 'webhook' && (await isRegistrationRefused(this))) return null;
	const node = this.getNode();
	const memory = processStateFor(this);
	if (memory.isPolling) {
		this.logger.debug('Cobalt: the last poll is still on its way, so this one is left out');
		return null;
	}
	memory.isPolling = true;
	try {
		const timeMs = Math.min(this.getPollBudgetMs?.() ?? MAX_POLL_MS, MAX_POLL_MS);
		const events = await withTimeBudget(
			this,
			timeMs,
			async (send, over) => await new PollRun(this, settings, memory, send, over).run(),
		);
		if (events.length === 0) return null;
		return [events.map((event) => itemOf(event, settings.simplify))];
	} catch (error) {
		throw triggerError(node, error);
	} finally {
		memory.isPolling = false;
	}
}

class PollRun {
	/** By their keys. */
	private readonly found = new Map<string, TimestampedEvent>();

	/** Read once: n8n copies the whole node each time it is asked for it. */
	private readonly address: WebhookTarget;

	constructor(
		private readonly context: IPollFunctions,
		private readonly settings: TriggerSettings,
		private readonly memory: ProcessState,
		private readonly send: Send,
		private readonly over: AbortSignal,
	) {
		this.address = ourAddress(context);
	}

	/** Reads on from where the last look ended, and writes down how far it came. */
	async run(): Promise<CobaltEvent[]> {
		const { context, found, memory, settings } = this;
		const beganAt = clock.now();
		const data = context.getWorkflowStaticData('node');
		const places = [readLogState(data), memory.log].filter((place) => place !== undefined);
		const origin = await accountOf(context);
		memory.deliveries.openFor(origin);
		const saved = latest(places.filter((place) => place.origin === origin));
		memory.log = saved;
		const known = saved && this.settle(saved, beganAt);
		const gap = this.gapAfter(known, beganAt);
		const { gapStart } = memory;
		const reader = this.reader(known, gap);
		const cursor = this.cursor(await this.begin(reader, { known, places, gap }));
		const isAtEnd = await this.read(reader, cursor, gap);
		const isStillOpen = gap && !(isAtEnd && found.size === 0 && this.isOver(beganAt));
		const state: LogState = {
			origin,
			mode: settings.mode,
			filter: this.filter,
			startFrom: this.startFrom,
			cursor: cursor.save(isAtEnd, { keys: found.keys(), by: processId }),
			bookmark: reader.bookmark,
			lookedAt: beganAt,
			...(isStillOpen && { gap: { until: memory.registeredAt ?? beganAt, ...gap } }),
		};
		writeLogState(data, state);
		memory.lookedAt = beganAt;
		// n8n may throw away what a poll gives, and the static data with it: what this process remembers
		// must not go further than that. Nor may it undo what a deactivation meanwhile has noted.
		if (found.size === 0) {
			memory.log = state;
			if (!isStillOpen && memory.gapStart === gapStart) memory.gapStart = undefined;
		}
		return [...found.values()]
			.sort((one, other) => one.moment - other.moment)
			.map(({ event }) => event);
	}

	/**
	 * What another process handed over last may be lost. Where it is not sure that n8n's table still knows
	 * it, or where something else is looked for by now, only what is recent is handed over again.
	 */
	private settle(saved: LogState, now: number): Known {
		const mostKnownMs = saved.mode === 'webhook' ? DAY_MS : Infinity;
		const maxAgeMs = saved.filter === this.filter ? mostKnownMs : LOOK_BACK_MS;
		return { ...saved, ...settleBatch(saved.cursor, { now, processId, maxAgeMs }) };
	}

	/** n8n may look before the registration is through, so that the end of a gap is left to a later look. */
	private gapAfter(known: LogState | undefined, now: number): Gap | undefined {
		const { memory, settings } = this;
		if (settings.mode === 'polling') return undefined;
		const gap = openGap(known, memory, { now, overlapMs: settings.overlapMs });
		if (known?.mode === 'polling') memory.gapStart = now;
		return gap;
	}

	/** What happened in a gap may appear in the log late. */
	private isOver(now: number): boolean {
		const { registeredAt = Infinity } = this.memory;
		return registeredAt + this.settings.overlapMs <= now;
	}

	/**
	 * Reads at most as many as a run is to have, and for as long as there is time: the rest is for the next
	 * look.
	 *
	 * @returns whether it came to the end of the log
	 */
	private async read(reader: LogReader, cursor: LogCursor, gap: Gap | undefined): Promise<boolean> {
		let pages = 0;
		try {
			for await (const page of reader.since(cursor.start, cursor.isResumed)) {
				pages += 1;
				const isFull = !this.takePage(page, cursor, gap);
				if (isFull || this.over.aborted) return !isFull && page.isLast;
			}
			return true;
		} catch (error) {
			if (this.over.aborted && pages > 0) return false;
			throw triggerError(this.context.getNode(), error);
		} finally {
			this.memory.logPosition = reader.bookmark;
		}
	}

	/** @returns whether there is room for more */
	private takePage({ events }: EventsPage, cursor: LogCursor, gap: Gap | undefined): boolean {
		const { found, memory, settings } = this;
		for (const timed of events) {
			const { event, moment } = timed;
			const key = dedupeKey(event);
			if (moment < cursor.start) continue;
			const isMeant = this.isMeant(timed, gap);
			if (!cursor.isNew({ key, moment }) || !isWanted(event, settings) || !isMeant) {
				cursor.pass(moment);
				continue;
			}
			if (!memory.deliveries.has(key) && !found.has(key)) {
				if (found.size >= settings.eventsPerRun) return false;
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

	private cursor(saved: SavedCursor): LogCursor {
		return new LogCursor(saved, { overlapMs: this.settings.overlapMs, now: clock.now });
	}

	/** Where the log is to be read from. */
	private async begin(
		reader: LogReader,
		{ known, places, gap }: { known?: Known; places: LogState[]; gap?: Gap },
	): Promise<SavedCursor> {
		const { memory } = this;
		const { mode, overlapMs, startFrom } = this.settings;
		const isLost = places.length === 0 && this.isRestart;
		const isBegun = isLost || places.some((place) => place.startFrom === this.startFrom);
		if (startFrom !== undefined && !isBegun) return beginAt(Date.parse(startFrom));
		if (known && gap && !(known.gap && known.gap.from <= gap.from)) return this.backTo(gap, known);
		if (known?.filter === this.filter) return known.cursor;
		const isSameMode = known?.mode === mode;
		if (isSameMode && known.cursor.stopped) return known.cursor;

		const now = clock.now();
		const last = await reader.last(now - DAY_MS);
		const newest = newestOf(last, now);
		if (known === undefined && !isLost) return await this.passAll(reader, last, newest);
		// With another filter, a place in the log may be long out of date: when this process looked last is
		// known better.
		const { gapStart = Infinity, lookedAt = now } = memory;
		const lookBackMs = known ? Math.max(overlapMs, CLOCK_SKEW_MS) + now - lookedAt : LOOK_BACK_MS;
		const since = Math.min(
			newest,
			now - lookBackMs,
			gapStart - CLOCK_SKEW_MS,
			known?.gap?.from ?? Infinity,
			known?.isRewound || known?.cursor.stopped ? startOf(known.cursor, overlapMs) : Infinity,
		);
		if (isSameMode && known.cursor.readTo >= since) return known.cursor;
		return beginAt(since, known?.cursor);
	}

	/** Where a gap opens, the log is read from its beginning: until now, only what had failed was looked for. */
	private backTo(gap: Gap, { cursor, mode }: Known): SavedCursor {
		const { overlapMs } = this.settings;
		const start = startOf(cursor, overlapMs);
		if (cursor.stopped && start <= gap.from) return cursor;
		const { lookedAt = -Infinity } = this.memory;
		const checkedTo =
			mode === 'polling' ? gap.from : Math.max(start, lookedAt - overlapMs - MAX_BEHIND_MS);
		return beginAt(Math.min(gap.from, checkedTo), cursor);
	}

	/** What is in the log already is not to be told, though it may be dated in the future. */
	private async passAll(reader: LogReader, last: EventsPage, since: number): Promise<SavedCursor> {
		const cursor = this.cursor(beginAt(since));
		const passPage = ({ events }: EventsPage) => {
			for (const { event, moment } of events) {
				if (moment >= since) cursor.take({ key: dedupeKey(event), moment });
			}
		};
		const [first] = last.events;
		const isWhole = last.isFirst || (first !== undefined && first.moment < since);
		if (isWhole) passPage(last);
		else for await (const page of reader.since(since)) passPage(page);
		return cursor.save(true);
	}

	private get isRestart(): boolean {
		return ['init', 'leadershipChange'].includes(this.context.getActivationMode());
	}

	private reader(known: Known | undefined, gap: Gap | undefined): LogReader {
		const { memory, settings } = this;
		const isAll = settings.mode === 'polling' || gap !== undefined;
		// A bookmark counts the pages of what was asked for. Where a reading stopped, only its own will do.
		const isSame =
			known?.filter === this.filter && (known.gap === undefined) === (gap === undefined);
		const newestBookmark = known?.cursor.stopped ? undefined : memory.logPosition;
		const savedBookmark = known?.isRewound ? undefined : known?.bookmark;
		return new LogReader({
			send: this.send,
			// Of deliveries that did not succeed, some logs know a filter.
			query: { ...(!isAll && { status: 'failed' }), ...queryFor(settings) },
			isRefused,
			bookmark: isSame ? (newestBookmark ?? savedBookmark) : undefined,
		});
	}

	private get startFrom(): string {
		const { startFrom, startFromAsEntered } = this.settings;
		return startFrom === undefined ? '' : digestOfAll([startFromAsEntered]);
	}

	private get filter(): string {
		const { mode, types, source, clinics, changedFields } = this.settings;
		return digestOfAll([mode, types, source, clinics, changedFields]);
	}
}

/** A place in the log that can be gone on with. */
type Known = LogState & Settled;

const digestOfAll = (values: unknown[]): string => digest(JSON.stringify(values), 22);

/**
 * Of the places in the same log that which was reached last. The static data of a node that had its name
 * before may be older than what this process remembers.
 */
function latest(places: LogState[]): LogState | undefined {
	return places.reduce<LogState | undefined>((best, place) => {
		const isLater = best && (place.lookedAt ?? -Infinity) > (best.lookedAt ?? -Infinity);
		return best === undefined || isLater ? place : best;
	}, undefined);
}

/** A place in the log from which on everything is new, but for what was told before. */
const beginAt = (
	moment: number,
	{ seen, inFlight }: Pick<SavedCursor, 'seen' | 'inFlight'> = { seen: {} },
): SavedCursor => ({
	from: moment,
	readTo: moment,
	checkedTo: moment,
	seen,
	...(inFlight && { inFlight }),
});

/**
 * When the newest event happened, by Cobalt's clock: "now" in the log. One that is dated in the future is
 * not it.
 */
function newestOf({ events }: EventsPage, now: number): number {
	if (events.length === 0) return now - DAY_MS;
	const past = events.map(({ moment }) => moment).filter((moment) => moment <= now);
	return past.length > 0 ? Math.max(...past) : now;
}
