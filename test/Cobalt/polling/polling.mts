import { setMaxListeners } from 'node:events';

import { JobPoller } from '../../../nodes/Cobalt/polling/jobPoller.js';
import type { JobWait } from '../../../nodes/Cobalt/polling/polledJob.js';
import { readEvent, type CobaltEvent } from '../../../nodes/shared/events/event.js';
import type { EventPage } from '../../../nodes/shared/events/eventLog.js';
import { UNDOCUMENTED_EVENTS } from '../../../nodes/shared/events/terminalEvents.js';
import { RateLimit, RateLimiter } from '../../../nodes/shared/retry/rateLimiter.js';
import { FailedRequest } from '../../shared/retry/failedRequest.mts';
import { VirtualClock } from '../../shared/virtualClock.mts';

export const UNAVAILABLE = new FailedRequest({ isTransient: false });
export const BROKEN_OFF = new FailedRequest({ isTransient: true });
export const LOGGED_OUT = new FailedRequest({ isTransient: false, affectsAllRequests: true });
export const slowDown = (retryAfterMs?: number) =>
	new FailedRequest({ isTransient: true, isRateLimited: true, retryAfterMs });

/** One event, and when the log shows it. */
export interface Listed {
	type: string;
	from: number;
	until?: number;
}

export interface Plan {
	/** When each job has its event; jobs that are not listed never end. */
	endsAt?: Record<string, number>;
	endType?: string;
	/** What the log lists of any job, and when; instead of one event at the end. */
	log?: Listed[];
	/** Thrown by a look, told by its job and how many looks there were before it. */
	fails?: (jobId: string, lookupsBefore: number) => Error | undefined;
	/** How long the answer to a look takes; all of them alike, or told as `fails` is. */
	latencyMs?: number | ((jobId: string, lookupsBefore: number) => number);
	/** When others have an event. */
	others?: readonly number[];
	/** Whether asking for a job by itself shows what there is. Default: yes. */
	finds?(jobId: string): boolean;
	/** Whether everybody's log has the events of a job. Default: of all. */
	shows?: (jobId: string) => boolean;
	/** Thrown instead of a page of the log, told by the page and how many were asked for before it. */
	logFails?: (page: number, pagesBefore: number) => Error | undefined;
	logLatencyMs?: number;
	oldestFirst?: boolean;
}

export interface Asked {
	at: number;
	/** Of a look. */
	jobId?: string;
	/** Of a page of the log. */
	page?: number;
}

const PAGE_SIZE = 100;

/** An event of a job, or of nobody's. */
export function eventAt(timestamp: number, type = 'x.created', jobId?: string): CobaltEvent {
	const created = new Date(timestamp).toISOString();
	const event = readEvent({ id: `${type}@${timestamp}`, type, created, job_id: jobId, data: {} });
	if (!event) throw new Error('Not an event');
	return event;
}

/** ISO 8601 in UTC can be compared as it is. */
const newestFirst = (events: CobaltEvent[]) =>
	events.sort(
		(one, other) => Number(other.created > one.created) - Number(other.created < one.created),
	);

/** When each of these jobs has its event, for {@link Plan.endsAt}: all at once. */
export const endingAt = (jobs: readonly string[], timestamp: number) =>
	Object.fromEntries(jobs.map((jobId) => [jobId, timestamp]));

/** So many different job ids. */
export const numbered = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

/** Moments, one after the other: for example those of others' events. */
export const every = (ms: number, from: number, to: number) =>
	Array.from({ length: Math.ceil((to - from) / ms) }, (_, index) => from + index * ms);

/** Watches jobs of a Cobalt that behaves as planned, on a clock that starts at 0. */
export function watching(plan: Plan = {}) {
	const { endsAt = {}, endType = 'x.created', log, latencyMs = 0, others = [] } = plan;
	const clock = new VirtualClock();
	const controller = new AbortController();
	const { signal } = controller;
	// One for each sleep.
	setMaxListeners(0, signal);
	const started = new Set<string>();
	const eventsOf = (jobId: string) =>
		(log ?? [{ type: endType, from: endsAt[jobId] ?? Infinity }])
			.filter(({ from, until = Infinity }) => from <= clock.now() && clock.now() < until)
			.map(({ type, from }) => eventAt(from, type, jobId));
	const foreign = others.map((timestamp) => ({ timestamp, event: eventAt(timestamp) }));
	const pageOf = (page: number, startDate: string): EventPage => {
		const own = [...started].filter((jobId) => plan.shows?.(jobId) ?? true).flatMap(eventsOf);
		const seen = foreign
			.filter(({ timestamp }) => timestamp <= clock.now())
			.map(({ event }) => event);
		const events = newestFirst([...own, ...seen].filter(({ created }) => created >= startDate));
		if (plan.oldestFirst) events.reverse();
		const end = page * PAGE_SIZE;
		return { events: events.slice(end - PAGE_SIZE, end), isLast: end >= events.length };
	};
	const lookups: Array<{ jobId: string; at: number }> = [];
	const pages: Array<{ page: number; startDate: string; at: number }> = [];
	/** How many jobs were pending after each round, and when that was. */
	const rounds: Array<{ at: number; pending: number }> = [];
	let underWay = 0;
	let maxUnderWay = 0;
	const rateLimiter = new RateLimiter({ limit: new RateLimit(clock), signal });
	const watcher = new JobPoller({
		clock,
		rateLimiter,
		lookUp: async (jobId) => {
			const before = lookups.length;
			lookups.push({ jobId, at: clock.now() });
			underWay += 1;
			maxUnderWay = Math.max(maxUnderWay, underWay);
			await clock.pass(typeof latencyMs === 'number' ? latencyMs : latencyMs(jobId, before));
			underWay -= 1;
			const error = plan.fails?.(jobId, before);
			if (error) throw error;
			return (plan.finds?.(jobId) ?? true) ? newestFirst(eventsOf(jobId)) : [];
		},
		readLog: async (page, startDate) => {
			const error = plan.logFails?.(page, pages.length);
			pages.push({ page, startDate, at: clock.now() });
			await clock.pass(plan.logLatencyMs ?? 0);
			if (error) throw error;
			return pageOf(page, startDate);
		},
		onRound: (pending) => rounds.push({ at: clock.now(), pending }),
	});
	/** A job that was submitted just now, unless told otherwise. */
	const start = async (jobId: string, job: Partial<JobWait> = {}) => {
		started.add(jobId);
		const wait: JobWait = {
			jobId,
			submittedAt: clock.now(),
			deadline: 120_000,
			intervalMs: 1_000,
			terminalEvents: UNDOCUMENTED_EVENTS,
			isKnown: true,
			...job,
		};
		return await watcher.waitFor(wait, signal);
	};
	return {
		clock,
		controller,
		rateLimiter,
		start,
		lookups,
		pages,
		rounds,
		/** Starts these at once, and gives how each of them ended. */
		run: async (...jobs: Array<ReturnType<typeof start>>) => await clock.run(Promise.all(jobs)),
		startAll: (jobIds: readonly string[], job: Partial<JobWait> = {}) =>
			jobIds.map(async (jobId) => await start(jobId, job)),
		timesOf: (jobId: string) => lookups.filter((look) => look.jobId === jobId).map(({ at }) => at),
		asked: (): Asked[] => [...lookups, ...pages].sort((one, other) => one.at - other.at),
		maxUnderWay: () => maxUnderWay,
	};
}
