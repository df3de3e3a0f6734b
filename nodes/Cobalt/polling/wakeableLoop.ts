import type { Clock } from '../../shared/retry/clock';

/** When a loop acts, and what it does. */
export interface LoopOptions {
	clock: Clock;
	/** When to act next, in epoch milliseconds; undefined ends the loop. Called again after every wake. */
	next(): number | undefined;
	/** Does what is due. The loop continues when it has finished. */
	act(): Promise<void> | void;
	onError(error: unknown): void;
}

/**
 * A loop that sleeps until something is due. {@link next} and the beginning of a sleep are one synchronous
 * step, so that no wake can be missed.
 */
export class WakeableLoop {
	private isRunning = false;

	private alarm = new AbortController();

	constructor(private readonly options: LoopOptions) {}

	/** Ends the current sleep, if any, so that the loop checks again what is due. */
	wake(): void {
		this.alarm.abort();
	}

	/** Starts the loop, or wakes it if it is running. */
	start(): void {
		this.wake();
		if (this.isRunning) return;
		this.isRunning = true;
		this.run().catch((error: unknown) => {
			this.isRunning = false;
			this.options.onError(error);
		});
	}

	private async run(): Promise<void> {
		const { clock, next, act } = this.options;
		for (let at = next(); at !== undefined; at = next()) {
			const restMs = at - clock.now();
			if (restMs > 0) {
				this.alarm = new AbortController();
				await clock.sleep(restMs, this.alarm.signal);
			} else {
				await act();
			}
		}
		this.isRunning = false;
	}
}
