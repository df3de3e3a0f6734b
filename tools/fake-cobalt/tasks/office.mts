import type { Context } from '../server/context.mts';
import type { Ehr } from '../world/ehr.mts';
import { failureOf, type Failure, type EhrTask } from '../world/ehrWorker.mts';
import type {
	EncounterAction,
	Message,
	StaffTask,
	TaskNote,
	TelephoneEncounter,
} from '../world/records.mts';
import { recordTask } from './ehrTask.mts';
import { unknownPatient } from './patients.mts';

type Body = Record<string, unknown>;

/** Beyond the ids, the event's data is documented for tasks only. */
export function createTask(context: Context, record: StaffTask, body: Body): EhrTask {
	const { id, patient_mrn, subject, description } = record;
	return recordTask(context, {
		kind: 'task.create',
		record,
		body,
		refusal: () => unknownPatient(context.ehr, patient_mrn),
		ehrFields: { emr_task_id: context.ids.digits(6) },
		eventData: () => ({
			task_id: id,
			emr_task_id: record.emr_task_id,
			subject,
			description,
			patient_mrn,
		}),
	});
}

export function addTaskNote(context: Context, record: TaskNote, body: Body): EhrTask {
	const { id, emr_task_id } = record;
	return recordTask(context, {
		kind: 'task.note',
		record,
		body,
		refusal: () =>
			context.ehr.tasks.some((task) => task.emr_task_id === emr_task_id)
				? undefined
				: failureOf('TASK_NOT_FOUND', 'The task was not found in the EHR.'),
		eventData: () => ({ task_note_id: id, emr_task_id }),
	});
}

export function sendMessage(context: Context, record: Message, body: Body): EhrTask {
	return recordTask(context, {
		kind: 'message.create',
		record,
		body,
		eventData: () => ({ message_id: record.id, subject: record.subject }),
	});
}

/** The patient's medications, and those whose name contains this text. */
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
	context: Context,
	record: TelephoneEncounter,
	body: Body,
): EhrTask {
	const { ehr } = context;
	return recordTask(context, {
		kind: 'telephone_encounter.create',
		record,
		body,
		refusal: () =>
			unknownPatient(ehr, record.patient_mrn) ??
			unknownRefill(ehr, record) ??
			unknownPharmacy(ehr, record.pharmacy_ehr_id),
		ehrFields: { emr_appointment_id: context.ids.digits(9) },
		onDone() {
			const wanted = record.refill_medication_name;
			if (wanted === null) return;
			const [medication = wanted] = medicationsLike(ehr, wanted, record.patient_mrn).like;
			record.refill_medication_name = medication;
		},
		eventData: () => ({
			telephone_encounter_id: record.id,
			emr_appointment_id: record.emr_appointment_id,
			patient_mrn: record.patient_mrn,
		}),
	});
}

/** The task that adds an action to an encounter or a visit, which share the EHR's appointment ids. */
export function addAction(context: Context, record: EncounterAction, body: Body): EhrTask {
	const { id, emr_appointment_id } = record;
	const { telephoneEncounters, appointments } = context.ehr;
	return recordTask(context, {
		kind: 'telephone_encounter.action',
		record,
		body,
		refusal: () =>
			telephoneEncounters.some(
				(encounter) => encounter.emr_appointment_id === emr_appointment_id,
			) || appointments.some(({ ehr_appointment_id }) => ehr_appointment_id === emr_appointment_id)
				? undefined
				: failureOf('ENCOUNTER_NOT_FOUND', 'The encounter was not found in the EHR.'),
		eventData: () => ({ action_id: id, emr_appointment_id }),
	});
}
