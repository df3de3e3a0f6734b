import { systemClock as clock } from '../../shared/retry/clock';
import type { Run } from '../run/run';

/** Milliseconds between two messages. */
const PAUSE_MS = 5_000;

/**
 * Reports the progress of a wait for many jobs to n8n's log, and in a manual run to the editor (its browser
 * console). Only counts, no patient data.
 */
export class Progress {
	/** Number of jobs waited for so far. */
	jobs = 0;

	private done = 0;

	private reported = 0;

	private reportedAt = clock.now();

	constructor(private readonly run: Run) {}

	/** To be called when the wait for a job begins. */
	add(): void {
		this.jobs += 1;
	}

	/** To be called when the wait for a job ends. */
	end(): void {
		this.done += 1;
	}

	report(): void {
		const { done } = this;
		const now = clock.now();
		if (done === this.reported || now - this.reportedAt < PAUSE_MS) return;
		this.reported = done;
		this.reportedAt = now;
		const message = `Cobalt: ${done} of ${this.jobs} jobs are done`;
		const { context } = this.run;
		context.logger.debug(message);
		context.sendMessageToUI(message);
	}
}
