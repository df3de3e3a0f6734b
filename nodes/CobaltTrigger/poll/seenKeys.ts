import { KEY_LENGTH } from '../../shared/events/eventKey';
import { isObject } from '../../shared/json';

/** The saved form: dedupe keys of events, concatenated, by the second in which they happened. */
export type SavedKeys = Record<string, string>;

/**
 * Characters of JSON. Enough for about 10,000 events that share seconds, or half as many that each have a
 * second of their own. Exceeded only if more than that happened within one second.
 */
const MAX_SAVED_LENGTH = 120_000;

/** What each log may use at least, however many there are: about 1,000 events. */
const MIN_SAVED_LENGTH = 12_000;

/** How many characters of JSON the keys of one log may take if this many logs are saved together. */
export const savedLengthFor = (logs: number): number =>
	Math.max(Math.floor(MAX_SAVED_LENGTH / logs), MIN_SAVED_LENGTH);

/** Characters that a second takes besides its keys. */
const SECOND_LENGTH = '"1741618800":"",'.length;

/** Which keys are saved. Timestamps are epoch milliseconds of Cobalt's clock. */
interface Selection {
	/** Earlier keys are no longer needed. */
	from: number;
	/** The keys of this second, and of all later ones, are saved even if there is no room for them. */
	indispensableFrom: number;
	/** Keys that are saved separately. */
	batch: ReadonlySet<string>;
	/** How many characters of JSON there is room for. Default: as many as a single log has. */
	maxLength?: number;
}

interface SelectedKeys {
	batch: SavedKeys;
	others: SavedKeys;
	/** All keys since this time are included. */
	completeFrom: number;
}

/** The dedupe keys of the events that have been emitted, with the second in which each event happened. */
export class SeenKeys {
	private readonly seconds = new Map<string, number>();

	constructor(saved: SavedKeys) {
		for (const [second, keys] of Object.entries(saved)) {
			for (const key of splitKeys(keys)) this.seconds.set(key, Number(second));
		}
	}

	has(key: string): boolean {
		return this.seconds.has(key);
	}

	/** @param timestamp when the event happened; epoch milliseconds */
	add(key: string, timestamp: number): void {
		this.seconds.set(key, secondOf(timestamp));
	}

	/** The newest keys, as many as are needed and there is room for. */
	select({
		from,
		indispensableFrom,
		batch,
		maxLength = MAX_SAVED_LENGTH,
	}: Selection): SelectedKeys {
		const selected: SelectedKeys = { batch: {}, others: {}, completeFrom: from };
		let length = 0;
		for (const [second, keys] of this.newestFirst()) {
			if (second < secondOf(from)) break;
			const inBatch = keys.filter((key) => batch.has(key));
			const others = keys.filter((key) => !batch.has(key));
			length += lengthOf(inBatch) + lengthOf(others);
			if (length > maxLength && second < secondOf(indispensableFrom)) {
				return { ...selected, completeFrom: (second + 1) * 1000 };
			}
			if (inBatch.length > 0) selected.batch[second] = inBatch.join('');
			if (others.length > 0) selected.others[second] = others.join('');
		}
		return selected;
	}

	private newestFirst(): Array<[second: number, keys: string[]]> {
		const bySecond = new Map<number, string[]>();
		for (const [key, second] of this.seconds) {
			const keys = bySecond.get(second) ?? [];
			bySecond.set(second, keys);
			keys.push(key);
		}
		return [...bySecond].sort(([one], [other]) => other - one);
	}
}

/** The union of both. */
export function mergeKeys(some: SavedKeys, more: SavedKeys): SavedKeys {
	const merged = { ...some };
	for (const [second, keys] of Object.entries(more)) {
		merged[second] = (merged[second] ?? '') + keys;
	}
	return merged;
}

/** The keys as a list. */
export const allKeys = (saved: SavedKeys): string[] => Object.values(saved).flatMap(splitKeys);

/** @param timestamp when the event happened; epoch milliseconds */
export const hasKey = (saved: SavedKeys, key: string, timestamp: number): boolean =>
	splitKeys(saved[secondOf(timestamp)] ?? '').includes(key);

/** Whether a value that n8n has saved has the shape of saved keys. */
export const areSavedKeys = (value: unknown): value is SavedKeys =>
	isObject(value) &&
	Object.entries(value).every(([second, keys]) => isSecond(second) && typeof keys === 'string');

const isSecond = (text: string): boolean => /^-?\d{1,13}$/.test(text);

const secondOf = (timestamp: number): number => Math.floor(timestamp / 1000);

const lengthOf = (keys: readonly string[]): number =>
	keys.length === 0 ? 0 : SECOND_LENGTH + keys.length * KEY_LENGTH;

function splitKeys(keys: string): string[] {
	return Array.from({ length: Math.floor(keys.length / KEY_LENGTH) }, (_, index) =>
		keys.slice(index * KEY_LENGTH, (index + 1) * KEY_LENGTH),
	);
}
