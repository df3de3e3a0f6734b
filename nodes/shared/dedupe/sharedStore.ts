import { systemClock as clock } from '../retry/clock';
import { WriteBatcher, type RemoveKeys, type WriteKeys } from './writeBatcher';

/** How often names are written if they have vanished again at each check. */
const MAX_WRITES = 6;

/**
 * Delays of the later checks: a process that read the list before the names were written may still write it
 * back without them, even after the immediate check.
 */
const LATER_CHECKS_MS = [500, 3_000];

/**
 * Pause between writing a reservation and checking who holds it: by then, a process that read the list
 * earlier must have written it back. A write that takes longer than `MAX_RESERVING_MS` reserves nothing.
 */
const SETTLE_MS = 1_500;
const MAX_RESERVING_MS = 1_000;
const MAX_RESERVATIONS = 5;

/**
 * A list that several processes read, change and write back as a whole, without a lock: of two that do so at once,
 * one undoes what the other wrote, and of two that create the list, one fails.
 *
 * Here, one writer writes the names of this process together, checks them afterwards, and writes those again that
 * have vanished. Checking means writing, because n8n offers nothing else.
 */
export class SharedStore {
	private readonly batcher = new WriteBatcher();

	/** Names that are still to be checked later: one set per check. */
	private readonly unchecked = new Set<Set<string>>();

	/**
	 * Resolves when the names are found in the list, or after the last try.
	 *
	 * @returns those that were in the list before; undefined if that is unknown
	 */
	async add(names: string[], write: WriteKeys): Promise<ReadonlySet<string> | undefined> {
		const before = await this.writeUntilFound(names, write);
		void this.checkLater(names, write);
		return before;
	}

	/**
	 * Adds names exclusively: of several callers that want the same name at the same time, in any process, at most
	 * one gets it. Takes about a second.
	 *
	 * This is Fischer's algorithm: a unique name goes into the list together with the names. A process that
	 * writes the list back without the other's write undoes that write, including the other's unique name.
	 *
	 * @param own a name that nobody else uses
	 * @returns the names that existed before, or are contended; undefined if that is unknown
	 */
	async reserve(
		names: string[],
		own: string,
		write: WriteKeys,
	): Promise<ReadonlySet<string> | undefined> {
		const first = await this.batcher.write([...names, own], write);
		if (!first) return undefined;
		const wanted = names.filter((name) => !first.before.has(name));
		if (wanted.length === 0) return first.before;
		let { tookMs } = first;
		for (let attempt = 1; attempt <= MAX_RESERVATIONS; attempt += 1) {
			const isTimely = tookMs <= MAX_RESERVING_MS;
			await clock.sleep(SETTLE_MS);
			const check = await this.batcher.write([...wanted, own], write);
			if (isTimely && check?.before.has(own)) {
				void this.checkLater(wanted, write);
				return first.before;
			}
			// Another process, reserving other names, has undone everything, so this write is a fresh start.
			if (!check || wanted.some((name) => check.before.has(name))) break;
			({ tookMs } = check);
		}
		return new Set(names);
	}

	/** Removes names, and lets no later check write them again. */
	remove(names: string[], remove: RemoveKeys): void {
		for (const unchecked of this.unchecked) {
			for (const name of names) unchecked.delete(name);
		}
		this.batcher.remove(names, remove);
	}

	/** @returns the names that were in the list before the first write */
	private async writeUntilFound(
		names: string[],
		write: WriteKeys,
	): Promise<ReadonlySet<string> | undefined> {
		const first = await this.batcher.write(names, write);
		let found = first?.found;
		for (let writes = 1; writes < MAX_WRITES; writes += 1) {
			if (names.every((name) => found?.has(name))) break;
			const again = await this.batcher.write(names, write, writes > 1);
			if (!again) break;
			({ found } = again);
		}
		return first?.before;
	}

	/** Checks the names again later, possibly after the execution that wrote them. */
	private async checkLater(names: string[], write: WriteKeys): Promise<void> {
		const unchecked = new Set(names);
		this.unchecked.add(unchecked);
		for (const ms of LATER_CHECKS_MS) {
			await clock.sleep(ms);
			if (unchecked.size > 0) await this.writeUntilFound([...unchecked], write);
		}
		this.unchecked.delete(unchecked);
	}
}
