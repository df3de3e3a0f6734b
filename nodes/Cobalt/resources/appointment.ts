import { dateTime } from '../fields/dateTime';
import { flag } from '../fields/flag';
import { minutes } from '../fields/number';
import { line, paragraphs, pathSegment } from '../fields/text';
import type { Field, Resource } from './operation';

const mrn: Field = {
	property: {
		displayName: 'Patient MRN',
		name: 'mrn',
		type: 'string',
		default: '',
		placeholder: 'e.g. 44235',
		description: "The patient's medical record number in the EHR",
	},
	read: line,
	to: { body: 'mrn' },
};

const when: Field = {
	property: {
		displayName: 'Date and Time',
		name: 'datetime',
		type: 'dateTime',
		default: '',
		placeholder: 'e.g. 2025-03-15T14:00:00-05:00',
		description:
			"When the appointment starts. Takes ISO 8601, n8n dates, or text such as 2025-03-15 2:00 PM. Without an offset it is a time in this workflow's timezone (see the workflow settings).",
	},
	read: dateTime,
	to: { body: 'datetime' },
};

const provider: Field = {
	property: {
		displayName: 'Provider EHR ID',
		name: 'provider',
		type: 'string',
		default: '',
		placeholder: 'e.g. 118',
		description: "The provider's ID in the EHR (ehr_id), not Cobalt's own ID",
	},
	read: line,
	to: { body: 'provider' },
};

const location: Field = {
	property: {
		displayName: 'Location EHR ID',
		name: 'location',
		type: 'string',
		default: '',
		placeholder: 'e.g. 2',
		description: "The location's ID in the EHR (ehr_id), not Cobalt's own ID",
	},
	read: line,
	to: { body: 'location' },
};

const visitType: Field = {
	property: {
		displayName: 'Visit Type',
		name: 'type',
		type: 'string',
		default: '',
		placeholder: 'e.g. follow_up',
		description: 'The code of one of the visit types in your Cobalt settings',
	},
	read: line,
	to: { body: 'type' },
};

const note: Field = {
	property: {
		displayName: 'Note',
		name: 'note',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. Needs wheelchair access',
		description: 'An administrative note on the appointment. It is not a chart note.',
	},
	read: paragraphs,
	to: { body: 'note' },
};

const reason: Field = {
	property: {
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		default: '',
		placeholder: 'e.g. Annual physical',
		description: 'Why the patient comes',
	},
	read: line,
	to: { body: 'reason' },
};

const required = (field: Field): Field => ({
	...field,
	property: { ...field.property, required: true },
});

const appointmentId: Field = {
	property: {
		displayName: 'Appointment ID',
		name: 'appointmentId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. c5c0e613fc7d68a1c01ef4160483a0b6',
		description: "Cobalt's ID of the appointment, as 'Create' and events give it",
	},
	read: pathSegment,
	to: { path: 'id' },
};

export const appointment: Resource = {
	value: 'appointment',
	name: 'Appointment',
	defaultOperation: 'create',
	operations: [
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create appointment',
			description: 'Book an appointment for a patient in the EHR',
			method: 'POST',
			path: '/appointments',
			fields: [mrn, when, provider, location, visitType].map(required),
			optional: {
				name: 'additionalFields',
				displayName: 'Additional Fields',
				fields: [
					{
						property: {
							displayName: 'Duration (Minutes)',
							name: 'duration',
							type: 'number',
							typeOptions: { minValue: 1 },
							default: 30,
							description:
								"How long the appointment lasts. Without it, the EHR's own default applies.",
						},
						read: minutes,
						to: { body: 'duration' },
					},
					{
						property: {
							displayName: 'New Patient',
							name: 'newPatient',
							type: 'boolean',
							default: true,
							description: 'Whether this is the first visit of a new patient',
						},
						read: flag,
						to: { body: 'new_patient' },
					},
					note,
					{
						property: {
							displayName: 'Prevent Double Booking',
							name: 'preventDoubleBooking',
							type: 'boolean',
							default: true,
							description:
								"Whether to refuse a time that overlaps with another visit or a block in the provider's schedule. Only eClinicalWorks and Practice Fusion know this. If the schedule cannot be read, the booking goes ahead.",
						},
						read: flag,
						to: { body: 'prevent_double_booking' },
					},
					reason,
					{
						property: {
							displayName: 'Secondary Provider EHR ID',
							name: 'secondaryProvider',
							type: 'string',
							default: '',
							placeholder: 'e.g. 204',
							description: "The ID of a second provider in the EHR (ehr_id), not Cobalt's own ID",
						},
						read: line,
						to: { body: 'secondary_provider' },
					},
				],
			},
			timeoutSeconds: 120,
			recordKey: 'appointment_id',
			settlement: { completed: ['appointment.created'], failed: ['appointment.failed'] },
		},
		{
			kind: 'submission',
			value: 'update',
			name: 'Update',
			action: 'Update appointment',
			description:
				'Change an appointment in the EHR. Of one that is already scheduled, only status and note can be changed.',
			method: 'PATCH',
			path: '/appointments/{id}',
			fields: [appointmentId],
			optional: {
				name: 'updateFields',
				displayName: 'Fields to Update',
				atLeastOne: true,
				fields: [
					when,
					location,
					note,
					mrn,
					provider,
					reason,
					{
						property: {
							displayName: 'Status',
							name: 'status',
							type: 'string',
							default: '',
							placeholder: 'e.g. CANC',
							description:
								'The code of one of the visit statuses in your Cobalt settings. Setting the status for cancelled visits is how an appointment is cancelled.',
						},
						read: line,
						to: { body: 'status' },
					},
					visitType,
				],
			},
			timeoutSeconds: 120,
			recordKey: 'appointment_id',
			settlement: { completed: ['appointment.updated'], failed: ['appointment.failed'] },
		},
	],
};
