import { eventsOfJob, newestEvents } from '../../shared/events/eventLog';
import type { Send } from '../../shared/http/client';
import { systemClock as clock } from '../../shared/retry/clock';
import { RateLimitedError } from '../../shared/retry/errors';
import { JobPoller } from '../polling/jobPoller';
import type { Account } from '../run/account';

export interface AccountPollerOptions {
	signal: AbortSignal;
	/** Called for every request. */
	onRequest(): void;
	/** Called after every round. */
	onRound(): void;
}

/** The poller for the jobs of one account, which only sees its own events. */
export function createPoller(
	{ rateLimiter, send }: Account,
	{ signal, onRequest, onRound }: AccountPollerOptions,
): JobPoller {
	const sendLookup: Send = async (request) => {
		signal.throwIfAborted();
		// A lookup may take several pages, and meanwhile Cobalt may ask another request to slow down.
		if (rateLimiter.remainingMs > 0) throw new RateLimitedError();
		onRequest();
		return await send(request);
	};
	return new JobPoller({
		lookUp: async (jobId) => await eventsOfJob(sendLookup, jobId),
		readLog: async (page, startDate) => await newestEvents(sendLookup, page, startDate),
		clock,
		rateLimiter,
		signal,
		onRound,
	});
}
