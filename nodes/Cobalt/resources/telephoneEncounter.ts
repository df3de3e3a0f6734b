import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import { lineOf } from '../../shared/parsers/text';
import { identifier, longText, required, text, boolean } from '../declarations/field';
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
			description: 'Note what is to be done after a telephone encounter. Stays in the EHR.',
			method: 'POST',
			path: '/telephone-encounters/actions',
			fields: [
				identifier('emr_appointment_id', 'EHR Encounter ID', {
					placeholder: 'e.g. 60001',
					description: "The encounter's ID in the EHR (emr_appointment_id)",
				}),
				longText('text', 'Action Text', { placeholder: 'e.g. Send the refill to the pharmacy' }),
			].map(required),
			optional: additionalFields([
				boolean('is_high_priority', 'High Priority', {
					description: 'Whether the action is urgent',
				}),
			]),
			subject: ['emr_appointment_id'],
			timeoutSeconds: 120,
			recordKey: 'action_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create telephone encounter',
			description: 'Record a call with a patient in the EHR. Creates a real record.',
			method: 'POST',
			path: '/telephone-encounters',
			fields: [
				patientMrn(),
				provider('provider_id', 'Provider', 'The provider of the patient'),
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
					description: "An ID is the pharmacy's ID in the EHR (ehr_id)",
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
						'A part of the name is enough. If the patient does not have it, nothing is recorded, and the message lists what they have.',
				}),
			]),
			subject: ['patient_mrn', 'reason'],
			timeoutSeconds: 120,
			recordKey: 'telephone_encounter_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
	],
};
