import { KEY_LENGTH } from '../../shared/events/eventKey';
import { isObject } from '../../shared/json';

/**
 * Characters of JSON, unless more than that happened within one second: for about 10,000 events that come
 * close together, and for half of that where each has a second of its own.
 */
const MAX_SEEN_KEYS = 120_000;

/** What a second takes beside its keys. */
const SECOND_LENGTH = '"1741618800":"",'.length;

/** How far the log has been read. All moments are epoch milliseconds of Cobalt's clock. */
interface Place {
	/** What was created before is not looked at again. */
	from: number;
	/** `created` of the latest event that was read. */
	readTo: number;
	/** Where `readTo` was when the last reading began that came to the end of the log. */
	checkedTo: number;
	/** Where a reading stopped before the end, and where `readTo` was when it began. */
	stopped?: { at: number; readTo: number };
}

/** Keys of events, one behind the other, by the second in which they happened. */
type Keys = Record<string, string>;

/** What is kept of a cursor between two readings: a plain object, for n8n writes it as JSON. */
export interface SavedCursor extends Place {
	/** The events told since the overlap began, but for those of `inFlight`. */
	seen: Keys;
	inFlight?: InFlight;
}

/**
 * The last batch that was handed over. Whoever takes it saves the cursor first and the batch afterwards, and
 * may be killed in between: then the log has to be read again from where it was read for this batch.
 */
interface InFlight {
	/** Where the cursor stood before. */
	place: Place;
	seen: Keys;
	/** When it was handed over; epoch milliseconds of our clock. */
	at: number;
	/** The process that handed it over. */
	by: string;
}

/** What a reading has handed over. */
export interface Batch {
	keys: Iterable<string>;
	by: string;
}

/** The cursor as if the last batch had never been handed over. */
export function rewind({ inFlight, ...saved }: SavedCursor): SavedCursor {
	return inFlight ? { ...inFlight.place, seen: saved.seen } : saved;
}

/** The cursor once the last batch is known to have arrived. */
export function acknowledge({ inFlight, ...saved }: SavedCursor): SavedCursor {
	if (!inFlight) return saved;
	const seen = { ...saved.seen };
	for (const [second, keys] of Object.entries(inFlight.seen)) {
		seen[second] = (seen[second] ?? '') + keys;
	}
	return { ...saved, seen };
}

/** The moment from which on the log has to be read. */
export function startOf({ from, checkedTo, stopped }: Place, overlapMs: number): number {
	return Math.max(from, stopped?.at ?? checkedTo - overlapMs);
}

export interface CursorOptions {
	/** How long after it happened an event may still appear in the log, in milliseconds. */
	overlapMs: number;
	now(): number;
}

/**
 * How far the event log has been read. Events may appear in it late, so that what was read last is read
 * again, and known again by its keys. It moves by what was read and by nothing else: neither our clock
 * nor an event that is dated in the future takes it past something that has not been there yet.
 *
 * A reading may stop before it comes to the end of the log. The next one goes on from there, and what was
 * read meanwhile is read again when the end is reached: an event may have appeared behind it.
 */
export class LogCursor {
	/** The second in which it happened, by the event's key. */
	private readonly seen = new Map<string, number>();

	/** From where on the log has to be read this time. */
	readonly start: number;

	/** Whether that is where the last reading stopped. */
	readonly isResumed: boolean;

	private readTo: number;

	/** The latest moment that was read this time, also in the future. */
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

	/** Whether an event is still to be told. */
	isNew({ key, moment }: SeenEvent): boolean {
		return !(moment < this.start) && !this.seen.has(key);
	}

	/** Remembers an event as told. */
	take({ key, moment }: SeenEvent): void {
		this.pass(moment);
		this.seen.set(key, secondOf(Number.isNaN(moment) ? this.readTo : moment));
	}

	/** Goes past an event that is not to be told, as it is now: it is looked at again in the overlap. */
	pass(moment: number): void {
		if (Number.isNaN(moment)) return;
		this.reached = Math.max(this.reached, moment);
		if (moment <= this.options.now()) this.readTo = Math.max(this.readTo, moment);
	}

	/**
	 * What is to be kept. Where more was told than can be remembered, the overlap becomes shorter.
	 *
	 * @param isAtEnd whether the reading came to the end of the log
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
			// What was reached last is remembered in any case: the rest of that second is still to come.
			if (length > MAX_SEEN_KEYS && second < secondOf(reached)) {
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

/** An event by what is remembered of it. */
export interface SeenEvent {
	key: string;
	/** Epoch milliseconds of Cobalt's clock; NaN where it is not known. */
	moment: number;
}

const secondOf = (moment: number): number => Math.floor(moment / 1000);

function inPieces(keys: string): string[] {
	return Array.from({ length: Math.floor(keys.length / KEY_LENGTH) }, (_, index) =>
		keys.slice(index * KEY_LENGTH, (index + 1) * KEY_LENGTH),
	);
}

/** @returns undefined for anything that a cursor does not save */
export function readSavedCursor(value: unknown): SavedCursor | undefined {
	if (!isObject(value)) return undefined;
	const place = readPlace(value);
	if (!place || !areKeys(value.seen)) return undefined;
	const inFlight = readInFlight(value.inFlight);
	return { ...place, seen: value.seen, ...(inFlight && { inFlight }) };
}

function readPlace(value: unknown): Place | undefined {
	if (!isObject(value)) return undefined;
	const { from, readTo, checkedTo, stopped } = value;
	if (!isMoment(from) || !isMoment(readTo) || !isMoment(checkedTo)) return undefined;
	return { from, readTo, checkedTo, ...(isStop(stopped) && { stopped }) };
}

/** Version 0.1.0 saved none. */
function readInFlight(value: unknown): InFlight | undefined {
	if (!isObject(value)) return undefined;
	const { seen, at, by } = value;
	const place = readPlace(value.place);
	if (!place || !areKeys(seen) || !isMoment(at) || typeof by !== 'string') return undefined;
	return { place, seen, at, by };
}

const areKeys = (value: unknown): value is Keys =>
	isObject(value) &&
	Object.entries(value).every(([second, keys]) => isSecond(second) && typeof keys === 'string');

function isStop(value: unknown): value is Place['stopped'] {
	return isObject(value) && isMoment(value.at) && isMoment(value.readTo);
}

/** Half of what JavaScript has dates for: there must be room to count days from it. */
const LATEST = 4e15;

const isMoment = (value: unknown): value is number =>
	typeof value === 'number' && Math.abs(value) <= LATEST;

const isSecond = (text: string): boolean => /^-?\d{1,13}$/.test(text);
