/** Runs a task as soon as fewer than the limit are running. Tasks start in the order of the calls. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/** @param maxRunning how many tasks may run at once */
export function createLimiter(maxRunning: number): Limiter {
	let running = 0;
	const waiting: Array<() => void> = [];
	return async (task) => {
		if (running >= maxRunning) await new Promise<void>((start) => waiting.push(start));
		else running += 1;
		try {
			return await task();
		} finally {
			// The next task takes over, so the number of running tasks changes only if none waits.
			const next = waiting.shift();
			if (next) next();
			else running -= 1;
		}
	};
}
