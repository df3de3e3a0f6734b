import { KEY_LENGTH } from '../../shared/events/eventKey';
import { startOf, type InFlight, type Keys, type SavedCursor, acknowledge } from './savedCursor';

/**
 * Characters of JSON. Enough for about 10,000 events that are close together, or half as many with a second of
 * their own each. Exceeded only if more than that happened within one second.
 */
const MAX_SEEN_LENGTH = 120_000;

/** Characters that a second takes besides its keys. */
const SECOND_LENGTH = '"1741618800":"",'.length;

/** The events that a reading hands over. */
export interface Batch {
	keys: Iterable<string>;
	by: string;
}

export interface CursorOptions {
	/** How long after it happened an event may still appear in the log, in milliseconds. */
	overlapMs: number;
	now(): number;
}

/**
 * How far the event log has been read. Events may appear in the log late, so its newest part is read again, and
 * dedupe keys drop what was emitted before. Only events that were read move the cursor: neither our clock nor an
 * event dated in the future takes it past an event that has not appeared yet.
 *
 * A reading may stop before the end of the log. The next one resumes there, and once the end is reached,
 * everything since the first stop is read again, because events may have appeared in between.
 */
export class LogCursor {
	/** The second in which each event happened, by its dedupe key. */
	private readonly seen = new Map<string, number>();

	/** From where the log has to be read this time. */
	readonly start: number;

	/** Whether that is where the last reading stopped. */
	readonly isResumed: boolean;

	private readTo: number;

	/** The latest moment that was read this time, even if it is in the future. */
	private reached: number;

	constructor(
		private readonly saved: SavedCursor,
		private readonly options: CursorOptions,
	) {
		this.readTo = saved.readTo;
		this.start = startOf(saved, options.overlapMs);
		this.isResumed = this.start === saved.stopped?.at;
		this.reached = this.start;
		for (const [second, keys] of Object.entries(acknowledge(saved).seen)) {
			for (const key of inPieces(keys)) this.seen.set(key, Number(second));
		}
	}

	/** Whether an event has not been emitted yet. */
	isNew({ key, moment }: SeenEvent): boolean {
		return !(moment < this.start) && !this.seen.has(key);
	}

	/** Remembers an event as emitted. */
	take({ key, moment }: SeenEvent): void {
		this.pass(moment);
		this.seen.set(key, secondOf(Number.isNaN(moment) ? this.readTo : moment));
	}

	/** Passes an event that is not emitted. It is checked again in the overlap, since it may have changed. */
	pass(moment: number): void {
		if (Number.isNaN(moment)) return;
		this.reached = Math.max(this.reached, moment);
		if (moment <= this.options.now()) this.readTo = Math.max(this.readTo, moment);
	}

	/**
	 * The cursor to be saved. If more events were emitted than can be remembered, the overlap becomes shorter.
	 *
	 * @param isAtEnd whether the reading reached the end of the log
	 * @param batch what this reading hands over; it joins an earlier batch that is still in flight
	 */
	save(isAtEnd: boolean, batch: Batch = { keys: [], by: '' }): SavedCursor {
		const { saved, readTo, reached } = this;
		const { overlapMs } = this.options;
		const begunAt = saved.stopped?.readTo ?? saved.readTo;
		const checkedTo = isAtEnd ? begunAt : saved.checkedTo;
		const place = {
			readTo,
			checkedTo,
			...(!isAtEnd && { stopped: { at: reached, readTo: begunAt } }),
		};
		const from = Math.max(saved.from, checkedTo - overlapMs);
		const inFlight = this.inFlightWith(batch);
		const keptFrom = inFlight ? Math.min(from, startOf(inFlight.place, overlapMs)) : from;
		const [seen, seenInFlight]: [Keys, Keys] = [{}, {}];
		const saveAs = (start: number): SavedCursor => ({
			...place,
			from: start,
			seen,
			...(inFlight && {
				inFlight: { place: inFlight.place, seen: seenInFlight, at: inFlight.at, by: inFlight.by },
			}),
		});
		let length = 0;
		for (const [second, keys] of this.newestFirst()) {
			if (second < secondOf(keptFrom)) break;
			const isInFlight = (key: string): boolean => inFlight?.keys.has(key) ?? false;
			const parts = [keys.filter((key) => !isInFlight(key)), keys.filter(isInFlight)] as const;
			for (const part of parts) {
				if (part.length > 0) length += SECOND_LENGTH + part.length * KEY_LENGTH;
			}
			// The last second is always remembered, because more of its events may follow.
			if (length > MAX_SEEN_LENGTH && second < secondOf(reached)) {
				return saveAs(Math.max(from, Math.min((second + 1) * 1000, readTo)));
			}
			if (parts[0].length > 0) seen[second] = parts[0].join('');
			if (parts[1].length > 0) seenInFlight[second] = parts[1].join('');
		}
		return saveAs(from);
	}

	private inFlightWith({ keys, by }: Batch): KeyedInFlight | undefined {
		const { inFlight, from, readTo, checkedTo, stopped } = this.saved;
		const earlier = Object.values(inFlight?.seen ?? {}).flatMap(inPieces);
		const added = [...keys];
		if (added.length === 0) return inFlight && { ...inFlight, keys: new Set(earlier) };
		return {
			place: inFlight?.place ?? { from, readTo, checkedTo, ...(stopped && { stopped }) },
			at: this.options.now(),
			by,
			keys: new Set([...earlier, ...added]),
		};
	}

	private newestFirst(): Array<[second: number, keys: string[]]> {
		const bySecond = new Map<number, string[]>();
		for (const [key, second] of this.seen) {
			const keys = bySecond.get(second) ?? [];
			bySecond.set(second, keys);
			keys.push(key);
		}
		return [...bySecond].sort(([one], [other]) => other - one);
	}
}

type KeyedInFlight = Omit<InFlight, 'seen'> & { keys: ReadonlySet<string> };

/** What is remembered of an event. */
export interface SeenEvent {
	key: string;
	/** Epoch milliseconds of Cobalt's clock; NaN if unknown. */
	moment: number;
}

const secondOf = (moment: number): number => Math.floor(moment / 1000);

function inPieces(keys: string): string[] {
	return Array.from({ length: Math.floor(keys.length / KEY_LENGTH) }, (_, index) =>
		keys.slice(index * KEY_LENGTH, (index + 1) * KEY_LENGTH),
	);
}
