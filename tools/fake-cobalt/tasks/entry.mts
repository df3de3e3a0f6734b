import type { Kind } from '../events/event-names.mts';
import type { Inside } from '../server/inside.mts';
import type { Failure, Task } from '../world/ehr-worker.mts';
import type { Submitted } from '../world/records.mts';

interface Work {
	kind: Kind;
	recordId: string;
	/** The submission's body. */
	body: Record<string, unknown>;
	/** What stands in the way when the robot gets to it. Default: nothing. */
	refusal?: () => Failure | undefined;
	/** What changes when it is done, and when it failed. Default: nothing. */
	onDone?: () => void;
	onFailed?: () => void;
	/** What the event holds, besides the reasons of a failure. */
	tells: (failure?: Failure) => object;
}

interface Entry<Entered extends Submitted> extends Pick<
	Work,
	'kind' | 'body' | 'refusal' | 'onDone' | 'tells'
> {
	record: Entered;
	/** What the EHR adds to the record, such as its own id. */
	adds?: Partial<Entered>;
}

/** Work of a kind: its events have the names of that kind. */
export function work({ dialect }: Inside, { kind, tells, ...rest }: Work): Task {
	const { recordId, body, refusal = () => undefined } = rest;
	const { onDone = () => undefined, onFailed = () => undefined } = rest;
	const { done, failed } = dialect.eventNames(kind);
	return {
		kind,
		recordId,
		body,
		refusal,
		succeed() {
			onDone();
			return { type: done, data: tells() };
		},
		fail(failure) {
			onFailed();
			return { type: failed, data: { ...tells(failure), ...failure } };
		},
	};
}

/** Enters a new record into the EHR: what most submissions come to. */
export function enter<Entered extends Submitted>(
	inside: Inside,
	{ record, adds, onDone = () => undefined, ...rest }: Entry<Entered>,
): Task {
	return work(inside, {
		...rest,
		recordId: record.id,
		onDone() {
			Object.assign(record, { state: 'done' }, adds);
			onDone();
		},
		onFailed() {
			record.state = 'failed';
		},
	});
}
