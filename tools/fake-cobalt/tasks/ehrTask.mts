import type { Kind } from '../events/eventNames.mts';
import type { Context } from '../server/context.mts';
import type { Failure, EhrTask } from '../world/ehrWorker.mts';
import type { Submitted } from '../world/records.mts';

interface EhrTaskOptions {
	kind: Kind;
	recordId: string;
	/** The submission's body. */
	body: Record<string, unknown>;
	/** What stands in the way when the EHR worker gets to it. Default: nothing. */
	refusal?: () => Failure | undefined;
	/** What changes when it is done, and when it failed. Default: nothing. */
	onDone?: () => void;
	onFailed?: () => void;
	/** What the event holds, besides the reasons of a failure. */
	eventData: (failure?: Failure) => object;
}

interface RecordTaskOptions<Entered extends Submitted> extends Pick<
	EhrTaskOptions,
	'kind' | 'body' | 'refusal' | 'onDone' | 'eventData'
> {
	record: Entered;
	/** What the EHR adds to the record, such as its own id. */
	ehrFields?: Partial<Entered>;
}

/** Work of a kind: its events have the names of that kind. */
export function ehrTask(
	{ dialect }: Context,
	{ kind, eventData, ...rest }: EhrTaskOptions,
): EhrTask {
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
			return { type: done, data: eventData() };
		},
		fail(failure) {
			onFailed();
			return { type: failed, data: { ...eventData(failure), ...failure } };
		},
	};
}

/** Enters a new record into the EHR: what most submissions come to. */
export function recordTask<Entered extends Submitted>(
	context: Context,
	{ record, ehrFields, onDone = () => undefined, ...rest }: RecordTaskOptions<Entered>,
): EhrTask {
	return ehrTask(context, {
		...rest,
		recordId: record.id,
		onDone() {
			Object.assign(record, { state: 'done' }, ehrFields);
			onDone();
		},
		onFailed() {
			record.state = 'failed';
		},
	});
}
