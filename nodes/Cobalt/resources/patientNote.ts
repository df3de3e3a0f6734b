import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import { longText, required, text } from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import type { Resource } from '../declarations/operation';
import { location, patientMrn } from './sharedFields';

export const patientNote: Resource = {
	value: 'patientNote',
	name: 'Patient Note',
	defaultOperation: 'create',
	operations: [
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create patient note',
			description:
				"Add a note to a patient in the EHR that isn't linked to an appointment. Creates a real record.",
			method: 'POST',
			path: '/patient-notes',
			fields: [
				patientMrn(),
				text('subject', 'Subject', { placeholder: 'e.g. Phone call' }),
				longText('note', 'Note', { placeholder: 'e.g. Asked to move the next visit' }),
				location('location_id', 'The location that the note belongs to'),
			].map(required),
			subject: ['patient_mrn', 'subject'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.slow,
			recordKey: 'patient_note_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
	],
};
