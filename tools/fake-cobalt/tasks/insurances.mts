import type { Inside } from '../server/inside.mts';
import type { Task } from '../world/ehr-worker.mts';
import type { Insurance } from '../world/records.mts';
import { enter, work } from './entry.mts';

const idsOf = ({ id, patient_mrn, emr_insurance_id }: Insurance) => ({
	patient_insurance_id: id,
	patient_mrn,
	emr_insurance_id,
});

/** Adds an insurance to a patient. What an entry of the trail holds is partly visible only (4.1). */
export function addInsurance(
	inside: Inside,
	record: Insurance,
	body: Record<string, unknown>,
): Task {
	return enter(inside, {
		kind: 'patient.insurance.add',
		record,
		body,
		adds: { emr_insurance_id: inside.ids.digits(6) },
		tells: () => ({ ...idsOf(record), audit_trail: [{ note: 'Insurance saved.' }] }),
	});
}

/** Changes an insurance. A failed update leaves it as it was. */
export function updateInsurance(
	inside: Inside,
	record: Insurance,
	changes: Partial<Insurance>,
	body: Record<string, unknown>,
): Task {
	return work(inside, {
		kind: 'patient.insurance.update',
		recordId: record.id,
		body,
		onDone: () => Object.assign(record, changes),
		tells: () => idsOf(record),
	});
}
