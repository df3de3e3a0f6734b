import type { RecordList } from '../../shared/pagination/findRecord';
import { id } from '../../shared/parsers/id';
import { field, type Field } from '../declarations/field';
import { locatorQuery } from '../parsers/resourceLocator';

/**
 * Cobalt's copy of the EHR. The only id of a patient that its documentation shows is the MRN
 * (docs/api-notes.md, "What the documents do not say").
 */
export const patients: RecordList = {
	path: '/patients',
	key: 'patients',
	pageSize: 50,
	noun: 'patient',
	shown: ['mrn'],
	adviceIfNone:
		"Check it. The copy may be behind the EHR: 'Patient: Fetch Live' reads the EHR itself, in eClinicalWorks only.",
	adviceWithoutId:
		"It depends on the account whether the list has it. Nothing was sent. 'Patient: Fetch Live' returns the ID as 'id' of each of its 'patients': choose 'By Cobalt ID' and enter that.",
};

const MRN_QUERY = { filter: 'mrn', label: 'MRN' };

const BY_MRN = { mode: 'mrn', value: '' };

/** A patient in the list above. The mode decides which filter is sent; a value without one is an MRN. */
export const patientToGet: Field = {
	...field(
		'mrn or ehr_id',
		'Patient',
		{
			name: 'patient',
			description: 'The patient to retrieve',
			read: locatorQuery(
				id,
				{ mrn: MRN_QUERY, ehrId: { filter: 'ehr_id', label: 'EHR ID' } },
				'mrn',
			),
		},
		{
			type: 'resourceLocator',
			default: BY_MRN,
			modes: [
				{ displayName: 'By MRN', name: 'mrn', type: 'string', placeholder: 'e.g. 44235' },
				{ displayName: 'By EHR ID', name: 'ehrId', type: 'string', placeholder: 'e.g. 90210' },
			],
		},
	),
	asTool: { displayName: 'Patient MRN' },
};

/** A patient in the path. This used to be a text field, so a value without a mode is Cobalt's ID. */
export const patientToUpdate: Field = {
	...field(
		'id',
		'Patient',
		{
			name: 'patientId',
			description:
				"The patient to update. The Cobalt ID (patient_id) is returned by 'Patient: Create'. With an MRN, it is looked up in Cobalt's list of patients, which does not show it in every account.",
			read: locatorQuery(id, { mrn: MRN_QUERY }),
		},
		{
			type: 'resourceLocator',
			default: { mode: 'id', value: '' },
			modes: [
				{
					displayName: 'By Cobalt ID',
					name: 'id',
					type: 'string',
					placeholder: 'e.g. 2b6d8f1a3c5e7092b4d6f8a0c2e4f608',
				},
				{ displayName: 'By MRN', name: 'mrn', type: 'string', placeholder: 'e.g. 44235' },
			],
		},
	),
	// A model that has searched for the patient knows the MRN, and in many accounts nothing else.
	asTool: { displayName: 'Patient MRN', default: BY_MRN },
};
