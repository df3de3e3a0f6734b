/** An event type that Cobalt documents. */
export interface EventType {
	value: string;
	/**
	 * Shown to users. It starts with the object: n8n's lint rules require sorted options, and so appointment
	 * events come first. Rarely used types start with another word.
	 */
	name: string;
	description: string;
}

/**
 * The known event types. `note.uploaded` and `appointment.cancelled` are named only on some pages
 * (docs/api-notes.md, "What the documents disagree on"). Types whose names are not documented are entered as
 * text.
 */
export const eventTypes: readonly EventType[] = [
	{
		name: 'Appointment Canceled',
		value: 'appointment.cancelled',
		description:
			"The appointment was canceled. Most accounts get 'Appointment Status Updated' instead: select both.",
	},
	{
		name: 'Appointment Created',
		value: 'appointment.created',
		description: "Booked by clinic staff or through Cobalt. Use 'Source' to tell them apart.",
	},
	{
		name: 'Appointment Booking Failed',
		value: 'appointment.failed',
		description: 'The EHR rejected a booking made through Cobalt. Includes the reason.',
	},
	{
		name: 'Live Fetch of Appointments Completed',
		value: 'appointment.live_fetch_completed',
		description: "The result of 'Appointment: Fetch Live'",
	},
	{
		name: 'Appointment Status Updated',
		value: 'appointment.status_updated',
		description: 'The status of an appointment changed. Includes the previous status.',
	},
	{
		name: 'Appointment Updated',
		value: 'appointment.updated',
		description: "Changed by clinic staff or through Cobalt. Use 'Source' to tell them apart.",
	},
	{
		name: 'Live Fetch of Availability Completed',
		value: 'availability.live_fetch_completed',
		description: "The result of 'Availability: Fetch Live'",
	},
	{
		name: 'Document Upload Failed',
		value: 'document.upload_failed',
		description: 'The EHR rejected a document. Includes the reason.',
	},
	{
		name: 'Document Uploaded',
		value: 'document.uploaded',
		description: "A document was added to the patient's chart",
	},
	{
		name: 'EHR Login Expired',
		value: 'access_token.login_required',
		description:
			'The EHR login behind an access token has expired. Someone at the clinic must sign in again.',
	},
	{
		name: 'EHR Password Change Warning',
		value: 'access_token.password_change_warning',
		description: 'The EHR password must be changed soon (eClinicalWorks)',
	},
	{
		name: 'Insurance Added',
		value: 'patient.insurance.added',
		description: 'An insurance policy was added to a patient',
	},
	{
		name: 'Insurance Failed',
		value: 'patient.insurance.failed',
		description: 'The EHR rejected an insurance policy. Includes the reason.',
	},
	{
		name: 'Insurance Updated',
		value: 'patient.insurance.updated',
		description: "A patient's insurance policy was updated",
	},
	{
		name: 'Note Created',
		value: 'note.created',
		description:
			"A note was added to the patient's chart. Some accounts get 'Note Uploaded' instead: select both.",
	},
	{
		name: 'Note Uploaded',
		value: 'note.uploaded',
		description:
			"A note was added to the patient's chart. Some accounts get 'Note Created' instead: select both.",
	},
	{
		name: 'Patient Created',
		value: 'patient.created',
		description:
			'A patient was created through Cobalt. Do not expect this event for patients that clinic staff create.',
	},
	{
		name: 'Patient Creation Failed',
		value: 'patient.failed',
		description: 'The EHR rejected a new patient. Includes the reason.',
	},
	{
		name: 'Live Fetch of Patients Completed',
		value: 'patient.live_fetch_completed',
		description: "The result of 'Patient: Fetch Live'",
	},
	{
		name: 'Patient Updated',
		value: 'patient.updated',
		description: "Clinic staff changed a patient's details. Includes the changed fields.",
	},
	{
		name: 'Task Created',
		value: 'task.created',
		description: 'A task was created through Cobalt',
	},
];

const documentedTypes: ReadonlySet<string> = new Set(eventTypes.map(({ value }) => value));

/**
 * An event type in the form that Cobalt documents (`appointment.live_fetch_completed`), whatever its case and
 * spaces; also for undocumented types.
 */
export function normalizeEventType(type: string): string {
	return type
		.trim()
		.toLowerCase()
		.replace(/\s*\.\s*/g, '.')
		.replace(/\s+/g, '_');
}

/** The event type to filter by: an undocumented type as entered, because only the user knows its exact form. */
export function eventTypeToAskFor(entered: string): string {
	const type = normalizeEventType(entered);
	return documentedTypes.has(type) ? type : entered;
}
