import type { Ehr, Patient } from '../ehr.mts';
import type { Inside } from '../inside.mts';
import { failureOf, type Task } from '../robot.mts';

function isSamePerson(one: Patient, other: Patient): boolean {
	const identity = ({ first_name, last_name, dob }: Patient) =>
		[first_name, last_name, dob].join('\n').toLowerCase();
	return identity(one) === identity(other);
}

function hasDuplicate(ehr: Ehr, patient: Patient): boolean {
	return ehr.patients.some((other) => other.status === 'active' && isSamePerson(other, patient));
}

/** Enters a patient into the EHR, which gives out the MRN. */
export function createPatient(
	{ ehr, ids }: Inside,
	patient: Patient,
	body: Record<string, unknown>,
): Task {
	const mrn = ids.digits(9);
	const ehr_id = ids.digits(9);
	return {
		kind: 'patient.create',
		recordId: patient.id,
		body,
		refusal: () =>
			hasDuplicate(ehr, patient)
				? failureOf(
						'DUPLICATE_PATIENT',
						'Duplicate patient found. A patient with this name and date of birth exists.',
					)
				: undefined,
		succeed() {
			Object.assign(patient, { status: 'active', mrn, ehr_id });
			return { type: 'patient.created', data: { patient_id: patient.id, mrn } };
		},
		fail(failure) {
			patient.status = 'failed';
			return { type: 'patient.failed', data: { patient_id: patient.id, ...failure } };
		},
	};
}
