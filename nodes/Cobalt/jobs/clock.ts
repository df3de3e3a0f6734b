import { sleep } from 'n8n-workflow';

/** Time, passed in wherever logic depends on it. Milliseconds. */
export interface Clock {
	now(): number;
	/** Comes back after `ms`, or soon after the signal aborts; never throws. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** n8n older than 2.35 cannot interrupt a sleep: it is taken in slices. */
const SLICE_MS = 500;

export const systemClock: Clock = {
	now: () => Date.now(),
	async sleep(ms, signal) {
		const end = Date.now() + ms;
		for (let rest = ms; rest > 0 && !signal?.aborted; rest = end - Date.now()) {
			await sleep(Math.min(rest, SLICE_MS), signal).catch(() => undefined);
		}
	},
};
