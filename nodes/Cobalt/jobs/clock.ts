import { sleep } from 'n8n-workflow';

/** Time, passed in wherever logic depends on it. Milliseconds. */
export interface Clock {
	now(): number;
	/** Comes back after `ms`, or soon after the signal aborts; never throws. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * How soon an aborted sleep ends. The signal is looked at instead of listened to: n8n older than 2.35
 * cannot interrupt a sleep, and hundreds of listeners on one signal make Node warn of a leak.
 */
const SLICE_MS = 250;

export const systemClock: Clock = {
	now: () => Date.now(),
	async sleep(ms, signal) {
		const end = Date.now() + ms;
		for (let rest = ms; rest > 0 && !signal?.aborted; rest = end - Date.now()) {
			await sleep(Math.min(rest, SLICE_MS));
		}
	},
};
