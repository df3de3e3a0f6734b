import { type PolledJob } from './polledJob';

/** The waits of a poller that are not done. */
export class PendingJobs {
	private readonly jobs = new Set<PolledJob>();

	/** @param onEmpty called when the last wait has ended */
	constructor(private readonly onEmpty: () => void) {}

	get size(): number {
		return this.jobs.size;
	}

	get all(): PolledJob[] {
		return [...this.jobs];
	}

	/** The waits whose deadline has not passed. */
	get polling(): PolledJob[] {
		return this.all.filter(({ phase }) => phase.name === 'polling');
	}

	add(job: PolledJob): void {
		this.jobs.add(job);
	}

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

	cancelAll(): void {
		for (const job of this.all) {
			if (this.remove(job)) job.settle.resolve({ status: 'cancelled' });
		}
	}

	/** @returns whether it was there */
	private remove(job: PolledJob): boolean {
		job.phase = { name: 'done' };
		const wasPending = this.jobs.delete(job);
		if (wasPending && this.jobs.size === 0) this.onEmpty();
		return wasPending;
	}
}
