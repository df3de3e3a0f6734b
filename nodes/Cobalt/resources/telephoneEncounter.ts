import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import { lineOf } from '../../shared/parsers/text';
import { identifier, longText, required, text, boolean } from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import type { Resource } from '../declarations/operation';
import { pick } from '../declarations/pick';
import { additionalFields, location, patientMrn, provider } from './sharedFields';

export const telephoneEncounter: Resource = {
	value: 'telephoneEncounter',
	name: 'Telephone Encounter',
	defaultOperation: 'create',
	operations: [
		{
			kind: 'submission',
			value: 'addAction',
			name: 'Add Action',
			action: 'Add action to telephone encounter',
			description: 'Add a follow-up action to a telephone encounter in the EHR. It stays there.',
			method: 'POST',
			path: '/telephone-encounters/actions',
			fields: [
				identifier('emr_appointment_id', 'EHR Encounter ID', {
					placeholder: 'e.g. 60001',
					description: "The encounter's EHR ID (emr_appointment_id)",
				}),
				longText('text', 'Action Text', { placeholder: 'e.g. Send the refill to the pharmacy' }),
			].map(required),
			optional: additionalFields([
				boolean('is_high_priority', 'High Priority', {
					description: 'Whether to mark the action as high priority',
				}),
			]),
			subject: ['emr_appointment_id'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'action_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create telephone encounter',
			description: 'Record a phone call with a patient in the EHR. Creates a real record.',
			method: 'POST',
			path: '/telephone-encounters',
			fields: [
				patientMrn(),
				provider('provider_id', 'Provider', "The patient's provider"),
				location('location_id', 'The location that the call belongs to'),
				identifier('assigned_to_id', 'Assignee EHR User ID', {
					placeholder: 'e.g. 501',
					description: 'EHR user ID of the person to assign the call to',
				}),
			].map(required),
			optional: additionalFields([
				pick('pharmacies', 'ehr_id', 'pharmacy_ehr_id', 'Pharmacy', {
					placeholder: 'Select a pharmacy…',
					idPlaceholder: 'e.g. 301',
					description: "The patient's pharmacy. Expects the EHR ID (ehr_id).",
				}),
				text('reason', 'Reason for Call', {
					read: lineOf(1, 50),
					placeholder: 'e.g. Refill request',
					description: 'Up to 50 characters',
				}),
				text('refill_medication_name', 'Refill Medication Name', {
					read: lineOf(2, 50),
					placeholder: 'e.g. Lisinopril',
					description:
						"Full or partial name of one of the patient's medications. If none matches, the encounter isn't created and the message lists the available ones.",
				}),
			]),
			subject: ['patient_mrn', 'reason'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'telephone_encounter_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
	],
};
