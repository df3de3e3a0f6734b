import type { Inside } from '../server/inside.mts';
import { failureOf, type Task } from '../world/ehr-worker.mts';
import type { Document, Referral, ReferringProvider } from '../world/records.mts';
import { enter } from './entry.mts';

type Body = Record<string, unknown>;

/** Adds to the directory. An NPI that is none is told by the event, not refused at once (2.11). */
export function createReferringProvider(
	inside: Inside,
	record: ReferringProvider,
	body: Body,
): Task {
	return enter(inside, {
		kind: 'referring_provider.create',
		record,
		body,
		refusal: () =>
			/^\d{10}$/.test(record.npi)
				? undefined
				: failureOf('INVALID_NPI', 'Invalid NPI: it must have 10 digits.'),
		adds: { ehr_id: inside.ids.digits(6) },
		tells: () => ({ referring_provider_id: record.id, ehr_id: record.ehr_id, npi: record.npi }),
	});
}

/** Enters a referral with its documents. */
export function createReferral(
	inside: Inside,
	record: Referral,
	documents: Document[],
	body: Body,
): Task {
	return enter(inside, {
		kind: 'referral.create',
		record,
		body,
		adds: { ehr_id: inside.ids.digits(6) },
		onDone() {
			for (const document of documents) document.state = 'done';
		},
		tells: () => ({
			referral_id: record.id,
			ehr_id: record.ehr_id,
			patient_mrn: record.patient_mrn,
		}),
	});
}
