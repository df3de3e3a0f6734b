import type { Context } from '../server/context.mts';
import type { EhrTask } from '../world/ehrWorker.mts';
import type { Payment } from '../world/records.mts';
import { recordTask } from './ehrTask.mts';

/** The task that posts a payment to the ledger. The documents do not show its events' data. */
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
