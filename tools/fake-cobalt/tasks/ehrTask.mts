import type { Kind } from '../events/eventNames.mts';
import type { Context } from '../server/context.mts';
import type { Failure, EhrTask } from '../world/ehrWorker.mts';
import type { Submitted } from '../world/records.mts';

interface EhrTaskOptions {
	kind: Kind;
	recordId: string;
	/** The submission's body. */
	body: Record<string, unknown>;
	/** Why the EHR refuses it when the EHR worker gets to it. Default: it does not. */
	refusal?: () => Failure | undefined;
	/** Changes the records when the task is done, or has failed. Default: nothing. */
	onDone?: () => void;
	onFailed?: () => void;
	/** The data of the event, without the reasons of a failure. */
	eventData: (failure?: Failure) => object;
}

interface RecordTaskOptions<Entered extends Submitted> extends Pick<
	EhrTaskOptions,
	'kind' | 'body' | 'refusal' | 'onDone' | 'eventData'
> {
	record: Entered;
	/** Fields that the EHR adds to the record, such as its own id. */
	ehrFields?: Partial<Entered>;
}

/** Creates a task whose events have the names of its kind. */
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

/** Creates a task that enters a new record into the EHR, as most submissions do. */
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
