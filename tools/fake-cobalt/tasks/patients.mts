import type { Context } from '../server/context.mts';
import type { Ehr, Patient } from '../world/ehr.mts';
import { failureOf, type Failure, type EhrTask } from '../world/ehrWorker.mts';
import { ehrTask } from './ehrTask.mts';

/** Whether a patient is in the EHR: one who is being updated stays there. */
export function isInEhr({ status }: Patient): boolean {
	return status === 'active' || status === 'pending_update';
}

/** The patient with this MRN, if the EHR has one. */
export function patientWith(ehr: Ehr, wanted: string | undefined): Patient | undefined {
	return ehr.patients.find((patient) => isInEhr(patient) && patient.mrn === wanted);
}

/** The failure for an unknown MRN, where the documents do not say that it is refused at once. */
export function unknownPatient(ehr: Ehr, mrn: string): Failure | undefined {
	return patientWith(ehr, mrn)
		? undefined
		: failureOf('PATIENT_NOT_FOUND', 'No patient with this MRN was found in the EHR.');
}

function isSamePerson(one: Patient, other: Patient): boolean {
	const identity = ({ first_name, last_name, dob }: Patient) =>
		[first_name, last_name, dob].join('\n').toLowerCase();
	return identity(one) === identity(other);
}

function isDuplicate(ehr: Ehr, patient: Patient): boolean {
	if (!ehr.settings.refusesDuplicates) return false;
	return ehr.patients.some((other) => isInEhr(other) && isSamePerson(other, patient));
}

/** The task that enters a patient into the EHR, which assigns the MRN. */
export function createPatient(
	{ ehr, ids }: Context,
	patient: Patient,
	body: Record<string, unknown>,
): EhrTask {
	const mrn = ids.digits(9);
	const ehr_id = ids.digits(9);
	return {
		kind: 'patient.create',
		recordId: patient.id,
		body,
		refusal: () =>
			isDuplicate(ehr, patient)
				? failureOf(
						'DUPLICATE_PATIENT',
						'Duplicate patient found. A patient with this name and date of birth exists.',
					)
				: undefined,
		succeed() {
			Object.assign(patient, { status: 'active', mrn, ehr_id, inEhrSince: Date.now() });
			return { type: 'patient.created', data: { patient_id: patient.id, mrn } };
		},
		fail(failure) {
			patient.status = 'failed';
			return { type: 'patient.failed', data: { patient_id: patient.id, ...failure } };
		},
	};
}

/** The task that changes a patient in the EHR. The event's data was cut off in the documents: it gets the fields of
 * the sync event of the same name. */
export function updatePatient(
	context: Context,
	patient: Patient,
	changes: Partial<Patient>,
	body: Record<string, unknown>,
): EhrTask {
	patient.status = 'pending_update';
	const setActive = () => {
		patient.status = 'active';
	};
	return ehrTask(context, {
		kind: 'patient.update',
		recordId: patient.id,
		body,
		onDone() {
			setActive();
			Object.assign(patient, changes);
		},
		onFailed: setActive,
		eventData: () => ({
			patient_id: patient.id,
			mrn: patient.mrn,
			patient_name: `${patient.first_name} ${patient.last_name}`,
			updated_fields: changes,
		}),
	});
}
