import { setMaxListeners } from 'node:events';

import { RateLimit, RateLimiter } from '../../../nodes/shared/retry/rateLimiter.js';
import { VirtualClock } from '../virtualClock.mts';
import { FailedRequest } from './failedRequest.mts';

export const BROKE_OFF = new FailedRequest({ isTransient: true });
export const slowDown = (retryAfterMs?: number) =>
	new FailedRequest({ isTransient: true, isRateLimited: true, retryAfterMs });

/** A rate limiter on a virtual clock, and what can happen to it. */
export function limited() {
	const clock = new VirtualClock();
	const controller = new AbortController();
	// One for each sleep.
	setMaxListeners(0, controller.signal);
	const rateLimiter = new RateLimiter({
		limit: new RateLimit(clock),
		signal: controller.signal,
	});
	return {
		clock,
		controller,
		rateLimiter,
		/** A request ends like this. */
		end: async (error?: Error) => {
			const request = error === undefined ? Promise.resolve() : Promise.reject(error);
			await rateLimiter.track(request).catch(() => undefined);
		},
		pass: async (ms: number) => {
			await clock.run(clock.pass(ms));
		},
		/** Waits for the release: whether it came, and when. */
		released: async () => [await clock.run(rateLimiter.acquire()), clock.now()],
	};
}
