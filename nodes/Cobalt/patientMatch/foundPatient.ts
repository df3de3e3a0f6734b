import type { IDataObject } from 'n8n-workflow';

import { firstText } from '../../shared/json';
import { submittedColumns } from '../declarations/columns';
import type { Submission } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import type { Result } from '../run/result';

/** Status of a patient whom Cobalt is still creating in the EHR. */
const IN_PROGRESS = 'pending';

/** The columns of every raw item, found or created. */
const RAW_COLUMNS = {
	job_status: null,
	created: null,
	patient_id: null,
	job_id: null,
	submission: null,
	event: null,
	record: null,
};

/**
 * The output for a patient.
 *
 * @param operation the one that finds or creates it
 * @param created whether this item created the patient
 * @param known what is known, by column
 */
export function patientJson(
	{ output, values }: ItemInput,
	operation: Submission,
	created: boolean,
	known: IDataObject,
): IDataObject {
	const columns = output.kind === 'raw' ? RAW_COLUMNS : submittedColumns(operation, values);
	return { ...columns, ...known, created };
}

/** The result of an item whose patient is in Cobalt's list. */
export function foundPatient(input: ItemInput, operation: Submission, record: IDataObject): Result {
	const { patient_id, mrn } = patientIds(record);
	const json = patientJson(input, operation, false, {
		patient_id,
		job_status: record.status === IN_PROGRESS ? 'pending' : 'completed',
		...(input.output.kind === 'raw' ? { record } : { mrn }),
	});
	return { status: 'succeeded', outputs: [{ json }], isWritten: false };
}

/** The IDs of a patient in Cobalt's list; null for those that it leaves out. */
export function patientIds({ patient_id, id, mrn }: IDataObject) {
	return { patient_id: firstText(patient_id, id) ?? null, mrn: firstText(mrn) ?? null };
}
