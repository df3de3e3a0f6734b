import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';

import { eventsOfJob } from '../events/eventLog';
import { systemClock as clock } from '../jobs/clock';
import { Ledger, type Receipt } from '../jobs/ledger';
import { createLimit } from '../jobs/limit';
import { submitOnce } from '../jobs/submission';
import { JobWatcher, type WatchResult } from '../jobs/watcher';
import { firstText, isObject } from '../transport/json';
import { connect, type Send } from '../transport/request';
import { chosenOperation, type ChosenOperation } from './chosenOperation';
import {
	jobFailed,
	leftUndone,
	outcomeUnknown,
	refused,
	resultUnreadable,
	riskOf,
	stillPending,
	type ItemFailure,
	type ItemPlace,
} from './failures';
import { readInput, type ItemInput, type Submit } from './input';
import type { ItemSuccess } from './items';
import { recordInJournal } from './journal';

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
	keys?: readonly string[];
}

/** The input of an item, with the names by which the ledger knows its submission. */
type Checked = ItemInput & { names: readonly string[] };

/** One call of the node: what its items share. */
export class OperationRun {
	/** Read once: n8n copies the whole node each time it is asked for it. */
	private readonly node: INode;

	private readonly items: INodeExecutionData[];

	private readonly chosen: ChosenOperation;

	private readonly ledger: Ledger;

	private readonly watcher: JobWatcher;

	private readonly limit = createLimit(SUBMISSIONS_SIDE_BY_SIDE);

	private readonly send: Send;

	/** Aborted by n8n: manual stop, execution timeout and shutdown all come as this. */
	private readonly canceled?: AbortSignal;

	/** Aborted by us, when an item ends badly in a run that stops at the first of those. */
	private readonly stop = new AbortController();

	/** Aborted by either. */
	private readonly halted: AbortSignal;

	constructor(private readonly context: IExecuteFunctions) {
		this.node = context.getNode();
		this.items = context.getInputData();
		this.canceled = context.getExecutionCancelSignal();
		this.halted = this.canceled
			? AbortSignal.any([this.canceled, this.stop.signal])
			: this.stop.signal;
		this.chosen = chosenOperation(context);
		this.send = connect(context);
		this.ledger = new Ledger(context.getContext('node'), this.runIndex());
		this.watcher = new JobWatcher({
			lookUp: async (jobId) => await eventsOfJob(this.send, jobId),
			riskOf,
			clock,
			signal: this.halted,
		});
	}

	/**
	 * Reads and checks the input of one item.
	 *
	 * @throws NodeOperationError for bad input, unless the node is set to continue
	 */
	read(itemIndex: number): Checked | ItemFailure {
		const { context, node } = this;
		try {
			const input = readInput(context, this.chosen, itemIndex);
			return { ...input, names: this.namesOf(input) };
		} catch (thrown) {
			const error =
				thrown instanceof NodeOperationError
					? thrown
					: new NodeOperationError(node, thrown as Error, { itemIndex });
			if (!context.continueOnFail()) throw error;
			const { description } = error;
			return { error, details: { description, job_status: 'not_submitted' } };
		}
	}

	/**
	 * To be called once, before the first item is brought to its end. A *Retry execution* that finds no
	 * ledger either comes to this node for the first time, or the execution that it retries was stopped by
	 * hand or cut off, and n8n lost what it knew. The journal tells the two apart.
	 */
	async prepare(inputs: ReadonlyArray<Checked | ItemFailure>): Promise<void> {
		const names = inputs.flatMap((input) => ('error' in input ? [] : input.names));
		if (names.length === 0) return;
		const recorded = await recordInJournal(this.context, names);
		if (this.context.getMode() !== 'retry' || !this.ledger.isNew) return;
		for (const name of recorded ?? names) {
			this.ledger.write([name], {
				state: 'unknown',
				reason: 'the execution that this one retries was cut off',
			});
		}
	}

	/** Brings one item to its end. Never throws. */
	async finish(input: Checked | ItemFailure): Promise<Result> {
		const result: Result =
			'error' in input ? { state: 'bad', failure: input } : await this.submitAndWait(input);
		// The neighbours' jobs go on in the EHR, and a retry finds them in the ledger.
		if (result.state === 'bad' && !this.context.continueOnFail()) this.stop.abort();
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
		if (pending > 0) {
			this.hint(
				`Jobs that are still pending: ${pending} of ${results.length}. This is not a failure. Look for their results later with 'Job: Get Result'.`,
			);
		}
		const nameless = successes.filter(({ ids }) => ids.job_id === null).length;
		if (nameless > 0) {
			this.hint(
				`Submissions without a job_id from Cobalt: ${nameless} of ${results.length}. Their results cannot be looked up here, only in the EHR.`,
			);
		}
	}

