import { withTimeout, systemClock as clock } from '../retry/clock';

/**
 * Adds names to a list that other processes write as well.
 *
 * @returns those that were in it before; undefined if it could not be written
 */
export type WriteKeys = (names: string[]) => Promise<ReadonlySet<string> | undefined>;

/** Removes names from that list, as far as possible. */
export type RemoveKeys = (names: string[]) => Promise<void>;

/** Names that a caller wants to be in the list. */
interface PendingWrite {
	names: string[];
	write: WriteKeys;
	/** How often it is written if it has vanished again at each check. */
	maxTries: number;
	/** How often it was written. */
	tries: number;
	/** What was in the list when it was written for the first time. */
	before?: ReadonlySet<string>;
	/** How long that took, from before reading the list to after writing it. */
	tookMs?: number;
	done(written: Written): void;
}

type Written = Pick<PendingWrite, 'before' | 'tookMs'>;

const MAX_TRIES = 6;

/** Maximum pause before a vanished name is written again; its random length keeps two processes apart. */
const PAUSE_MS = 100;

/** Give up on a slow database after this long, because later writes queue behind this one. */
const PATIENCE_MS = 10_000;

/**
 * When a name is checked once more: a process that had read the list before it was written may still write it
 * back without the name, after an immediate check.
 */
const REMINDERS_MS = [500, 3_000];

/**
 * How long after a reservation it is checked who has it. A process that had read the list before must have written
 * it back by then; a write that took longer than the second time reserves nothing.
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
	private waiting: PendingWrite[] = [];
	private removals: Array<{ names: string[]; remove: RemoveKeys }> = [];
	/** Removed names, which a later check must not write again. */
	private readonly removed = new Set<string>();
	private isWriting = false;

	/**
	 * Resolves when the names are found in the list, or after the last try.
	 *
	 * @returns those that were in the list before; undefined if that is unknown
	 */
	async add(names: string[], write: WriteKeys): Promise<ReadonlySet<string> | undefined> {
		const { before } = await this.note(names, write);
		void this.recheck(names, write);
		return before;
	}

	/**
	 * Adds names exclusively: of several callers that want the same name at the same time, in any process, at most
	 * one gets it. Takes about a second.
	 *
	 * This is Fischer's algorithm: a unique name goes into the list together with the names. Whoever wrote the list
	 * last without having seen the other has undone the other's write, and with it that unique name.
	 *
	 * @param own a name that nobody else uses
	 * @returns the names that existed before, or are contended; undefined if that is unknown
	 */
	async reserve(
		names: string[],
		own: string,
		write: WriteKeys,
	): Promise<ReadonlySet<string> | undefined> {
		let written = await this.note([...names, own], write, 1);
		const { before } = written;
		const wanted = names.filter((name) => before && !before.has(name));
		if (before === undefined || wanted.length === 0) return before;
		for (let attempt = 1; attempt <= MAX_RESERVATIONS; attempt += 1) {
			const isTimely = (written.tookMs ?? Infinity) <= MAX_RESERVING_MS;
			await clock.sleep(SETTLE_MS);
			written = await this.note([...wanted, own], write, 1);
			if (isTimely && written.before?.has(own)) {
				void this.recheck(wanted, write);
				return before;
			}
			// Another process that wants other names has undone everything, so this write is a fresh start.
			const isUndone = wanted.every((name) => written.before?.has(name) === false);
			if (!isUndone) break;
		}
		return new Set(names);
	}

	/** Removes names. */
	remove(names: string[], remove: RemoveKeys): void {
		for (const name of names) this.removed.add(name);
		this.removals.push({ names, remove });
		if (!this.isWriting) void this.writeAll();
	}

	private async note(names: string[], write: WriteKeys, maxTries = MAX_TRIES): Promise<Written> {
		for (const name of names) this.removed.delete(name);
		return await new Promise((done) => {
			this.waiting.push({ names, write, maxTries, tries: 0, done });
			if (!this.isWriting) void this.writeAll();
		});
	}

	/** Checks names later, when the run that wrote them may be over. */
	private async recheck(names: string[], write: WriteKeys): Promise<void> {
		for (const ms of REMINDERS_MS) {
			await clock.sleep(ms);
			const wanted = names.filter((name) => !this.removed.has(name));
			if (wanted.length > 0) await this.note(wanted, write);
		}
		for (const name of names) this.removed.delete(name);
	}

	private async writeAll(): Promise<void> {
		this.isWriting = true;
		while (this.waiting.length > 0 || this.removals.length > 0) {
			await this.removeAll();
			const notes = this.waiting;
			this.waiting = [];
			if (notes.length === 0) continue;
			const wasGone = notes.some(({ tries }) => tries > 1);
			if (wasGone) await clock.sleep(PAUSE_MS * Math.random());
			const began = clock.now();
			const found = await this.writeTogether(notes);
			this.resolveWrites(notes, found, clock.now() - began);
		}
		this.isWriting = false;
	}

	private async removeAll(): Promise<void> {
		const { removals } = this;
		this.removals = [];
		const names = [...new Set(removals.flatMap((removal) => removal.names))];
		const removing = removals.at(-1)?.remove(names);
		// A name that stays in the list means that something may have been submitted: the safe side.
		if (removing) await withTimeout(removing, PATIENCE_MS).catch(() => undefined);
	}

	private async writeTogether(notes: PendingWrite[]): Promise<ReadonlySet<string> | undefined> {
		const names = [...new Set(notes.flatMap((note) => note.names))];
		// Any of them can write for all of them.
		const written = notes.at(-1)?.write(names) ?? Promise.resolve(undefined);
		return await withTimeout(written, PATIENCE_MS).catch(() => undefined);
	}

	/** Resolves the writes that are done, and queues the others again. */
	private resolveWrites(
		notes: PendingWrite[],
		found: ReadonlySet<string> | undefined,
		tookMs: number,
	): void {
		const justWritten = new Set<string>();
		for (const note of notes) {
			const isKnown = (name: string) => found?.has(name) ?? false;
			if (note.tries === 0 && found) {
				// Of callers that write the same name together, the first one is the first to have it.
				note.before = new Set(note.names.filter((name) => isKnown(name) || justWritten.has(name)));
				note.tookMs = tookMs;
			}
			for (const name of note.names) justWritten.add(name);
			note.tries += 1;
			const isHopeless = note.tries === note.maxTries || (note.tries > 1 && !found);
			if (isHopeless || note.names.every(isKnown))
				note.done({ before: note.before, tookMs: note.tookMs });
			else this.waiting.push(note);
		}
	}
}
