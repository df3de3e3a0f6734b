import type { CobaltEvent } from '../../shared/events/event';
import { type TerminalEvents } from '../../shared/events/terminalEvents';
import { outcomeOf, type Outcome } from '../../shared/events/outcome';

/** A wait for one job. */
export interface JobWait {
	jobId: string;
	/** Epoch milliseconds. Absent if unknown: then the job may have ended long ago. */
	submittedAt?: number;
	/** Epoch milliseconds. If it is not in the future, the job is looked up once. */
	deadline: number;
	/** Milliseconds between two lookups. */
	intervalMs: number;
	/** Epoch milliseconds; before that, no result is expected. Default: at once. */
	firstLookupAt?: number;
	terminalEvents: TerminalEvents;
	/** Whether Cobalt certainly has this job. An ID entered by a user may be wrong until a lookup succeeds. */
	isKnown: boolean;
}

/** How the wait for a job ended. */
export type PollResult = Outcome | { status: 'pending' } | { status: 'cancelled' };

/**
 * The phase of a wait:
 * - `polling`: it takes part in the rounds.
 * - `final`: its deadline has passed, and it queues for its last lookup.
 * - `done`: it has its result.
 */
type Phase = { name: 'polling' } | { name: 'final'; since: number } | { name: 'done' };

/**
 * A pause is at least this fraction of the time waited so far, up to the limit. It matters after about a
 * minute and a half.
 */
const SLOW_DOWN = { fraction: 1 / 90, limitMs: 3_000 };

/** The state of one wait. */
export class PolledJob {
	phase: Phase = { name: 'polling' };

	/** According to its events so far. An uncertain outcome only counts at the deadline. */
	outcome?: Outcome;

	/** Resolves when all of this job's own lookups so far have ended; shared by its waits. Never rejects. */
	lookup?: Promise<void>;

	/** When the latest lookup began, or the wait if there was none; epoch milliseconds. */
	lastCheckedAt: number;

	/** Start of the latest round in which it was looked up, or the log was read for it; epoch milliseconds. */
	lastRoundAt?: number;

	/** Whether a lookup of this job alone got a response. */
	hasResponse = false;

	lastError?: unknown;

	/** The job is known to have no further events before this time; −Infinity if nothing is known. */
	since: number;

	/** The log is known to have no event of the job before this time; −Infinity if nothing is known. */
	unloggedUntil: number;

	/** The events of this job, in the order in which they were first seen. */
	private readonly events: CobaltEvent[] = [];

	/**
	 * @param startedAt epoch milliseconds
	 * @param settle settles the promise of the caller that waits
	 */
	constructor(
		readonly wait: JobWait,
		/** Ends the wait. */
		readonly signal: AbortSignal,
		private readonly startedAt: number,
		readonly settle: { resolve(result: PollResult): void; reject(error: unknown): void },
	) {
		this.lastCheckedAt = startedAt;
		this.since = wait.submittedAt ?? -Infinity;
		this.unloggedUntil = this.since;
	}

	/** Whether the job may be so old that its events are far back in the log. */
	get isUntracked(): boolean {
		return this.since === -Infinity;
	}

	/** Whether the outcome can no longer change. */
	get isDecided(): boolean {
		return this.outcome?.isCertain === true;
	}

	/** When the next round for it is due; epoch milliseconds. */
	dueAt(now: number): number {
		const { lastRoundAt, startedAt, wait } = this;
		if (lastRoundAt !== undefined) return lastRoundAt + this.pauseMs(now);
		return Math.max(startedAt, wait.firstLookupAt ?? startedAt);
	}

	/** Milliseconds between two lookups. */
	pauseMs(now: number): number {
		const slowed = Math.min((now - this.startedAt) * SLOW_DOWN.fraction, SLOW_DOWN.limitMs);
		return Math.max(this.wait.intervalMs, slowed);
	}

	/** Whether a lookup of this job alone has begun at or after a time. */
	isCheckedSince(timestamp: number): boolean {
		return this.lookup !== undefined && this.lastCheckedAt >= timestamp;
	}

	/** Notes a lookup that was started. Times in epoch milliseconds. */
	noteLookup(startedAt: number, roundAt: number, lookup: Promise<void>): void {
		this.lastCheckedAt = startedAt;
		this.lastRoundAt = roundAt;
		// Drops the result: otherwise each lookup would hold the results of all earlier ones until the wait ends.
		this.lookup = Promise.all([this.lookup, lookup]).then(() => undefined);
	}

	/** @param startedAt of the request */
	noteResponse(startedAt: number, events: readonly CobaltEvent[]): void {
		this.hasResponse = true;
		this.since = startedAt;
		this.addEvents(events);
	}

	/** Adds those of the events that are about this job. */
	addEvents(events: readonly CobaltEvent[]): void {
		const own = events.filter((event) => event.jobId === this.wait.jobId);
		const fresh = own.filter((event) => !this.events.some((known) => isSame(known, event)));
		if (fresh.length === 0) return;
		this.events.push(...fresh);
		this.outcome = outcomeOf(this.events, this.wait.terminalEvents);
	}
}

/** Whether two events are the same one, which several reads may return. */
function isSame(one: CobaltEvent, other: CobaltEvent): boolean {
	return one.id === other.id && one.type === other.type && one.created === other.created;
}
