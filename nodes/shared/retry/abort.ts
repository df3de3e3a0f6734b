/** What to do when a signal aborts. */
const callbacks = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal aborts that has not aborted yet. All callbacks of a signal share one listener, since Node
 * warns about more than ten.
 *
 * @returns a function that takes the callback back
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
	const all = callbacks.get(signal) ?? listen(signal);
	all.add(callback);
	return () => all.delete(callback);
}

function listen(signal: AbortSignal): Set<() => void> {
	const all = new Set<() => void>();
	callbacks.set(signal, all);
	signal.addEventListener('abort', () => all.forEach((call) => call()), { once: true });
	return all;
}
