import { isObject } from '../transport/json';
import { KEY_LENGTH } from './eventKey';

/**
 * Characters of JSON, unless more than that happened within one second: for about 10,000 events that come
 * close together, and for half of that where each has a second of its own.
 */
const MOST_REMEMBERED = 120_000;

/** What a second takes beside its keys. */
const SECOND_LENGTH = '"1741618800":"",'.length;

/**
 * What is kept of a cursor between two readings: a plain object, for n8n writes it as JSON. All moments are
 * epoch milliseconds of Cobalt's clock.
 */
export interface SavedCursor {
	/** What was created before is not looked at again. */
	from: number;
	/** `created` of the latest event that was read. */
	readTo: number;
	/** Where `readTo` was when the last reading began that came to the end of the log. */
	checkedTo: number;
	/** The keys of the events told since the overlap began, one behind the other, by second. */
	seen: Record<string, string>;
	/** Where a reading stopped before the end, and where `readTo` was when it began. */
	stopped?: { at: number; readTo: number };
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
		this.start = Math.max(saved.from, saved.stopped?.at ?? saved.checkedTo - options.overlapMs);
		this.isResumed = this.start === saved.stopped?.at;
		this.reached = this.start;
		for (const [second, keys] of Object.entries(saved.seen)) {
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
		this.remember({ key, moment });
	}

	/** The same for one that was met in another reading: this one has not come to it yet. */
	remember({ key, moment }: SeenEvent): void {
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
	 */
	save(isAtEnd: boolean): SavedCursor {
		const { saved, readTo, reached } = this;
		const begunAt = saved.stopped?.readTo ?? saved.readTo;
		const checkedTo = isAtEnd ? begunAt : saved.checkedTo;
		const place = {
			readTo,
			checkedTo,
			...(!isAtEnd && { stopped: { at: reached, readTo: begunAt } }),
		};
		const from = Math.max(saved.from, checkedTo - this.options.overlapMs);
		const seen: Record<string, string> = {};
		let length = 0;
		for (const [second, keys] of this.newestFirst()) {
			if (second < secondOf(from)) break;
			length += SECOND_LENGTH + keys.length * KEY_LENGTH;
			// What was reached last is remembered in any case: the rest of that second is still to come.
			if (length > MOST_REMEMBERED && second < secondOf(reached)) {
				return { ...place, from: Math.min((second + 1) * 1000, readTo), seen };
			}
			seen[second] = keys.join('');
		}
		return { ...place, from, seen };
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
	const { from, readTo, checkedTo, seen, stopped } = value;
	const isSound =
		isMoment(from) &&
		isMoment(readTo) &&
		isMoment(checkedTo) &&
		isObject(seen) &&
		Object.entries(seen).every(([second, keys]) => isSecond(second) && typeof keys === 'string');
	if (!isSound) return undefined;
	return {
		from,
		readTo,
		checkedTo,
		seen: seen as SavedCursor['seen'],
		...(isStop(stopped) && { stopped }),
	};
}

function isStop(value: unknown): value is SavedCursor['stopped'] {
	return isObject(value) && isMoment(value.at) && isMoment(value.readTo);
}

/** Half of what JavaScript has dates for: there must be room to count days from it. */
const LATEST = 4e15;

const isMoment = (value: unknown): value is number =>
	typeof value === 'number' && Math.abs(value) <= LATEST;

const isSecond = (text: string): boolean => /^-?\d{1,13}$/.test(text);
