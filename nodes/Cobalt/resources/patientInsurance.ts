import { money } from '../../shared/parsers/number';
import { oneOf } from '../../shared/parsers/text';
import {
	birthday,
	options,
	day,
	identifier,
	nameText,
	number,
	required,
	text,
	type Field,
} from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import type { Resource } from '../declarations/operation';
import { pick } from '../declarations/pick';
import { mutuallyExclusive, atLeastOneOf, requires, type Rule } from '../declarations/rules';
import { phone, usState, zipCode } from '../parsers/contact';
import { additionalFields, patientMrn, sexes, updateFields } from './sharedFields';

/** The insured person, if not the patient. */
const subscriber = [
	nameText('subscriber_demographics.first_name', 'Subscriber First Name', {
		placeholder: 'e.g. Nathan',
		description: "First name of the policyholder, if it isn't the patient",
	}),
	nameText('subscriber_demographics.last_name', 'Subscriber Last Name', {
		placeholder: 'e.g. Smith',
	}),
	text('subscriber_demographics.street_line_1', 'Subscriber Street', {
		placeholder: 'e.g. 1 Main Street',
	}),
	text('subscriber_demographics.city', 'Subscriber City', { placeholder: 'e.g. Boston' }),
	text('subscriber_demographics.state', 'Subscriber State', {
		placeholder: 'e.g. MA',
		read: usState,
	}),
	text('subscriber_demographics.zip', 'Subscriber ZIP', {
		placeholder: 'e.g. 02108',
		read: zipCode,
	}),
	options('subscriber_demographics.sex', 'Subscriber Sex', sexes, { initially: 'unknown' }),
	birthday('subscriber_demographics.dob', 'Subscriber Date of Birth', {
		placeholder: 'e.g. 1980-05-17',
	}),
	text('subscriber_demographics.phone', 'Subscriber Phone', {
		placeholder: 'e.g. 555-123-4567',
		read: phone,
	}),
];

const memberId = identifier('member_id', 'Member ID', {
	placeholder: 'e.g. W123456789',
	description: "The number on the patient's insurance card",
});

const insuranceProvider = pick(
	'insuranceProviders',
	'id',
	'insurance_provider_id',
	'Insurance Provider',
	{
		placeholder: 'Select an insurance provider…',
		idPlaceholder: 'e.g. 6f1c2a3b4d5e6f708192a3b4c5d6e7f8',
		description: 'The insurance company. Expects the Cobalt ID (insurance_provider_id).',
	},
);

/** The patient's relationship to the insured person. */
const relationships = [
	{ name: 'Child', value: 'child' },
	{ name: 'Employee', value: 'employee' },
	{ name: 'Father', value: 'father' },
	{ name: 'Life Partner', value: 'life partner' },
	{ name: 'Mother', value: 'mother' },
	{ name: 'Other', value: 'other' },
	{ name: 'Self', value: 'self' },
	{ name: 'Spouse', value: 'spouse' },
	{ name: 'Step Parent', value: 'step parent' },
];

/** Codes that Cobalt's documentation lists as well, without their meanings. */
const RELATIONSHIP_CODES = ['01', '02', '32', '33', '17', '20', '53', '25'];

/** Fields for adding and for updating. */
const details: Field[] = [
	number('copayment', 'Copayment', {
		initially: 20,
		read: money(0, 1_000_000),
		description: 'Amount that the patient pays per visit, in US dollars',
	}),
	identifier('group_id', 'Group ID', { placeholder: 'e.g. 98765' }),
	nameText('insurance_name', 'Insurance Name', {
		placeholder: 'e.g. Blue Cross',
		description: "Name of the insurance company, if you don't have its ID",
	}),
	identifier('insurance_payer_id', 'Insurance Payer ID', {
		placeholder: 'e.g. 60054',
		description: "Distinguishes insurance companies with the same name. Requires 'Insurance Name'.",
	}),
	day('plan_begin_date', 'Plan Begin Date', {
		placeholder: 'e.g. 2025-01-01',
		description: 'Start date of the coverage. Required by eClinicalWorks.',
	}),
	options('relationship_to_subscriber', 'Relationship to Subscriber', relationships, {
		initially: 'self',
		read: oneOf(...relationships.map(({ value }) => value), ...RELATIONSHIP_CODES),
		description:
			"The patient's relationship to the policyholder. If it isn't 'Self', eClinicalWorks requires the subscriber's first and last name. An expression may return one of Cobalt's codes.",
	}),
	...subscriber,
];

/** The payer's ID alone does not identify an insurance provider. */
const insurer: Rule[] = [
	mutuallyExclusive('insurance_provider_id', 'insurance_name'),
	requires('insurance_payer_id', 'insurance_name'),
];

export const patientInsurance: Resource = {
	value: 'patientInsurance',
	name: 'Patient Insurance',
	defaultOperation: 'create',
	operations: [
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create patient insurance',
			description: 'Add an insurance policy to a patient in the EHR. Creates a real record.',
			method: 'POST',
			path: '/patients/{patient_mrn}/insurances',
			fields: [required(patientMrn()), required(memberId), insuranceProvider],
			optional: additionalFields([
				...details,
				options('priority', 'Priority', [
					{ name: 'Primary', value: '1' },
					{ name: 'Secondary', value: '2' },
					{ name: 'Tertiary', value: '3' },
				]),
			]),
			rules: [atLeastOneOf('insurance_provider_id', 'insurance_name'), ...insurer],
			subject: ['patient_mrn', 'member_id'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'patient_insurance_id',
			terminalEvents: {
				completed: ['patient.insurance.added'],
				failed: ['patient.insurance.failed'],
			},
			eventData: ['mrn', 'emr_insurance_id', 'audit_trail'],
		},
		{
			kind: 'submission',
			value: 'update',
			name: 'Update',
			action: 'Update patient insurance',
			description:
				"Update a patient's insurance policy in the EHR. Fields you leave out stay unchanged. eClinicalWorks only.",
			method: 'PATCH',
			path: '/patients/{patient_mrn}/insurances/{emr_insurance_id}',
			fields: [
				patientMrn(),
				identifier('emr_insurance_id', 'EHR Insurance ID', {
					placeholder: 'e.g. 88001',
					description: "The policy's EHR ID (emr_insurance_id), returned by 'Patient: Fetch Live'",
				}),
			].map(required),
			optional: updateFields([...details, insuranceProvider, memberId]),
			rules: insurer,
			subject: ['patient_mrn', 'emr_insurance_id'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'patient_insurance_id',
			terminalEvents: {
				completed: ['patient.insurance.updated'],
				failed: ['patient.insurance.failed'],
			},
			eventData: ['emr_insurance_id'],
		},
	],
};
