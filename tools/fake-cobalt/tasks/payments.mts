import type { Inside } from '../server/inside.mts';
import type { Task } from '../world/ehr-worker.mts';
import type { Payment } from '../world/records.mts';
import { enter } from './entry.mts';

/** Posts a payment to the ledger. What its events hold is not visible (9). */
export function createPayment(
	inside: Inside,
	record: Payment,
	body: Record<string, unknown>,
): Task {
	return enter(inside, {
		kind: 'payment.create',
		record,
		body,
		tells: () => ({ payment_id: record.id, patient_mrn: record.patient_mrn }),
	});
}
