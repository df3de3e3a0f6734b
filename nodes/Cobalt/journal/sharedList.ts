import { inTime, systemClock as clock } from '../pacing/clock';

/**
 * Adds names to a list that other processes write, too.
 *
 * @returns those that were in it before; undefined when it could not be written
 */
export type Write = (names: string[]) => Promise<ReadonlySet<string> | undefined>;

/** Names that somebody wants to be in the list. */
interface Note {
	names: string[];
	write: Write;
	/** How often it was written. */
	tries: number;
	/** What was in the list when it was written for the first time. */
	before?: ReadonlySet<string>;
	done(before?: ReadonlySet<string>): void;
}

/** How often a note is written, when it is gone again each time that it is looked for. */
const MOST_TRIES = 6;

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
 * A list that is read, changed and written back as a whole, by several processes and without a lock: of two
 * that do so at once, one undoes what the other wrote, and of two that begin the list, one fails.
 *
 * Here, the notes of this process are written together, by one writer. Each is looked for afterwards, and
 * written again where it is gone. To look is to write, for n8n offers nothing else.
 */
export class SharedList {
	private waiting: Note[] = [];
	private isWriting = false;

	/**
	 * Resolves when the names are found in the list, or nothing helps.
	 *
	 * @returns those that somebody else had put there before; undefined when that cannot be told
	 */
	async add(names: string[], write: Write): Promise<ReadonlySet<string> | undefined> {
		const before = await this.note(names, write);
		void this.remind(names, write);
		return before;
	}

	private async note(names: string[], write: Write): Promise<ReadonlySet<string> | undefined> {
		return await new Promise((done) => {
			this.waiting.push({ names, write, tries: 0, done });
			if (!this.isWriting) void this.writeAll();
		});
	}

	/** Whoever waits for the run that wrote the names may be gone by then. */
	private async remind(names: string[], write: Write): Promise<void> {
		for (const ms of REMINDERS_MS) {
			await clock.sleep(ms);
			await this.note(names, write);
		}
	}

	private async writeAll(): Promise<void> {
		this.isWriting = true;
		while (this.waiting.length > 0) {
			const notes = this.waiting;
			this.waiting = [];
			const wasGone = notes.some(({ tries }) => tries > 1);
			if (wasGone) await clock.sleep(PAUSE_MS * Math.random());
			this.sort(notes, await this.writeTogether(notes));
		}
		this.isWriting = false;
	}

	private async writeTogether(notes: Note[]): Promise<ReadonlySet<string> | undefined> {
		const names = [...new Set(notes.flatMap((note) => note.names))];
		// Any of them can write for all.
		const written = notes.at(-1)?.write(names) ?? Promise.resolve(undefined);
		return await inTime(written, PATIENCE_MS).catch(() => undefined);
	}

	/** Tells those that are through, and puts the others in line again. */
	private sort(notes: Note[], found: ReadonlySet<string> | undefined): void {
		const justWritten = new Set<string>();
		for (const note of notes) {
			const isKnown = (name: string) => found?.has(name) ?? false;
			if (note.tries === 0 && found) {
				// Of those who write the same name together, the first has it from nobody.
				note.before = new Set(note.names.filter((name) => isKnown(name) || justWritten.has(name)));
			}
			for (const name of note.names) justWritten.add(name);
			note.tries += 1;
			const isHopeless = note.tries === MOST_TRIES || (note.tries > 1 && !found);
			if (isHopeless || note.names.every(isKnown)) note.done(note.before);
			else this.waiting.push(note);
		}
	}
}
