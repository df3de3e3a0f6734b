import type { IDataObject } from 'n8n-workflow';

import { eventsOfJob, newestEvents } from '../../shared/events/eventLog';
import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import type { Send } from '../../shared/http/client';
import { systemClock as clock } from '../../shared/retry/clock';
import { RateLimitedError } from '../../shared/retry/errors';
import type { JobLookUp, Submission } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import { JobPoller } from '../polling/jobPoller';
import type { PollResult } from '../polling/polledJob';
import type { Account } from '../run/account';
import {
	jobFailed,
	cancelledBeforeDone,
	cancelledBeforeRead,
	readFailed,
	recordPending,
	resultUnreadable,
	stillPending,
	type ItemContext,
} from '../run/failures';
import type { Result } from '../run/result';
import type { Run } from '../run/run';
import { receiptOf } from '../submissions/receipt';
import { SubmissionService, type AcceptedSubmission } from '../submissions/submissionService';
import type { OperationHandler } from './handler';
import { toRawJson, toSimplifiedJson, type JobEnd } from './items';
import { Progress } from './progress';

/** A job to wait for: submitted, or named by the user. */
interface Job {
	/** Absent where Cobalt gave none. */
	id?: string;
	/** The record's own id and the job_id, by their keys in the item; null for what Cobalt left out. */
	ids: IDataObject;
	/** Epoch milliseconds. Absent where nobody knows. */
	submittedAt?: number;
	/** What Cobalt answered, when this run submitted it. */
	answer?: IDataObject;
	/** As it was written, if it was to be submitted once. */
	taken?: AcceptedSubmission;
}

/** Submits what becomes a job, and waits for jobs: those submitted here, and those named by the user. */
export class JobHandler implements OperationHandler {
	private readonly writes?: SubmissionService;

	private readonly watchers = new Map<Account, JobPoller>();

	private readonly progress: Progress;

	/** How many requests the wait has taken. */
	private looks = 0;

	private countsRequests = false;

	constructor(
		private readonly run: Run,
		private readonly operation: Submission | JobLookUp,
	) {
		if (operation.kind === 'submission' && !operation.isRead) {
			this.writes = new SubmissionService(run, operation);
		}
		this.progress = new Progress(run);
	}

	async prepare(inputs: readonly ItemInput[]): Promise<void> {
		this.countsRequests = inputs.some((input) => input.countsRequests);
		await this.writes?.prepare(inputs);
	}

	async handle(input: ItemInput, place: ItemContext): Promise<Result> {
		return await this.finish(input, place, await this.obtain(input, place));
	}

	private async finish(
		input: ItemInput,
		place: ItemContext,
		obtained: Job | Result,
	): Promise<Result> {
		if ('state' in obtained) return obtained;
		const { id, ids, answer, taken } = obtained;
		place.ids = ids;
		if (taken?.found) {
			const { state: jobStatus, record: found } = taken.found;
			const { wait } = input;
			return jobStatus === 'pending' && wait?.failOnTimeout
				? { state: 'bad', failure: recordPending(place, wait.timeoutMs) }
				: this.good(input, place, { jobStatus, found });
		}
		const isWaitedFor = input.wait !== undefined || this.operation.kind === 'jobLookUp';
		if (id !== undefined && isWaitedFor) return await this.await(input, place, id, obtained);
		// One that was found by a search, in an earlier try, has no job to wait for.
		const isOver = id === undefined && taken && this.writes?.isCompleted(taken);
		return this.good(input, place, { jobStatus: isOver ? 'completed' : 'submitted', answer });
	}

	report(): void {
		if (!this.countsRequests || this.progress.jobs === 0) return;
		this.run.hint(
			`Jobs waited for: ${this.progress.jobs}. Requests that this took: ${this.looks}.`,
		);
	}

	/** An account sees its own events alone: each has a watcher of its own. */
	private watcherOf(account: Account): JobPoller {
		const watcher = this.watchers.get(account) ?? this.newWatcher(account);
		this.watchers.set(account, watcher);
		return watcher;
	}

	private newWatcher({ rateLimiter, send }: Account): JobPoller {
		const { signal: signal } = this.run;
		const look: Send = async (request) => {
			signal.throwIfAborted();
			// A look may take several pages, and another request may be told to slow down meanwhile.
			if (rateLimiter.remainingMs > 0) throw new RateLimitedError();
			this.looks += 1;
			return await send(request);
		};
		return new JobPoller({
			lookUp: async (jobId) => await eventsOfJob(look, jobId),
			readLog: async (page, startDate) => await newestEvents(look, page, startDate),
			clock,
			rateLimiter,
			signal,
			onRound: () => this.progress.report(),
		});
	}

