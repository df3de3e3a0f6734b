import type { IDataObject } from 'n8n-workflow';

import { eventsOfJob } from '../events/eventLog';
import type { Receipt } from '../jobs/ledger';
import { BY_SHAPE } from '../jobs/outcome';
import { JobWatcher, type WatchResult } from '../jobs/watcher';
import { systemClock as clock } from '../pacing/clock';
import { patiently } from '../pacing/resend';
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
interface Job extends Partial<Taken> {
	receipt: Receipt;
	/** The record's own id and the job_id, by their keys in the item; null for what Cobalt left out. */
	ids: IDataObject;
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
		return obtained.receipt.jobId !== undefined && isWaitedFor
			? await this.await(input, place, obtained.receipt.jobId, obtained)
			: this.good(input, place, { jobStatus: 'submitted', answer: obtained.answer });
	}

	private async obtain(input: ItemInput, place: ItemPlace): Promise<Job | Result> {
		const { operation, writes } = this;
		if (operation.kind === 'jobLookUp') {
			const jobId = String(input.values.job_id);
			return { receipt: { jobId }, ids: { job_id: jobId } };
		}
		const { recordKey } = operation;
		const taken = writes ? await writes.send(input, place) : await this.look(input, place);
		if ('state' in taken) return taken;
		const { jobId = null, recordId = null } = taken.receipt;
		return { ...taken, ids: { ...(recordKey && { [recordKey]: recordId }), job_id: jobId } };
	}

	/** Asks for a live look: as a read, it may be asked for again. */
	private async look({ request }: ItemInput, place: ItemPlace): Promise<Taken | Result> {
		const { halted, limit, send } = this.run;
		const left: Result = { state: 'left', failure: leftUnread(place) };
		const options = { riskOf, clock, signal: halted };
		return await limit(async () => {
			if (halted.aborted) return left;
			return await patiently(async () => await send(request), options).then(
				(answer) => ({ receipt: receiptOf(answer), answer, keys: [] }),
				(error: unknown): Result =>
					halted.aborted ? left : { state: 'bad', failure: notRead(place, error) },
			);
		});
	}

	private async await(
		input: ItemInput,
		place: ItemPlace,
		jobId: string,
		{ receipt, keys, answer }: Job,
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
				if (keys) writes?.settle({ receipt, keys }, 'completed');
				return this.good(input, place, { jobStatus: 'completed', answer, event: watched.event });
			case 'failed':
				if (keys) writes?.settle({ receipt, keys }, 'failed');
				return { state: 'bad', failure: jobFailed(place, watched) };
			case 'cancelled':
				return { state: 'left', failure: leftUndone(place) };
			case 'pending':
				// An earlier try saw the end of it; the log just does not show it any more.
				if (keys && writes?.isCompleted({ receipt, keys })) {
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
