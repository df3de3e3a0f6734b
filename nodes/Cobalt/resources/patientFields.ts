import {
	birthday,
	options,
	identifier,
	nameText,
	text,
	boolean,
	type Field,
} from '../declarations/field';
import { pick } from '../declarations/pick';
import { requires, unless, type Rule } from '../declarations/rules';
import { email, phone, usState, zipCode } from '../parsers/contact';
import { sexes } from './sharedFields';

export const PHONE = 'e.g. 555-123-4567';

export const firstName = nameText('first_name', 'First Name', { placeholder: 'e.g. Jane' });

export const lastName = nameText('last_name', 'Last Name', { placeholder: 'e.g. Smith' });

export const dateOfBirth = birthday('dob', 'Date of Birth', {
	placeholder: 'e.g. 1980-05-17',
	description:
		"Only the date is used, as it is written. A time in UTC gives its day in the workflow's timezone, except midnight UTC.",
});

/** Only for Find or Create; not sent. */
export const matchBy = options(
	'match_by',
	'Match By',
	[
		{
			name: 'Name and Date of Birth',
			value: 'nameAndBirthDate',
			description:
				'A patient with this first name, last name and date of birth, whatever else differs',
		},
		{
			name: 'All Given Fields',
			value: 'allGivenFields',
			description:
				"Also compare phone numbers, email and sex, where they are given and Cobalt's list has them",
		},
	],
	{
		description:
			'What an existing patient must have in common with this one. Names are compared as a whole, ignoring case, accents, spaces, hyphens and apostrophes.',
	},
);

export const address = [
	text('address_street', 'Address Street', { placeholder: 'e.g. 1 Main Street' }),
	text('address_city', 'Address City', { placeholder: 'e.g. Boston' }),
];

export const emailAddress = text('email', 'Email', {
	placeholder: 'e.g. name@email.com',
	read: email,
});

const referringProvider = (key: string, displayName: string, description: string) =>
	pick('referringProviders', 'id', key, displayName, {
		placeholder: 'Select a provider…',
		idPlaceholder: 'e.g. 4c8e77b0a1f24d0b9c3e5d6f7a8b9c0d',
		description,
	});

/** The patient's care team. Two kinds of ids: Cobalt's own, and the EHR's. */
export const careTeam: Field[] = [
	nameText('pcp_first_name', 'PCP First Name', {
		placeholder: 'e.g. Ana',
		description: 'First name of the primary care provider',
	}),
	referringProvider(
		'pcp_id',
		'PCP',
		'Primary care provider. Expects the Cobalt ID of a referring provider or of a provider. eClinicalWorks only: for other EHRs, use the PCP name fields.',
	),
	nameText('pcp_last_name', 'PCP Last Name', {
		placeholder: 'e.g. Lopez',
		description: 'Last name of the primary care provider',
	}),
	pick('providers', 'ehr_id', 'referred_to_provider_id', 'Referred to Provider', {
		placeholder: 'Select a provider…',
		idPlaceholder: 'e.g. 118',
		description: 'The provider whom the patient is referred to. Expects the EHR ID (ehr_id).',
	}),
	nameText('referring_provider_first_name', 'Referring Provider First Name', {
		placeholder: 'e.g. Omar',
	}),
	referringProvider(
		'referring_provider_id',
		'Referring Provider',
		'The provider who referred the patient. Expects the Cobalt ID (referring_provider_id). eClinicalWorks only: for other EHRs, use the name fields.',
	),
	nameText('referring_provider_last_name', 'Referring Provider Last Name', {
		placeholder: 'e.g. Haddad',
	}),
];

/** Who pays for a patient. */
const responsibleParty: Field[] = [
	options(
		'responsible_party',
		'Responsible Party',
		[
			{ name: 'Adopted Child', value: 'adopted_child' },
			{ name: 'Cadaver Donor', value: 'cadaver_donor' },
			{ name: 'Child', value: 'child' },
			{ name: 'Employee', value: 'employee' },
			{ name: 'Foster Child', value: 'foster_child' },
			{ name: 'Grandchild', value: 'grandchild' },
			{ name: 'Grandparent', value: 'grandparent' },
			{ name: 'Handicapped Dependent', value: 'handicapped_dependent' },
			{ name: 'Injured Plaintiff', value: 'injured_plaintiff' },
			{ name: 'Life Partner', value: 'life_partner' },
			{ name: 'Minor Dependent', value: 'minor_dependent' },
			{ name: 'Niece or Nephew', value: 'niece_nephew' },
			{ name: 'Organ Donor', value: 'organ_donor' },
			{ name: 'Other', value: 'other' },
			{ name: 'Parent', value: 'parent' },
			{ name: 'Self', value: 'self' },
			{ name: 'Sponsored Dependent', value: 'sponsored_dependent' },
			{ name: 'Spouse', value: 'spouse' },
			{ name: 'Stepchild', value: 'step_child' },
			{ name: 'Unknown', value: 'unknown' },
			{ name: 'Ward of Court', value: 'ward_of_court' },
		],
		{
			initially: 'self',
			description:
				"Who is financially responsible for the patient. Anyone but 'Self' needs a first and last name, and works in eClinicalWorks only.",
		},
	),
	nameText('responsible_party_first_name', 'Responsible Party First Name', {
		placeholder: 'e.g. Nathan',
	}),
	nameText('responsible_party_last_name', 'Responsible Party Last Name', {
		placeholder: 'e.g. Smith',
	}),
];

/**
 * The name is required if someone other than the patient pays (docs/api-notes.md, "What the documents do not
 * say").
 */
export const namedResponsibleParty: Rule[] = ['first', 'last'].map((part) =>
	unless(
		'responsible_party',
		'self',
		requires('responsible_party', `responsible_party_${part}_name`),
	),
);

/** Which of these fields are required depends on the account. */
export const moreOfANewPatient: Field[] = [
	...address,
	text('address_state', 'Address State', { placeholder: 'e.g. MA', read: usState }),
	text('address_zip', 'Address ZIP', { placeholder: 'e.g. 02108', read: zipCode }),
	text('cell_phone', 'Cell Phone', { placeholder: PHONE, read: phone }),
	boolean('check_eligibility', 'Check Eligibility', {
		description: 'Whether to check insurance eligibility after creating the patient',
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
		description: 'The insurance company. Expects the Cobalt ID (insurance_provider_id).',
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
		description: 'Why the patient has no email address',
	}),
	pick('pharmacies', 'id', 'pharmacy_id', 'Pharmacy', {
		placeholder: 'Select a pharmacy…',
		idPlaceholder: 'e.g. 7d2e91a0b1c2d3e4f5061728394a5b6c',
		description: "The patient's pharmacy. Expects the Cobalt ID (pharmacy_id).",
	}),
	text('phone', 'Phone', { placeholder: PHONE, read: phone }),
	...responsibleParty,
	nameText('secondary_insurance_name', 'Secondary Insurance Name', { placeholder: 'e.g. Aetna' }),
	identifier('secondary_insurance_subscriber_number', 'Secondary Insurance Subscriber Number', {
		placeholder: 'e.g. W987654321',
	}),
	options('sex', 'Sex', sexes, { initially: 'unknown' }),
	...careTeam,
];
