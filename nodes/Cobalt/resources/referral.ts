import { UNDOCUMENTED_EVENTS } from '../../shared/events/terminalEvents';
import { whenTrue } from '../../shared/parsers/boolean';
import { code } from '../../shared/parsers/id';
import { listOf } from '../../shared/parsers/list';
import {
	options,
	codeWord,
	file,
	identifier,
	longText,
	required,
	text,
	boolean,
	type Field,
} from '../declarations/field';
import { JOB_TIMEOUT_SECONDS } from '../declarations/jobTimeout';
import { GET_MANY, type Resource } from '../declarations/operation';
import { pick } from '../declarations/pick';
import { startBeforeEnd } from '../declarations/rules';
import { additionalFields, days, filters, patientMrn } from './sharedFields';

const priorities = [
	{ name: 'Routine', value: 'routine' },
	{ name: 'Stat', value: 'stat' },
	{ name: 'Urgent', value: 'urgent' },
];

const directions = [
	{
		name: 'Incoming',
		value: 'incoming',
		description: 'An outside provider refers the patient to your clinic',
	},
	{
		name: 'Outgoing',
		value: 'outgoing',
		description: 'Your clinic refers the patient to an outside provider',
	},
];

const FROM = { key: 'referring_from_provider_ehr_id', label: 'From Provider', prefix: 'from' };
const TO = { key: 'referring_to_provider_ehr_id', label: 'To Provider', prefix: 'to' };

/**
 * One side is a provider of the clinic, the other one is from the directory of referring providers. Their
 * parameters have different names, so that n8n does not keep a selection when the direction changes.
 */
const side = (
	{ key, label, prefix }: typeof FROM,
	direction: string,
	directory: 'providers' | 'referringProviders',
): Field =>
	pick(directory, 'ehr_id', key, label, {
		name: prefix + (directory === 'providers' ? 'Provider' : 'ReferringProvider'),
		placeholder: 'Select a provider…',
		idPlaceholder: 'e.g. 118',
		description: 'Expects the EHR ID (ehr_id). Enter 0 if there is no provider on this side.',
		show: { direction: [direction] },
	});

export const referral: Resource = {
	value: 'referral',
	name: 'Referral',
	defaultOperation: GET_MANY,
	operations: [
		{
			kind: 'submission',
			value: 'create',
			name: 'Create',
			action: 'Create referral',
			description:
				'Create a referral of a patient from one provider to another in the EHR. Creates a real referral. eClinicalWorks only.',
			method: 'POST',
			path: '/referrals',
			fields: [
				patientMrn(),
				options('direction', 'Direction', directions),
				side(FROM, 'incoming', 'referringProviders'),
				side(TO, 'incoming', 'providers'),
				side(FROM, 'outgoing', 'providers'),
				side(TO, 'outgoing', 'referringProviders'),
				options('priority', 'Priority', priorities),
				longText('reason', 'Reason for Referral', { placeholder: 'e.g. Evaluation of a murmur' }),
			].map(required),
			optional: additionalFields([
				text('diagnosis_codes', 'Diagnosis Codes', {
					read: listOf(code),
					placeholder: 'e.g. R01.1, I10',
					description: 'Comma-separated ICD-10 codes',
				}),
				file('documents', 'Input Data Field Names', {
					name: 'binaryPropertyNames',
					several: true,
					initially: 'data',
					placeholder: 'e.g. data, data1',
					description:
						'Comma-separated names of the input fields with files to attach, about 18 MB in total',
				}),
			]),
			bodyLimit: { bytes: 25_000_000, field: 'documents' },
			subject: ['patient_mrn', 'direction', 'priority'],
			timeoutSeconds: JOB_TIMEOUT_SECONDS.usual,
			recordKey: 'referral_id',
			terminalEvents: UNDOCUMENTED_EVENTS,
		},
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many referrals',
			description: 'Retrieve a list of referrals in a date range, with the IDs of their documents',
			path: '/referrals',
			key: 'referrals',
			pageSize: 100,
			fields: days('to include').map(required),
			optional: filters([
				options('direction', 'Direction', directions),
				identifier('ehr_id', 'EHR ID', {
					placeholder: 'e.g. 90210',
					description: "The referral's EHR ID (ehr_id)",
				}),
				patientMrn(),
				options('priority', 'Priority', priorities),
				boolean('sort', 'Oldest First', {
					name: 'oldestFirst',
					read: whenTrue('created_at'),
					description: 'Whether to sort by oldest first',
				}),
				codeWord('status', 'Status', {
					placeholder: 'e.g. open',
					description: 'The exact status, as returned without this filter',
				}),
			]),
			rules: [startBeforeEnd],
			simplified: [
				'referral_date',
				'status',
				'mrn',
				'patient_first_name',
				'patient_last_name',
				'from_provider_name',
				'to_provider_name',
				'document_ids',
				'ehr_id',
				['referral_id', 'id'],
			],
		},
	],
};
