import { withTimeout, systemClock as clock } from '../retry/clock';

/**
 * Adds names to a list that other processes write, too.
 *
 * @returns those that were in it before; undefined when it could not be written
 */
export type WriteKeys = (names: string[]) => Promise<ReadonlySet<string> | undefined>;

/** Takes names out of that list, as far as that succeeds. */
export type RemoveKeys = (names: string[]) => Promise<void>;

/** Names that somebody wants to be in the list. */
interface PendingWrite {
	names: string[];
	write: WriteKeys;
	/** How often it is written when it is gone again each time that it is looked for. */
	maxTries: number;
	/** How often it was written. */
	tries: number;
	/** What was in the list when it was written for the first time. */
	before?: ReadonlySet<string>;
	/** How long that took, from reading the list to having written it. */
	tookMs?: number;
	done(written: Written): void;
}

type Written = Pick<PendingWrite, 'before' | 'tookMs'>;

const MAX_TRIES = 6;

/** The longest pause before a note that is gone is written again; chance keeps two processes apart. */
const PAUSE_MS = 100;

/** A database that answers later is done without: others wait behind this one. */
const PATIENCE_MS = 10_000;

/**
 * When a note is looked for once more: somebody who had read the list before it was written may still write
 * it back without the note, unnoticed by a look right afterwards.
 */
const REMINDERS_MS = [500, 3_000];

/**
 * How long after a reservation it is looked at who has it. Whoever had read the list before it was written
 * must have written it back by then: a write that took longer than the second time reserves nothing.
 */
const SETTLE_MS = 1_500;
const MAX_RESERVING_MS = 1_000;
const MAX_RESERVATIONS = 5;

/**
 * A list that is read, changed and written back as a whole, by several processes and without a lock: of two
 * that do so at once, one undoes what the other wrote, and of two that begin the list, one fails.
 *
 * Here, the notes of this process are written together, by one writer. Each is looked for afterwards, and
 * written again where it is gone. To look is to write, for n8n offers nothing else.
 */
export class SharedStore {
	private waiting: PendingWrite[] = [];
	private removals: Array<{ names: string[]; remove: RemoveKeys }> = [];
	/** What was taken out, and is not to be written again by a reminder. */
	private readonly removed = new Set<string>();
	private isWriting = false;

	/**
	 * Resolves when the names are found in the list, or nothing helps.
	 *
	 * @returns those that somebody else had put there before; undefined when that cannot be told
	 */
	async add(names: string[], write: WriteKeys): Promise<ReadonlySet<string> | undefined> {
		const { before } = await this.note(names, write);
		void this.recheck(names, write);
		return before;
	}

	/**
	 * Adds names for one alone: of several who want the same name at the same time, in whatever process, one
	 * gets it, or none does. Takes about a second.
	 *
	 * It is Fischer's algorithm: a name of one's own goes into the list together with the names. Who wrote the
	 * list last without having seen the other has undone what the other wrote, and that name with it.
	 *
	 * @param own a name that nobody else uses
	 * @returns the names that were had before, or are contended; undefined when that cannot be told
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
			// Somebody who wants other names has undone all of it: what was written just now is a new beginning.
			const isUndone = wanted.every((name) => written.before?.has(name) === false);
			if (!isUndone) break;
		}
		return new Set(names);
	}

	/** Takes names out again. */
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

	/** Whoever waits for the run that wrote the names may be gone by then. */
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
		// What is left in the list is taken for something that may have been submitted: that is safe.
		if (removing) await withTimeout(removing, PATIENCE_MS).catch(() => undefined);
	}

	private async writeTogether(notes: PendingWrite[]): Promise<ReadonlySet<string> | undefined> {
		const names = [...new Set(notes.flatMap((note) => note.names))];
		// Any of them can write for all.
		const written = notes.at(-1)?.write(names) ?? Promise.resolve(undefined);
		return await withTimeout(written, PATIENCE_MS).catch(() => undefined);
	}

	/** Tells those that are through, and puts the others in line again. */
	private resolveWrites(
		notes: PendingWrite[],
		found: ReadonlySet<string> | undefined,
		tookMs: number,
	): void {
		const justWritten = new Set<string>();
		for (const note of notes) {
			const isKnown = (name: string) => found?.has(name) ?? false;
			if (note.tries === 0 && found) {
				// Of those who write the same name together, the first has it from nobody.
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
