import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import type { CobaltEvent } from '../events/event';
import { digest, keyOf } from '../events/eventKey';
import { LogCursor, type SavedCursor } from '../events/logCursor';
import { LogReader, type EventsPage, type TimedEvent } from '../events/logReader';
import { CLOCK_SKEW_MS } from '../events/logTail';
import { systemClock as clock } from '../pacing/clock';
import { withinTime } from '../pacing/withinTime';
import { readCredential, type Send } from '../transport/request';
import { isRegistrationRefused } from './activation';
import { isRefused, triggerError } from './failures';
import { isWanted, queryFor } from './filter';
import { itemOf } from './item';
import { memoryIn, type TriggerMemory } from './memory';
import { isMissed, type Address } from './missed';
import { ourAddress } from './registrationState';
import { readSettings, type TriggerSettings } from './settings';
import { settingsSource } from './settingsSource';
import { readLogState, writeLogState, type LogState } from './state';

const MINUTE_MS = 60_000;

const DAY_MS = 24 * 60 * MINUTE_MS;

/** What n8n gives a poll at most, and what hosts before 2.39 do not tell. */
const MOST_TIME_MS = 5 * MINUTE_MS;

/** How long a time in which Cobalt did not deliver is made up for. */
const LONGEST_GAP_MS = DAY_MS;

/** How far a trigger looks back that was at work before n8n started, and whose place in the log is lost. */
const LOOK_BACK_MS = 60 * MINUTE_MS;

/**
 * One look at the event log: for what happened since the last one, or in the mode *Webhook* for what
 * could not be delivered since.
 *
 * @returns the new events that are wanted, oldest first; null when there are none
 */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const settings = readSettings(settingsSource(this));
	if (settings.mode === 'webhook' && !settings.recoversMissed) return null;
	if (settings.mode === 'webhook' && (await isRegistrationRefused(this))) return null;
	const node = this.getNode();
	const memory = memoryIn(this);
	if (memory.isPolling) {
		this.logger.debug('Cobalt: the last poll is still on its way, so this one is left out');
		return null;
	}
	memory.isPolling = true;
	try {
		const timeMs = Math.min(this.getPollBudgetMs?.() ?? MOST_TIME_MS, MOST_TIME_MS);
		const events = await withinTime(
			this,
			timeMs,
			async (send, over) => await new Look(this, settings, memory, send, over).take(),
		);
		if (events.length === 0) return null;
		return [events.map((event) => itemOf(event, settings.simplify))];
	} catch (error) {
		throw triggerError(node, error);
	} finally {
		memory.isPolling = false;
	}
}

class Look {
	/** By their keys. */
	private readonly found = new Map<string, TimedEvent>();

	/** Read once: n8n copies the whole node each time it is asked for it. */
	private readonly address: Address;

	constructor(
		private readonly context: IPollFunctions,
		private readonly settings: TriggerSettings,
		private readonly memory: TriggerMemory,
		private readonly send: Send,
		private readonly over: AbortSignal,
	) {
		this.address = ourAddress(context);
	}

	/** Reads on from where the last look ended, and writes down how far it came. */
	async take(): Promise<CobaltEvent[]> {
		const { context, found, memory, settings } = this;
		const beganAt = clock.now();
		const { coveredUntil } = memory;
		const data = context.getWorkflowStaticData('node');
		const places = [readLogState(data), memory.log].filter((place) => place !== undefined);
		const origin = await this.origin();
		const known = furthest(places.filter((place) => place.origin === origin));
		memory.log = known;
		const reader = this.reader(known);
		const place = await this.begin(reader, known, places);
		const cursor = this.cursor(place);
		const stillOpen =
			settings.mode === 'polling' ? beganAt : await this.closeGap(place, cursor, beganAt);
		const isAtEnd = await this.read(reader, cursor);
		const state: LogState = {
			origin,
			mode: settings.mode,
			filter: this.filter,
			startFrom: this.startFrom,
			cursor: cursor.save(isAtEnd),
			bookmark: reader.bookmark,
		};
		writeLogState(data, state);
		memory.lookedAt = beganAt;
		// n8n may throw away what a poll gives, and the static data with it: what this process remembers
		// must not go further than that. Nor may it undo what a deactivation meanwhile has noted.
		if (found.size === 0) {
			memory.log = state;
			if (memory.coveredUntil === coveredUntil) memory.coveredUntil = stillOpen;
		}
		return [...found.values()]
			.sort((one, other) => one.moment - other.moment)
			.map(({ event }) => event);
	}

	/**
	 * While a trigger is changed, it is registered nowhere for a moment, and between the last poll and the
	 * first delivery there is a time, too: Cobalt does not even try to deliver what happens then. n8n may
	 * look before the registration is through, so that the end of the gap is left to a later look.
	 *
	 * @returns until when nothing can have been left out; undefined when the gap is closed
	 */
	private async closeGap(
		{ seen }: SavedCursor,
		cursor: LogCursor,
		now: number,
	): Promise<number | undefined> {
		const { coveredUntil = -Infinity, registeredAt = Infinity } = this.memory;
		if (now - coveredUntil > LONGEST_GAP_MS) return undefined;
		const gap = this.cursor(beginAt(coveredUntil - CLOCK_SKEW_MS, seen));
		const isAtEnd = await this.read(this.reader(undefined, {}), gap, () => true);
		for (const [key, { moment }] of this.found) cursor.remember({ key, moment });
		// What happened in the gap may appear in the log late.
		const isClosed = isAtEnd && registeredAt + this.settings.overlapMs <= now;
		return isClosed ? undefined : coveredUntil;
	}

