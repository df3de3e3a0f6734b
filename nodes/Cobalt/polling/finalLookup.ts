import { createLimiter } from '../../shared/retry/concurrency';
import { FinalLogRead, type FinalLogReadOptions } from './finalLogRead';
import type { PendingJobs } from './pendingJobs';
import type { PolledJob } from './polledJob';
import type { ServiceHealth } from './serviceHealth';

/** The limit for the rounds, and a separate one of the same size for final lookups. */
export const MAX_CONCURRENT_LOOKUPS = 10;

/** How long a job may queue for its final lookup; longer if no lookup of it ever succeeded. */
const MAX_QUEUE_MS = { usual: 2_000, urgent: 60_000 };

/** What a last attempt reads with, and whose waits it ends. */
export interface FinalLookupOptions extends FinalLogReadOptions {
	health: ServiceHealth;
	/** Looks up a job, unless it has been looked up since a time (epoch milliseconds). */
	lookUp(job: PolledJob, since: number): Promise<void>;
	pending: PendingJobs;
}

/**
 * The last attempt to learn the result of a job at its deadline: a lookup of its own, then a search of the
 * log. Final lookups have a queue of their own, so that they do not delay the rounds.
 */
export class FinalLookup {
	private readonly limit = createLimiter(MAX_CONCURRENT_LOOKUPS);

	private readonly log: FinalLogRead;

	constructor(private readonly options: FinalLookupOptions) {
		this.log = new FinalLogRead(options);
	}

	/** @param endingSince when its deadline was noticed; epoch milliseconds */
	async run(job: PolledJob, endingSince: number): Promise<void> {
		const { pending, health, rateLimiter, lookUp } = this.options;
		await this.limit(async () => {
			if (!this.isWorthwhile(job, endingSince)) return;
			if (await rateLimiter.acquire()) await lookUp(job, endingSince);
		});
		const isOpen = pending.has(job) && job.outcome === undefined;
		// If Cobalt did not respond to this lookup, no other request is sent.
		if (!isOpen || job.lookup === undefined || !health.isResponding) return;
		const ending = pending.all.flatMap(({ phase, unloggedUntil }) =>
			phase.name === 'final' ? [{ endingSince: phase.since, unloggedUntil }] : [],
		);
		await this.log.search({ endingSince, unloggedUntil: job.unloggedUntil }, ending);
	}

	/** Whether the lookup is still worth making, now that its turn in the queue has come. */
	private isWorthwhile({ hasResponse, wait }: PolledJob, endingSince: number): boolean {
		const { rateLimiter, clock, health } = this.options;
		const isUrgent = !hasResponse && !health.isSilent;
		// A job that may not exist has no result without a lookup, so it waits as long as Cobalt responds.
		const since =
			isUrgent && !wait.isKnown ? Math.max(endingSince, health.lastResponseAt) : endingSince;
		const queuedMs = clock.now() + rateLimiter.remainingMs - since;
		return queuedMs <= (isUrgent ? MAX_QUEUE_MS.urgent : MAX_QUEUE_MS.usual);
	}
}
