import type { Context } from '../server/context.mts';
import type { EhrTask } from '../world/ehrWorker.mts';
import type { Payment } from '../world/records.mts';
import { recordTask } from './ehrTask.mts';

/** Posts a payment to the ledger. What its events hold is not visible. */
export function createPayment(
	context: Context,
	record: Payment,
	body: Record<string, unknown>,
): EhrTask {
	return recordTask(context, {
		kind: 'payment.create',
		record,
		body,
		eventData: () => ({ payment_id: record.id, patient_mrn: record.patient_mrn }),
	});
}
