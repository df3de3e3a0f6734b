import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import type { Simplified } from '../../shared/normalize/normalize';
import { toggle } from '../../shared/parsers/boolean';
import {
	birthday,
	options,
	identifier,
	nameText,
	required,
	multiOptions,
	text,
	boolean,
	formOnly,
} from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import type { Resource } from '../declarations/operation';
import { atLeastOneOf, when } from '../declarations/rules';
import { phone, usState, zipCode } from '../parsers/contact';
import { matchKey, personKey } from '../patientMatch/patientMatch';
import {
	PHONE,
	address,
	careTeam,
	dateOfBirth,
	emailAddress,
	firstName,
	lastName,
	matchBy,
	moreOfANewPatient,
	namedResponsibleParty,
} from './patientFields';
import { patients, patientToGet, patientToUpdate } from './patientList';
import { PART_OF_NAME, additionalFields, filters, patientMrn, updateFields } from './sharedFields';

const searchFor = (...values: string[]) => ({ show: { searchBy: values } });

const simplified: Simplified = [
	'mrn',
	'first_name',
	'last_name',
	'dob',
	'sex',
	'phone',
	'email',
	'status',
	'ehr_id',
	['patient_id', 'id'],
];

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
			description: 'Create a new patient in the EHR. Creates a real record.',
			method: 'POST',
			path: '/patients',
			fields: [firstName, lastName, dateOfBirth].map(required),
			optional: additionalFields(moreOfANewPatient),
			rules: namedResponsibleParty,
			requiredBySettings: 'required_patient_fields',
			subject: ['mrn', 'first_name', 'last_name', 'dob'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
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
				"Retrieve patients directly from the EHR, with their medications and pharmacies. Slower than 'Get Many', but always current. eClinicalWorks only.",
			method: 'POST',
			path: '/patients/fetch',
			isRead: true,
			fields: [
				...[
					options('search_by', 'Search By', [
						{ name: 'Date of Birth', value: 'dob' },
						{ name: 'Name', value: 'name' },
						{ name: 'Patient MRN', value: 'mrn' },
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
						description: 'Works in eClinicalWorks only',
					},
					{ name: 'Tasks', value: 'tasks' },
				]),
			]),
			rules: [when('search_by', 'name', atLeastOneOf('first_name', 'last_name'))],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.slow,
			terminalEvents: { completed: ['patient.live_fetch_completed'], failed: [] },
			eventData: ['success', 'patient_count', 'patients'],
		},
		{
			kind: 'submission',
			value: 'findOrCreate',
			name: 'Find or Create',
			action: 'Find or create patient',
			description:
				"Find a patient by name and date of birth in Cobalt's copy of the EHR, which may be behind, or create a new one in the EHR. Creates a real record. Fails if several match.",
			method: 'POST',
			path: '/patients',
			fields: [...[firstName, lastName, dateOfBirth].map(required), formOnly(matchBy)],
			optional: additionalFields(moreOfANewPatient),
			rules: namedResponsibleParty,
			requiredBySettings: 'required_patient_fields',
			findsFirst: { list: patients, identityOf: matchKey, subjectOf: personKey },
			subject: ['mrn', 'first_name', 'last_name', 'dob'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'patient_id',
			terminalEvents: { completed: ['patient.created'], failed: ['patient.failed'] },
			eventData: ['mrn'],
		},
		{
			kind: 'record',
			value: 'get',
			name: 'Get',
			action: 'Get patient',
			description:
				"Retrieve a patient from Cobalt's copy of the EHR. The item fails unless exactly one patient has this MRN or EHR ID.",
			path: patients.path,
			key: patients.key,
			foundIn: patients,
			fields: [required(patientToGet)],
			simplified,
		},
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many patients',
			description:
				"Retrieve a list of patients from Cobalt's copy of the EHR, filtered by name, date of birth, phone or IDs",
			path: patients.path,
			key: patients.key,
			pageSize: patients.pageSize,
			fields: [],
			optional: filters([
				dateOfBirth,
				identifier('ehr_id', 'EHR ID', {
					placeholder: 'e.g. 90210',
					description: "The patient's ID in the EHR",
				}),
				nameText('first_name', 'First Name', {
					placeholder: 'e.g. jan',
					description: PART_OF_NAME,
				}),
				nameText('last_name', 'Last Name', {
					placeholder: 'e.g. smi',
					description: PART_OF_NAME,
				}),
				patientMrn('mrn'),
				text('phone', 'Phone', { placeholder: PHONE, read: phone }),
			]),
			simplified,
		},
		{
			kind: 'submission',
			value: 'update',
			name: 'Update',
			action: 'Update patient',
			description: "Update a patient's contact details, address or care team in the EHR",
			method: 'PATCH',
			path: '/patients/{id}',
			fields: [required(patientToUpdate)],
			idFoundIn: patients,
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
					description: "Whether to keep the replaced address in the patient's record",
				}),
				...careTeam,
			]),
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'patient_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
	],
};
