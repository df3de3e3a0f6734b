import type { Clinic } from '../../../tools/fake-cobalt/index.mts';

/** Who reads the event log. */
export type Reader = 'trigger' | 'pages';

/** A backlog to read to its end, whose events have the ids e1, e2 … in their order. */
export interface BacklogTask {
	url: string;
	keys: Clinic['keys'];
	/** ISO 8601, before the first event. */
	start: string;
	/** How many events there are. */
	count: number;
}

export interface BacklogResult {
	/** Milliseconds of all polls of each. */
	ms: Record<Reader, number>;
	/** What was in use after a poll, without garbage, more than before the first: in megabytes, at most. */
	heapMb: number;
	/** Characters of the static data that n8n saves for the trigger, at most. */
	stateLength: number;
	/** When all was read, and the trigger polled once more: epoch milliseconds. */
	idleFrom: number;
}

/** A parameter that only one of them sends, so that the requests can be told apart. */
export const PAGES_ONLY = 'end_date';
