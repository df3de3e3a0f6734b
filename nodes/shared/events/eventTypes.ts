/** An event type that Cobalt's documents name. */
export interface EventType {
	value: string;
	/** Shown to users, with its group first so that the list sorts by group. */
	name: string;
	description: string;
}

/**
 * The known event types (docs/api-notes.md). `note.uploaded` and `appointment.cancelled` are named only on
 * some pages. Types whose names are not documented are entered as text.
 */
export const eventTypes: readonly EventType[] = [
	{
		name: 'Account: Login Required',
		value: 'access_token.login_required',
		description: 'The EHR login behind an access token has expired: somebody must renew it',
	},
	{
		name: 'Account: Password Change Warning',
		value: 'access_token.password_change_warning',
		description: 'The EHR will soon ask for a new password (eClinicalWorks)',
	},
	{
		name: 'EHR or Operation: Appointment Created',
		value: 'appointment.created',
		description: "Booked by the staff in the EHR, or by an operation of Cobalt: see 'Source'",
	},
	{
		name: 'EHR or Operation: Appointment Status Updated',
		value: 'appointment.status_updated',
		description: 'The status of an appointment is another one, with the one before',
	},
	{
		name: 'EHR or Operation: Appointment Updated',
		value: 'appointment.updated',
		description: "Changed by the staff in the EHR, or by an operation of Cobalt: see 'Source'",
	},
	{
		name: 'EHR: Appointment Canceled',
		value: 'appointment.cancelled',
		description: 'Only on an older page of the documents. Newer ones have a change of status.',
	},
	{
		name: 'EHR: Patient Updated',
		value: 'patient.updated',
		description: 'The staff changed data of a patient. The event says which fields.',
	},
	{
		name: 'Operation: Appointment Failed',
		value: 'appointment.failed',
		description: 'The EHR did not take a booking or a change, with the reason',
	},
	{
		name: 'Operation: Appointments Fetched Live',
		value: 'appointment.live_fetch_completed',
		description: 'The result of Appointment: Fetch Live',
	},
	{
		name: 'Operation: Availability Fetched Live',
		value: 'availability.live_fetch_completed',
		description: 'The result of Availability: Fetch Live',
	},
	{
		name: 'Operation: Document Upload Failed',
		value: 'document.upload_failed',
		description: 'The EHR did not take a document, with the reason',
	},
	{
		name: 'Operation: Document Uploaded',
		value: 'document.uploaded',
		description: "A document is in the patient's chart",
	},
	{
		name: 'Operation: Insurance Added',
		value: 'patient.insurance.added',
		description: 'A patient has a new insurance',
	},
	{
		name: 'Operation: Insurance Failed',
		value: 'patient.insurance.failed',
		description: 'The EHR did not take an insurance, with the reason',
	},
	{
		name: 'Operation: Insurance Updated',
		value: 'patient.insurance.updated',
		description: 'An insurance of a patient was changed',
	},
	{
		name: 'Operation: Note Created',
		value: 'note.created',
		description: "A note is in the patient's chart. Some accounts get Note Uploaded instead.",
	},
	{
		name: 'Operation: Note Uploaded',
		value: 'note.uploaded',
		description: "A note is in the patient's chart. Some accounts get Note Created instead.",
	},
	{
		name: 'Operation: Patient Created',
		value: 'patient.created',
		description: 'A patient was registered',
	},
	{
		name: 'Operation: Patient Failed',
		value: 'patient.failed',
		description: 'The EHR did not register a patient, with the reason',
	},
	{
		name: 'Operation: Patients Fetched Live',
		value: 'patient.live_fetch_completed',
		description: 'The result of Patient: Fetch Live',
	},
	{
		name: 'Operation: Task Created',
		value: 'task.created',
		description: 'A task is in the EHR',
	},
];

const documentedTypes: ReadonlySet<string> = new Set(eventTypes.map(({ value }) => value));

/**
 * An event type in the spelling of Cobalt's documentation (`appointment.live_fetch_completed`), regardless
 * of capitals and spaces; also for types that are not documented.
 */
export function normalizeEventType(type: string): string {
	return type
		.trim()
		.toLowerCase()
		.replace(/\s*\.\s*/g, '.')
		.replace(/\s+/g, '_');
}

/** The event type for a filter: only the user knows how Cobalt spells an undocumented type. */
export function eventTypeToAskFor(entered: string): string {
	const type = normalizeEventType(entered);
	return documentedTypes.has(type) ? type : entered;
}
