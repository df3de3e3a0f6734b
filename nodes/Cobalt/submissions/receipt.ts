import type { IDataObject } from 'n8n-workflow';

import { saysSuccess, unwrap } from '../../shared/http/unwrapResponse';
import { firstText } from '../../shared/json';
import { RequestError } from '../../shared/retry/errors';
import type { SubmissionIds } from './submissionStore';

/** A readable answer that says neither that the request succeeded nor that it did not. */
class UnconfirmedError extends RequestError {
	readonly mayBeAccepted = true;

	readonly isTransient = true;

	constructor() {
		super("Cobalt's answer says neither that it took the request nor which job it began");
	}
}

/**
 * What to remember of an answer. All documented answers to a submission or a change say `success: true`;
 * where that is missing, a job or record id proves that Cobalt took it.
 *
 * @param recordKey the key of the record's own id
 * @param idInPath the id by which the request named the record: an update's answer may leave it out
 * @throws UnconfirmedError for an answer that proves nothing
 */
export function receiptOf(
	answer: IDataObject,
	recordKey?: string,
	idInPath?: unknown,
): SubmissionIds {
	const inner = unwrap(answer);
	const jobId = firstId(inner.job_id, inner.job_execution_id);
	const ownId = recordKey && firstId(inner[recordKey]);
	const isProof = jobId !== undefined || (ownId !== undefined && !namesError(answer));
	if (!saysSuccess(answer) && !isProof) throw new UnconfirmedError();
	return { jobId, recordId: recordKey && (ownId ?? firstId(inner.id, idInPath)) };
}

/** An error may name the record that is in the way: that is not the one that was asked for. */
const namesError = ({ error, errors }: IDataObject): boolean =>
	Boolean(error) || (Array.isArray(errors) && errors.length > 0);

/** No database gives out the id 0: it stands for none. */
const firstId = (...values: unknown[]): string | undefined =>
	firstText(...values.filter((value) => !/^0*$/.test(firstText(value) ?? '')));
