import type { CobaltEvent } from '../../shared/events/event';
import { type TerminalEvents } from '../../shared/events/terminalEvents';
import { outcomeOf, type Outcome } from './outcome';

export interface WatchedJob {
	jobId: string;
	/** Epoch milliseconds. Absent where nobody knows: then it may be long since over. */
	submittedAt?: number;
	/** Epoch milliseconds. At or before now: one look is made. */
	deadline: number;
	/** Milliseconds between two looks. */
	intervalMs: number;
	terminalEvents: TerminalEvents;
	/**
	 * Whether Cobalt is known to have this job. Of one that is only said to exist, nothing is known
	 * until a look comes through.
	 */
	isKnown: boolean;
}

/** How the watch over one job ended. */
export type PollResult = Outcome | { status: 'pending' } | { status: 'cancelled' };

/** From a minute and a half on, a pause is at least this part of the time waited, up to the limit. */
const SLOW_DOWN = { part: 1 / 90, limitMs: 3_000 };

/** How far the watch over one job has come. */
export class PolledJob {
	/** The newest finding; one that is not certain counts only when time is over. */
	outcome?: Outcome;

	/** When it was looked up by itself; the look may not have come through. */
	lookedAt?: number;

	/** Whether a look by itself came through. */
	isSeen = false;

	lastError?: unknown;

	/** Up to when it is known to have no other event; −Infinity where nothing is known. */
	since: number;

	/** Up to when the log is known to have no event of it; −Infinity where nothing is known. */
	unloggedUntil: number;

	/** Since when its time is over, and it only stands in line for its last look; epoch milliseconds. */
	endingSince?: number;

	/** How it ended. */
	readonly result: Promise<PollResult>;

	resolve!: (result: PollResult) => void;

	reject!: (error: unknown) => void;

	/** Its own events; those of one moment in the order in which they were met. */
	private readonly events: CobaltEvent[] = [];

	constructor(
		readonly job: WatchedJob,
		private readonly startedAt: number,
	) {
		this.since = job.submittedAt ?? -Infinity;
		this.unloggedUntil = this.since;
		this.result = new Promise((resolve, reject) => {
			this.resolve = resolve;
			this.reject = reject;
		});
	}

	/** Whether nothing is known of it but the id: it may be long since over, and far back in the log. */
	get isUntracked(): boolean {
		return this.since === -Infinity;
	}

	/** When it was last asked about by itself, or submitted. */
	get lastCheckedAt(): number {
		return this.lookedAt ?? this.startedAt;
	}

	/** Whether what was found is not going to change. */
	get isDecided(): boolean {
		return this.outcome?.isCertain === true;
	}

	/** Milliseconds until the next look. */
	pauseMs(now: number): number {
		const slowed = Math.min((now - this.startedAt) * SLOW_DOWN.part, SLOW_DOWN.limitMs);
		return Math.max(this.job.intervalMs, slowed);
	}

	/** Takes note of events, and of those only that are its own. */
	addEvents(events: readonly CobaltEvent[]): void {
		const own = events.filter((event) => event.jobId === this.job.jobId);
		const fresh = own.filter((event) => !this.events.some((known) => isSame(known, event)));
		if (fresh.length === 0) return;
		this.events.push(...fresh);
		this.outcome = outcomeOf(this.events, this.job.terminalEvents);
	}
}

/** Cobalt lists the same event more than once. */
function isSame(one: CobaltEvent, other: CobaltEvent): boolean {
	return one.id === other.id && one.type === other.type && one.created === other.created;
}
