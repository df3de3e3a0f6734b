import { earliest } from './earliest';
import type { PendingJobs } from './pendingJobs';
import type { PolledJob } from './polledJob';

/** Jobs that arrive within this time are looked up in the same round. */
const GATHER_MS = 10;

/**
 * Decides when the next round is, and for which jobs. All jobs share the rounds. The shortest pause of any
 * job sets the pace, and jobs with longer pauses skip some rounds.
 */
export class RoundSchedule {
	/** Epoch milliseconds. */
	nextRoundAt = 0;

	/** Until when arriving jobs are collected before the first round; epoch milliseconds. */
	gatherUntil = 0;

	/** @param now the time; epoch milliseconds */
	constructor(
		private readonly pending: PendingJobs,
		private readonly now: () => number,
	) {}

	/**
	 * Adds a job to the rounds of the others, and starts the next round earlier if its first lookup needs that.
	 */
	add(job: PolledJob): void {
		const now = this.now();
		if (this.pending.size === 0) {
			this.gatherUntil = now + GATHER_MS;
			this.nextRoundAt = Math.max(this.gatherUntil, job.dueAt(now));
		} else if (job.wait.deadline > now) {
			const dueAt = Math.max(job.dueAt(now), now + job.wait.intervalMs);
			this.nextRoundAt = Math.min(this.nextRoundAt, dueAt);
		}
	}

	/** The jobs that are due, or nearly so, the longest unchecked first. */
	due(now: number): PolledJob[] {
		const { polled } = this.pending;
		const soon = now + smallestPause(polled, now) / 2;
		return polled.filter((job) => job.dueAt(now) <= soon).sort(longestUnchecked);
	}

	/** Schedules the next round. */
	advance(startedAt: number): void {
		const { polled } = this.pending;
		if (polled.length === 0) return;
		const now = this.now();
		const pause = smallestPause(polled, now);
		const nextDueAt = earliest(polled.map((job) => job.dueAt(now)));
		// The time that the requests took counts toward the pause, of which at least half remains.
		this.nextRoundAt = Math.max(startedAt + pause, now + pause / 2, nextDueAt);
	}
}

const smallestPause = (jobs: readonly PolledJob[], now: number): number =>
	earliest(jobs.map((job) => job.pauseMs(now)));

const longestUnchecked = (one: PolledJob, other: PolledJob): number =>
	one.lastCheckedAt - other.lastCheckedAt;
