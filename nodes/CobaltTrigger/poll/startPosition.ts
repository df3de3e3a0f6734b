import { dedupeKey } from '../../shared/events/eventKey';
import type { EventsPage, LogReader } from '../../shared/events/logReader';
import { CLOCK_SKEW_MS } from '../../shared/events/logTail';
import { systemClock as clock } from '../../shared/retry/clock';
import type { TriggerSettings } from '../settings';
import type { Gap } from './gap';
import type { Settled } from './inFlight';
import { LogCursor } from './logCursor';
import type { LogMemory } from './logMemory';
import type { LogState } from './pollState';
import { hasBacklog, nextStart, type SavedCursor } from './savedCursor';
import { filterDigest, startFromDigest } from './settingsDigest';

const MINUTE_MS = 60_000;

const DAY_MS = 24 * 60 * MINUTE_MS;

/** How far back a trigger that was active before n8n started reads, if its position in the log is lost. */
export const MAX_LOOK_BACK_MS = 60 * MINUTE_MS;

/** How far Cobalt's clock may be behind when a gap opens and the log is read from a time of our clock. */
const MAX_BEHIND_MS = 3 * 60 * MINUTE_MS;

/** A position in the log from which reading can continue. */
export type KnownPosition = LogState & Settled;

/** What is known when a poll of a log begins. */
export interface StartOptions {
	/** The position of an earlier poll in the same log, if there is one. */
	known?: KnownPosition;
	/** All saved positions, including those in other logs. */
	places: readonly LogState[];
	gap?: Gap;
	/** Whether n8n has just started, so that the trigger was active before. */
	isRestart: boolean;
}

/** Decides from where a poll reads the log. */
export class StartPosition {
	constructor(
		private readonly settings: TriggerSettings,
		private readonly memory: Pick<LogMemory, 'gapStart' | 'lookedAt'>,
	) {}

	async find(
		reader: LogReader,
		{ known, places, gap, isRestart }: StartOptions,
	): Promise<SavedCursor> {
		const { mode, overlapMs } = this.settings;
		const isLost = isPositionLost({ places, isRestart });
		const startFrom = this.startFrom({ places, isRestart });
		if (startFrom !== undefined) return cursorAt(startFrom);
		if (known && gap && !(known.gap && known.gap.from <= gap.from)) return this.backTo(gap, known);
		const isSameFilter = known?.filter === filterDigest(this.settings);
		if (known && isSameFilter) return known.cursor;
		const isSameMode = known?.mode === mode;
		if (isSameMode && hasBacklog(known.cursor)) return known.cursor;

		const now = clock.now();
		const last = await reader.last(now - DAY_MS);
		const newest = newestOf(last, now);
		if (known === undefined && !isLost) return await this.skipExisting(reader, last, newest);
		// With another filter, the saved position may be long outdated. When this process last polled is a
		// better measure.
		const { gapStart = Infinity, lookedAt = now } = this.memory;
		const lookBackMs = known
			? Math.max(overlapMs, CLOCK_SKEW_MS) + now - lookedAt
			: MAX_LOOK_BACK_MS;
		const since = Math.min(
			newest,
			now - lookBackMs,
			gapStart - CLOCK_SKEW_MS,
			known?.gap?.from ?? Infinity,
			known && (known.isRewound || hasBacklog(known.cursor)) ? nextStart(known.cursor) : Infinity,
		);
		if (isSameMode && known.cursor.highWaterMark >= since) return known.cursor;
		return cursorAt(since, known?.cursor);
	}

	/** Where to begin in a log that cannot be read yet: with events from now on. */
	withoutLog(options: Pick<StartOptions, 'places' | 'isRestart'>): SavedCursor {
		const lookBackMs = isPositionLost(options) ? MAX_LOOK_BACK_MS : CLOCK_SKEW_MS;
		return cursorAt(this.startFrom(options) ?? clock.now() - lookBackMs);
	}

	/** The time of the setting *Start From*, unless the trigger has started from there before. */
	private startFrom(options: Pick<StartOptions, 'places' | 'isRestart'>): number | undefined {
		const { startFrom } = this.settings;
		const key = startFromDigest(this.settings);
		const hasStarted =
			isPositionLost(options) || options.places.some((place) => place.startFrom === key);
		return startFrom === undefined || hasStarted ? undefined : Date.parse(startFrom);
	}

	/** When a gap opens, the log is read from its beginning: until now, only failed deliveries were read. */
	private backTo(gap: Gap, { cursor, mode }: KnownPosition): SavedCursor {
		const { overlapMs } = this.settings;
		const start = nextStart(cursor);
		if (hasBacklog(cursor) && start <= gap.from) return cursor;
		const { lookedAt = -Infinity } = this.memory;
		const checkedTo =
			mode === 'polling' ? gap.from : Math.max(start, lookedAt - overlapMs - MAX_BEHIND_MS);
		return cursorAt(Math.min(gap.from, checkedTo), cursor);
	}

	/** The first poll emits nothing that is already in the log, even if it is dated in the future. */
	private async skipExisting(
		reader: LogReader,
		last: EventsPage,
		since: number,
	): Promise<SavedCursor> {
		const { overlapMs } = this.settings;
		const cursor = new LogCursor(cursorAt(since), { overlapMs, now: clock.now });
		const passPage = ({ events }: EventsPage) => {
			for (const { event, timestamp } of events) {
				if (timestamp >= since) cursor.markEmitted({ key: dedupeKey(event), timestamp });
			}
		};
		const [first] = last.events;
		const isWhole = last.isFirst || (first !== undefined && first.timestamp < since);
		if (isWhole) passPage(last);
		else for await (const page of reader.since(since)) passPage(page);
		return cursor.save(true);
	}
}

/** Whether the trigger has read logs before, and n8n has lost all positions. */
const isPositionLost = ({
	places,
	isRestart,
}: Pick<StartOptions, 'places' | 'isRestart'>): boolean => places.length === 0 && isRestart;

/** A cursor that starts at a time: all later events are new, except those that were emitted before. */
const cursorAt = (
	timestamp: number,
	{ seen, inFlight }: Pick<SavedCursor, 'seen' | 'inFlight'> = { seen: {} },
): SavedCursor => ({
	start: timestamp,
	highWaterMark: timestamp,
	seen,
	...(inFlight && { inFlight }),
});

/** The timestamp of the newest event: "now" by Cobalt's clock. Events dated in the future do not count. */
function newestOf({ events }: EventsPage, now: number): number {
	if (events.length === 0) return now - DAY_MS;
	const past = events.map(({ timestamp }) => timestamp).filter((timestamp) => timestamp <= now);
	return past.length > 0 ? Math.max(...past) : now;
}
