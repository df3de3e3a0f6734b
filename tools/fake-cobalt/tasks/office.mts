import type { Inside } from '../server/inside.mts';
import { failureOf, type Failure, type Task } from '../world/ehr-worker.mts';
import type { Ehr } from '../world/ehr.mts';
import type {
	EncounterAction,
	Message,
	StaffTask,
	TaskNote,
	TelephoneEncounter,
} from '../world/records.mts';
import { enter } from './entry.mts';
import { unknownPatient } from './patients.mts';

type Body = Record<string, unknown>;

/** What the events hold beyond the ids is documented for tasks only (4.1). */
export function createTask(inside: Inside, record: StaffTask, body: Body): Task {
	const { id, patient_mrn, subject, description } = record;
	return enter(inside, {
		kind: 'task.create',
		record,
		body,
		refusal: () => unknownPatient(inside.ehr, patient_mrn),
		adds: { emr_task_id: inside.ids.digits(6) },
		tells: () => ({
			task_id: id,
			emr_task_id: record.emr_task_id,
			subject,
			description,
			patient_mrn,
		}),
	});
}

export function addTaskNote(inside: Inside, record: TaskNote, body: Body): Task {
	const { id, emr_task_id } = record;
	return enter(inside, {
		kind: 'task.note',
		record,
		body,
		refusal: () =>
			inside.ehr.tasks.some((task) => task.emr_task_id === emr_task_id)
				? undefined
				: failureOf('TASK_NOT_FOUND', 'The task was not found in the EHR.'),
		tells: () => ({ task_note_id: id, emr_task_id }),
	});
}

export function sendMessage(inside: Inside, record: Message, body: Body): Task {
	return enter(inside, {
		kind: 'message.create',
		record,
		body,
		tells: () => ({ message_id: record.id, subject: record.subject }),
	});
}

/** The patient's medications whose name holds this text (2.12). */
function medicationsLike({ patients }: Ehr, wanted: string, patient_mrn: string) {
	const all = patients.find(({ mrn }) => mrn === patient_mrn)?.medications ?? [];
	const names = all.map(({ name }) => name);
	const like = names.filter((name) => name.toLowerCase().includes(wanted.toLowerCase()));
	return { names, like };
}

function unknownRefill(ehr: Ehr, record: TelephoneEncounter): Failure | undefined {
	const wanted = record.refill_medication_name;
	if (wanted === null) return undefined;
	const { names, like } = medicationsLike(ehr, wanted, record.patient_mrn);
	const available = names.length === 0 ? 'none' : names.join(', ');
	return like.length > 0
		? undefined
		: failureOf(
				'MEDICATION_NOT_FOUND',
				`Medication "${wanted}" not found. Available medications: ${available}.`,
			);
}

function unknownPharmacy(ehr: Ehr, id: string | null): Failure | undefined {
	return id === null || ehr.pharmacies.some(({ ehr_id }) => ehr_id === id)
		? undefined
		: failureOf('PHARMACY_NOT_FOUND', 'The pharmacy was not found in the EHR.');
}

export function createTelephoneEncounter(
	inside: Inside,
	record: TelephoneEncounter,
	body: Body,
): Task {
	const { ehr } = inside;
	return enter(inside, {
		kind: 'telephone_encounter.create',
		record,
		body,
		refusal: () =>
			unknownPatient(ehr, record.patient_mrn) ??
			unknownRefill(ehr, record) ??
			unknownPharmacy(ehr, record.pharmacy_ehr_id),
		adds: { emr_appointment_id: inside.ids.digits(9) },
		onDone() {
			const wanted = record.refill_medication_name;
			if (wanted === null) return;
			const [medication = wanted] = medicationsLike(ehr, wanted, record.patient_mrn).like;
			record.refill_medication_name = medication;
		},
		tells: () => ({
			telephone_encounter_id: record.id,
			emr_appointment_id: record.emr_appointment_id,
			patient_mrn: record.patient_mrn,
		}),
	});
}

/** Adds an action to what the EHR keeps under an appointment id: an encounter or a visit. */
export function addAction(inside: Inside, record: EncounterAction, body: Body): Task {
	const { id, emr_appointment_id } = record;
	const { telephoneEncounters, appointments } = inside.ehr;
	return enter(inside, {
		kind: 'telephone_encounter.action',
		record,
		body,
		refusal: () =>
			telephoneEncounters.some(
				(encounter) => encounter.emr_appointment_id === emr_appointment_id,
			) || appointments.some(({ ehr_appointment_id }) => ehr_appointment_id === emr_appointment_id)
				? undefined
				: failureOf('ENCOUNTER_NOT_FOUND', 'The encounter was not found in the EHR.'),
		tells: () => ({ action_id: id, emr_appointment_id }),
	});
}
