import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import { id } from '../../shared/parsers/id';
import { listOf } from '../../shared/parsers/list';
import { identifier, longText, required, text } from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import type { Resource } from '../declarations/operation';
import { additionalFields, patientMrn } from './sharedFields';

export const task: Resource = {
	value: 'task',
	name: 'Task',
	defaultOperation: 'create',
	operations: [
		{
			kind: 'submission',
			value: 'addNote',
			name: 'Add Note',
			action: 'Add note to task',
			description:
				"Add a note to a task in the EHR. It stays there: it can't be removed through Cobalt.",
			method: 'POST',
			path: '/tasks/notes',
			fields: [
				identifier('emr_task_id', 'EHR Task ID', {
					placeholder: 'e.g. 70001',
					description: "The task's EHR ID (emr_task_id), returned by 'Create' and events",
				}),
				longText('note', 'Note', { placeholder: 'e.g. Called back, no answer' }),
			].map(required),
			subject: ['emr_task_id'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'task_note_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create task',
			description:
				'Create a task about a patient for clinic staff. Creates a real task in the EHR.',
			method: 'POST',
			path: '/tasks',
			fields: [
				patientMrn(),
				longText('description', 'Task Description', {
					// n8n lets an agent fill in any parameter except one with the path `parameters.description`.
					name: 'taskDescription',
					placeholder: 'e.g. Call the patient about the lab results',
				}),
			].map(required),
			optional: additionalFields([
				identifier('assignee_user_id', 'Assignee EHR User ID', {
					placeholder: 'e.g. 501',
					description: 'EHR user ID of the person to assign the task to. Required by some EHRs.',
				}),
				text('notify_list', 'EHR User IDs to Notify', {
					read: listOf(id),
					placeholder: 'e.g. 501, 502',
					description: 'Comma-separated EHR user IDs of others to notify',
				}),
				identifier('phone_call_type_id', 'Phone Call Type ID', {
					placeholder: 'e.g. 3',
					description: 'Required by some EHRs',
				}),
				text('subject', 'Subject', {
					placeholder: 'e.g. Lab results',
					description: 'Required by some EHRs',
				}),
			]),
			subject: ['patient_mrn', 'subject'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'task_id',
			terminalEvents: { completed: ['task.created'], failed: [] },
			eventData: ['emr_task_id', 'subject', 'description'],
		},
	],
};
