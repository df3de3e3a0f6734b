import type { CobaltEvent } from '../events/event';
import type { Clock } from '../pacing/clock';
import { createLimit } from '../pacing/limit';
import type { PassingRisk } from '../pacing/resend';
import { outcomeOf, type Outcome, type Settlement } from './outcome';

export interface WatchedJob {
	jobId: string;
	/** Epoch milliseconds. At or before now: one look is made. */
	deadline: number;
	/** Milliseconds between two looks. */
	intervalMs: number;
	settlement: Settlement;
	/**
	 * Whether Cobalt is known to have this job. Of one that is only said to exist, nothing is known
	 * until a look comes through.
	 */
	isKnown: boolean;
}

/** How the watch over one job ended. */
export type WatchResult = Outcome | { status: 'pending' } | { status: 'cancelled' };

export interface WatcherOptions {
	/** Reads what the event log has on one job. */
	lookUp(jobId: string): Promise<CobaltEvent[]>;
	/** What a thrown error means; undefined for one that nothing is known about. */
	riskOf(error: unknown): PassingRisk | undefined;
	clock: Clock;
	signal?: AbortSignal;
}

const LOOKS_SIDE_BY_SIDE = 10;

/** How long after its deadline a job may still get its last look, when many stand in line. */
const LATEST_LOOK_MS = 2_000;

/** Watches jobs side by side. What Cobalt says to one look (slow down) holds for all of them. */
export class JobWatcher {
	private readonly limit = createLimit(LOOKS_SIDE_BY_SIDE);

	/** Epoch milliseconds before which Cobalt asked not to be asked again. */
	private pausedUntil = 0;

	constructor(private readonly options: WatcherOptions) {}

	/**
	 * Looks, then sleeps for the interval, and so on, but never past the deadline, at which the last
	 * look is made. A look that fails for a passing reason costs the job nothing but time.
	 *
	 * @throws what `lookUp` threw, when looking again would not help, or when no look came through for
	 *   a job that is not known
	 */
	async watch(job: WatchedJob): Promise<WatchResult> {
		const { clock, signal } = this.options;
		const watch = new Watch(job);
		while (!signal?.aborted) {
			const isLast = await this.limit(async () => await this.look(watch));
			if (watch.outcome && (isLast || isCertain(watch.outcome))) return watch.outcome;
			if (signal?.aborted) break;
			if (isLast) {
				if (!watch.isSeen && watch.lastError !== undefined) throw watch.lastError;
				return { status: 'pending' };
			}
			const now = clock.now();
			const nextLook = Math.max(now + job.intervalMs, this.pausedUntil);
			await clock.sleep(Math.min(nextLook, job.deadline) - now, signal);
		}
		return { status: 'cancelled' };
	}

	/** @returns whether it was the job's last look, for its time is over */
	private async look(watch: Watch): Promise<boolean> {
		const { clock, lookUp, signal } = this.options;
		const { jobId, deadline, settlement } = watch.job;
		const late = clock.now() - deadline;
		const isLast = late >= 0;
		// The last look is made even when Cobalt asked for a pause.
		const isDue = isLast
			? late <= LATEST_LOOK_MS || !watch.isTried
			: clock.now() >= this.pausedUntil;
		if (signal?.aborted || !isDue) return isLast;
		watch.isTried = true;
		const events = await lookUp(jobId).catch((error: unknown) => this.forgive(error, watch));
		if (events) {
			watch.isSeen = true;
			watch.outcome = outcomeOf(events, settlement) ?? watch.outcome;
		}
		return isLast;
	}

	/** @throws the error, when looking again would not help */
	private forgive(error: unknown, watch: Watch): undefined {
		const { clock, riskOf, signal } = this.options;
		if (signal?.aborted) return;
		const risk = riskOf(error);
		if (!risk?.passing) throw error;
		if (!watch.job.isKnown) watch.lastError = error;
		this.pausedUntil = Math.max(this.pausedUntil, clock.now() + (risk.retryAfterMs ?? 0));
	}
}

/** How far the watch over one job has come. */
class Watch {
	/** The newest finding; one that is not certain counts only when time is over. */
	outcome?: Outcome;

	isTried = false;

	/** Whether a look came through. */
	isSeen = false;

	lastError?: unknown;

	constructor(readonly job: WatchedJob) {}
}

function isCertain(outcome: Outcome): boolean {
	return outcome.status === 'failed' || outcome.isCertain;
}
