import type { IDataObject } from 'n8n-workflow';

import { simplifyKeys } from '../../shared/normalize/normalize';
import { descriptionOf, messageOf } from '../../shared/retry/errors';
import type { Outcome } from '../../shared/events/outcome';
import { adviceOnDoubtfulJob, adviceOnFailedJob } from './advice';
import { itemFailure, type ItemContext, type ItemFailure } from './itemFailure';

/** Characters; longer than any reason that Cobalt documents. What is cut off is in the details. */
const MAX_REASON_LENGTH = 600;

/**
 * Cobalt confirmed that the job failed. All data of the event goes into the details; the message leaves out
 * `conflict_details`, which may name another patient.
 *
 * @param outcome with keys masked
 */
export function jobFailed(
	itemContext: ItemContext,
	{ event, isCertain, failureReason, reasons, conflictType }: FailedJob,
): ItemFailure {
	const codes = reasons.flatMap(({ code }) => code ?? []);
	const conflict =
		conflictType === undefined || failureReason.endsWith(conflictType)
			? ''
			: ` (conflict: ${conflictType})`;
	const said = `: ${(failureReason + conflict).slice(0, MAX_REASON_LENGTH)}`;
	const data = simplifyKeys(event.data as IDataObject, 'all');
	const { description: eventDescription } = data;
	return itemFailure(
		itemContext,
		'failed',
		{
			message: `${itemContext.title} did not succeed${said}`,
			quoted: said,
			description: [
				isCertain
					? adviceOnFailedJob(itemContext)
					: `The event of this job (${event.type}) is not one that Cobalt documents. ${adviceOnDoubtfulJob(itemContext)}`,
				...(codes.length > 0 ? [`Reason codes: ${codes.join(', ')}.`] : []),
				`Job ID: ${String(itemContext.ids.job_id)}.`,
			].join(' '),
		},
		{
			...data,
			...(eventDescription !== undefined && { event_description: eventDescription }),
			failure_reason: failureReason,
			reasons: reasons.map((reason) => ({ ...reason })),
			event_id: event.id,
			event_type: event.type,
		},
	);
}

type FailedJob = Extract<Outcome, { status: 'failed' }>;

/** The wait timed out, and the user chose to fail then. */
export function stillPending(itemContext: ItemContext, timeoutMs: number): ItemFailure {
	return itemFailure(itemContext, 'pending', {
		message: `${itemContext.title} was still pending after ${Math.round(timeoutMs / 1000)} seconds`,
		description: `Job ID: ${String(itemContext.ids.job_id)}. The EHR may still finish it. Look it up later with 'Job: Get Result', and do not submit it again before.`,
	});
}

/** The job goes on, but its result cannot be read. */
export function resultUnreadable(itemContext: ItemContext, error: unknown): ItemFailure {
	return itemFailure(itemContext, 'pending', {
		message: `The result of ${itemContext.title} cannot be read: ${messageOf(error)}`,
		description: `${descriptionOf(error)} The job itself goes on: do not submit it again, but look it up later with 'Job: Get Result'. Job ID: ${String(itemContext.ids.job_id)}.`,
		cause: error,
	});
}
