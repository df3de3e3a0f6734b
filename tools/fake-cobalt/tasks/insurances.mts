import type { Context } from '../server/context.mts';
import type { EhrTask } from '../world/ehrWorker.mts';
import type { Insurance } from '../world/records.mts';
import { recordTask, ehrTask } from './ehrTask.mts';

const idsOf = ({ id, patient_mrn, emr_insurance_id }: Insurance) => ({
	patient_insurance_id: id,
	patient_mrn,
	emr_insurance_id,
});

/** The task that adds an insurance. The documents show the event's data only in part. */
export function addInsurance(
	context: Context,
	record: Insurance,
	body: Record<string, unknown>,
): EhrTask {
	return recordTask(context, {
		kind: 'patient.insurance.add',
		record,
		body,
		ehrFields: { emr_insurance_id: context.ids.digits(6) },
		eventData: () => ({ ...idsOf(record), audit_trail: [{ note: 'Insurance saved.' }] }),
	});
}

/** The task that changes an insurance. A failed update leaves it as it was. */
export function updateInsurance(
	context: Context,
	record: Insurance,
	changes: Partial<Insurance>,
	body: Record<string, unknown>,
): EhrTask {
	return ehrTask(context, {
		kind: 'patient.insurance.update',
		recordId: record.id,
		body,
		onDone: () => Object.assign(record, changes),
		eventData: () => idsOf(record),
	});
}
