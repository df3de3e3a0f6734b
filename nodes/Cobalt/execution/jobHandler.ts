import type { IDataObject } from 'n8n-workflow';

import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import { idInText } from '../../shared/output/ids';
import { systemClock as clock } from '../../shared/retry/clock';
import type { JobLookUp, Submission } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import { readElsewhere } from '../parameters/readElsewhere';
import type { PollResult } from '../polling/polledJob';
import type { ItemContext } from '../run/itemFailure';
import { jobFailed, resultUnreadable, stillPending } from '../run/jobFailures';
import { cancelledBeforeDone, cancelledBeforeRead, readFailed } from '../run/requestFailures';
import type { Result } from '../run/result';
import type { Run } from '../run/run';
import { recordPending } from '../run/submissionFailures';
import { unforeseen } from '../run/unforeseenFailure';
import type { AcceptedSubmission } from '../submissions/acceptedSubmission';
import { receiptOf } from '../submissions/receipt';
import type { OperationHandler, Submissions } from './handler';
import { toRawJson, toSimplifiedJson, type JobEnd } from './outputItems';
import { JobWaits } from './jobWaits';

/** The shortest time that Cobalt documents for a job (docs/api-notes.md, "What the documents do not say"). */
const MIN_JOB_MS = 5_000;

/** A job to wait for: submitted here, or named by the user. */
interface Job {
	status: 'started';
	/** Absent if Cobalt gave none. */
	id?: string;
	/** The record's id and the job_id, by their keys in the item; null for what Cobalt left out. */
	ids: IDataObject;
	/** Epoch milliseconds. Absent if unknown. */
	submittedAt?: number;
	/** Cobalt's response, if this run submitted it. */
	response?: IDataObject;
	/** Absent for a live fetch, and for a job that the user named. */
	submission?: AcceptedSubmission;
}

/** Handles operations whose result comes from a job: submissions, live fetches and lookups of jobs. */
export class JobHandler implements OperationHandler {
	private readonly waits: JobWaits;

	/** @param submissions absent for an operation that only reads */
	constructor(
		private readonly run: Run,
		private readonly operation: Submission | JobLookUp,
		private readonly submissions?: Submissions,
	) {
		this.waits = new JobWaits(run);
	}

	async prepare(inputs: readonly ItemInput[]): Promise<void> {
		this.waits.countsRequests = inputs.some((input) => input.countsRequests);
		await this.submissions?.prepare(inputs);
	}

	async handle(input: ItemInput, itemContext: ItemContext): Promise<Result> {
		const started = await this.start(input, itemContext);
		return started.status === 'started' ? await this.finish(input, itemContext, started) : started;
	}

	/** Never throws: from here on, every failure includes the ids of the job. */
	private async finish(input: ItemInput, given: ItemContext, job: Job): Promise<Result> {
		const itemContext = { ...given, ids: job.ids };
		return await this.resultOf(input, itemContext, job).catch((error: unknown) => ({
			status: 'failed',
			failure: unforeseen(itemContext, error),
		}));
	}

	private async resultOf(input: ItemInput, itemContext: ItemContext, job: Job): Promise<Result> {
		const { id, response, submission } = job;
		const { wait } = input;
		if (submission?.found) {
			const { state: jobStatus, record: found } = submission.found;
			return jobStatus === 'pending' && wait?.failOnTimeout
				? { status: 'failed', failure: recordPending(itemContext, wait.timeoutMs) }
				: this.succeeded(input, itemContext, { jobStatus, found });
		}
		const isWaitedFor = wait !== undefined || this.operation.kind === 'jobLookUp';
		if (id !== undefined && isWaitedFor) return await this.await(input, itemContext, id, job);
		// A record that an earlier try found in a list has no job to wait for.
		const isOver = id === undefined && submission && this.submissions?.isCompleted(submission);
		const jobStatus = isOver ? 'completed' : 'submitted';
		return this.succeeded(input, itemContext, { jobStatus, response });
	}

	report(): void {
		this.waits.report();
	}

	private async start(input: ItemInput, itemContext: ItemContext): Promise<Job | Result> {
		const { operation, submissions } = this;
		if (operation.kind === 'jobLookUp') {
			const id = String(input.values.job_id);
			return { status: 'started', id, ids: { job_id: id } };
		}
		if (!submissions) return await this.fetchLive(input, itemContext);
		return this.jobOf(await submissions.send(input, itemContext));
	}

