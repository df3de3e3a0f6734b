import type { IDataObject } from 'n8n-workflow';

import { eventsOfJob } from '../events/eventLog';
import { BY_SHAPE } from '../jobs/outcome';
import { JobWatcher, type WatchResult } from '../jobs/watcher';
import { systemClock as clock } from '../pacing/clock';
import type { JobLookUp, Submission } from '../resources/operation';
import {
	jobFailed,
	leftUndone,
	leftUnread,
	notRead,
	resultUnreadable,
	riskOf,
	stillPending,
	type ItemPlace,
} from './failures';
import type { ItemInput } from './input';
import { raw, simplified, type JobEnd } from './items';
import type { Performer } from './performer';
import type { Result } from './result';
import type { Run } from './run';
import { receiptOf, Writes, type Taken } from './writes';

/** A job to wait for: submitted, or named by the user. */
interface Job {
	/** Absent where Cobalt gave none. */
	id?: string;
	/** The record's own id and the job_id, by their keys in the item; null for what Cobalt left out. */
	ids: IDataObject;
	/** What Cobalt answered, when this run submitted it. */
	answer?: IDataObject;
	/** By which the ledger knows it, if it is to be submitted once. */
	taken?: Taken;
}

/** Submits what becomes a job, and waits for jobs: those submitted here, and those named by the user. */
export class Jobs implements Performer {
	private readonly writes?: Writes;

	private readonly watcher: JobWatcher;

	constructor(
		private readonly run: Run,
		private readonly operation: Submission | JobLookUp,
	) {
		if (operation.kind === 'submission' && !operation.isRead) {
			this.writes = new Writes(run, operation.recordKey);
		}
		this.watcher = new JobWatcher({
			lookUp: async (jobId) => await eventsOfJob(run.send, jobId),
			riskOf,
			clock,
			signal: run.halted,
		});
	}

	async prepare(inputs: readonly ItemInput[]): Promise<void> {
		await this.writes?.prepare(inputs);
	}

	async perform(input: ItemInput, place: ItemPlace): Promise<Result> {
		const obtained = await this.obtain(input, place);
		if ('state' in obtained) return obtained;
		place.ids = obtained.ids;
		const isWaitedFor = input.wait !== undefined || this.operation.kind === 'jobLookUp';
		return obtained.id !== undefined && isWaitedFor
			? await this.await(input, place, obtained.id, obtained)
			: this.good(input, place, { jobStatus: 'submitted', answer: obtained.answer });
	}

	private async obtain(input: ItemInput, place: ItemPlace): Promise<Job | Result> {
		const { operation, writes } = this;
		if (operation.kind === 'jobLookUp') {
			const id = String(input.values.job_id);
			return { id, ids: { job_id: id } };
		}
		if (!writes) return await this.look(input, place);
		const taken = await writes.send(input, place);
		if ('state' in taken) return taken;
		const { recordKey } = operation;
		const { jobId, recordId = null } = taken.receipt;
		const ids = { ...(recordKey && { [recordKey]: recordId }), job_id: jobId ?? null };
		return { id: jobId, ids, answer: taken.answer, taken };
	}

	/** Asks for a live look: as a read, it may be asked for again. */
	private async look({ request }: ItemInput, place: ItemPlace): Promise<Job | Result> {
		const { run } = this;
		const left: Result = { state: 'left', failure: leftUnread(place) };
		return await run.limit(async () => {
			if (run.halted.aborted) return left;
			return await run
				.patiently(async () => await run.send(request))
				.then(
					(answer): Job => {
						const { jobId } = receiptOf(answer);
						return { id: jobId, ids: { job_id: jobId ?? null }, answer };
					},
					(error: unknown): Result =>
						run.halted.aborted ? left : { state: 'bad', failure: notRead(place, error) },
				);
		});
	}

	private async await(
		input: ItemInput,
		place: ItemPlace,
		jobId: string,
		{ answer, taken }: Job,
	): Promise<Result> {
		const { operation, run, writes } = this;
		const { wait, itemIndex } = input;
		let watched: WatchResult;
		try {
			watched = await this.watcher.watch({
				jobId,
				deadline: clock.now() + (wait?.timeoutMs ?? 0),
				intervalMs: wait?.intervalMs ?? 0,
				settlement: operation.kind === 'submission' ? operation.settlement : BY_SHAPE,
				isKnown: operation.kind === 'submission',
			});
		} catch (error) {
			return { state: 'bad', failure: resultUnreadable(place, error) };
		}
		run.context.logger.debug(`Cobalt: job ${jobId} is ${watched.status}`, { itemIndex });
		switch (watched.status) {
			case 'completed':
				if (taken) writes?.settle(taken, 'completed');
				return this.good(input, place, { jobStatus: 'completed', answer, event: watched.event });
			case 'failed':
				if (taken) writes?.settle(taken, 'failed');
				return { state: 'bad', failure: jobFailed(place, watched) };
			case 'cancelled':
				return { state: 'left', failure: leftUndone(place) };
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

	private good({ simplify }: ItemInput, { ids }: ItemPlace, end: Omit<JobEnd, 'ids'>): Result {
		const { operation } = this;
		const lists = operation.kind === 'submission' ? operation.lists : undefined;
		const json: IDataObject = simplify ? simplified({ ids, ...end }, lists) : raw({ ids, ...end });
		return {
			state: 'good',
			outputs: [{ json }],
			isWritten: this.writes !== undefined,
			job: { status: end.jobStatus, isNameless: ids.job_id === null },
		};
	}
}
