import { identifier, longText, dateTime, required, text, type Field } from '../declarations/field';
import { pick } from '../declarations/pick';
import { patientMrn } from './sharedFields';

export const mrn = patientMrn('mrn');

export const start = dateTime('datetime', 'Date and Time', {
	placeholder: 'e.g. 2025-03-15 2:00 PM',
	description:
		"When the appointment starts. Takes text such as 2025-03-15 2:00 PM, ISO 8601 such as 2025-03-15T14:00:00-05:00, and n8n's own dates.",
});

export const visitType = pick('visitTypes', 'code', 'type', 'Visit Type', {
	placeholder: 'Select a visit type…',
	idPlaceholder: 'e.g. follow_up',
	description: 'One of the visit types in your account settings',
});

export const note = longText('note', 'Note', {
	placeholder: 'e.g. Needs wheelchair access',
	description: 'Administrative note on the appointment, not a chart note',
});

export const reason = text('reason', 'Reason for Visit', {
	placeholder: 'e.g. Annual physical',
	description: 'Reason for the visit',
});

export const appointmentId: Field = required(
	identifier('id', 'Appointment ID', {
		name: 'appointmentId',
		placeholder: 'e.g. c5c0e613fc7d68a1c01ef4160483a0b6',
		description:
			"The appointment's Cobalt ID (appointment_id), returned by 'Create', 'Get Many' and events",
	}),
);