	private jobOf(submission: AcceptedSubmission | Result): Job | Result {
		const { operation } = this;
		if (submission.status !== 'accepted') return submission;
		const recordKey = operation.kind === 'submission' ? operation.recordKey : undefined;
		const { receipt, sentAt: submittedAt, response } = submission;
		const { jobId: id, recordId = null } = receipt;
		const ids = { ...(recordKey && { [recordKey]: recordId }), job_id: id ?? null };
		return { status: 'started', id, ids, submittedAt, response, submission };
	}

	/** Starts a live fetch. Since it only reads, it may be requested again. */
	private async fetchLive(
		{ account, request }: ItemInput,
		itemContext: ItemContext,
	): Promise<Job | Result> {
		const { signal } = this.run;
		const send = async () => {
			const response = await account.send(request);
			return { response, ...receiptOf(response) };
		};
		return await account.limit(async () => {
			const submittedAt = clock.now();
			return await account.withRetry(send).then(
				({ response, jobId: id }): Job => {
					return { status: 'started', id, ids: { job_id: id ?? null }, submittedAt, response };
				},
				(error: unknown): Result =>
					signal.aborted
						? { status: 'cancelled', failure: cancelledBeforeRead(itemContext) }
						: { status: 'failed', failure: readFailed(itemContext, error) },
			);
		});
	}

	private async await(
		input: ItemInput,
		itemContext: ItemContext,
		jobId: string,
		{ submittedAt, response, submission }: Job,
	): Promise<Result> {
		const { operation, run, submissions } = this;
		const { wait, itemIndex } = input;
		// The wait for an earlier try's submission starts over.
		const startedAt = response ? (submittedAt ?? clock.now()) : clock.now();
		const intervalMs = wait?.intervalMs ?? 0;
		let polled: PollResult;
		try {
			polled = await this.waits.waitFor(input.account, {
				jobId,
				submittedAt,
				deadline: startedAt + (wait?.timeoutMs ?? 0),
				intervalMs,
				firstLookupAt: response && startedAt + Math.max(intervalMs, MIN_JOB_MS),
				terminalEvents:
					operation.kind === 'submission' ? operation.terminalEvents : UNDOCUMENTED_EVENTS,
				isKnown: operation.kind === 'submission',
			});
		} catch (error) {
			return { status: 'failed', failure: resultUnreadable(itemContext, error) };
		}
		run.context.logger.debug(`Cobalt: job ${idInText(jobId)} is ${polled.status}`, { itemIndex });
		switch (polled.status) {
			case 'completed':
				if (submission) submissions?.settle(submission, 'completed');
				return this.succeeded(input, itemContext, {
					jobStatus: 'completed',
					response,
					event: polled.event,
				});
			case 'failed':
				// The item may be submitted again only after a certain failure.
				if (submission && polled.isCertain) submissions?.settle(submission, 'failed');
				if (submissions && submission && polled.isCertain && !response && !run.signal.aborted) {
					return await this.submitAfresh(submissions, input, itemContext);
				}
				return { status: 'failed', failure: jobFailed(itemContext, input.account.redact(polled)) };
			case 'cancelled':
				return { status: 'cancelled', failure: cancelledBeforeDone(itemContext) };
			case 'pending':
				// An earlier try saw the result, which the log no longer shows.
				if (submission && submissions?.isCompleted(submission)) {
					return this.succeeded(input, itemContext, { jobStatus: 'completed', response });
				}
				return wait?.failOnTimeout
					? { status: 'failed', failure: stillPending(itemContext, wait.timeoutMs) }
					: this.succeeded(input, itemContext, { jobStatus: 'pending', response });
		}
	}

	private async submitAfresh(
		submissions: Submissions,
		input: ItemInput,
		itemContext: ItemContext,
	): Promise<Result> {
		// The ids are those of the job that failed.
		const fresh = { ...itemContext, ids: {} };
		const job = this.jobOf(await submissions.sendAfresh(input, fresh));
		return job.status === 'started' ? await this.finish(input, fresh, job) : job;
	}

	private succeeded(input: ItemInput, { ids }: ItemContext, end: Omit<JobEnd, 'ids'>): Result {
		const declared = this.operation.kind === 'submission' ? this.operation : {};
		const json: IDataObject =
			input.output.kind === 'raw'
				? toRawJson({ ids, ...end })
				: toSimplifiedJson({ ids, ...end }, input.values, declared);
		return {
			status: 'succeeded',
			outputs: [{ json }],
			isWritten: this.submissions !== undefined,
			job: {
				status: end.jobStatus,
				hasNoId: ids.job_id === null && end.jobStatus !== 'completed',
				isFound: end.found !== undefined,
				readElsewhere: readElsewhere(this.operation, input, end.event),
			},
		};
	}
}
