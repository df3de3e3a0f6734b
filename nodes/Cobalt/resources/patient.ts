import { date } from '../fields/dateTime';
import { flag } from '../fields/flag';
import { email, line, oneOf, phone } from '../fields/text';
import type { Field, Resource } from './operation';

/** Most of what is known about a patient is one line of text under a name of its own. */
function textField(
	displayName: string,
	body: string,
	placeholder: string,
	description?: string,
): Field {
	const name = body.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
	return {
		property: { displayName, name, type: 'string', default: '', placeholder, description },
		read: line,
		to: { body },
	};
}

const firstName: Field = {
	property: {
		displayName: 'First Name',
		name: 'firstName',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Jane',
	},
	read: line,
	to: { body: 'first_name' },
};

const lastName: Field = {
	property: {
		displayName: 'Last Name',
		name: 'lastName',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Smith',
	},
	read: line,
	to: { body: 'last_name' },
};

const dateOfBirth: Field = {
	property: {
		displayName: 'Date of Birth',
		name: 'dob',
		type: 'dateTime',
		typeOptions: { dateOnly: true },
		default: '',
		required: true,
		placeholder: 'e.g. 1980-05-17',
		description: 'The date as it is written counts, whatever the timezone',
	},
	read: date,
	to: { body: 'dob' },
};

const sex: Field = {
	property: {
		displayName: 'Sex',
		name: 'sex',
		type: 'options',
		options: [
			{ name: 'Female', value: 'female' },
			{ name: 'Male', value: 'male' },
			{ name: 'Unknown', value: 'unknown' },
		],
		default: 'unknown',
	},
	read: oneOf('female', 'male', 'unknown'),
	to: { body: 'sex' },
};

const phoneNumber: Field = {
	property: {
		displayName: 'Phone',
		name: 'phone',
		type: 'string',
		default: '',
		placeholder: 'e.g. 555-123-4567',
	},
	read: phone,
	to: { body: 'phone' },
};

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
			description: 'Register a new patient in the EHR',
			method: 'POST',
			path: '/patients',
			fields: [firstName, lastName, dateOfBirth],
			optional: {
				name: 'additionalFields',
				displayName: 'Additional Fields',
				fields: [
					textField('Address City', 'address_city', 'e.g. Boston'),
					textField('Address State', 'address_state', 'e.g. MA'),
					textField('Address Street', 'address_street', 'e.g. 1 Main Street'),
					textField('Address ZIP', 'address_zip', 'e.g. 02108'),
					{
						property: {
							displayName: 'Cell Phone',
							name: 'cellPhone',
							type: 'string',
							default: '',
							placeholder: 'e.g. 555-123-4567',
						},
						read: phone,
						to: { body: 'cell_phone' },
					},
					{
						property: {
							displayName: 'Check Eligibility',
							name: 'checkEligibility',
							type: 'boolean',
							default: true,
							description:
								"Whether to check the insurance's eligibility after the patient was created",
						},
						read: flag,
						to: { body: 'check_eligibility' },
					},
					{
						property: {
							displayName: 'Email',
							name: 'email',
							type: 'string',
							default: '',
							placeholder: 'e.g. name@email.com',
						},
						read: email,
						to: { body: 'email' },
					},
					textField('Emergency Contact First Name', 'emergency_contact_first_name', 'e.g. Nathan'),
					textField('Emergency Contact Last Name', 'emergency_contact_last_name', 'e.g. Smith'),
					{
						property: {
							displayName: 'Emergency Contact Phone',
							name: 'emergencyContactPhone',
							type: 'string',
							default: '',
							placeholder: 'e.g. 555-123-4567',
						},
						read: phone,
						to: { body: 'emergency_contact_phone' },
					},
					textField('Emergency Contact Relation', 'emergency_contact_relation', 'e.g. spouse'),
					textField('Insurance Name', 'insurance_name', 'e.g. Blue Cross'),
					textField(
						'Insurance Provider ID',
						'insurance_provider_id',
						'e.g. 6f1c2a',
						"Cobalt's ID of the insurance provider",
					),
					{
						property: {
							displayName: 'Insurance Sequence',
							name: 'insuranceSequence',
							type: 'options',
							options: [
								{ name: 'Primary', value: 'primary' },
								{ name: 'Secondary', value: 'secondary' },
								{ name: 'Tertiary', value: 'tertiary' },
							],
							default: 'primary',
						},
						read: oneOf('primary', 'secondary', 'tertiary'),
						to: { body: 'insurance_sequence' },
					},
					textField(
						'Insurance Subscriber Number',
						'insurance_subscriber_number',
						'e.g. XYZ123456789',
					),
					textField(
						'No Email Reason',
						'no_email_reason',
						'e.g. Patient declined',
						'Why there is no email address, where the EHR asks for one',
					),
					textField(
						'PCP First Name',
						'pcp_first_name',
						'e.g. Maria',
						'First name of the primary care provider',
					),
					textField(
						'PCP ID',
						'pcp_id',
						'e.g. 9b1f0c',
						"Cobalt's ID of the primary care provider (eClinicalWorks only)",
					),
					textField(
						'PCP Last Name',
						'pcp_last_name',
						'e.g. Lopez',
						'Last name of the primary care provider',
					),
					textField('Pharmacy ID', 'pharmacy_id', 'e.g. 7d2e91'),
					phoneNumber,
					textField(
						'Referred to Provider EHR ID',
						'referred_to_provider_id',
						'e.g. 118',
						"The provider's ID in the EHR (ehr_id), not Cobalt's own ID",
					),
					textField('Referring Provider First Name', 'referring_provider_first_name', 'e.g. Omar'),
					textField(
						'Referring Provider ID',
						'referring_provider_id',
						'e.g. 4c8e77',
						"Cobalt's ID of the referring provider",
					),
					textField('Referring Provider Last Name', 'referring_provider_last_name', 'e.g. Haddad'),
					textField(
						'Responsible Party',
						'responsible_party',
						'e.g. self',
						'Who pays: self, and in eClinicalWorks also spouse, child and others',
					),
					textField('Secondary Insurance Name', 'secondary_insurance_name', 'e.g. Aetna'),
					textField(
						'Secondary Insurance Subscriber Number',
						'secondary_insurance_subscriber_number',
						'e.g. W987654321',
					),
					sex,
				],
			},
			timeoutSeconds: 120,
			recordKey: 'patient_id',
			settlement: { completed: ['patient.created'], failed: ['patient.failed'] },
		},
	],
};
