import type { Context } from '../server/context.mts';
import { failureOf, type EhrTask } from '../world/ehrWorker.mts';
import type { Document, Referral, ReferringProvider } from '../world/records.mts';
import { recordTask } from './ehrTask.mts';

type Body = Record<string, unknown>;

/** Adds to the directory. An NPI that is none is told by the event, not refused at once. */
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

/** Enters a referral with its documents. */
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
