import { withTimeout, systemClock as clock } from '../retry/clock';

/**
 * Adds names to a list that other processes write as well.
 *
 * @returns those that were in it before; undefined if it could not be written
 */
export type WriteKeys = (names: string[]) => Promise<ReadonlySet<string> | undefined>;

/** Removes names from that list, as far as possible. */
export type RemoveKeys = (names: string[]) => Promise<void>;

/** The result of one caller's part of a batch. */
export interface WrittenKeys {
	/** The names that were in the list. */
	found: ReadonlySet<string>;
	/** The caller's names that already existed: in the list, or from earlier callers in the batch. */
	before: ReadonlySet<string>;
	/** How long it took, from before reading the list to after writing it. */
	tookMs: number;
}

interface QueuedWrite {
	names: string[];
	write: WriteKeys;
	isRepeat: boolean;
	resolve(written: WrittenKeys | undefined): void;
}

interface QueuedRemoval {
	names: string[];
	remove: RemoveKeys;
}

/** Maximum pause before names that have vanished are written again; its random length keeps two processes apart. */
const MAX_PAUSE_MS = 100;

/** Give up on a slow database after this long, because later writes queue behind this one. */
const MAX_DATABASE_WAIT_MS = 10_000;

/** The only writer of this process: combines the waiting callers' names into one call, one batch at a time. */
export class WriteBatcher {
	private writes: QueuedWrite[] = [];
	private removals: QueuedRemoval[] = [];
	private isWorking = false;

	/**
	 * @param isRepeat whether the names have vanished since they were written
	 * @returns undefined if they could not be written
	 */
	async write(
		names: string[],
		write: WriteKeys,
		isRepeat = false,
	): Promise<WrittenKeys | undefined> {
		return await new Promise((resolve) => {
			this.writes.push({ names, write, isRepeat, resolve });
			void this.work();
		});
	}

	/** Removes names before the next batch is written. */
	remove(names: string[], remove: RemoveKeys): void {
		this.removals.push({ names, remove });
		void this.work();
	}

	private async work(): Promise<void> {
		if (this.isWorking) return;
		this.isWorking = true;
		while (this.writes.length > 0 || this.removals.length > 0) {
			await this.removeTogether(this.removals.splice(0));
			await this.writeTogether(this.writes.splice(0));
		}
		this.isWorking = false;
	}

	private async removeTogether(removals: QueuedRemoval[]): Promise<void> {
		// Any caller's function can remove the names of all callers.
		const removing = removals.at(-1)?.remove(allNames(removals));
		// A name that stays in the list means "may have been submitted", which is the safe side.
		if (removing) await withTimeout(removing, MAX_DATABASE_WAIT_MS).catch(() => undefined);
	}

	private async writeTogether(batch: QueuedWrite[]): Promise<void> {
		if (batch.some(({ isRepeat }) => isRepeat)) await clock.sleep(MAX_PAUSE_MS * Math.random());
		const began = clock.now();
		const writing = batch.at(-1)?.write(allNames(batch));
		if (!writing) return;
		const found = await withTimeout(writing, MAX_DATABASE_WAIT_MS).catch(() => undefined);
		const tookMs = clock.now() - began;
		const present = new Set(found);
		for (const { names, resolve } of batch) {
			// If several callers write the same name, the first of them gets it.
			const before = new Set(names.filter((name) => present.has(name)));
			for (const name of names) present.add(name);
			resolve(found && { found, before, tookMs });
		}
	}
}

const allNames = (queued: Array<{ names: string[] }>): string[] => [
	...new Set(queued.flatMap(({ names }) => names)),
];
