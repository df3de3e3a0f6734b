import type { CobaltEvent } from '../../shared/events/event';
import type { EventPage } from '../../shared/events/eventLog';
import { LogTail } from '../../shared/events/logTail';
import type { Clock } from '../../shared/retry/clock';
import { createLimiter } from '../../shared/retry/concurrency';
import { requestErrorInfo, type RequestErrorInfo } from '../../shared/retry/errors';
import type { RateLimiter } from '../../shared/retry/rateLimiter';
import { PolledJob, type WatchedJob, type PollResult } from './polledJob';

export interface JobPollerOptions {
	/** Reads what the event log has on one job. */
	lookUp(jobId: string): Promise<CobaltEvent[]>;
	/** Reads a page of everybody's events, the newest first. */
	readLog(page: number, startDate: string): Promise<EventPage>;
	clock: Clock;
	rateLimiter: RateLimiter;
	/** Once it is aborted, all watches end, and nothing is asked any more. */
	signal: AbortSignal;
	/** Told after each round how many jobs are still pending. */
	onRound?(pending: number): void;
}

const LOOKS_SIDE_BY_SIDE = 10;

/** How many jobs are looked up one by one in a round, at most: the next round goes on with the others. */
const LOOKS_PER_ROUND = 20;

/** A page of a hundred events costs Cobalt and n8n more than a look at one job. */
const LOOKS_WORTH_A_PAGE = 4;

const MAX_LOG_PAGES_PER_ROUND = 20;

/**
 * A log is not trusted alone: each job is looked up by itself after so many milliseconds, or so many
 * pauses if that is longer.
 */
const UNASKED = { ms: 30_000, pauses: 10 };

/** So many jobs that only a look of their own could find, and the log is read no more. */
const MISSES_FORGIVEN = 5;

/** How long a job may stand in line for its last look: longer if no look of its own ever came through. */
const LAST_LOOK = { usualMs: 2_000, longestMs: 60_000 };

/**
 * How far the log is read back for a job that is still pending in the end. Of one that is known by its id
 * alone, nobody knows how old it is.
 */
const FINAL_READING = {
	reachMs: 7 * 86_400_000,
	mostPages: 5,
	/** Jobs whose time is over this long after a reading share it. */
	sharedMs: 2_000,
	/** Nobody waits longer for it: the time of the job is over. */
	timeoutMs: 10_000,
};

/** A Cobalt that has not answered for so long is not asked for last looks any more. */
const SILENCE_MS = 30_000;

/** Jobs that come at the same moment are looked at in the same round. */
const GATHER_MS = 10;

/** The longest sleep. Whatever goes wrong, the watcher looks about itself so often. */
const NAP_MS = 1_000;

/** How long a round may go on beginning looks: slow answers must not hold up the next one. */
const ROUND_MS = 1_000;

/** What a round has from the log: all that is new, less than that for a passing reason, or nothing. */
type LogReading = 'complete' | 'failed' | 'none';

/**
 * Watches a set of jobs together, in rounds. A few are looked up one by one; many are found by reading the
 * newest part of the event log: whichever takes fewer requests at that moment.
 */
export class JobPoller {
	private readonly pending = new Set<PolledJob>();

	private readonly limit = createLimiter(LOOKS_SIDE_BY_SIDE);

	/** A long line for the last looks does not hold up the others. */
	private readonly lastLimit = createLimiter(LOOKS_SIDE_BY_SIDE);

	private readonly log: LogTail;

	private isRunning = false;

	private isInRound = false;

	/** Epoch milliseconds. */
	private nextRoundAt = 0;

	/** Ends the sleep between two rounds. */
	private napping?: AbortController;

	/** How many jobs the log has shown, and how many it should have shown and has not. */
	private readonly shown = { found: 0, missed: 0 };

	private isLogTrusted = true;

	/** Whether the next round does without the log, for the last reading of it did not come through. */
	private skipsLog = false;

	/** When the first and the last of the looks were that got no answer, since one did; epoch milliseconds. */
	private silence?: { from: number; to: number };

	/** When the last look came through; epoch milliseconds. */
	private heardAt = 0;