	private async obtain(input: ItemInput, place: ItemContext): Promise<Job | Result> {
		const { operation, writes } = this;
		if (operation.kind === 'jobLookUp') {
			const id = String(input.values.job_id);
			return { id, ids: { job_id: id } };
		}
		if (!writes) return await this.look(input, place);
		return this.jobOf(await writes.send(input, place));
	}

	private jobOf(taken: AcceptedSubmission | Result): Job | Result {
		const { operation } = this;
		if ('state' in taken) return taken;
		const recordKey = operation.kind === 'submission' ? operation.recordKey : undefined;
		const { jobId, recordId = null } = taken.receipt;
		const ids = { ...(recordKey && { [recordKey]: recordId }), job_id: jobId ?? null };
		return { id: jobId, ids, submittedAt: taken.sentAt, answer: taken.answer, taken };
	}

	/** Asks for a live look: as a read, it may be asked for again. */
	private async look({ account, request }: ItemInput, place: ItemContext): Promise<Job | Result> {
		const { run } = this;
		const ask = async () => {
			const answer = await account.send(request);
			return { answer, ...receiptOf(answer) };
		};
		return await account.limit(async () => {
			const submittedAt = clock.now();
			return await account.withRetry(ask).then(
				({ answer, jobId }): Job => {
					return { id: jobId, ids: { job_id: jobId ?? null }, submittedAt, answer };
				},
				(error: unknown): Result =>
					run.signal.aborted
						? { state: 'left', failure: cancelledBeforeRead(place) }
						: { state: 'bad', failure: readFailed(place, error) },
			);
		});
	}

	private async await(
		input: ItemInput,
		place: ItemContext,
		jobId: string,
		{ submittedAt, answer, taken }: Job,
	): Promise<Result> {
		const { operation, run, writes } = this;
		const { wait, itemIndex } = input;
		let watched: PollResult;
		this.progress.add();
		try {
			watched = await this.watcherOf(input.account).waitFor({
				jobId,
				submittedAt,
				// Of an earlier try's submission, the wait begins anew.
				deadline: ((answer && submittedAt) ?? clock.now()) + (wait?.timeoutMs ?? 0),
				intervalMs: wait?.intervalMs ?? 0,
				terminalEvents:
					operation.kind === 'submission' ? operation.terminalEvents : UNDOCUMENTED_EVENTS,
				isKnown: operation.kind === 'submission',
			});
		} catch (error) {
			return { state: 'bad', failure: resultUnreadable(place, error) };
		} finally {
			this.progress.end();
		}
		run.context.logger.debug(`Cobalt: job ${jobId} is ${watched.status}`, { itemIndex });
		switch (watched.status) {
			case 'completed':
				if (taken) writes?.settle(taken, 'completed');
				return this.good(input, place, { jobStatus: 'completed', answer, event: watched.event });
			case 'failed':
				// Only what Cobalt is sure of may be submitted afresh.
				if (taken && watched.isCertain) writes?.settle(taken, 'failed');
				if (writes && taken && watched.isCertain && !answer && !run.signal.aborted) {
					return await this.finish(input, place, this.jobOf(await writes.sendAfresh(input, place)));
				}
				return { state: 'bad', failure: jobFailed(place, input.account.redact(watched)) };
			case 'cancelled':
				return { state: 'left', failure: cancelledBeforeDone(place) };
			case 'pending':
				// An earlier try saw the end of it; the log just does not show it any more.
				if (taken && writes?.isCompleted(taken)) {
					return this.good(input, place, { jobStatus: 'completed', answer });
				}
				return wait?.failOnTimeout
					? { state: 'bad', failure: stillPending(place, wait.timeoutMs) }
					: this.good(input, place, { jobStatus: 'pending', answer });
		}
	}

	private good(input: ItemInput, { ids }: ItemContext, end: Omit<JobEnd, 'ids'>): Result {
		const shape = this.operation.kind === 'submission' ? this.operation : {};
		const json: IDataObject = input.simplify
			? toSimplifiedJson({ ids, ...end }, shape)
			: toRawJson({ ids, ...end });
		return {
			state: 'good',
			outputs: [{ json }],
			isWritten: this.writes !== undefined,
			job: {
				status: end.jobStatus,
				isNameless: ids.job_id === null && end.jobStatus !== 'completed',
				isFound: end.found !== undefined,
			},
		};
	}
}
