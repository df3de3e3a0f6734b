import { eventsOfJob, newestEvents } from '../../shared/events/eventLog';
import type { Send } from '../../shared/http/client';
import { systemClock as clock } from '../../shared/retry/clock';
import { RateLimitedError, RequestError } from '../../shared/retry/errors';
import { RateLimiter, type RateLimit } from '../../shared/retry/rateLimiter';
import { JobPoller } from './jobPoller';
import type { JobWait, PollResult } from './polledJob';

/** An execution that waits for jobs of an account. */
export interface Waiter {
	/** Sends a request in the n8n context of this execution. */
	send: Send;
	/** Aborts when the execution ends: its waits end as cancelled, and nothing more is sent through it. */
	signal: AbortSignal;
	/** Called for every request that serves this execution, whoever sends it. */
	onRequest(servesOthers: boolean): void;
	/** Called after every round. */
	onRound(): void;
}

/** A request that no execution needs anymore. */
class NobodyWaitsError extends RequestError {
	readonly mayBeAccepted = false;

	readonly isTransient = false;
}

/** Pollers by the keys that requests are sent with. Each exists as long as an execution waits. */
const pollers = new Map<string, SharedPoller>();

/**
 * The poller of all executions in this process that wait for jobs of the same account. It keeps nothing of an
 * execution after its last wait, and is dropped after the last wait of any execution.
 *
 * @param keys identifies the account and the secret that is used, see `keysFingerprint`
 */
export function sharedPollerOf(keys: string, rateLimit: RateLimit): SharedPoller {
	const poller = pollers.get(keys) ?? new SharedPoller(rateLimit, () => pollers.delete(keys));
	pollers.set(keys, poller);
	return poller;
}

/** The only poller of an account in this process, for all executions that wait. Ends when none waits. */
export class SharedPoller {
	/** The jobs that are waited for, and the executions that wait. */
	private readonly waits = new Set<{ jobId: string; waiter: Waiter }>();

	private readonly poller: JobPoller;

	private readonly rateLimiter: RateLimiter;

	private readonly idle = new AbortController();

	/** @param onIdle called when no execution waits anymore: this poller must not be used again */
	constructor(
		rateLimit: RateLimit,
		private readonly onIdle: () => void,
	) {
		this.rateLimiter = new RateLimiter({ limit: rateLimit, signal: this.idle.signal });
		this.poller = new JobPoller({
			lookUp: async (jobId) =>
				await eventsOfJob(async (request) => await this.send(request, jobId), jobId),
			readLog: async (page, startDate) =>
				await newestEvents(async (request) => await this.send(request), page, startDate),
			clock,
			rateLimiter: this.rateLimiter,
			onRound: () => this.waitersFor().forEach(({ onRound }) => onRound()),
		});
	}

	/** See {@link JobPoller.waitFor}. */
	async waitFor(waiter: Waiter, wait: JobWait): Promise<PollResult> {
		const entry = { jobId: wait.jobId, waiter };
		this.waits.add(entry);
		try {
			return await this.poller.waitFor(wait, waiter.signal);
		} finally {
			this.waits.delete(entry);
			if (this.waits.size === 0) {
				this.onIdle();
				this.idle.abort();
			}
		}
	}

	/**
	 * Sends a request in the context of the execution that came last. If that execution is cancelled in the
	 * meantime, n8n aborts its requests, and another execution repeats this one.
	 *
	 * @param jobId of a lookup of one job; omitted for a request that serves all executions
	 * @throws what the execution's `send` throws, RateLimitedError, or NobodyWaitsError
	 */
	private async send(request: Parameters<Send>[0], jobId?: string): ReturnType<Send> {
		for (;;) {
			// A lookup may take several pages, and Cobalt may ask to slow down between them.
			if (this.rateLimiter.remainingMs > 0) throw new RateLimitedError();
			const waiters = this.waitersFor(jobId);
			const sender = waiters.at(-1);
			if (sender === undefined) throw new NobodyWaitsError();
			for (const waiter of waiters) waiter.onRequest(waiters.length > 1);
			const response = await sender.send(request).catch((error: unknown) => {
				if (sender.signal.aborted) return undefined;
				throw error;
			});
			if (response) return response;
		}
	}

	/** The executions that were not cancelled and wait for a job, or for any job. */
	private waitersFor(jobId?: string): Waiter[] {
		const waits = [...this.waits].filter((wait) => jobId === undefined || wait.jobId === jobId);
		return [...new Set(waits.map(({ waiter }) => waiter))].filter(({ signal }) => !signal.aborted);
	}
}
