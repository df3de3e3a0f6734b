import { toggle } from '../../shared/parsers/boolean';
import { email, phone, usState, zipCode } from '../parsers/contact';
import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import { additionalFields, filters, patientMrn, sexes, updateFields } from './sharedFields';
import {
	birthday,
	options,
	identifier,
	nameText,
	pick,
	required,
	multiOptions,
	text,
	boolean,
	type Field,
} from '../declarations/field';
import type { Resource } from '../declarations/operation';
import { atLeastOneOf, when } from '../declarations/rules';

const PHONE = 'e.g. 555-123-4567';

const firstName = nameText('first_name', 'First Name', { placeholder: 'e.g. Jane' });

const lastName = nameText('last_name', 'Last Name', { placeholder: 'e.g. Smith' });

const dateOfBirth = birthday('dob', 'Date of Birth', {
	placeholder: 'e.g. 1980-05-17',
	description:
		"The date as it is written counts. A moment in UTC is the day that it is in the workflow's timezone; midnight UTC is that day everywhere.",
});

const address = [
	text('address_street', 'Address Street', { placeholder: 'e.g. 1 Main Street' }),
	text('address_city', 'Address City', { placeholder: 'e.g. Boston' }),
];

const emailAddress = text('email', 'Email', { placeholder: 'e.g. name@email.com', read: email });

const referringProvider = (key: string, displayName: string, description: string) =>
	pick('referringProviders', 'id', key, displayName, {
		placeholder: 'Select a provider…',
		idPlaceholder: 'e.g. 4c8e77b0a1f24d0b9c3e5d6f7a8b9c0d',
		description,
	});

/** Who else cares for the patient. Two kinds of ids: Cobalt's own, and the EHR's. */
const careTeam: Field[] = [
	nameText('pcp_first_name', 'PCP First Name', {
		placeholder: 'e.g. Ana',
		description: 'First name of the primary care provider',
	}),
	referringProvider(
		'pcp_id',
		'PCP',
		"The primary care provider. An ID is Cobalt's own ID of a referring provider or of a provider. In eClinicalWorks only; elsewhere the names count.",
	),
	nameText('pcp_last_name', 'PCP Last Name', {
		placeholder: 'e.g. Lopez',
		description: 'Last name of the primary care provider',
	}),
	pick('providers', 'ehr_id', 'referred_to_provider_id', 'Referred to Provider', {
		placeholder: 'Select a provider…',
		idPlaceholder: 'e.g. 118',
		description: "An ID is the provider's ID in the EHR (ehr_id)",
	}),
	nameText('referring_provider_first_name', 'Referring Provider First Name', {
		placeholder: 'e.g. Omar',
	}),
	referringProvider(
		'referring_provider_id',
		'Referring Provider',
		"An ID is Cobalt's own ID of the referring provider. In eClinicalWorks only; elsewhere the names count.",
	),
	nameText('referring_provider_last_name', 'Referring Provider Last Name', {
		placeholder: 'e.g. Haddad',
	}),
];

/** Which of these a patient must have is up to the account. */
const moreOfANewPatient: Field[] = [
	...address,
	text('address_state', 'Address State', { placeholder: 'e.g. MA', read: usState }),
	text('address_zip', 'Address ZIP', { placeholder: 'e.g. 02108', read: zipCode }),
	text('cell_phone', 'Cell Phone', { placeholder: PHONE, read: phone }),
	boolean('check_eligibility', 'Check Eligibility', {
		description: "Whether to check the insurance's eligibility after the patient was created",
	}),
	emailAddress,
	nameText('emergency_contact_first_name', 'Emergency Contact First Name', {
		placeholder: 'e.g. Nathan',
	}),
	nameText('emergency_contact_last_name', 'Emergency Contact Last Name', {
		placeholder: 'e.g. Smith',
	}),
	text('emergency_contact_phone', 'Emergency Contact Phone', { placeholder: PHONE, read: phone }),
	text('emergency_contact_relation', 'Emergency Contact Relation', {
		placeholder: 'e.g. spouse',
	}),
	nameText('insurance_name', 'Insurance Name', { placeholder: 'e.g. Blue Cross' }),
	pick('insuranceProviders', 'id', 'insurance_provider_id', 'Insurance Provider', {
		placeholder: 'Select an insurance provider…',
		idPlaceholder: 'e.g. 6f1c2a3b4d5e6f708192a3b4c5d6e7f8',
		description: "An ID is Cobalt's ID of the insurance provider",
	}),
	options('insurance_sequence', 'Insurance Sequence', [
		{ name: 'Primary', value: 'primary' },
		{ name: 'Secondary', value: 'secondary' },
		{ name: 'Tertiary', value: 'tertiary' },
	]),
	identifier('insurance_subscriber_number', 'Insurance Subscriber Number', {
		placeholder: 'e.g. W123456789',
	}),
	text('no_email_reason', 'No Email Reason', {
		placeholder: 'e.g. declined',
		description: 'Why there is no email address',
	}),
	pick('pharmacies', 'id', 'pharmacy_id', 'Pharmacy', {
		placeholder: 'Select a pharmacy…',
		idPlaceholder: 'e.g. 7d2e91a0b1c2d3e4f5061728394a5b6c',
		description: "An ID is Cobalt's own ID of the pharmacy",
	}),
	text('phone', 'Phone', { placeholder: PHONE, read: phone }),
	text('responsible_party', 'Responsible Party', {
		placeholder: 'e.g. self',
		description: 'Who pays: self, and in eClinicalWorks also spouse, child and others',
	}),
	nameText('secondary_insurance_name', 'Secondary Insurance Name', { placeholder: 'e.g. Aetna' }),
	identifier('secondary_insurance_subscriber_number', 'Secondary Insurance Subscriber Number', {
		placeholder: 'e.g. W987654321',
	}),
	options('sex', 'Sex', sexes, { initially: 'unknown' }),
	...careTeam,
];

