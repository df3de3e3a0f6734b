import type { Inside } from '../server/inside.mts';
import { failureOf, type Failure, type Task } from '../world/ehr-worker.mts';
import type { Appointment, Ehr } from '../world/ehr.mts';
import type { Document, Note, PatientNote } from '../world/records.mts';
import { isInEhr } from './appointments.mts';
import { enter } from './entry.mts';
import { unknownPatient } from './patients.mts';

type Body = Record<string, unknown>;

/** A user whom the EHR does not know, where no document says that this is refused at once. */
function unknownUser(ehr: Ehr, id: string | null): Failure | undefined {
	return id === null || ehr.staff.some(({ ehr_id }) => ehr_id === id)
		? undefined
		: failureOf('USER_NOT_FOUND', 'User not found.');
}

/** Uploads a note to an appointment, where reading shows it (2.8). What the event holds is not
 * visible [cut]. */
export function createNote(
	inside: Inside,
	record: Note,
	appointment: Appointment,
	body: Body,
): Task {
	return enter(inside, {
		kind: 'note.create',
		record,
		body,
		refusal: () =>
			isInEhr(appointment)
				? undefined
				: failureOf('APPOINTMENT_NOT_IN_EHR', 'The appointment is not in the EHR.'),
		onDone() {
			appointment.progress_note = record.note;
		},
		tells: () => ({ note_id: record.id, appointment_id: appointment.id }),
	});
}

export function createPatientNote(inside: Inside, record: PatientNote, body: Body): Task {
	return enter(inside, {
		kind: 'patient_note.create',
		record,
		body,
		refusal: () => unknownPatient(inside.ehr, record.patient_mrn),
		tells: () => ({ patient_note_id: record.id, patient_mrn: record.patient_mrn }),
	});
}

export function uploadDocument(inside: Inside, record: Document, body: Body): Task {
	const { ehr } = inside;
	const { id, patient_mrn, folder_name, emr_assigned_to_id } = record;
	return enter(inside, {
		kind: 'document.upload',
		record,
		body,
		refusal: () => unknownPatient(ehr, patient_mrn) ?? unknownUser(ehr, emr_assigned_to_id),
		tells: () => ({ document_id: id, patient_mrn, folder_name }),
	});
}
