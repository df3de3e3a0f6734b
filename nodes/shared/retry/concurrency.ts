/** Runs a task as soon as a place is free. Tasks start in the order in which they came. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/** @param places how many tasks may run side by side */
export function createLimiter(places: number): Limiter {
	let running = 0;
	const waiting: Array<() => void> = [];
	return async (task) => {
		if (running >= places) await new Promise<void>((start) => waiting.push(start));
		else running += 1;
		try {
			return await task();
		} finally {
			// The place goes straight to the next in line; it is free only when nobody waits.
			const next = waiting.shift();
			if (next) next();
			else running -= 1;
		}
	};
}
