import type { CobaltEvent } from '../events/event';
import type { Clock } from './clock';
import { createLimit } from './limit';
import { outcomeOf, type Outcome, type Settlement } from './outcome';

export interface WatchedJob {
	jobId: string;
	/** Epoch milliseconds. At or before now: one look is made. */
	deadline: number;
	/** Milliseconds between two looks. */
	intervalMs: number;
	settlement: Settlement;
}

/** How the watch over one job ended. */
export type WatchResult = Outcome | { status: 'pending' } | { status: 'cancelled' };

export interface WatcherOptions {
	/** Reads what the event log has on one job. */
	lookUp(jobId: string): Promise<CobaltEvent[]>;
	/** What a thrown error means; undefined for one that nothing is known about. */
	riskOf(error: unknown): { passing: boolean; retryAfterMs?: number } | undefined;
	clock: Clock;
	signal?: AbortSignal;
}

const LOOKS_SIDE_BY_SIDE = 10;

/** Watches jobs side by side. What Cobalt says to one look (slow down) holds for all of them. */
export class JobWatcher {
	private readonly limit = createLimit(LOOKS_SIDE_BY_SIDE);

	/** Epoch milliseconds before which Cobalt asked not to be asked again. */
	private pausedUntil = 0;

	constructor(private readonly options: WatcherOptions) {}

	/**
	 * Looks, then sleeps for the interval, and so on, but never past the deadline, at which the last
	 * look is made. A look that fails for a passing reason costs the job nothing but time, unless it is
	 * the only one: then nothing would be known.
	 *
	 * @throws what `lookUp` threw, when there is no use or no time in looking again
	 */
	async watch(job: WatchedJob): Promise<WatchResult> {
		const { clock, signal } = this.options;
		for (let looks = 0; ; looks += 1) {
			const isLast = clock.now() >= job.deadline;
			const need = !isLast ? 'any' : looks > 0 ? 'last' : 'only';
			const outcome = await this.limit(async () => await this.look(job, need));
			if (outcome) return outcome;
			if (signal?.aborted) return { status: 'cancelled' };
			if (isLast) return { status: 'pending' };
			const now = clock.now();
			const nextLook = Math.max(now + job.intervalMs, this.pausedUntil);
			await clock.sleep(Math.min(nextLook, job.deadline) - now, signal);
		}
	}

	/** @param need the last look of a job is made even when Cobalt asked for a pause */
	private async look(
		{ jobId, settlement }: WatchedJob,
		need: 'any' | 'last' | 'only',
	): Promise<Outcome | undefined> {
		const { clock, lookUp, signal } = this.options;
		if (signal?.aborted) return undefined;
		if (need === 'any' && clock.now() < this.pausedUntil) return undefined;
		const events = await lookUp(jobId).catch((error: unknown) =>
			this.forgive(error, need !== 'only'),
		);
		return events && outcomeOf(events, settlement);
	}

	/** @throws the error, when there is no use or no time in looking again */
	private forgive(error: unknown, forgivable: boolean): undefined {
		const { clock, riskOf, signal } = this.options;
		if (signal?.aborted) return;
		const risk = riskOf(error);
		if (!risk?.passing || !forgivable) throw error;
		this.pausedUntil = Math.max(this.pausedUntil, clock.now() + (risk.retryAfterMs ?? 0));
	}
}
