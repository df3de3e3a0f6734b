import type { CobaltEvent } from '../events/event';
import { firstText, isObject } from '../transport/json';

/** Which event types end the jobs of an operation, as far as Cobalt documents them. */
export interface Settlement {
	completed: readonly string[];
	failed: readonly string[];
}

/** For a job of which nothing but the id is known, and where no event names are documented. */
export const BY_SHAPE: Settlement = { completed: [], failed: [] };

export interface FailureReason {
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
			/** False for a type that Cobalt does not document, where it documents some for failures. */
			isCertain: boolean;
			failureReason: string;
			reasons: FailureReason[];
	  };

/**
 * What the events of one job say about it. A documented type decides first. After that the shape:
 * `….failed`, `…_failed`, a `failure_reason` or `reasons` are a failure, any other event a completion.
 * Live looks say in `success` whether they were one.
 * `status` and `delivery_status` say how a webhook was delivered and are not looked at.
 *
 * @returns undefined while there is no event
 */
export function outcomeOf(
	events: readonly CobaltEvent[],
	settlement: Settlement,
): Outcome | undefined {
	const documented = [...settlement.completed, ...settlement.failed];
	const decisive = events.filter(({ type }) => documented.includes(type));
	const event = newest(decisive.length > 0 ? decisive : events);
	if (event === undefined) return undefined;
	const reasons = readReasons(event.data.reasons);
	const failed =
		settlement.failed.includes(event.type) ||
		String(event.data.success) === 'false' ||
		(!settlement.completed.includes(event.type) && looksFailed(event, reasons));
	if (!failed) {
		const { completed } = settlement;
		const isCertain = completed.length === 0 || completed.includes(event.type);
		return { status: 'completed', event, isCertain };
	}
	return {
		status: 'failed',
		event,
		isCertain: settlement.failed.length === 0 || settlement.failed.includes(event.type),
		failureReason: reasonText(event, reasons),
		reasons,
	};
}

function looksFailed({ type, data }: CobaltEvent, reasons: FailureReason[]): boolean {
	return (
		/[._]failed$/.test(type) || firstText(data.failure_reason) !== undefined || reasons.length > 0
	);
}

/** `failure_reason` is the older field; newer events may carry the list alone, live looks a message. */
function reasonText({ data }: CobaltEvent, reasons: FailureReason[]): string {
	const described = reasons.flatMap(({ description }) => description ?? []).join(' ');
	return firstText(data.failure_reason, described, data.message) ?? 'Cobalt gave no reason';
}

function readReasons(value: unknown): FailureReason[] {
	if (!Array.isArray(value)) return [];
	return value.filter(isObject).map(({ code, description }) => ({
		code: firstText(code),
		description: firstText(description),
	}));
}

/** By instant, for `created` comes with mixed offsets. Among equals the first, as Cobalt lists it. */
function newest(events: readonly CobaltEvent[]): CobaltEvent | undefined {
	return events.reduce<CobaltEvent | undefined>((latest, event) => {
		if (latest === undefined) return event;
		return Date.parse(event.created) > Date.parse(latest.created) ? event : latest;
	}, undefined);
}
