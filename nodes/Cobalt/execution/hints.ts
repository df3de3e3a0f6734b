import type { Result } from '../run/result';
import type { Run } from '../run/run';

/** Says what the user should know of the jobs of a run that came to its end. */
export function addJobHints(run: Run, results: readonly Result[]): void {
	const jobs = results.flatMap((result) =>
		result.state === 'good' && result.job ? [result.job] : [],
	);
	const pending = jobs.filter(({ status }) => status === 'pending').length;
	if (pending > 0) {
		run.hint(
			`Jobs that are still pending: ${pending} of ${results.length}. This is not a failure. Look for their results later with 'Job: Get Result'.`,
		);
	}
	const found = jobs.filter(({ isFound }) => isFound).length;
	if (found > 0) {
		run.hint(
			`Submissions whose answer was lost, and whose record was found at Cobalt: ${found} of ${results.length}. They were not sent again.`,
		);
	}
	const nameless = jobs.filter(({ isNameless }) => isNameless).length;
	if (nameless > 0) {
		run.hint(
			`Submissions without a job_id from Cobalt: ${nameless} of ${results.length}. Their results cannot be looked up here, only in the EHR.`,
		);
	}
}

/**
 * For a run that ends at the first item that did not come to a good end. What went wrong is told before
 * what was left undone because of it, but a cancel comes first.
 *
 * @throws the error of that item
 */
export function throwFirstFailure(run: Run, results: readonly Result[]): void {
	const { cancelled } = run;
	const failures = (state: 'bad' | 'left') =>
		results.flatMap((result) => (result.state === state ? [result.failure] : []));
	const [bad, left] = [failures('bad'), failures('left')];
	const [first] = cancelled?.aborted ? [...left, ...bad] : [...bad, ...left];
	if (!first) return;
	const { error } = first;
	const submitted = results.filter(isUnderWay).length;
	if (submitted > 0 && results.length > 1 && run.afterFailure === 'stops') {
		error.description = `${error.description ?? ''} Items that Cobalt has, or may have: ${submitted} of ${results.length}. To go on, use 'Retry' in the list of executions: it does not submit those again, but a new run does.`;
	}
	throw error;
}

/** Whether Cobalt has, or may have, the submission of an item, so that it must not be sent again. */
function isUnderWay(result: Result): boolean {
	if (result.state === 'good') return result.isWritten;
	const { job_status: status } = result.failure.details;
	return status === 'pending' || status === 'unknown';
}
