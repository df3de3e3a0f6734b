import type { TerminalEvents } from '../../shared/events/terminalEvents';
import type { Simplified } from '../../shared/normalize/normalize';
import { minutes } from '../../shared/parsers/number';
import { options, nameText, number, required, text, boolean } from '../declarations/field';
import type { Resource } from '../declarations/operation';
import { startBeforeEnd, when, providerDateWindow, withinDays } from '../declarations/rules';
import { phone } from '../parsers/contact';
import { appointmentId, mrn, note, reason, start, visitType } from './appointmentFields';
import {
	additionalFields,
	days,
	filters,
	location,
	patientMrn,
	provider,
	providers,
	updateFields,
	visitStatus,
} from './sharedFields';

const list = { path: '/appointments', key: 'appointments' };

/** No failure event of an update is documented. */
const changed: TerminalEvents = { completed: ['appointment.updated'], failed: [] };

/** Notes are only included on request. */
const simplified: Simplified = [
	'datetime',
	'status',
	'patient_name',
	'mrn',
	'provider_name',
	'appointment_type',
	'location',
	'duration',
	'note',
	'progress_note',
	'provider_ehr_id',
	['appointment_id', 'id'],
];

export const appointment: Resource = {
	value: 'appointment',
	name: 'Appointment',
	defaultOperation: 'create',
	operations: [
		{
			kind: 'submission',
			value: 'cancel',
			name: 'Cancel',
			action: 'Cancel appointment',
			description:
				'Cancel an appointment in the EHR, by giving it the status that your account has for that',
			method: 'PATCH',
			path: '/appointments/{id}',
			fields: [
				appointmentId,
				required(
					visitStatus(
						'The status that stands for cancelled visits in your account. The list shows all of its visit statuses.',
					),
				),
			],
			optional: additionalFields([note]),
			subject: ['status'],
			timeoutSeconds: 120,
			recordKey: 'appointment_id',
			terminalEvents: changed,
		},
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create appointment',
			description: 'Book an appointment for a patient in the EHR. Creates a real booking.',
			method: 'POST',
			path: '/appointments',
			fields: [
				mrn,
				start,
				provider('provider', 'Provider', 'Whom the patient sees'),
				location('location', 'Where it takes place'),
				visitType,
			].map(required),
			optional: additionalFields([
				number('duration', 'Duration (Minutes)', {
					initially: 30,
					typeOptions: { minValue: 1 },
					read: minutes,
					description: "How long the appointment lasts. Without it, the EHR's own default applies.",
				}),
				boolean('new_patient', 'New Patient', {
					description: 'Whether this is the first visit of a new patient',
				}),
				note,
				boolean('prevent_double_booking', 'Prevent Double Booking', {
					description:
						"Whether to refuse a time that overlaps with another visit or a block in the provider's schedule. Only eClinicalWorks and Practice Fusion know this. If the schedule cannot be read, the booking goes ahead.",
				}),
				reason,
				provider('secondary_provider', 'Secondary Provider', 'Whom the patient sees as well'),
			]),
			subject: ['mrn', 'datetime', 'type'],
			timeoutSeconds: 120,
			recordKey: 'appointment_id',
			terminalEvents: { completed: ['appointment.created'], failed: ['appointment.failed'] },
			recordMatcher: {
				list,
				query: { patient_mrn: 'mrn' },
				moment: 'datetime',
				same: { mrn: 'mrn', provider_ehr_id: 'provider' },
				// Documented examples of statuses that free the time again.
				gone: { key: 'status', value: /^(cancel|canc$|resched|r\/s)/i },
				// The statuses on Cobalt's page on updates. Any others are visit statuses of the EHR.
				progress: {
					key: 'status',
					completed: 'scheduled',
					pending: 'pending',
					failed: 'failed',
				},
				recordKey: 'appointment_id',
				simplified,
			},
			eventData: [
				'mrn',
				'datetime',
				'timezone',
				'provider_id',
				'provider_name',
				'secondary_provider_id',
			],
		},
		{
			kind: 'submission',
			value: 'fetchLive',
			name: 'Fetch Live',
			action: 'Fetch live appointments',
			description:
				'Read appointments directly from the EHR, which is slower than Get Many but never behind. In eClinicalWorks only.',
			method: 'POST',
			path: '/appointments/fetch',
			isRead: true,
			fields: [
				options('search_by', 'Search By', [
					{
						name: 'Date Range',
						value: 'date_range',
						description: 'All appointments of up to 7 days',
					},
					{ name: 'Patient MRN', value: 'mrn', description: 'All appointments of one patient' },
					{
						name: 'Providers',
						value: 'provider',
						description: 'Up to 5 days of one provider, or one day of up to 10',
					},
				]),
				...days('the search', { searchBy: ['date_range', 'provider'] }),
				patientMrn('mrn', { searchBy: ['mrn'] }),
				providers('list', 10, { searchBy: ['provider'] }),
			].map(required),
			rules: [
				startBeforeEnd,
				when('search_by', 'date_range', withinDays(7)),
				when('search_by', 'provider', providerDateWindow),
			],
			timeoutSeconds: 180,
			terminalEvents: { completed: ['appointment.live_fetch_completed'], failed: [] },
			eventData: ['success', 'appointment_count', 'start_date', 'end_date', 'appointments'],
			lists: { appointments: simplified },
		},
		{
			kind: 'record',
			value: 'get',
			name: 'Get',
			action: 'Get appointment',
			description: "Read one appointment from Cobalt's copy of the EHR",
			path: '/appointment/{id}',
			key: 'appointments',
			fields: [appointmentId],
			simplified,
		},
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many appointments',
			description: "List the appointments of some days from Cobalt's copy of the EHR",
			...list,
			fields: days('the list').map(required),
			optional: filters([
				options('appointment_mode', 'Appointment Mode', [
					{ name: 'Office', value: 'office' },
					{ name: 'Telemedicine', value: 'telemedicine' },
				]),
				boolean('include_note', 'Include Notes', {
					description: 'Whether to return the notes of the appointments as well',
				}),
				patientMrn(),
				nameText('patient_name', 'Patient Name', {
					placeholder: 'e.g. smith',
					description: 'A part of the name, in capitals or not',
				}),
				text('patient_phone', 'Patient Phone', { placeholder: 'e.g. 555-123-4567', read: phone }),
			]),
			rules: [startBeforeEnd],
			simplified,
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
			optional: updateFields([
				start,
				location('location', 'Where it takes place'),
				note,
				mrn,
				provider('provider', 'Provider', 'Whom the patient sees'),
				reason,
				visitStatus('One of the visit statuses in your Cobalt settings'),
				visitType,
			]),
			subject: ['datetime', 'status'],
			timeoutSeconds: 120,
			recordKey: 'appointment_id',
			terminalEvents: changed,
		},
	],
};
