import type { IDataObject } from 'n8n-workflow';

import { firstText } from '../../shared/json';
import type { ItemInput } from '../parameters/itemInput';
import type { Result } from '../run/result';

/** Status of a patient whom Cobalt is still creating in the EHR. */
const IN_PROGRESS = 'pending';

/** The columns of every item, found or created, in the order of Patient: Create. */
const COLUMNS = { patient_id: null, created: null, job_id: null, job_status: null };

const SIMPLIFIED_COLUMNS = {
	...COLUMNS,
	event_id: null,
	event_type: null,
	event_created_at: null,
	mrn: null,
};

const RAW_COLUMNS = { ...COLUMNS, submission: null, event: null, record: null };

/**
 * The output for a patient.
 *
 * @param created whether this item created the patient
 * @param known what is known, by column
 */
export function patientJson(
	{ simplify: isSimplified }: ItemInput,
	created: boolean,
	known: IDataObject,
): IDataObject {
	return { ...(isSimplified ? SIMPLIFIED_COLUMNS : RAW_COLUMNS), ...known, created };
}

/** The result of an item whose patient is in Cobalt's list. */
export function foundPatient(input: ItemInput, record: IDataObject): Result {
	const { patient_id, mrn } = patientIds(record);
	const json = patientJson(input, false, {
		patient_id,
		job_status: record.status === IN_PROGRESS ? 'pending' : 'completed',
		...(input.simplify ? { mrn } : { record }),
	});
	return { status: 'succeeded', outputs: [{ json }], isWritten: false };
}

/** The IDs of a patient in Cobalt's list; null for what it leaves out. */
export function patientIds({ patient_id, id, mrn }: IDataObject) {
	return { patient_id: firstText(patient_id, id) ?? null, mrn: firstText(mrn) ?? null };
}
