import { systemClock as clock } from '../../shared/retry/clock';
import type { Run } from '../run/run';

/** Milliseconds between two messages. */
const PAUSE_MS = 5_000;

/**
 * Tells how far a wait for many jobs has come: to n8n's log, and in a manual run to the editor (its
 * browser console). Counts alone: there is no patient data in it.
 */
export class Progress {
	/** How many are waited for, or were. */
	jobs = 0;

	private done = 0;

	private told = 0;

	private toldAt = clock.now();

	constructor(private readonly run: Run) {}

	/** One more job is waited for. */
	add(): void {
		this.jobs += 1;
	}

	/** One of them is not waited for any more. */
	end(): void {
		this.done += 1;
	}

	report(): void {
		const { done } = this;
		const now = clock.now();
		if (done === this.told || now - this.toldAt < PAUSE_MS) return;
		this.told = done;
		this.toldAt = now;
		const message = `Cobalt: ${done} of ${this.jobs} jobs are done`;
		const { context } = this.run;
		context.logger.debug(message);
		context.sendMessageToUI(message);
	}
}
