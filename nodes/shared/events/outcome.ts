import type { CobaltEvent } from './event';
import { DOCUMENTED_EVENTS, type TerminalEvents } from './terminalEvents';
import { firstText, isObject } from '../json';

interface FailureReason {
	code?: string;
	description?: string;
}

/** The outcome of a job, according to an event. */
export type Outcome =
	| {
			status: 'completed';
			event: CobaltEvent;
			/** False for a type that Cobalt does not document for this operation. */
			isCertain: boolean;
	  }
	| {
			status: 'failed';
			event: CobaltEvent;
			/**
			 * False for an undocumented type of an operation whose failures are documented, and for an event that
			 * leaves open whether the EHR was changed, because its type names a success or a partial one.
			 */
			isCertain: boolean;
			failureReason: string;
			reasons: FailureReason[];
			/** The kind of conflict that the double-booking check found. */
			conflictType?: string;
	  };

/** Types that say that a job is still running. Cobalt documents none of them. */
const GOES_ON = /[._](?:pending|processing|in_progress|queued|started|running|retrying|waiting)$/;

/** Types of failures. Cobalt only documents `failed`. */
const FAILED = /[._](?:failed|failure)$/;

/** Types that report a partial result: something failed, and something did not. */
const PARTLY = /[._]partial/;

/** Types that are not a completion, but leave open whether the EHR was changed. */
const WENT_WRONG =
	/[._](?:error|errored|rejected|refused|declined|denied|timed_out|timeout|aborted|unsuccessful|incomplete|not_\w+)$/;

/** As `WENT_WRONG`, except for appointments: canceling one is what an operation is for. */
const UNDONE = /^(?!appointment[._]).*[._](?:cancell?ed|voided|reversed)$/;

/**
 * The outcome of a job, according to its events. Documented types decide first. Otherwise the shape does:
 * `….failed`, `…_failed`, a `failure_reason`, `reasons` or an `error` mean failure, and any other event
 * completion, except those that say that the job is still running, and those about the connection
 * (`access_token.…`). Live fetches have a `success`. `status` and `delivery_status` are about webhooks and
 * are ignored (docs/api-notes.md, "What the documents do not say").
 *
 * @returns undefined while there is no event that could be a result
 */
export function outcomeOf(
	events: readonly CobaltEvent[],
	terminalEvents: TerminalEvents,
): Outcome | undefined {
	const documented = [...terminalEvents.completed, ...terminalEvents.failed];
	const decisive = events.filter(({ type }) => documented.includes(type));
	const event = newest(decisive.length > 0 ? decisive : events.filter(mayBeResult));
	if (event === undefined) return undefined;
	const { data } = event;
	const reasons = readReasons(data.reasons);
	const failed =
		terminalEvents.failed.includes(event.type) ||
		String(data.success) === 'false' ||
		(!terminalEvents.completed.includes(event.type) && looksFailed(event));
	if (!failed) {
		const { completed } = terminalEvents;
		const isCertain = completed.length === 0 || completed.includes(event.type);
		return { status: 'completed', event, isCertain };
	}
	return {
		status: 'failed',
		event,
		isCertain: isCertainFailure(event, terminalEvents),
		failureReason: reasonText(data, reasons),
		reasons,
		conflictType: firstText(data.conflict_type),
	};
}

/** Events about the connection to the EHR say nothing about a job, even if they name one. */
const mayBeResult = ({ type }: CobaltEvent): boolean =>
	!GOES_ON.test(type) && !type.startsWith('access_token.');

/**
 * A type that names a success and data that name a failure contradict each other: the EHR may have been
 * changed.
 */
function isCertainFailure(
	{ type, data }: CobaltEvent,
	{ completed, failed }: TerminalEvents,
): boolean {
	if (failed.length > 0) return failed.includes(type);
	if (completed.includes(type)) return String(data.success) === 'false';
	return FAILED.test(type) && !PARTLY.test(type);
}

/** Text in `reasons` is not the documented form, and is not enough to make an event a failure. */
function looksFailed({ type, data }: CobaltEvent): boolean {
	return (
		[FAILED, PARTLY, WENT_WRONG, UNDONE].some((types) => types.test(type)) ||
		firstText(data.failure_reason) !== undefined ||
		// A documented success may have a note there.
		(!DOCUMENTED_EVENTS.completed.includes(type) && wordsOf(data.error) !== undefined) ||
		(Array.isArray(data.reasons) && data.reasons.some(isObject))
	);
}

/**
 * The reason for a failure. `failure_reason` is the older field; newer events may have only the list, and
 * live fetches a message. `conflict_details` is left out, because it may name another patient.
 */
function reasonText(data: CobaltEvent['data'], reasons: FailureReason[]): string {
	const described = reasons.flatMap(({ description }) => description ?? []).join(' ');
	const codes = reasons.flatMap(({ code }) => code ?? []).join(', ');
	const conflictType = firstText(data.conflict_type);
	return (
		wordsOf(data.failure_reason) ??
		firstText(described) ??
		wordsOf(data.message) ??
		wordsOf(data.error) ??
		firstText(codes) ??
		(conflictType === undefined ? 'Cobalt gave no reason' : `Conflict: ${conflictType}`)
	);
}

function readReasons(value: unknown): FailureReason[] {
	return [value].flat().flatMap((reason): FailureReason[] => {
		if (isObject(reason)) {
			const { code, ...words } = reason;
			return [{ code: firstText(code), description: wordsIn(words) }];
		}
		const description = firstText(reason);
		return description === undefined ? [] : [{ description }];
	});
}

/** The text of a field that is documented as text, but may be an object, or a list of either. */
function wordsOf(value: unknown): string | undefined {
	const words = [value].flat().map((each) => (isObject(each) ? wordsIn(each) : firstText(each)));
	return firstText(words.filter((each) => each !== undefined).join(' '));
}

const wordsIn = ({ description, message, reason, code }: Record<string, unknown>) =>
	firstText(description, message, reason, code);

/** The newest event by instant, since `created` has mixed offsets. Of equal ones, the first in Cobalt's order. */
function newest(events: readonly CobaltEvent[]): CobaltEvent | undefined {
	return events.reduce<CobaltEvent | undefined>((latest, event) => {
		if (latest === undefined) return event;
		return Date.parse(event.created) > Date.parse(latest.created) ? event : latest;
	}, undefined);
}
