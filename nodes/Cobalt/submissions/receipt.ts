import type { IDataObject } from 'n8n-workflow';

import { saysSuccess, unwrap } from '../../shared/http/unwrapResponse';
import { firstText } from '../../shared/json';
import { RequestError } from '../../shared/retry/errors';
import type { SubmissionIds } from './submissionStore';

/** A readable response that says neither that the request succeeded nor that it failed. */
class UnconfirmedError extends RequestError {
	readonly mayBeAccepted = true;

	readonly isTransient = true;

	constructor() {
		super("Cobalt's response does not confirm the request, and names no job");
	}
}

/**
 * The ids in the response to a write. All documented responses have `success: true` (docs/api-notes.md, "What
 * the documents do not say"); without it, a job or record id proves that Cobalt accepted the write.
 *
 * @param recordKey the key of the record's id
 * @param idInPath the record's id in the request: the response to an update may leave it out
 * @throws UnconfirmedError for a response that proves nothing
 */
export function receiptOf(
	response: IDataObject,
	recordKey?: string,
	idInPath?: unknown,
): SubmissionIds {
	const inner = unwrap(response);
	const jobId = firstId(inner.job_id, inner.job_execution_id);
	const ownId = recordKey && firstId(inner[recordKey]);
	const isProof = jobId !== undefined || (ownId !== undefined && !namesError(response));
	if (!saysSuccess(response) && !isProof) throw new UnconfirmedError();
	return { jobId, recordId: recordKey && (ownId ?? firstId(inner.id, idInPath)) };
}

/** Whether a response reports an error, which may contain the id of another, conflicting record. */
const namesError = ({ error, errors }: IDataObject): boolean =>
	Boolean(error) || (Array.isArray(errors) && errors.length > 0);

/** The first of these ids. The id 0 means that there is none. */
const firstId = (...values: unknown[]): string | undefined =>
	firstText(...values.filter((value) => !/^0*$/.test(firstText(value) ?? '')));
