import type { CobaltEvent } from '../../shared/events/event';
import type { EventPage } from '../../shared/events/eventLog';
import { onAbort } from '../../shared/retry/abort';
import type { Clock } from '../../shared/retry/clock';
import { createLimiter } from '../../shared/retry/concurrency';
import { requestErrorInfo } from '../../shared/retry/errors';
import type { RateLimiter } from '../../shared/retry/rateLimiter';
import { FinalLookup, MAX_CONCURRENT_LOOKUPS } from './finalLookup';
import { LogStrategy } from './logStrategy';
import { oneForEachJob, PendingJobs } from './pendingJobs';
import { PolledJob, type JobWait, type PollResult } from './polledJob';
import { RoundSchedule } from './roundSchedule';
import { ServiceHealth } from './serviceHealth';
import { WakeableLoop } from './wakeableLoop';

/** How jobs are looked up. */
export interface JobPollerOptions {
	/** Reads the events of one job. */
	lookUp(jobId: string): Promise<CobaltEvent[]>;
	/** Reads a page of the log of all events, the newest first. */
	readLog(page: number, startDate: string): Promise<EventPage>;
	clock: Clock;
	rateLimiter: RateLimiter;
	/** Called after each round with the number of jobs that are still pending. */
	onRound?(pending: number): void;
}

/** How many jobs a round looks up one by one; the next round continues with the others. */
const MAX_LOOKUPS_PER_ROUND = 20;

/** How long a round may start lookups: slow responses must not delay the next round. */
const MAX_ROUND_MS = 1_000;

/**
 * Waits for many jobs together. One loop makes rounds: a few jobs are looked up one by one, many are found
 * by reading the newest part of the event log, whichever takes fewer requests at that moment. Another loop
 * ends each wait at its deadline, with a final lookup.
 */
export class JobPoller {
	private readonly pending: PendingJobs;

	private readonly limit = createLimiter(MAX_CONCURRENT_LOOKUPS);

	private readonly health: ServiceHealth;

	private readonly log: LogStrategy;

	private readonly finalLookup: FinalLookup;

	private readonly rounds: WakeableLoop;

	private readonly deadlines: WakeableLoop;

	/** Signals that already have a listener. */
	private readonly signals = new WeakSet<AbortSignal>();

	private readonly schedule: RoundSchedule;

	constructor(private readonly options: JobPollerOptions) {
		const { clock, rateLimiter, readLog: readPage } = options;
		const now = () => clock.now();
		const onEvents = (events: CobaltEvent[]) => this.addEvents(events);
		const onError = (error: unknown) => this.pending.rejectAll(error);
		// The loops end with the last job instead of sleeping.
		this.pending = new PendingJobs(clock, () => {
			this.deadlines.wake();
			this.rounds.wake();
		});
		this.schedule = new RoundSchedule(this.pending, now);
		this.health = new ServiceHealth(clock);
		this.log = new LogStrategy({ readPage, now, rateLimiter, health: this.health, onEvents });
		this.finalLookup = new FinalLookup({
			clock,
			rateLimiter,
			health: this.health,
			lookUp: async (job, since) => await this.lookUp(job, since),
			pending: this.pending,
			readPage,
			onEvents,
		});
		this.deadlines = new WakeableLoop({
			clock,
			next: () => this.nextDeadline(),
			act: () => this.endExpired(),
			onError,
		});
		this.rounds = new WakeableLoop({
			clock,
			next: () => this.nextRound(),
			act: async () => await this.round(),
			onError,
		});
	}

	/**
	 * Waits for a job until it ends or its deadline passes, at which it is looked up a last time. A lookup that
	 * fails transiently only delays the result.
	 *
	 * @param signal ends the wait as cancelled
	 * @throws the error of a lookup that is not worth repeating; for a job that is not known to exist, the error
	 *   of the last lookup if none succeeded
	 */
	async waitFor(wait: JobWait, signal: AbortSignal): Promise<PollResult> {
		if (signal.aborted) return { status: 'cancelled' };
		this.listenTo(signal);
		return await new Promise((resolve, reject) => {
			const job = new PolledJob(wait, signal, this.options.clock.now(), { resolve, reject });
			this.schedule.add(job);
			this.pending.add(job);
			this.deadlines.start();
			this.rounds.start();
		});
	}

	/** One callback for all waits of an execution. */
	private listenTo(signal: AbortSignal): void {
		if (this.signals.has(signal)) return;
		this.signals.add(signal);
		onAbort(signal, () => this.pending.cancel(signal));
	}

	private nextDeadline(): number | undefined {
		const { nextDeadline } = this.pending;
		return nextDeadline === undefined
			? undefined
			: Math.max(this.schedule.gatherUntil, nextDeadline);
	}

