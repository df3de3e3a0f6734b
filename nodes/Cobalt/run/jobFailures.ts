import type { IDataObject } from 'n8n-workflow';

import { simplifyKeys } from '../../shared/normalize/normalize';
import { idInText } from '../../shared/output/ids';
import { descriptionOf, messageOf } from '../../shared/retry/errors';
import type { Outcome } from '../../shared/events/outcome';
import { adviceOnDoubtfulJob, adviceOnFailedJob } from './advice';
import { itemFailure, type ItemContext, type ItemFailure } from './itemFailure';

/** Characters; longer than any reason that Cobalt documents. The details have the full text. */
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
	const happened = isCertain ? 'failed in the EHR' : 'seems to have failed in the EHR';
	const data = simplifyKeys(event.data as IDataObject, 'all');
	const { description: eventDescription } = data;
	return itemFailure(
		itemContext,
		'failed',
		{
			message: `${itemContext.title} ${happened}${said}`,
			quoted: said,
			description: [
				isCertain
					? adviceOnFailedJob(itemContext)
					: `${adviceOnDoubtfulJob(itemContext)} Cobalt does not document the event of this job (${idInText(event.type)}), so that it is not certain.`,
				...(codes.length > 0 ? [`Reason codes: ${codes.map(idInText).join(', ')}.`] : []),
				`Job ID: ${idInText(itemContext.ids.job_id)}.`,
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
		message: `${itemContext.title} is still pending after ${Math.round(timeoutMs / 1000)} seconds`,
		description: `Do not submit it again: it keeps running in the EHR. Get the result later with 'Job: Get Result' (job ID ${idInText(itemContext.ids.job_id)}), or raise 'Timeout (Seconds)'.`,
	});
}

/** The job continues, but its result cannot be read. */
export function resultUnreadable(itemContext: ItemContext, error: unknown): ItemFailure {
	return itemFailure(itemContext, 'pending', {
		message: `Could not get the result of ${itemContext.title}: ${messageOf(error)}`,
		description: `Do not submit it again: the job keeps running in the EHR. Get its result later with 'Job: Get Result' (job ID ${idInText(itemContext.ids.job_id)}). ${descriptionOf(error)}`,
		cause: error,
	});
}
