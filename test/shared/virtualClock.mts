import type { Clock } from '../../nodes/shared/retry/clock.js';

interface Sleeper {
	until: number;
	wake(): void;
}

/** More than any test needs. Without it, work that sleeps for no time would hang the test run. */
const MAX_SLEEPS = 1_000;

const nextTurn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that jumps to the next waking whenever everything sleeps. Starts at 0. */
export class VirtualClock implements Clock {
	/** How long each sleep was meant to be, in order. */
	readonly sleeps: number[] = [];

	private time = 0;

	private sleepers: Sleeper[] = [];

	now(): number {
		return this.time;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		this.sleeps.push(ms);
		if (this.sleeps.length > MAX_SLEEPS) throw new Error('The work sleeps without end');
		await this.pass(ms, signal);
	}

	/** Lets time go by, as a slow answer does. */
	async pass(ms: number, signal?: AbortSignal): Promise<void> {
		if (signal?.aborted || !(ms > 0)) return;
		await new Promise<void>((resolve) => {
			const sleeper = { until: this.time + ms, wake: resolve };
			this.sleepers.push(sleeper);
			signal?.addEventListener('abort', () => {
				this.sleepers = this.sleepers.filter((other) => other !== sleeper);
				resolve();
			});
		});
	}

	/** Does something when the clock shows `time`. */
	at(time: number, action: () => void): void {
		void this.pass(time - this.time).then(action);
	}

	/** Moves time on for as long as the work is under way. */
	async run<T>(work: Promise<T>): Promise<T> {
		let running = true;
		const isRunning = (): boolean => running;
		const ended = work.finally(() => {
			running = false;
		});
		// A failure is the caller's to see; until then it must not count as unhandled.
		ended.catch(() => undefined);
		await nextTurn();
		while (isRunning()) {
			this.wakeNext();
			await nextTurn();
		}
		return await ended;
	}

	private wakeNext(): void {
		const next = this.sleepers.reduce<Sleeper | undefined>(
			(first, sleeper) => (first && first.until <= sleeper.until ? first : sleeper),
			undefined,
		);
		if (!next) throw new Error('The work waits for something that does not come');
		this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
		this.time = next.until;
		next.wake();
	}
}
