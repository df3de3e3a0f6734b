import type { CobaltEvent } from '../../shared/events/event';
import { LogTail, type TailOptions } from '../../shared/events/logTail';
import { withTimeout, type Clock } from '../../shared/retry/clock';
import type { RateLimiter } from '../../shared/retry/rateLimiter';
import { earliest } from './earliest';

/** How far back the log is read for jobs at their deadline. The age of a job that a user named is unknown. */
const MAX_REACH_MS = 7 * 86_400_000;

const MAX_PAGES = 5;

/** Jobs whose deadlines are this close together share a read. */
const SHARED_MS = 2_000;

/** A short limit, because the job's time is up. */
const TIMEOUT_MS = 10_000;

/** A job at its deadline, as far as the log is concerned. */
export interface EndingJob {
	/** When its deadline was noticed; epoch milliseconds. */
	endingSince: number;
	/** See {@link PolledJob.unloggedUntil}. */
	unloggedUntil: number;
}

/** How the log is searched at a deadline. */
export interface FinalLogReadOptions {
	clock: Clock;
	rateLimiter: RateLimiter;
	readPage: TailOptions['readPage'];
	/** Receives the events of each page; returns whether to continue. */
	onEvents(events: CobaltEvent[]): boolean;
}

/**
 * Searches the log for jobs at their deadline, in case a lookup by job id does not show what the log has.
 * Jobs that end together share a read.
 */
export class FinalLogRead {
	private last?: { startedAt: number; since: number; done: Promise<void> };

	constructor(private readonly options: FinalLogReadOptions) {}

	/** @param others all jobs at their deadline, this one included */
	async search(
		{ endingSince, unloggedUntil }: EndingJob,
		others: readonly EndingJob[],
	): Promise<void> {
		const { last } = this;
		const isRecent = last && last.startedAt >= endingSince - SHARED_MS;
		if (isRecent && last.since <= unloggedUntil) return await last.done;
		const startedAt = this.options.clock.now();
		const since = earliest(others.map((other) => other.unloggedUntil));
		const done = this.read(Math.max(since, startedAt - MAX_REACH_MS));
		this.last = { startedAt, since, done };
		await done;
	}

	private async read(since: number): Promise<void> {
		const { rateLimiter, clock, readPage, onEvents } = this.options;
		const tail = new LogTail({ readPage, now: () => clock.now() });
		const reading = tail.read(since, MAX_PAGES, onEvents);
		// If it fails, the job counts as pending.
		await withTimeout(rateLimiter.track(reading), TIMEOUT_MS, clock).catch(() => undefined);
	}
}
