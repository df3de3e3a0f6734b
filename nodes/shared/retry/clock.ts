import { sleep } from 'n8n-workflow';

import { TimeoutError } from './errors';

/** Time, passed in wherever logic depends on it. Milliseconds. */
export interface Clock {
	now(): number;
	/** Comes back after `ms`, or at once when the signal aborts; never throws. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A sleep is taken in slices, so that no timer outlives an abort for long: n8n has none to clear. */
const SLICE_MS = 1_000;

export const systemClock: Clock = {
	now: () => Date.now(),
	async sleep(ms, signal) {
		// A part of a millisecond never passes on a clock that counts whole ones.
		const end = Date.now() + Math.ceil(ms);
		for (let rest = Math.ceil(ms); rest > 0 && !signal?.aborted; rest = end - Date.now()) {
			const slice = Math.min(rest, SLICE_MS);
			await (signal ? sleepUnlessAborted(slice, signal) : sleep(slice));
		}
	},
};

/** Who is to be woken when a signal aborts. */
const sleepers = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * An abort must be answered in the very moment: n8n saves a cancelled execution right then, and what
 * the node does later is not in it. One listener serves all, for Node warns of more than ten.
 */
async function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
	const wakes = sleepers.get(signal) ?? listen(signal);
	await new Promise<void>((resolve) => {
		const wake = () => {
			wakes.delete(wake);
			resolve();
		};
		wakes.add(wake);
		void sleep(ms).then(wake);
	});
}

function listen(signal: AbortSignal): Set<() => void> {
	const wakes = new Set<() => void>();
	sleepers.set(signal, wakes);
	signal.addEventListener('abort', () => wakes.forEach((wake) => wake()), { once: true });
	return wakes;
}

/** @throws TimeoutError for work that takes longer. It cannot be ended, and goes on unnoticed. */
export async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
	const done = new AbortController();
	const tooLate = systemClock.sleep(ms, done.signal).then(() => {
		throw new TimeoutError();
	});
	return await Promise.race([work, tooLate]).finally(() => done.abort());
}