	/**
	 * Reads at most as many as a run is to have, and for as long as there is time: the rest is for the next
	 * look.
	 *
	 * @returns whether it came to the end of the log
	 */
	private async read(
		reader: LogReader,
		cursor: LogCursor,
		isMeant = (event: CobaltEvent) => this.isMeant(event),
	): Promise<boolean> {
		let pages = 0;
		try {
			for await (const page of reader.since(cursor.start, cursor.isResumed)) {
				pages += 1;
				const isFull = !this.takePage(page, cursor, isMeant);
				if (isFull || this.over.aborted) return !isFull && page.isLast;
			}
			return true;
		} catch (error) {
			if (this.over.aborted && pages > 0) return false;
			throw triggerError(this.context.getNode(), error);
		} finally {
			this.memory.bookmark = reader.bookmark;
		}
	}

	/** @returns whether there is room for more */
	private takePage(
		{ events }: EventsPage,
		cursor: LogCursor,
		isMeant: (event: CobaltEvent) => boolean,
	): boolean {
		const { found, memory, settings } = this;
		for (const timed of events) {
			const { event, moment } = timed;
			const key = keyOf(event);
			if (moment < cursor.start) continue;
			if (!cursor.isNew({ key, moment }) || !isWanted(event, settings) || !isMeant(event)) {
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

	private isMeant(event: CobaltEvent): boolean {
		return this.settings.mode === 'polling' || isMissed(event, this.address);
	}

	private cursor(saved: SavedCursor): LogCursor {
		return new LogCursor(saved, { overlapMs: this.settings.overlapMs, now: clock.now });
	}

	/** Where the log is to be read from. */
	private async begin(
		reader: LogReader,
		known: LogState | undefined,
		places: LogState[],
	): Promise<SavedCursor> {
		const { memory } = this;
		const { mode, overlapMs, startFrom } = this.settings;
		const isLost = places.length === 0 && this.isRestart;
		const isBegun = isLost || places.some((place) => place.startFrom === this.startFrom);
		if (startFrom !== undefined && !isBegun) return beginAt(Date.parse(startFrom));
		if (known?.filter === this.filter) return known.cursor;
		const isSameMode = known?.mode === mode;
		if (isSameMode && known.cursor.stopped) return known.cursor;

		const now = clock.now();
		const last = await reader.last(now - DAY_MS);
		const newest = newestOf(last, now);
		if (known === undefined && !isLost) return await this.passAll(reader, last, newest);
		// With another filter, a place in the log may be long out of date: when this process looked last is
		// known better.
		const { coveredUntil = Infinity, lookedAt = now } = memory;
		const lookBackMs = known ? overlapMs + now - lookedAt : LOOK_BACK_MS;
		const since = Math.min(newest, now - lookBackMs, coveredUntil - CLOCK_SKEW_MS);
		if (isSameMode && known.cursor.readTo >= since) return known.cursor;
		return beginAt(since, known?.cursor.seen);
	}

	/** What is in the log already is not to be told, though it may be dated in the future. */
	private async passAll(reader: LogReader, last: EventsPage, since: number): Promise<SavedCursor> {
		const cursor = this.cursor(beginAt(since));
		const passPage = ({ events }: EventsPage) => {
			for (const { event, moment } of events) {
				if (moment >= since) cursor.take({ key: keyOf(event), moment });
			}
		};
		const [first] = last.events;
		const isWhole = last.number === 1 || (first !== undefined && first.moment < since);
		if (isWhole) passPage(last);
		else for await (const page of reader.since(since)) passPage(page);
		return cursor.save(true);
	}

	private get isRestart(): boolean {
		return ['init', 'leadershipChange'].includes(this.context.getActivationMode());
	}

	private reader(known: LogState | undefined, query = this.query): LogReader {
		return new LogReader({
			send: this.send,
			query: { ...query, ...queryFor(this.settings) },
			isRefused,
			bookmark: this.memory.bookmark ?? known?.bookmark,
		});
	}

	/** Of deliveries that did not succeed, some logs know a filter. */
	private get query(): Record<string, string> {
		return this.settings.mode === 'webhook' ? { status: 'failed' } : {};
	}

	/** Whose log it is. */
	private async origin(): Promise<string> {
		const { context } = this;
		const { baseUrl, clientId, accessToken } = await readCredential(context, context.getNode());
		return digestOfAll([baseUrl, clientId, accessToken]);
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

const digestOfAll = (values: unknown[]): string => digest(JSON.stringify(values), 22);

/**
 * Of two places in the same log. The static data of a node that had its name before may be older than what
 * this process remembers.
 */
function furthest(places: LogState[]): LogState | undefined {
	return places.reduce<LogState | undefined>(
		(best, place) => (best && best.cursor.readTo >= place.cursor.readTo ? best : place),
		undefined,
	);
}

/** A place in the log from which on everything is new, but for what was told before. */
const beginAt = (moment: number, seen: SavedCursor['seen'] = {}): SavedCursor => ({
	from: moment,
	readTo: moment,
	checkedTo: moment,
	seen,
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
