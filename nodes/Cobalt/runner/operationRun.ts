import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';

import { firstText, isObject } from '../events/event';
import { eventsOfJob } from '../events/eventLog';
import { systemClock as clock } from '../jobs/clock';
import { Ledger, type Receipt } from '../jobs/ledger';
import { createLimit } from '../jobs/limit';
import { submitOnce } from '../jobs/submission';
import { JobWatcher, type WatchResult } from '../jobs/watcher';
import { operationOf, titleOf } from '../resources';
import type { Operation } from '../resources/operation';
import { CobaltApiError, cobaltRequest } from '../transport/request';
import {
	jobFailed,
	leftUndone,
	outcomeUnknown,
	refused,
	resultUnreadable,
	stillPending,
	type ItemFailure,
	type ItemPlace,
} from './failures';
import { readInput, type ItemInput, type Submit } from './input';
import type { ItemSuccess } from './items';

/** How many submissions are on their way at once. */
const SUBMISSIONS_SIDE_BY_SIDE = 5;

/** How an item ended; `left` when the run came to a stop before the item was done. */
export type Result =
	| { state: 'good'; success: ItemSuccess; simplify: boolean }
	| { state: 'bad' | 'left'; failure: ItemFailure };

/** A job that Cobalt took on. */
interface Job {
	receipt: Receipt;
	/** The record's own id and the job_id, by their keys in the item; null for what Cobalt left out. */
	ids: IDataObject;
	/** What Cobalt answered, when this run submitted it. */
	answer?: IDataObject;
	/** Where the ledger keeps it, unless it was only looked up. */
	key?: string;
}

/** One call of the node: what its items share. */
export class OperationRun {
	private readonly operation: Operation;

	private readonly title: string;

	private readonly ledger: Ledger;

	private readonly watcher: JobWatcher;

	private readonly limit = createLimit(SUBMISSIONS_SIDE_BY_SIDE);

	private readonly send;

	private accepted = 0;

	/** Set once an item ends badly in a run that stops at the first of those. */
	private stopped = false;

	/** Manual stop, execution timeout and shutdown of n8n all come as this. */
	private readonly signal: AbortSignal | undefined;

	constructor(private readonly context: IExecuteFunctions) {
		this.signal = context.getExecutionCancelSignal();
		const resource = context.getNodeParameter('resource', 0) as string;
		this.operation = operationOf(resource, context.getNodeParameter('operation', 0) as string);
		this.title = titleOf(resource, this.operation);
		this.send = cobaltRequest.bind(context);
		this.ledger = new Ledger(
			context.getContext('node'),
			context.getWorkflowDataProxy(0).$runIndex as number,
		);
		this.watcher = new JobWatcher({
			lookUp: async (jobId) => await eventsOfJob(this.send, jobId),
			riskOf,
			clock,
			signal: this.signal,
		});
	}

	/**
	 * Reads and checks the input of one item.
	 *
	 * @throws NodeOperationError for bad input, unless the node is set to continue
	 */
	read(itemIndex: number): ItemInput | ItemFailure {
		const { context } = this;
		try {
			return readInput(context, this.operation, this.title, itemIndex);
		} catch (thrown) {
			const error =
				thrown instanceof NodeOperationError
					? thrown
					: new NodeOperationError(context.getNode(), thrown as Error, { itemIndex });
			if (!context.continueOnFail()) throw error;
			const { description } = error;
			return { error, details: { description, job_status: 'not_submitted' } };
		}
	}

	/** Brings one item to its end. Never throws. */
	async finish(input: ItemInput | ItemFailure): Promise<Result> {
		const result: Result =
			'error' in input ? { state: 'bad', failure: input } : await this.submitAndWait(input);
		if (result.state === 'bad' && !this.context.continueOnFail()) this.stopped = true;
		return result;
	}

	/**
	 * Says what the user should know of the whole run.
	 *
	 * @throws the error of the first item that ended badly, unless the node is set to continue
	 */
	report(results: readonly Result[]): void {
		if (!this.context.continueOnFail()) this.stopAtFirst(results);
		const successes = results.flatMap((result) =>
			result.state === 'good' ? [result.success] : [],
		);
		const pending = successes.filter(({ jobStatus }) => jobStatus === 'pending').length;
		this.hint(
			pending,
			`of ${results.length} jobs are still pending. This is not a failure: look them up later with 'Job: Get Result'.`,
		);
		const nameless = successes.filter(({ ids }) => ids.job_id === null).length;
		this.hint(
			nameless,
			`of ${results.length} submissions got no job_id from Cobalt, so their result cannot be looked up. Use the webhook or the EHR to see it.`,
		);
	}

