import {
	acknowledge,
	earliestStart,
	hasBacklog,
	nextStart,
	type InFlight,
	type ReadPosition,
	type SavedCursor,
} from './savedCursor';
import { allKeys, SeenKeys } from './seenKeys';

/** The events that a read hands over. */
export interface Batch {
	keys: Iterable<string>;
	by: string;
}

/** How far back a cursor remembers events, and how much of this memory it may save. */
export interface CursorOptions {
	/** How long after it happened an event may still appear in the log, in milliseconds. */
	overlapMs: number;
	/** How many characters of JSON the saved keys may take. Default: as many as those of a single log. */
	maxSavedLength?: number;
	now(): number;
}

/** What is remembered about an event. */
export interface SeenEvent {
	key: string;
	/** Epoch milliseconds of Cobalt's clock; NaN if unknown. */
	timestamp: number;
}

/**
 * How far the event log has been read. Events may appear in the log late, so its newest part, the overlap, is read
 * again, and dedupe keys drop what was emitted before. Only events that were read move the cursor: neither our
 * clock nor an event dated in the future takes it past an event that has not appeared yet.
 *
 * A read that stops before the end of the log is resumed by the next one, and in the meantime events may
 * appear behind it. So once the end is reached, the overlap is that of the first of these reads: it reaches
 * back from the latest event that is known to have been in the log when that read began. Everything older
 * than the overlap had appeared by then, and has been read.
 */
export class LogCursor {
	private readonly seen: SeenKeys;

	/** From where the log has to be read this time. */
	readonly start: number;

	/** Whether `start` is where the last read stopped. */
	readonly isResumed: boolean;

	private highWaterMark: number;

	/** A lower bound for Cobalt's clock when this read began. */
	private beganAt: number;

	/** The latest timestamp that was read this time, even if it is in the future. */
	private reached: number;

	constructor(
		private readonly saved: SavedCursor,
		private readonly options: CursorOptions,
	) {
		this.start = nextStart(saved);
		this.isResumed = hasBacklog(saved);
		this.highWaterMark = saved.highWaterMark;
		this.beganAt = saved.highWaterMark;
		this.reached = this.start;
		this.seen = new SeenKeys(acknowledge(saved).seen);
	}

	/** Whether an event has not been emitted yet. */
	isNew({ key, timestamp }: SeenEvent): boolean {
		return !(timestamp < this.start) && !this.seen.has(key);
	}

	/** Remembers an event as emitted. */
	markEmitted({ key, timestamp }: SeenEvent): void {
		this.markRead(timestamp);
		this.seen.add(key, Number.isNaN(timestamp) ? this.highWaterMark : timestamp);
	}

	/** Skips an event that is not emitted. It is checked again in the overlap, since it may have changed. */
	markRead(timestamp: number): void {
		if (Number.isNaN(timestamp)) return;
		this.reached = Math.max(this.reached, timestamp);
		if (timestamp <= this.options.now())
			this.highWaterMark = Math.max(this.highWaterMark, timestamp);
	}

	/** @param timestamp by Cobalt's clock, before this read began */
	setBeganAt(timestamp: number): void {
		this.beganAt = Math.max(this.beganAt, timestamp);
	}

	/**
	 * The cursor to be saved. If more events were emitted than can be remembered, the overlap becomes shorter.
	 *
	 * @param isAtEnd whether the read reached the end of the log
	 * @param batch what this read hands over; it joins an earlier batch that is still in flight
	 */
	save(isAtEnd: boolean, batch: Batch = { keys: [], by: '' }): SavedCursor {
		const { highWaterMark, reached, seen } = this;
		const position: ReadPosition = {
			start: this.startAfterEnd(),
			highWaterMark,
			...(!isAtEnd && { resume: reached }),
		};
		const inFlight = this.inFlightWith(batch);
		const positions = inFlight ? [position, inFlight.place] : [position];
		const keys = seen.select({
			from: Math.min(...positions.map(earliestStart)),
			// More events of the same second may follow.
			indispensableFrom: reached,
			batch: inFlight?.keys ?? new Set(),
			maxLength: this.options.maxSavedLength,
		});
		return {
			...position,
			start: Math.max(position.start, Math.min(keys.completeFrom, highWaterMark)),
			seen: keys.others,
			...(inFlight && {
				inFlight: { place: inFlight.place, seen: keys.batch, at: inFlight.at, by: inFlight.by },
			}),
		};
	}

	/** The beginning of the overlap, from which the next read starts once this one has reached the end. */
	private startAfterEnd(): number {
		const { beganAt, isResumed, saved } = this;
		if (isResumed) return saved.start;
		return Math.max(saved.start, beganAt - this.options.overlapMs);
	}

	private inFlightWith({ keys, by }: Batch): KeyedInFlight | undefined {
		const { inFlight, start, highWaterMark, resume } = this.saved;
		const earlier = allKeys(inFlight?.seen ?? {});
		const added = [...keys];
		if (added.length === 0) return inFlight && { ...inFlight, keys: new Set(earlier) };
		return {
			place: inFlight?.place ?? { start, highWaterMark, ...(resume !== undefined && { resume }) },
			at: this.options.now(),
			by,
			keys: new Set([...earlier, ...added]),
		};
	}
}

type KeyedInFlight = Omit<InFlight, 'seen'> & { keys: ReadonlySet<string> };
