import type { Fault } from '../../../tools/fake-cobalt/index.mts';
import type { Chance } from './chance.mts';

export interface Mishaps {
	/** Milliseconds: `Retry-After` may be a date, up to here. */
	until: number;
	/** Seconds, as `Retry-After` has them. */
	pauses: [string, ...string[]];
	/** What else may happen to a request that Cobalt takes. */
	more?: () => Fault[];
}

/** What may happen to a request. */
export function drawMishap(chance: Chance, begin: number, how: Mishaps): Fault {
	const date = new Date(begin + chance.between(0, how.until)).toUTCString();
	const retryAfter = chance.oneOf(...how.pauses, date);
	return chance.oneOf<Fault>(
		{ kind: 'drop' },
		{ kind: 'dropAfterAccept' },
		{ kind: 'cut' },
		{ kind: 'html' },
		{ kind: 'empty' },
		{ kind: 'truncated' },
		{ kind: 'slow', ms: chance.oneOf(2_000, 9_000, 31_000, 61_000) },
		{ kind: 'status', status: chance.oneOf(408, 500, 502, 503) },
		...(how.more?.() ?? []),
		{ kind: 'status', status: 503, headers: { 'retry-after': retryAfter } },
		{ kind: 'status', status: 429 },
		{ kind: 'status', status: 429, headers: { 'retry-after': retryAfter } },
		{ kind: 'status', status: chance.oneOf(400, 401, 403) },
	);
}