	/** What went wrong is told before what was left undone because of it, but a cancel comes first. */
	private stopAtFirst(results: readonly Result[]): void {
		const first = (state: 'bad' | 'left') => {
			const result = results.find((each) => each.state === state);
			return result && 'failure' in result ? result.failure.error : undefined;
		};
		const error = this.signal?.aborted
			? (first('left') ?? first('bad'))
			: (first('bad') ?? first('left'));
		if (!error) return;
		if (this.accepted > 0 && results.length > 1) {
			error.description = `${error.description ?? ''} ${this.accepted} of ${results.length} items were submitted; a retry of this execution does not submit them again.`;
		}
		throw error;
	}

	/** Hosts older than n8n 1.80 have no hints. */
	private hint(count: number, text: string): void {
		if (count === 0) return;
		this.context.addExecutionHints?.({ message: `${count} ${text}`, location: 'outputPane' });
	}

	private async submitAndWait(input: ItemInput): Promise<Result> {
		const { itemIndex, title, task, settlement, wait, simplify } = input;
		const place: ItemPlace = { node: this.context.getNode(), itemIndex, title, ids: {} };
		const obtained = await this.obtainJob(input, place);
		if (!('job' in obtained)) return obtained;
		const { job } = obtained;
		place.ids = job.ids;
		const good = (success: Omit<ItemSuccess, 'ids' | 'answer'>): Result => ({
			state: 'good',
			success: { ids: job.ids, answer: job.answer, ...success },
			simplify,
		});
		const { jobId } = job.receipt;
		if (jobId === undefined || (task.kind === 'submit' && !wait)) {
			return good({ jobStatus: 'submitted' });
		}

		let watched: WatchResult;
		try {
			watched = await this.watcher.watch({
				jobId,
				deadline: clock.now() + (wait?.timeoutMs ?? 0),
				intervalMs: wait?.intervalMs ?? 0,
				settlement,
			});
		} catch (error) {
			return { state: 'bad', failure: resultUnreadable(place, error) };
		}
		this.context.logger.debug(`Cobalt: job ${jobId} is ${watched.status}`, { jobId });
		switch (watched.status) {
			case 'completed':
				this.note(job, 'completed');
				return good({ jobStatus: 'completed', event: watched.event });
			case 'failed':
				this.note(job, 'failed');
				return { state: 'bad', failure: jobFailed(place, watched) };
			case 'cancelled':
				return { state: 'left', failure: leftUndone(place) };
			case 'pending':
				// An earlier try saw the end of it; the log just does not show it any more.
				if (this.isCompleted(job)) return good({ jobStatus: 'completed' });
				return wait?.failOnTimeout
					? { state: 'bad', failure: stillPending(place, wait.timeoutMs) }
					: good({ jobStatus: 'pending' });
		}
	}

	/** The job to wait for: submitted now, submitted by an earlier try, or named by the user. */
	private async obtainJob(input: ItemInput, place: ItemPlace): Promise<{ job: Job } | Result> {
		const { task, itemIndex } = input;
		if (task.kind === 'lookUp') {
			const { jobId } = task;
			return { job: { receipt: { jobId }, ids: { job_id: jobId } } };
		}
		const key = Ledger.key(itemIndex, task.request);
		const submitted = await this.limit(
			async () =>
				await submitOnce({
					ledger: this.ledger,
					key,
					send: async () => await this.send(task.request),
					receiptOf: (answer) => receiptOf(answer, task),
					riskOf,
					clock,
					isHalted: () => this.stopped || this.signal?.aborted === true,
					signal: this.signal,
				}),
		);
		switch (submitted.state) {
			case 'halted':
				return { state: 'left', failure: leftUndone(place) };
			case 'refused':
				return { state: 'bad', failure: refused(place, submitted.error) };
			case 'unknown':
				return { state: 'bad', failure: outcomeUnknown(place, submitted.error) };
			case 'accepted': {
				const { receipt, answer, reused } = submitted;
				this.accepted += 1;
				this.context.logger.debug(
					`Cobalt: job ${receipt.jobId ?? '(without an id)'} was ${reused ? 'submitted before' : 'submitted'}`,
					{ jobId: receipt.jobId, itemIndex },
				);
				const ids = { [task.recordKey]: receipt.recordId ?? null, job_id: receipt.jobId ?? null };
				return { job: { receipt, ids, answer, key } };
			}
		}
	}

	private isCompleted({ key }: Job): boolean {
		return key !== undefined && this.ledger.read(key)?.state === 'completed';
	}

	private note({ key, receipt }: Job, state: 'completed' | 'failed'): void {
		if (key !== undefined) this.ledger.write(key, { state, receipt });
	}
}

function riskOf(error: unknown): CobaltApiError | undefined {
	return error instanceof CobaltApiError ? error : undefined;
}

/** Cobalt nests these in `data` or not; an update's answer leaves out the id that its path has. */
function receiptOf(answer: IDataObject, { recordKey, recordId }: Submit): Receipt {
	const nested = isObject(answer.data) ? answer.data : {};
	return {
		jobId: firstText(
			nested.job_id,
			answer.job_id,
			nested.job_execution_id,
			answer.job_execution_id,
		),
		recordId: firstText(nested[recordKey], answer[recordKey], recordId),
	};
}
