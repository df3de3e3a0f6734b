import type { List } from '../../shared/pagination/pages';
import { systemClock as clock } from '../../shared/retry/clock';
import type { Submission } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import { foundPatient, patientIds, patientJson } from '../patientMatch/foundPatient';
import { patientsOf } from '../patientMatch/patientMatch';
import { PatientSubmissions } from '../patientMatch/patientSubmissions';
import type { ItemContext, ItemFailure } from '../run/itemFailure';
import { duplicateNotFound, patientAmbiguous } from '../run/patientFailures';
import type { Result } from '../run/result';
import type { Run } from '../run/run';
import type { OperationHandler } from './handler';
import { JobHandler } from './jobHandler';
import { validated } from './validation';

/** Cobalt's message about a patient who already exists (docs/api-notes.md, "What the documents do not say"). */
const DUPLICATE = /duplicate[\s_]+patient/i;

/** Returns the patient of an item if exactly one in Cobalt's list matches, and creates one if none does. */
export class FindOrCreateHandler implements OperationHandler {
	private readonly submissions: PatientSubmissions;

	private readonly jobs: JobHandler;

	constructor(
		private readonly run: Run,
		private readonly operation: Submission,
		list: List,
	) {
		this.submissions = new PatientSubmissions(run, operation, list);
		this.jobs = new JobHandler(run, operation, this.submissions);
	}

	async prepare(inputs: readonly ItemInput[]): Promise<void> {
		await this.jobs.prepare(inputs);
	}

	async handle(input: ItemInput, itemContext: ItemContext): Promise<Result> {
		const result = await this.jobs.handle(input, itemContext);
		switch (result.status) {
			case 'succeeded':
				// A patient who was found has no job.
				return result.job ? this.withCreated(input, result) : result;
			case 'failed':
				return await this.resultDespite(result.failure, input, itemContext);
			case 'cancelled':
				return result;
		}
	}

	/** Only reads. Whether the patient already exists is part of the check. */
	async validate(input: ItemInput, itemContext: ItemContext): Promise<Result> {
		try {
			const match = await input.account.limit(async () => await this.submissions.find(input));
			switch (match.status) {
				case 'found':
					return validated(input, { would_create: false, ...patientIds(match.patient) });
				case 'ambiguous':
					return { status: 'failed', failure: patientAmbiguous(itemContext, match.patients) };
				case 'none':
					await this.submissions.checkRequired(input);
					return validated(input, { would_create: true });
			}
		} catch (error) {
			return this.submissions.notSent(itemContext, error);
		}
	}

	report(): void {
		this.jobs.report();
	}

	/**
	 * The result of an item that failed. The patient may exist nevertheless, if Cobalt's response was lost or if
	 * the EHR refused a duplicate that Cobalt's list did not show.
	 */
	private async resultDespite(
		failure: ItemFailure,
		input: ItemInput,
		itemContext: ItemContext,
	): Promise<Result> {
		const failed: Result = { status: 'failed', failure };
		const isRefused = isDuplicate(failure);
		if ((!isRefused && failure.details.job_status !== 'unknown') || this.run.signal.aborted) {
			return failed;
		}
		const { submissions } = this;
		const now = clock.now();
		try {
			const match = await input.account.limit(async () => await submissions.find(input, now));
			if (match.status === 'found') return foundPatient(input, this.operation, match.patient);
			if (!isRefused) return failed;
			// From the same read of the list.
			const namesakes = patientsOf(await submissions.find(input, undefined, 'nameAndBirthDate'));
			return { status: 'failed', failure: duplicateNotFound(itemContext, namesakes, failure) };
		} catch {
			return failed;
		}
	}

	private withCreated(input: ItemInput, result: Extract<Result, { status: 'succeeded' }>): Result {
		const isCreated = !this.submissions.isSharing(input);
		const outputs = result.outputs.map(({ json }) => ({
			json: patientJson(input, this.operation, isCreated, json),
		}));
		return { ...result, outputs };
	}
}

/** Whether a patient was certainly refused as a duplicate, by the EHR or by Cobalt. */
function isDuplicate({ error, details }: ItemFailure): boolean {
	const isCertain = details.job_status === 'failed' || details.job_status === 'not_submitted';
	return isCertain && DUPLICATE.test(`${error.message} ${JSON.stringify(details.reasons)}`);
}
