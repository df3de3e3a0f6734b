import { createAccountEvents, type AccountEvents } from '../events/accountEvents.mts';
import type { Listing, NewEvent, EventSummary } from '../events/eventLog.mts';
import type { Context } from '../server/context.mts';
import type { LoggedRequest, RequestLog } from '../server/requestLog.mts';
import type { NewAppointment } from '../tasks/appointments.mts';
import type { Appointment, Kinds, Lists, Settings } from './ehr.mts';
import type { Job } from './ehrWorker.mts';
import { bookInEhr, createInEhr, type InEhr } from './inEhr.mts';

/** For every kind of record, a function that finds those with these values. */
type RecordFinders = { [Kind in keyof Kinds]: (where?: Partial<Kinds[Kind]>) => Kinds[Kind][] };

/** Everything that exists, for assertions. Every question first finishes the jobs that are due; every answer is a
 * copy. */
export interface World extends RecordFinders {
	jobs(): Job[];
	/** All events, oldest entry first, including those that the log does not list yet or any more. */
	events(): EventSummary[];
	/** Requests by method and by path (including all paths below it; without /v1). */
	requests(where?: { method?: string; path?: string }): LoggedRequest[];
	/** Adds an event of any type and shape. By default it is listed at once, and once. */
	addEvent(event: NewEvent, listing?: Listing): void;
	/** Removes log entries dated before this time (milliseconds), which shifts the pages after them. */
	forgetEvents(before: number): void;
	/** Adds an appointment that the staff made in the EHR: in Cobalt's copy at once, but without an event. */
	addAppointment(appointment: NewAppointment): Appointment;
	/** Changes by the staff, with events. */
	readonly inEhr: InEhr;
	/** Events of the account's connection. */
	readonly account: AccountEvents;
	/** The account's settings; tests may change them. */
	readonly settings: Settings;
}

function selected<T extends object>(records: T[], where: Partial<T> = {}): T[] {
	const wanted = Object.entries(where) as [keyof T, unknown][];
	const found = records.filter((record) => wanted.every(([key, value]) => record[key] === value));
	return structuredClone(found);
}

/** Creates the world of one clinic. */
export function createWorld(context: Context, requests: RequestLog): World {
	const { ehr, log, ehrWorker } = context;
	const settled = <T,>(response: () => T) => {
		ehrWorker.finishDueJobs();
		return response();
	};
	const { settings, ...rest } = ehr;
	const lists: Lists = rest;
	const questionTo =
		<Kind extends keyof Kinds>(kind: Kind) =>
		(where?: Partial<Kinds[Kind]>) =>
			settled(() => selected<Kinds[Kind]>(lists[kind], where));
	const kinds = Object.keys(lists) as (keyof Kinds)[];
	const questions = Object.fromEntries(
		kinds.map((kind) => [kind, questionTo(kind)]),
	) as RecordFinders;
	return {
		...questions,
		jobs: () => settled(() => ehrWorker.jobs()),
		events: () => settled(() => log.all()),
		requests: (where) => settled(() => requests.find(where)),
		addEvent: (event, listing) => {
			settled(() => {
				log.add(event, listing);
			});
		},
		forgetEvents: (before) => {
			settled(() => {
				log.forget(before);
			});
		},
		addAppointment: (appointment) =>
			settled(() => structuredClone(bookInEhr(context, appointment))),
		inEhr: createInEhr(context),
		account: createAccountEvents(context),
		settings,
	};
}
