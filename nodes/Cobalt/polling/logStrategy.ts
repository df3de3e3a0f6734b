import type { CobaltEvent } from '../../shared/events/event';
import { LogTail, type TailOptions } from '../../shared/events/logTail';
import { requestErrorInfo } from '../../shared/retry/errors';
import type { RateLimiter } from '../../shared/retry/rateLimiter';
import { earliest } from './earliest';
import { oneForEachJob } from './pendingJobs';
import type { PolledJob } from './polledJob';
import type { ServiceHealth } from './serviceHealth';

/** A page of 100 events costs Cobalt and n8n more than one lookup. */
const LOOKUPS_WORTH_A_PAGE = 4;

const MAX_LOG_PAGES_PER_ROUND = 20;

/**
 * Even while the log is read, each job is looked up by itself after this many milliseconds or pauses,
 * whichever takes longer.
 */
const UNCHECKED = { ms: 30_000, pauses: 10 };

/** After this many jobs whose result only their own lookup found, the log is no longer read. */
const MAX_MISSES = 5;

/** What a round learned from the log: everything, less because of a transient failure, or nothing. */
export type LogReading = 'complete' | 'failed' | 'none';

/** How the log is read, and what may prevent that. */
export interface LogStrategyOptions extends TailOptions {
	rateLimiter: RateLimiter;
	health: ServiceHealth;
	/** Receives the events of each page; returns whether to continue. */
	onEvents(events: CobaltEvent[]): boolean;
}

/**
 * Decides when a round reads the log of all events instead of looking up its jobs one by one, and when the
 * log is no longer trusted.
 */
export class LogStrategy {
	private readonly tail: LogTail;

	private isTrusted = true;

	/** Whether the next round skips the log because the last read failed. */
	private skipsNext = false;

	/** The number of jobs whose result the log has shown, and of those whose result it should have shown. */
	private readonly shown = { found: 0, missed: 0 };

	constructor(private readonly options: LogStrategyOptions) {
		this.tail = new LogTail(options);
	}

	/**
	 * Reads the log, if that takes fewer requests than looking up the jobs that are due. The read goes far
	 * enough back for all jobs, so that the next one can be short for all of them.
	 *
	 * @throws an error that affects all requests
	 */
	async read(due: readonly PolledJob[], jobs: readonly PolledJob[]): Promise<LogReading> {
		const { rateLimiter, health, now, onEvents } = this.options;
		const isSkipped = this.skipsNext;
		this.skipsNext = false;
		const since = earliest(jobs.map((job) => job.since));
		const lookups = oneForEachJob(due).length;
		const maxPages = Math.min(Math.floor(lookups / LOOKUPS_WORTH_A_PAGE), MAX_LOG_PAGES_PER_ROUND);
		if (isSkipped || !this.isTrusted || !this.tail.isInReach(since, maxPages)) return 'none';
		const startedAt = now();
		try {
			const isComplete = await rateLimiter.track(this.tail.read(since, maxPages, onEvents));
			health.noteResponse();
			if (!isComplete) return 'none';
			for (const job of jobs) job.since = job.unloggedUntil = startedAt;
			return 'complete';
		} catch (error) {
			return this.afterFailure(error);
		}
	}

	/** Whether a job is due for a lookup of its own although the log was read. */
	isUnchecked(job: PolledJob): boolean {
		const now = this.options.now();
		const longEnough = Math.max(UNCHECKED.ms, UNCHECKED.pauses * job.pauseMs(now));
		return now - job.lastCheckedAt >= longEnough;
	}

	/** Notes a job whose result the log has shown. */
	noteFound(): void {
		this.shown.found += 1;
	}

	/** Notes jobs whose result a complete log should have shown, but only their own lookup did. */
	noteMissed(count: number): void {
		const { shown } = this;
		shown.missed += count;
		if (shown.missed >= MAX_MISSES && shown.missed > shown.found) this.isTrusted = false;
	}

	private afterFailure(error: unknown): LogReading {
		const info = requestErrorInfo(error);
		if (info?.isTransient) {
			this.options.health.noteFailure(error, info);
			this.skipsNext = true;
			return 'failed';
		}
		if (info?.affectsAllRequests) throw error;
		this.isTrusted = false;
		return 'none';
	}
}
