import type { Clock } from '../../shared/retry/clock';
import { earliest } from './earliest';
import type { PolledJob } from './polledJob';

/** Waits for the same job whose deadlines are this close share the final lookup. */
const SHARED_DEADLINE_MS = 10;

/** The waits of a poller that are not done. */
export class PendingJobs {
	private readonly jobs = new Set<PolledJob>();

	/** @param onEmpty called when the last wait has ended */
	constructor(
		private readonly clock: Clock,
		private readonly onEmpty: () => void,
	) {}

	get size(): number {
		return this.jobs.size;
	}

	get all(): PolledJob[] {
		return [...this.jobs];
	}

	/** The waits that have not been sent to their final lookup. */
	get polling(): PolledJob[] {
		return this.all.filter(({ phase }) => phase.name === 'polling');
	}

	/** The polling waits whose deadline has not passed. A round may be due exactly at a deadline. */
	get polled(): PolledJob[] {
		return this.polling.filter((job) => !this.isExpired(job));
	}

	/** The polling waits whose deadline has passed. */
	get expired(): PolledJob[] {
		const { polling } = this;
		const due = new Set(polling.filter((job) => this.isExpired(job)).map(({ wait }) => wait.jobId));
		return polling.filter(
			(job) => due.has(job.wait.jobId) && this.isExpired(job, SHARED_DEADLINE_MS),
		);
	}

	/** The earliest deadline of the polling waits, in epoch milliseconds; undefined if there are none. */
	get nextDeadline(): number | undefined {
		const { polling } = this;
		return polling.length === 0 ? undefined : earliest(polling.map(({ wait }) => wait.deadline));
	}

	/** Begins a wait. */
	add(job: PolledJob): void {
		this.jobs.add(job);
	}

	/** Whether a job is still waited for. */
	has(job: PolledJob): boolean {
		return this.jobs.has(job);
	}

	/**
	 * Ends a wait with what is known about its job.
	 *
	 * @param lastError for a job that may not exist, if no lookup of it failed with an error of its own
	 */
	conclude(job: PolledJob, lastError: unknown): void {
		if (!this.remove(job)) return;
		const { settle, wait, outcome, hasResponse } = job;
		if (outcome) settle.resolve(outcome);
		else if (hasResponse || wait.isKnown) settle.resolve({ status: 'pending' });
		else settle.reject(job.lastError ?? lastError);
	}

	reject(job: PolledJob, error: unknown): void {
		if (this.remove(job)) job.settle.reject(error);
	}

	rejectAll(error: unknown): void {
		for (const job of this.all) this.reject(job, error);
	}

	/** Ends the waits of one execution. */
	cancel(signal: AbortSignal): void {
		for (const job of this.all.filter((each) => each.signal === signal)) {
			if (this.remove(job)) job.settle.resolve({ status: 'cancelled' });
		}
	}

	/** @returns whether the wait was pending */
	private remove(job: PolledJob): boolean {
		job.phase = { name: 'done' };
		const wasPending = this.jobs.delete(job);
		if (wasPending && this.jobs.size === 0) this.onEmpty();
		return wasPending;
	}

	private isExpired({ wait }: PolledJob, earlyMs = 0): boolean {
		return wait.deadline <= this.clock.now() + earlyMs;
	}
}

/** The first of the waits for each job. */
export function oneForEachJob(jobs: readonly PolledJob[]): PolledJob[] {
	const seen = new Set<string>();
	return jobs.filter(({ wait: { jobId } }) => !seen.has(jobId) && seen.add(jobId));
}
