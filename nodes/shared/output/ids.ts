import type { IDataObject } from 'n8n-workflow';

/**
 * All columns of *IDs Only*. Cobalt's IDs are useless without the client's keys. A number of the EHR, such as
 * an MRN, identifies the patient to everyone who works at the clinic, so none is listed here.
 */
const ID_COLUMNS: ReadonlySet<string> = new Set([
	// The result of the item.
	'job_status',
	'created',
	'deleted',
	'done_by_earlier_try',
	'found_in_list',
	'validation',
	'would_create',
	// The job, the event and the clinic.
	'job_id',
	'event_id',
	'event_digest',
	'event_type',
	'access_token_reference_id',
	// Cobalt's IDs of records.
	'action_id',
	'appointment_id',
	'claim_id',
	'document_id',
	'document_ids',
	'eligibility_check_id',
	'facility_id',
	'insurance_provider_id',
	'line_number',
	'location_id',
	'message_id',
	'order_id',
	'patient_id',
	'patient_insurance_id',
	'patient_note_id',
	'payment_id',
	'pharmacy_id',
	'provider_id',
	'referral_id',
	'referring_provider_id',
	'task_id',
	'task_note_id',
	'telephone_encounter_id',
	'webhook_id',
]);

/** Whether a column holds no patient data. */
export const isIdColumn = (name: string): boolean => ID_COLUMNS.has(name);

/**
 * How IDs, codes and event types look. None of the documented ones has a space or an @, as names and addresses
 * do, or is a date.
 */
const ID = /^(?!\d{4}-\d\d-\d\d)[\w.:+/=-]{1,64}$/;

/** Shown in place of what is not an ID. */
const LEFT_OUT = '***';

const isId = (value: unknown): boolean => ID.test(String(value));

/** An ID, a code or a name of a field in a text or a log line. Anything else may be patient data. */
export const idInText = (value: unknown): string => (isId(value) ? String(value) : LEFT_OUT);

/** Columns whose values are not Cobalt's: a text of this node, and what the user named the clinic. */
const FREE_TEXT: ReadonlySet<string> = new Set(['validation', 'access_token_reference_id']);

/** The columns of an item without patient data. A value that is no ID becomes null, so that no column is missing. */
export const idsIn = (json: IDataObject): IDataObject =>
	Object.fromEntries(
		Object.entries(json)
			.filter(([name]) => isIdColumn(name))
			.map(([name, value]) => [
				name,
				[value].flat().every((one) => isHarmless(name, one)) ? value : null,
			]),
	);

function isHarmless(name: string, value: unknown): boolean {
	if (typeof value === 'object') return value === null;
	return value === '' || FREE_TEXT.has(name) || isId(value);
}