	private lastError?: unknown;

	/** The last reading of the log for jobs whose time was over. */
	private finalReading?: { beganAt: number; since: number; done: Promise<void> };

	constructor(private readonly options: JobPollerOptions) {
		const { clock, readLog, signal } = options;
		this.log = new LogTail({ readPage: readLog, now: () => clock.now() });
		const cancel = () => this.endAll((watch) => watch.resolve({ status: 'cancelled' }));
		signal.addEventListener('abort', cancel, { once: true });
	}

	/**
	 * Watches a job until it ends, or until its deadline, at which the last look is made. A look that fails
	 * for a passing reason costs the job nothing but time.
	 *
	 * @throws what a look threw, when looking again would not help, or when no look came through for a job
	 *   that is not known
	 */
	async watch(job: WatchedJob): Promise<PollResult> {
		const { clock, signal } = this.options;
		if (signal.aborted) return { status: 'cancelled' };
		const now = clock.now();
		const watch = new PolledJob(job, now);
		this.pending.add(watch);
		if (job.deadline > now) this.nextRoundAt = Math.min(this.nextRoundAt, now + job.intervalMs);
		if (this.isRunning) this.wake();
		else {
			this.isRunning = true;
			this.inBackground(this.run());
		}
		return await watch.result;
	}

	private async run(): Promise<void> {
		const { rateLimiter, clock, signal } = this.options;
		this.nextRoundAt = clock.now() + GATHER_MS;
		await clock.sleep(GATHER_MS, signal);
		while (this.pending.size > 0) {
			this.endExpired();
			const isDue = this.open.length > 0 && clock.now() >= this.nextRoundAt;
			// A slow round holds up no deadline.
			if (isDue && !this.isInRound && rateLimiter.remainingMs === 0)
				this.inBackground(this.round());
			await this.nap();
		}
		this.isRunning = false;
	}

	/** Sleeps until there is something to do. */
	private async nap(): Promise<void> {
		const { rateLimiter, clock } = this.options;
		const now = clock.now();
		const { open } = this;
		const mayRound = open.length > 0 && !this.isInRound;
		const roundAt = mayRound ? Math.max(this.nextRoundAt, now + rateLimiter.remainingMs) : Infinity;
		const wakeAt = Math.min(roundAt, least(open.map(({ job }) => job.deadline)));
		this.napping = new AbortController();
		await clock.sleep(Math.min(wakeAt - now, NAP_MS), this.napping.signal);
	}

	private wake(): void {
		this.napping?.abort();
	}

	/** Those whose time is not over. */
	private get open(): PolledJob[] {
		return [...this.pending].filter(({ endingSince }) => endingSince === undefined);
	}

	private async round(): Promise<void> {
		const { rateLimiter, clock, onRound } = this.options;
		const startedAt = clock.now();
		this.isInRound = true;
		const open = this.open.sort(longestUnasked);
		const newcomers = open.filter(
			({ isUntracked, lookedAt }) => isUntracked && lookedAt === undefined,
		);
		const reading = await this.readLog(open.filter(({ isUntracked }) => !isUntracked));
		const left = new Set(this.open);
		const due = open
			.filter((watch) => left.has(watch) && !newcomers.includes(watch))
			.filter((watch) => reading === 'none' || watch.isUntracked || this.isUnasked(watch))
			.slice(0, LOOKS_PER_ROUND);
		const listed = due.filter(({ isUntracked }) => !isUntracked);
		const looksFrom = clock.now();
		const isInTime = () => rateLimiter.remainingMs === 0 && clock.now() - looksFrom < ROUND_MS;
		await Promise.all(
			[...newcomers, ...due].map(
				async (watch) =>
					await this.limit(async () => {
						if (isInTime()) await this.lookNow(watch);
					}),
			),
		);
		if (reading === 'complete') this.noteMisses(listed);
		const now = clock.now();
		const waiting = this.open.filter(({ job }) => job.deadline > now);
		const pause = waiting.length > 0 ? least(waiting.map((watch) => watch.pauseMs(now))) : 0;
		// The time that the answers took is a part of the pause, but for half of it nothing is asked.
		this.nextRoundAt = Math.max(startedAt + pause, now + pause / 2);
		this.isInRound = false;
		this.wake();
		onRound?.(this.pending.size);
	}

