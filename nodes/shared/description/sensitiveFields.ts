/** Fields of the items that hold patient data, or secrets. */
const SENSITIVE = [
	'mrn',
	'patient_mrn',
	'patient_name',
	'patient_first_name',
	'patient_last_name',
	'first_name',
	'last_name',
	'dob',
	'date_of_birth',
	'patient_dob',
	'sex',
	'phone',
	'cell_phone',
	'patient_phone',
	'email',
	'address',
	'insurance',
	'insurance_number',
	'insurance_subscriber',
	'subscriber_name',
	'subscriber_member_id',
	'diagnoses',
	'diagnosis_codes',
	'medications',
	'reason',
	'note',
	'progress_note',
	'subject',
	'description',
	'lab_results',
	// Results of live fetches.
	'appointments',
	'patients',
	// May name another patient.
	'conflict_details',
	// Changes made by the clinic's staff.
	'updated_fields',
	'webhook_secret',
	'webhook_secret_key',
	'secret',
	'link_url',
];

/** Where these fields occur: in simplified items, raw items, and items of the event log. */
const INSIDE = ['', 'data.', 'event.data.', 'webhook.'];

/** In the details of failed items, whose `description` is this node's own text. */
const inDetails = [...SENSITIVE, 'event_description']
	.filter((field) => field !== 'description')
	.map((field) => `details.${field}`);

/** Paths into an item that n8n is asked to redact. Older hosts ignore them. */
export const sensitiveFields: string[] = [
	...INSIDE.flatMap((prefix) => SENSITIVE.map((field) => prefix + field)),
	...inDetails,
	// What Validate Only would have sent: the path may have an MRN.
	'request.path',
	'request.body',
];
