import type { Context } from '../server/context.mts';
import { failureOf, type EhrTask } from '../world/ehrWorker.mts';
import type { Document, Referral, ReferringProvider } from '../world/records.mts';
import { recordTask } from './ehrTask.mts';

type Body = Record<string, unknown>;

/** The task that adds a provider to the directory. Documented: an invalid NPI fails the job instead of the request. */
export function createReferringProvider(
	context: Context,
	record: ReferringProvider,
	body: Body,
): EhrTask {
	return recordTask(context, {
		kind: 'referring_provider.create',
		record,
		body,
		refusal: () =>
			/^\d{10}$/.test(record.npi)
				? undefined
				: failureOf('INVALID_NPI', 'Invalid NPI: it must have 10 digits.'),
		ehrFields: { ehr_id: context.ids.digits(6) },
		eventData: () => ({ referring_provider_id: record.id, ehr_id: record.ehr_id, npi: record.npi }),
	});
}

/** The task that enters a referral with its documents. */
export function createReferral(
	context: Context,
	record: Referral,
	documents: Document[],
	body: Body,
): EhrTask {
	return recordTask(context, {
		kind: 'referral.create',
		record,
		body,
		ehrFields: { ehr_id: context.ids.digits(6) },
		onDone() {
			for (const document of documents) document.state = 'done';
		},
		eventData: () => ({
			referral_id: record.id,
			ehr_id: record.ehr_id,
			patient_mrn: record.patient_mrn,
		}),
	});
}
