import type { IDataObject } from 'n8n-workflow';

import { eventsOfJob } from '../events/eventLog';
import { BY_SHAPE } from '../jobs/outcome';
import { JobWatcher, type WatchResult } from '../jobs/watcher';
import { systemClock as clock } from '../pacing/clock';
import type { JobLookUp, Submission } from '../resources/operation';
import {
	jobFailed,
	leftUndone,
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
import { Writes, type Taken } from './writes';

/** Submits what becomes a job, and waits for jobs: those submitted here, and those named by the user. */
export class Jobs implements Performer {
	private readonly writes?: Writes;

	private readonly watcher: JobWatcher;

	constructor(
		private readonly run: Run,
		private readonly operation: Submission | JobLookUp,
	) {
		if (operation.kind === 'submission') this.writes = new Writes(run, operation.recordKey);
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
		const { operation, writes } = this;
		if (operation.kind === 'jobLookUp' || !writes) {
			const jobId = String(input.values.job_id);
			place.ids = { job_id: jobId };
			return await this.await(input, place, jobId);
		}
		const taken = await writes.send(input, place);
		if ('state' in taken) return taken;
		const { jobId, recordId = null } = taken.receipt;
		place.ids = {
			...(operation.recordKey && { [operation.recordKey]: recordId }),
			job_id: jobId ?? null,
		};
		if (jobId === undefined || !input.wait) {
			return this.good(input, place, { jobStatus: 'submitted', answer: taken.answer });
		}
		return await this.await(input, place, jobId, taken);
	}

	private async await(
		input: ItemInput,
		place: ItemPlace,
		jobId: string,
		taken?: Taken,
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
				isKnown: taken !== undefined,
			});
		} catch (error) {
			return { state: 'bad', failure: resultUnreadable(place, error) };
		}
		run.context.logger.debug(`Cobalt: job ${jobId} is ${watched.status}`, { itemIndex });
		const { answer } = taken ?? {};
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