	/** A job that only a look of its own has found is one that the log should have shown. */
	private noteMisses(listed: readonly PolledJob[]): void {
		const { shown } = this;
		shown.missed += listed.filter(({ isDecided }) => isDecided).length;
		if (shown.missed >= MISSES_FORGIVEN && shown.missed > shown.found) this.isLogTrusted = false;
	}

	private async readLog(watches: readonly PolledJob[]): Promise<LogReading> {
		const { rateLimiter, clock } = this.options;
		const isSkipped = this.skipsLog;
		this.skipsLog = false;
		const since = least(watches.map((watch) => watch.since));
		const mostPages = Math.min(
			Math.floor(watches.length / LOOKS_WORTH_A_PAGE),
			MAX_LOG_PAGES_PER_ROUND,
		);
		if (isSkipped || !this.isLogTrusted || !this.log.isInReach(since, mostPages)) return 'none';
		const startedAt = clock.now();
		try {
			const isComplete = await rateLimiter.track(
				this.log.read(since, mostPages, (events) => this.find(events)),
			);
			this.noteAnswer();
			if (!isComplete) return 'none';
			for (const watch of watches) watch.since = watch.unloggedUntil = startedAt;
			return 'complete';
		} catch (error) {
			return this.forgiveLog(error);
		}
	}

	/** @returns whether there is still something to find */
	private find(events: readonly CobaltEvent[]): boolean {
		for (const watch of this.pending) {
			watch.addEvents(events);
			if (!watch.isDecided) continue;
			this.shown.found += 1;
			this.conclude(watch);
		}
		return this.pending.size > 0;
	}

	private isUnasked(watch: PolledJob): boolean {
		const now = this.options.clock.now();
		const longEnough = Math.max(UNASKED.ms, UNASKED.pauses * watch.pauseMs(now));
		return now - watch.lastCheckedAt >= longEnough;
	}

	/** Jobs whose time is over get their last look, and end. The others are not held up by that. */
	private endExpired(): void {
		const now = this.options.clock.now();
		for (const watch of this.open) {
			if (watch.job.deadline > now) continue;
			watch.endingSince = now;
			this.inBackground(this.end(watch));
		}
	}

	private async end(watch: PolledJob): Promise<void> {
		await this.lastLimit(async () => {
			if (!this.isLastLookWorthwhile(watch) || !(await this.options.rateLimiter.acquire())) return;
			await this.lookNow(watch);
		});
		const isOpen = this.pending.has(watch) && watch.outcome === undefined;
		// A Cobalt that did not answer this look is not asked for more.
		if (isOpen && watch.lookedAt !== undefined && this.silence === undefined) {
			await this.checkLog(watch);
		}
		this.conclude(watch);
	}

	/**
	 * Looks for a job in the log, in case that asking for the job alone does not show what the log has. Jobs
	 * that end together share a reading.
	 */
	private async checkLog({ endingSince = 0, unloggedUntil }: PolledJob): Promise<void> {
		const { finalReading: last } = this;
		const isNew = last && last.beganAt >= endingSince - FINAL_READING.sharedMs;
		const isCovered = isNew && last.since <= unloggedUntil;
		if (isCovered) return await last.done;
		const ending = [...this.pending].filter((watch) => watch.endingSince !== undefined);
		const since = least(ending.map((watch) => watch.unloggedUntil));
		const beganAt = this.options.clock.now();
		const done = this.readFinalLog(Math.max(since, beganAt - FINAL_READING.reachMs));
		this.finalReading = { beganAt, since, done };
		await done;
	}

	private async readFinalLog(since: number): Promise<void> {
		const { rateLimiter, clock, readLog } = this.options;
		const tail = new LogTail({ readPage: readLog, now: () => clock.now() });
		const reading = tail.read(since, FINAL_READING.mostPages, (events) => this.find(events));
		const done = new AbortController();
		const timeout = clock.sleep(FINAL_READING.timeoutMs, done.signal);
		// Without it, the job is pending as far as anybody can tell.
		const read = rateLimiter.track(reading).catch(() => undefined);
		await Promise.race([read, timeout]).finally(() => done.abort());
	}

