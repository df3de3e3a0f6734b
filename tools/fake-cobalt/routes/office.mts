import { route } from '../server/route.mts';
import { submission } from '../server/submission.mts';
import {
	eachOptional,
	flag,
	listOf,
	optional,
	required,
	text,
	textOf,
} from '../server/validation.mts';
import {
	addAction,
	addTaskNote,
	createTask,
	createTelephoneEncounter,
	sendMessage,
} from '../tasks/office.mts';
import type {
	EncounterAction,
	Message,
	StaffTask,
	TaskNote,
	TelephoneEncounter,
} from '../world/records.mts';
import { checkEhrIds } from './lookups.mts';

export const officeRoutes = [
	submission({
		method: 'POST',
		path: '/tasks',
		body: {
			description: required(text),
			patient_mrn: required(text),
			...eachOptional(['subject', 'assignee_user_id', 'phone_call_type_id'], text),
			notify_list: optional(listOf(text)),
		},
		message: 'Task processing. A webhook event will be sent upon completion.',
		accept(context, { body }) {
			const { ehr, ids } = context;
			checkEhrIds(ehr, { staff: [body.assignee_user_id] });
			const record: StaffTask = {
				id: ids.id(),
				state: 'pending',
				emr_task_id: null,
				patient_mrn: body.patient_mrn,
				subject: body.subject ?? null,
				description: body.description,
				assignee_user_id: body.assignee_user_id ?? null,
				phone_call_type_id: body.phone_call_type_id ?? null,
				notify_list: body.notify_list ?? [],
			};
			ehr.tasks.push(record);
			return { ids: { task_id: record.id }, task: createTask(context, record, body) };
		},
	}),
	submission({
		method: 'POST',
		path: '/tasks/notes',
		body: { emr_task_id: required(text), note: required(text) },
		message: 'Task note processing. A webhook event will be sent upon completion.',
		accept(context, { body }) {
			const record: TaskNote = { id: context.ids.id(), state: 'pending', ...body };
			context.ehr.taskNotes.push(record);
			return { ids: { task_note_id: record.id }, task: addTaskNote(context, record, body) };
		},
	}),
	submission({
		method: 'POST',
		path: '/messages',
		body: { provider: required(text), subject: required(text), message: required(text) },
		// The older page nests the id and leaves the message on top, the newer one is flat.
		response: 'changed',
		message: 'Message processing. A webhook event will be sent upon completion.',
		accept(context, { body }) {
			const { ehr, ids } = context;
			checkEhrIds(ehr, { providers: [body.provider] });
			const record: Message = { id: `msg_${ids.id()}`, state: 'pending', ...body };
			ehr.messages.push(record);
			return { ids: { message_id: record.id }, task: sendMessage(context, record, body) };
		},
	}),
	submission({
		method: 'POST',
		path: '/telephone-encounters',
		body: {
			patient_mrn: required(text),
			provider_id: required(text),
			location_id: required(text),
			assigned_to_id: required(text),
			reason: optional(textOf(0, 50)),
			refill_medication_name: optional(textOf(2, 50)),
			pharmacy_ehr_id: optional(text),
		},
		message: 'Telephone encounter processing. A webhook event will be sent upon completion.',
		accept(context, { body }) {
			const { ehr, ids } = context;
			checkEhrIds(ehr, {
				providers: [body.provider_id],
				locations: [body.location_id],
				staff: [body.assigned_to_id],
			});
			const record: TelephoneEncounter = {
				id: ids.id(),
				state: 'pending',
				emr_appointment_id: null,
				patient_mrn: body.patient_mrn,
				provider_id: body.provider_id,
				location_id: body.location_id,
				assigned_to_id: body.assigned_to_id,
				reason: body.reason ?? null,
				refill_medication_name: body.refill_medication_name ?? null,
				pharmacy_ehr_id: body.pharmacy_ehr_id ?? null,
			};
			ehr.telephoneEncounters.push(record);
			return {
				ids: { telephone_encounter_id: record.id },
				task: createTelephoneEncounter(context, record, body),
			};
		},
	}),
	submission({
		method: 'POST',
		path: '/telephone-encounters/actions',
		body: {
			emr_appointment_id: required(text),
			text: required(text),
			is_high_priority: optional(flag),
		},
		message: 'Action processing. A webhook event will be sent upon completion.',
		accept(context, { body }) {
			const record: EncounterAction = {
				id: context.ids.id(),
				state: 'pending',
				emr_appointment_id: body.emr_appointment_id,
				text: body.text,
				is_high_priority: body.is_high_priority === 'true',
			};
			context.ehr.encounterActions.push(record);
			return { ids: { action_id: record.id }, task: addAction(context, record, body) };
		},
	}),
	route({
		method: 'GET',
		path: '/pharmacies',
		run: ({ ehr }) => ({ success: true, pharmacies: ehr.pharmacies }),
	}),
];
