import type { Result } from '../run/result';
import type { Run } from '../run/run';

/** Tells the user about jobs without a result, after a run that ended without an error. */
export function addJobHints(run: Run, results: readonly Result[]): void {
	const jobs = results.flatMap((result) =>
		result.status === 'succeeded' && result.job ? [result.job] : [],
	);
	const pending = jobs.filter(({ status }) => status === 'pending').length;
	if (pending > 0) {
		run.hint(
			`${pending} of ${results.length} jobs are still pending. They keep running in the EHR, so do not submit them again. Get their results later with 'Job: Get Result'.`,
		);
	}
	const found = jobs.filter(({ isFound }) => isFound).length;
	if (found > 0) {
		run.hint(
			`${found} of ${results.length} items were found in Cobalt after its response was lost. They were not submitted again.`,
		);
	}
	const withoutId = jobs.filter(({ hasNoId }) => hasNoId).length;
	if (withoutId > 0) {
		run.hint(
			`Cobalt returned no job_id for ${withoutId} of ${results.length} items. Check their results in the EHR.`,
		);
	}
}

/** Tells the user that slots may be missing, since some open times gave none. */
export function addSlotsHint(run: Run, unclear: number, all: number): void {
	if (unclear === 0) return;
	run.hint(
		`Slots may be missing: Cobalt does not clearly say when ${unclear} of ${all} open times are.`,
	);
}

/** Tells the user that appointments may be at a different hour than the one entered. */
export function addTimezoneHint(run: Run, results: readonly Result[]): void {
	const elsewhere = results.flatMap((result) =>
		result.status === 'succeeded' && result.job?.readElsewhere ? [result.job.readElsewhere] : [],
	);
	if (elsewhere.length === 0) return;
	const named = (names: string[]) => [...new Set(names)].join(', ');
	const [readIn, clinics] = [
		named(elsewhere.map((one) => one.readIn)),
		named(elsewhere.map((one) => one.clinic)),
	];
	run.hint(
		`Times without an offset were read in ${readIn}, and the clinic is in ${clinics}: ${elsewhere.length} of ${results.length} items. Check their hours in the EHR. Add the offset to the times, or choose another timezone in 'Read Times Without Offset In' under 'Options'.`,
	);
}

/** Tells the user that items were only checked, because they share an output with submitted ones. */
export function addValidationHint(run: Run, results: readonly Result[]): void {
	const checked = results.filter(
		(result) => result.status === 'succeeded' && result.isValidatedOnly,
	);
	if (checked.length === 0) return;
	run.hint(
		`Validate Only: ${checked.length} of ${results.length} items were checked, and nothing was submitted for them.`,
	);
}

/**
 * Ends a run at the first item that failed. A failed item comes before those that were cancelled because of
 * it, unless the execution itself was cancelled.
 *
 * @throws the error of that item
 */
export function throwFirstFailure(run: Run, results: readonly Result[]): void {
	const failuresOf = (status: 'failed' | 'cancelled') =>
		results.flatMap((result) => (result.status === status ? [result.failure] : []));
	const [failed, cancelled] = [failuresOf('failed'), failuresOf('cancelled')];
	const [first] = run.cancelled?.aborted ? [...cancelled, ...failed] : [...failed, ...cancelled];
	if (!first) return;
	const { error } = first;
	const submitted = results.filter(isUnderWay).length;
	if (submitted > 0 && results.length > 1 && run.afterFailure === 'stops') {
		error.description = `${error.description ?? ''} ${submitted} of ${results.length} items were or may have been submitted. To continue without submitting them again, use 'Retry' in the 'Executions' tab. A new execution submits all of them.`;
	}
	throw error;
}

/** Whether Cobalt has, or may have, the submission of an item. */
function isUnderWay(result: Result): boolean {
	if (result.status === 'succeeded') return result.isWritten;
	const { job_status: status } = result.failure.details;
	return status === 'pending' || status === 'unknown';
}
