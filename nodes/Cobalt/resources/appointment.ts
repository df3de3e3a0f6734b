import type { TerminalEvents } from '../../shared/events/terminalEvents';
import type { Simplified } from '../../shared/normalize/normalize';
import { minutes } from '../../shared/parsers/number';
import { options, nameText, number, required, text, boolean } from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import type { Resource } from '../declarations/operation';
import { startBeforeEnd, when, providerDateWindow, withinDays } from '../declarations/rules';
import { phone } from '../parsers/contact';
import { appointmentId, mrn, note, reason, start, visitType } from './appointmentFields';
import {
	PART_OF_NAME,
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
				"Cancel an appointment in the EHR by setting your account's status for canceled visits",
			method: 'PATCH',
			path: '/appointments/{id}',
			fields: [
				appointmentId,
				required(visitStatus('The visit status that your clinic uses for canceled appointments')),
			],
			optional: additionalFields([note]),
			subject: ['status'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'appointment_id',
			terminalEvents: changed,
		},
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create appointment',
			description:
				'Create a new appointment in the EHR. The booking is real, and clinic staff see it.',
			method: 'POST',
			path: '/appointments',
			fields: [
				mrn,
				start,
				provider('provider', 'Provider', 'The provider whom the patient will see'),
				location('location', 'Where the visit takes place'),
				visitType,
			].map(required),
			optional: additionalFields([
				number('duration', 'Duration (Minutes)', {
					initially: 30,
					typeOptions: { minValue: 1 },
					read: minutes,
					description: "Length of the appointment. If empty, the EHR's default is used.",
				}),
				boolean('new_patient', 'New Patient', {
					description: "Whether this is the patient's first visit",
				}),
				note,
				boolean('prevent_double_booking', 'Prevent Double Booking', {
					description:
						"Whether to reject a time that overlaps another visit or a blocked time in the provider's schedule. Works in eClinicalWorks and Practice Fusion. If the schedule cannot be read, the appointment is booked anyway.",
				}),
				reason,
				provider(
					'secondary_provider',
					'Secondary Provider',
					'An additional provider for the same visit',
				),
			]),
			subject: ['mrn', 'datetime', 'type'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'appointment_id',
			terminalEvents: { completed: ['appointment.created'], failed: ['appointment.failed'] },
			recordMatcher: {
				list,
				query: { patient_mrn: 'mrn' },
				time: 'datetime',
				same: { mrn: 'mrn', provider_ehr_id: 'provider' },
				// Documented examples of statuses that make the time available again.
				gone: { key: 'status', value: /^(cancel|canc$|resched|r\/s)/i },
				// The statuses on Cobalt's page about updates. All others are visit statuses of the EHR.
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
				"Retrieve appointments directly from the EHR. Slower than 'Get Many', but always current. eClinicalWorks only.",
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
				...days('to include', { searchBy: ['date_range', 'provider'] }),
				patientMrn('mrn', { searchBy: ['mrn'] }),
				providers('list', 10, { searchBy: ['provider'] }),
			].map(required),
			rules: [
				startBeforeEnd,
				when('search_by', 'date_range', withinDays(7)),
				when('search_by', 'provider', providerDateWindow),
			],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.slow,
			terminalEvents: { completed: ['appointment.live_fetch_completed'], failed: [] },
			eventData: ['success', 'appointment_count', 'start_date', 'end_date', 'appointments'],
			lists: { appointments: simplified },
		},
		{
			kind: 'record',
			value: 'get',
			name: 'Get',
			action: 'Get appointment',
			description: "Retrieve an appointment from Cobalt's copy of the EHR",
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
			description: "Retrieve a list of appointments in a date range from Cobalt's copy of the EHR",
			...list,
			fields: days('to include').map(required),
			optional: filters([
				options('appointment_mode', 'Appointment Mode', [
					{ name: 'Office', value: 'office' },
					{ name: 'Telemedicine', value: 'telemedicine' },
				]),
				boolean('include_note', 'Include Notes', {
					description: 'Whether to also return the notes of the appointments',
				}),
				patientMrn(),
				nameText('patient_name', 'Patient Name', {
					placeholder: 'e.g. smith',
					description: PART_OF_NAME,
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
				'Update an appointment in the EHR. Once it is scheduled, only its status and note can change: to move it, create a new one and cancel this one.',
			method: 'PATCH',
			path: '/appointments/{id}',
			fields: [appointmentId],
			optional: updateFields([
				start,
				location('location', 'Where the visit takes place'),
				note,
				mrn,
				provider('provider', 'Provider', 'The provider whom the patient will see'),
				reason,
				visitStatus('One of the visit statuses in your account settings'),
				visitType,
			]),
			subject: ['datetime', 'status'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'appointment_id',
			terminalEvents: changed,
		},
	],
};
