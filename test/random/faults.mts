import type { Fault } from '../../tools/fake-cobalt/index.mts';
import type { Rng } from './rng.mts';

export interface FaultOptions {
	/** Milliseconds after the beginning: `Retry-After` may be a date, up to here. */
	until: number;
	/** Seconds, as `Retry-After` has them. */
	pauses: readonly string[];
	/** What else may happen to a request that Cobalt accepts. */
	more?: () => Fault[];
}

/** What may happen to a request. */
export function drawFault(rng: Rng, begin: number, { until, pauses, more }: FaultOptions): Fault {
	const date = new Date(begin + rng.between(0, until)).toUTCString();
	const retryAfter = rng.pick([...pauses, date]);
	return rng.pick<Fault>([
		{ kind: 'drop' },
		{ kind: 'dropAfterAccept' },
		{ kind: 'cut' },
		{ kind: 'html' },
		{ kind: 'empty' },
		{ kind: 'truncated' },
		{ kind: 'slow', ms: rng.pick([2_000, 9_000, 31_000, 61_000]) },
		{ kind: 'status', status: rng.pick([408, 500, 502, 503]) },
		...(more?.() ?? []),
		{ kind: 'status', status: 503, headers: { 'retry-after': retryAfter } },
		{ kind: 'status', status: 429 },
		{ kind: 'status', status: 429, headers: { 'retry-after': retryAfter } },
		{ kind: 'status', status: rng.pick([400, 401, 403]) },
	]);
}