const searchFor = (...values: string[]) => ({ show: { searchBy: values } });

export const patient: Resource = {
	value: 'patient',
	name: 'Patient',
	defaultOperation: 'create',
	operations: [
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create patient',
			description: 'Register a new patient in the EHR. Creates a real record.',
			method: 'POST',
			path: '/patients',
			fields: [firstName, lastName, dateOfBirth].map(required),
			optional: additionalFields(moreOfANewPatient),
			requiredBySettings: 'required_patient_fields',
			timeoutSeconds: 120,
			recordKey: 'patient_id',
			terminalEvents: { completed: ['patient.created'], failed: ['patient.failed'] },
			eventData: ['mrn'],
		},
		{
			kind: 'submission',
			value: 'fetchLive',
			name: 'Fetch Live',
			action: 'Fetch live patients',
			description:
				'Read patients directly from the EHR, with their medications and pharmacies, which is slower than Get Many but never behind. In eClinicalWorks only.',
			method: 'POST',
			path: '/patients/fetch',
			isRead: true,
			fields: [
				...[
					options('search_by', 'Search By', [
						{ name: 'Date of Birth', value: 'dob' },
						{ name: 'MRN', value: 'mrn' },
						{ name: 'Name', value: 'name' },
						{ name: 'Phone', value: 'phone' },
					]),
					birthday('dob', 'Date of Birth', { placeholder: 'e.g. 1980-05-17', ...searchFor('dob') }),
					patientMrn('mrn', { searchBy: ['mrn'] }),
					text('phone', 'Phone', { placeholder: PHONE, read: phone, ...searchFor('phone') }),
				].map(required),
				nameText('first_name', 'First Name', { placeholder: 'e.g. Jane', ...searchFor('name') }),
				nameText('last_name', 'Last Name', { placeholder: 'e.g. Smith', ...searchFor('name') }),
			],
			optional: additionalFields([
				multiOptions('include', 'Include', [
					{
						name: 'Insurances',
						value: 'insurances',
						description: 'In eClinicalWorks only',
					},
					{ name: 'Tasks', value: 'tasks' },
				]),
			]),
			rules: [when('search_by', 'name', atLeastOneOf('first_name', 'last_name'))],
			timeoutSeconds: 180,
			terminalEvents: { completed: ['patient.live_fetch_completed'], failed: [] },
			eventData: ['success', 'patient_count', 'patients'],
		},
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many patients',
			description: "Search the patients in Cobalt's copy of the EHR, or list them all",
			path: '/patients',
			key: 'patients',
			pageSize: 50,
			fields: [],
			optional: filters([
				dateOfBirth,
				identifier('ehr_id', 'EHR ID', {
					placeholder: 'e.g. 90210',
					description: "The patient's ID in the EHR",
				}),
				nameText('first_name', 'First Name', {
					placeholder: 'e.g. jan',
					description: 'A part of the name, in capitals or not',
				}),
				nameText('last_name', 'Last Name', {
					placeholder: 'e.g. smi',
					description: 'A part of the name, in capitals or not',
				}),
				patientMrn('mrn'),
				text('phone', 'Phone', { placeholder: PHONE, read: phone }),
			]),
			simplified: [
				['patient_id', 'id'],
				'mrn',
				'ehr_id',
				'first_name',
				'last_name',
				'dob',
				'sex',
				'phone',
				'email',
				'status',
			],
		},
		{
			kind: 'submission',
			value: 'update',
			name: 'Update',
			action: 'Update patient',
			description: "Change a patient's phone numbers, email, address or care team in the EHR",
			method: 'PATCH',
			path: '/patients/{id}',
			fields: [
				required(
					identifier('id', 'Patient ID', {
						name: 'patientId',
						placeholder: 'e.g. 2b6d8f1a3c5e7092b4d6f8a0c2e4f608',
						description: "Cobalt's own ID of the patient, not the MRN",
					}),
				),
			],
			optional: updateFields([
				...address,
				text('address_line2', 'Address Line 2', { placeholder: 'e.g. Apartment 4' }),
				text('address_state', 'Address State', { placeholder: 'e.g. MA', read: usState }),
				text('address_zip', 'Address ZIP', { placeholder: 'e.g. 02108', read: zipCode }),
				text('cell_phone', 'Cell Phone', { placeholder: PHONE, read: phone }),
				emailAddress,
				text('phone', 'Phone', { placeholder: PHONE, read: phone }),
				boolean('save_previous_address', 'Save Previous Address', {
					read: toggle,
					description: 'Whether to keep the address that is replaced',
				}),
				...careTeam,
			]),
			timeoutSeconds: 120,
			recordKey: 'patient_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
	],
};