	private nextRound(): number | undefined {
		if (this.pending.polled.length === 0) return undefined;
		const { clock, rateLimiter } = this.options;
		return Math.max(this.schedule.nextRoundAt, clock.now() + rateLimiter.remainingMs);
	}

	private async round(): Promise<void> {
		const { clock, onRound } = this.options;
		const startedAt = clock.now();
		const jobs = this.schedule.due(startedAt);
		const newcomers = jobs.filter((job) => job.isUntracked && job.lookup === undefined);
		const tracked = this.pending.polled.filter((job) => !job.isUntracked);
		const reading = await this.log.read(
			jobs.filter((job) => !job.isUntracked),
			tracked,
		);
		const stillPolling = new Set(this.pending.polling);
		const due = oneForEachJob(
			jobs
				.filter((job) => stillPolling.has(job) && !newcomers.includes(job))
				.filter((job) => reading === 'none' || job.isUntracked || this.log.isUnchecked(job)),
		).slice(0, MAX_LOOKUPS_PER_ROUND);
		const logged = due.filter((job) => !job.isUntracked);
		await this.lookUpEach([...newcomers, ...due], startedAt);
		if (reading === 'complete') {
			for (const job of tracked.filter((each) => jobs.includes(each))) job.lastRoundAt = startedAt;
			this.log.noteMissed(logged.filter(({ isDecided }) => isDecided).length);
		}
		this.schedule.advance(startedAt);
		onRound?.(this.pending.size);
	}

	private async lookUpEach(jobs: readonly PolledJob[], roundAt: number): Promise<void> {
		const { rateLimiter, clock } = this.options;
		const startedAt = clock.now();
		const isInTime = () => rateLimiter.remainingMs === 0 && clock.now() - startedAt < MAX_ROUND_MS;
		await Promise.all(
			jobs.map(
				async (job) =>
					await this.limit(async () => {
						// After its deadline, a job has a queue of its own.
						if (isInTime() && job.phase.name === 'polling') await this.lookUp(job, roundAt);
					}),
			),
		);
	}

	/**
	 * Looks up one job by itself, unless another wait for the same job did so since a time (epoch milliseconds).
	 */
	private async lookUp(job: PolledJob, since: number): Promise<void> {
		if (!this.pending.has(job)) return;
		if (!job.isCheckedSince(since)) {
			const same = this.pending.all.filter(({ wait }) => wait.jobId === job.wait.jobId);
			const lookup = this.lookUpTogether(job.wait.jobId, same);
			for (const each of same) each.noteLookup(this.options.clock.now(), since, lookup);
		}
		await job.lookup;
	}

	private async lookUpTogether(jobId: string, jobs: readonly PolledJob[]): Promise<void> {
		const { rateLimiter, clock, lookUp } = this.options;
		const startedAt = clock.now();
		try {
			const events = await rateLimiter.track(lookUp(jobId));
			this.health.noteResponse();
			for (const job of jobs.filter((each) => this.pending.has(each))) {
				job.noteResponse(startedAt, events);
				if (job.isDecided) this.conclude(job);
			}
		} catch (error) {
			this.afterFailure(error, jobs);
		}
	}

	/** A lookup that may succeed the next time is ignored; after any other error, the waits end. */
	private afterFailure(error: unknown, jobs: readonly PolledJob[]): void {
		const info = requestErrorInfo(error);
		if (info?.isTransient) {
			this.health.noteFailure(error, info);
			for (const job of jobs) job.lastError = error;
		} else if (info?.affectsAllRequests) {
			this.pending.rejectAll(error);
		} else {
			for (const job of jobs) this.pending.reject(job, error);
		}
	}

	/** @returns whether there is still something to find */
	private addEvents(events: readonly CobaltEvent[]): boolean {
		for (const job of this.pending.all) {
			job.addEvents(events);
			if (!job.isDecided) continue;
			this.log.noteFound();
			this.conclude(job);
		}
		return this.pending.size > 0;
	}

	/** Ends the waits whose deadline has passed. That does not hold up the others. */
	private endExpired(): void {
		const now = this.options.clock.now();
		for (const job of this.pending.expired) {
			job.phase = { name: 'final', since: now };
			this.end(job, now).catch((error: unknown) => this.pending.rejectAll(error));
		}
	}

	private async end(job: PolledJob, endingSince: number): Promise<void> {
		await this.finalLookup.run(job, endingSince);
		// A lookup that is still in flight counts.
		await job.lookup;
		this.conclude(job);
	}

	private conclude(job: PolledJob): void {
		this.pending.conclude(job, this.health.lastError ?? this.options.rateLimiter.rejectionError);
	}
}