	/** What went wrong is told before what was left undone because of it, but a cancel comes first. */
	private stopAtFirst(results: readonly Result[]): void {
		const failures = (state: 'bad' | 'left') =>
			results.flatMap((result) => (result.state === state ? [result.failure] : []));
		const [bad, left] = [failures('bad'), failures('left')];
		const [first] = this.canceled?.aborted ? [...left, ...bad] : [...bad, ...left];
		if (!first) return;
		const { error } = first;
		const submitted = results.filter(isUnderWay).length;
		if (submitted > 0 && results.length > 1) {
			error.description = `${error.description ?? ''} Items that are with Cobalt already: ${submitted} of ${results.length}. To go on, use 'Retry' in the list of executions: it does not submit those again, but a new run does.`;
		}
		throw error;
	}

	private hint(message: string): void {
		this.context.addExecutionHints({ message, location: 'outputPane' });
	}

	private async submitAndWait(input: Checked): Promise<Result> {
		const { itemIndex, title, task, settlement, wait, simplify } = input;
		const { context, canceled, node } = this;
		const place: ItemPlace = { node, itemIndex, title, ids: {}, canceled };
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
				isKnown: task.kind === 'submit',
			});
		} catch (error) {
			return { state: 'bad', failure: resultUnreadable(place, error) };
		}
		context.logger.debug(`Cobalt: job ${jobId} is ${watched.status}`, { itemIndex });
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
	private async obtainJob(input: Checked, place: ItemPlace): Promise<{ job: Job } | Result> {
		const { task, itemIndex, names: keys } = input;
		if (task.kind === 'lookUp') {
			const { jobId } = task;
			return { job: { receipt: { jobId }, ids: { job_id: jobId } } };
		}
		const { context, ledger, halted } = this;
		const submitted = await this.limit(
			async () =>
				await submitOnce({
					ledger,
					keys,
					send: async () => await this.send(task.request),
					receiptOf: (answer) => receiptOf(answer, task),
					riskOf,
					clock,
					signal: halted,
				}),
		);
		switch (submitted.state) {
			case 'halted':
				return { state: 'left', failure: leftUndone(place) };
			case 'refused':
				return { state: 'bad', failure: refused(place, submitted.error) };
			case 'unknown':
				return { state: 'bad', failure: outcomeUnknown(place, submitted.reason, submitted.error) };
			case 'accepted': {
				const { receipt, answer, reused } = submitted;
				const { jobId = null, recordId = null } = receipt;
				context.logger.debug(
					`Cobalt: job ${jobId ?? 'without an id'} was submitted${reused ? ' by an earlier try' : ''}`,
					{ itemIndex },
				);
				const ids = { [task.recordKey]: recordId, job_id: jobId };
				return { job: { receipt, ids, answer, keys } };
			}
		}
	}

	/**
	 * The names by which the ledger knows a submission: what the user set up for the item, and what is
	 * sent. The first stays the same when an expression gives something else on each try (`$now`), the
	 * second when the node is edited between a run and its retry without changing what is sent. A corrected
	 * item changes both, and is a new booking. As the tool of an agent, the node has the same set-up for
	 * all of its calls: there only the second counts.
	 */
	private namesOf({ itemIndex, task }: ItemInput): string[] {
		if (task.kind === 'lookUp') return [];
		const setUp = [this.node.parameters, this.items[itemIndex]?.json];
		return Ledger.keys(itemIndex, ...(this.isTool() ? [] : [setUp]), task.request);
	}

	/**
	 * The run that the ledger belongs to. As the tool of an agent, the node is given a new run index even
	 * when n8n only repeats the same call, so there all calls share one: an agent that asks for the same
	 * booking twice gets the first one.
	 */
	private runIndex(): number {
		return this.isTool() ? 0 : (this.context.getWorkflowDataProxy(0).$runIndex as number);
	}

	/** n8n makes the tool for agents from this node, and gives it a type of its own. */
	private isTool(): boolean {
		return this.node.type.endsWith('Tool');
	}

	private isCompleted({ keys }: Job): boolean {
		return keys !== undefined && this.ledger.read(keys)?.state === 'completed';
	}

	private note({ keys, receipt }: Job, state: 'completed' | 'failed'): void {
		if (keys !== undefined) this.ledger.write(keys, { state, receipt });
	}
}

/** Whether Cobalt has, or may have, the submission of an item, so that it must not be sent again. */
function isUnderWay(result: Result): boolean {
	const status =
		result.state === 'good' ? result.success.jobStatus : result.failure.details.job_status;
	return status !== 'failed' && status !== 'not_submitted';
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