	private isLastLookWorthwhile({ endingSince = 0, isSeen, job }: PolledJob): boolean {
		const { rateLimiter, clock } = this.options;
		const { heardAt, silence } = this;
		const isSilent = silence !== undefined && silence.to - silence.from > SILENCE_MS;
		const isUrgent = !isSeen && !isSilent;
		// Nothing at all can be said of a job that is only said to exist: it waits while Cobalt answers.
		const since = isUrgent && !job.isKnown ? Math.max(endingSince, heardAt) : endingSince;
		const inLineMs = clock.now() + rateLimiter.remainingMs - since;
		return inLineMs <= (isUrgent ? LAST_LOOK.longestMs : LAST_LOOK.usualMs);
	}

	/** Looks a job up by itself. */
	private async lookNow(watch: PolledJob): Promise<void> {
		const { rateLimiter, clock, lookUp } = this.options;
		if (!this.pending.has(watch)) return;
		watch.lookedAt = clock.now();
		try {
			const events = await rateLimiter.track(lookUp(watch.job.jobId));
			this.noteAnswer();
			watch.isSeen = true;
			watch.since = watch.lookedAt;
			watch.addEvents(events);
			if (watch.isDecided) this.conclude(watch);
		} catch (error) {
			this.forgive(error, watch);
		}
	}

	/** Ends the watch over a job with what is known of it. */
	private conclude(watch: PolledJob): void {
		if (!this.pending.delete(watch)) return;
		if (this.pending.size === 0) this.wake();
		if (watch.outcome) watch.resolve(watch.outcome);
		else if (watch.isSeen || watch.job.isKnown) watch.resolve({ status: 'pending' });
		else watch.reject(watch.lastError ?? this.lastError ?? this.options.rateLimiter.rejectionError);
	}

	/** A look that may come through the next time is forgotten; after any other, the watch ends. */
	private forgive(error: unknown, watch: PolledJob): void {
		const risk = requestErrorInfo(error);
		if (risk?.isTransient) {
			this.noteFailure(error, risk);
			watch.lastError = error;
		} else if (risk?.affectsAllRequests) {
			this.endAll((other) => other.reject(error));
		} else if (this.pending.delete(watch)) {
			watch.reject(error);
		}
	}

	private forgiveLog(error: unknown): LogReading {
		const risk = requestErrorInfo(error);
		if (risk?.isTransient) {
			this.noteFailure(error, risk);
			this.skipsLog = true;
			return 'failed';
		}
		if (risk?.affectsAllRequests) this.endAll((watch) => watch.reject(error));
		else this.isLogTrusted = false;
		return 'none';
	}

	private noteAnswer(): void {
		this.heardAt = this.options.clock.now();
		this.silence = undefined;
	}

	private noteFailure(error: unknown, { isRateLimited, retryAfterMs }: RequestErrorInfo): void {
		const now = this.options.clock.now();
		const isAnswer = isRateLimited === true || retryAfterMs !== undefined;
		this.silence = isAnswer ? undefined : { from: this.silence?.from ?? now, to: now };
		this.lastError = error;
	}

	private endAll(end: (watch: PolledJob) => void): void {
		const watches = [...this.pending];
		this.pending.clear();
		this.wake();
		watches.forEach(end);
	}

	/** Whatever happens to the work, nobody is left waiting. */
	private inBackground(work: Promise<void>): void {
		work.catch((error: unknown) => {
			this.isRunning = false;
			this.isInRound = false;
			this.endAll((watch) => watch.reject(error));
		});
	}
}

const longestUnasked = (one: PolledJob, other: PolledJob): number =>
	one.lastCheckedAt - other.lastCheckedAt;

/** Infinity where there is none. Math.min takes no more arguments than fit on the stack. */
const least = (values: number[]): number =>
	values.reduce((one, other) => Math.min(one, other), Infinity);
