import { sleep } from 'n8n-workflow';

import { onAbort } from './abort';
import { TimeoutError } from './errors';

/** Time, passed in wherever logic depends on it. Milliseconds. */
export interface Clock {
	now(): number;
	/** Resolves after `ms`, or at once when the signal aborts; never throws. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A sleep is made of slices, so that no timer outlives an abort for long: n8n has no clearTimeout for nodes. */
const SLICE_MS = 1_000;

/** The time of this machine, and n8n's timers. */
export const systemClock: Clock = {
	now: () => Date.now(),
	async sleep(ms, signal) {
		// The clock counts whole milliseconds: a fraction of one would never pass.
		const end = Date.now() + Math.ceil(ms);
		for (let rest = Math.ceil(ms); rest > 0 && !signal?.aborted; rest = end - Date.now()) {
			const slice = Math.min(rest, SLICE_MS);
			await (signal ? sleepUnlessAborted(slice, signal) : sleep(slice));
		}
	},
};

/**
 * A sleep must end the moment its signal aborts: n8n saves a cancelled execution right then, without what
 * the node does later.
 */
async function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
	await new Promise<void>((resolve) => {
		const forget = onAbort(signal, resolve);
		void sleep(ms).then(() => {
			forget();
			resolve();
		});
	});
}

/**
 * The result of the work.
 *
 * @param ms time limit. The work itself cannot be stopped; after the limit, its result is ignored.
 * @throws TimeoutError if the work takes longer, and what the work throws
 */
export async function withTimeout<T>(
	work: Promise<T>,
	ms: number,
	clock: Clock = systemClock,
): Promise<T> {
	const done = new AbortController();
	const tooLate = clock.sleep(ms, done.signal).then(() => {
		if (!done.signal.aborted) throw new TimeoutError();
		return work;
	});
	return await Promise.race([work, tooLate]).finally(() => done.abort(DONE));
}

/** A reason to abort. Without one, Node makes an error with a stack for each abort. */
const DONE = Symbol('done');
