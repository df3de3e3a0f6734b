import type { Context } from '../server/context.mts';
import type { Appointment, Ehr } from '../world/ehr.mts';
import { failureOf, type Failure, type EhrTask } from '../world/ehrWorker.mts';
import type { Document, Note, PatientNote } from '../world/records.mts';
import { isInEhr } from './appointments.mts';
import { recordTask } from './ehrTask.mts';
import { unknownPatient } from './patients.mts';

type Body = Record<string, unknown>;

/** The failure for a user whom the EHR does not know: not documented as refused at once. */
function unknownUser(ehr: Ehr, id: string | null): Failure | undefined {
	return id === null || ehr.staff.some(({ ehr_id }) => ehr_id === id)
		? undefined
		: failureOf('USER_NOT_FOUND', 'User not found.');
}

/** The task that uploads a note to an appointment. The documents do not show the event's data. */
export function createNote(
	context: Context,
	record: Note,
	appointment: Appointment,
	body: Body,
): EhrTask {
	return recordTask(context, {
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
		eventData: () => ({ note_id: record.id, appointment_id: appointment.id }),
	});
}

export function createPatientNote(context: Context, record: PatientNote, body: Body): EhrTask {
	return recordTask(context, {
		kind: 'patient_note.create',
		record,
		body,
		refusal: () => unknownPatient(context.ehr, record.patient_mrn),
		eventData: () => ({ patient_note_id: record.id, patient_mrn: record.patient_mrn }),
	});
}

export function uploadDocument(context: Context, record: Document, body: Body): EhrTask {
	const { ehr } = context;
	const { id, patient_mrn, folder_name, emr_assigned_to_id } = record;
	return recordTask(context, {
		kind: 'document.upload',
		record,
		body,
		refusal: () => unknownPatient(ehr, patient_mrn) ?? unknownUser(ehr, emr_assigned_to_id),
		eventData: () => ({ document_id: id, patient_mrn, folder_name }),
	});
}
