import type { CobaltEvent } from '../../shared/events/event';
import type { TerminalEvents } from '../../shared/events/terminalEvents';
import { firstText, isObject } from '../../shared/json';

interface FailureReason {
	code?: string;
	description?: string;
}

/** What an event says about its job. */
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
			/** False for a type that Cobalt does not document, where it documents some for failures, or which leaves it open. */
			isCertain: boolean;
			failureReason: string;
			reasons: FailureReason[];
			/** What kind of conflict the double-booking check found. */
			conflictType?: string;
	  };

/** Types that say of a job that it goes on. Cobalt documents none, and so none of these is a result. */
const GOES_ON = /[._](?:pending|processing|in_progress|queued|started|running|retrying|waiting)$/;

/** Types of failures. Cobalt documents `failed` alone. */
const FAILED = /[._](?:failed|failure)$/;

/** Types that are no completion, and leave it open whether the EHR has done it. */
const WENT_WRONG = /[._](?:error|errored|rejected|declined|denied|timed_out|timeout|aborted)$/;

/**
 * What the events of one job say about it. A documented type decides first. After that the shape:
 * `….failed`, `…_failed`, a `failure_reason` or `reasons` are a failure, any other event a completion,
 * but for those that say that the job goes on, and those of the connection (`access_token.…`).
 * Live looks say in `success` whether they were one.
 * `status` and `delivery_status` say how a webhook was delivered and are not looked at.
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
		isCertain:
			terminalEvents.failed.includes(event.type) ||
			(terminalEvents.failed.length === 0 && !WENT_WRONG.test(event.type)),
		failureReason: reasonText(data, reasons),
		reasons,
		conflictType: firstText(data.conflict_type),
	};
}

/** Events of the connection to the EHR tell of no job, even if they name one. */
const mayBeResult = ({ type }: CobaltEvent): boolean =>
	!GOES_ON.test(type) && !type.startsWith('access_token.');

/** Text in `reasons` is not the documented form, and does not make a failure of an event by itself. */
function looksFailed({ type, data }: CobaltEvent): boolean {
	return (
		FAILED.test(type) ||
		WENT_WRONG.test(type) ||
		firstText(data.failure_reason) !== undefined ||
		(Array.isArray(data.reasons) && data.reasons.some(isObject))
	);
}

/**
 * `failure_reason` is the older field; newer events may carry the list alone, live looks a message. What
 * the check for double bookings writes in `conflict_details` may name another patient: it is no reason.
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

/** The words of a field that is documented as text, also if it is an object, or a list of either. */
function wordsOf(value: unknown): string | undefined {
	const words = [value].flat().map((each) => (isObject(each) ? wordsIn(each) : firstText(each)));
	return firstText(words.filter((each) => each !== undefined).join(' '));
}

const wordsIn = ({ description, message, reason, code }: Record<string, unknown>) =>
	firstText(description, message, reason, code);

/** By instant, for `created` comes with mixed offsets. Among equals the first, as Cobalt lists it. */
function newest(events: readonly CobaltEvent[]): CobaltEvent | undefined {
	return events.reduce<CobaltEvent | undefined>((latest, event) => {
		if (latest === undefined) return event;
		return Date.parse(event.created) > Date.parse(latest.created) ? event : latest;
	}, undefined);
}
