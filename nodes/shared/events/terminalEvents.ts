/** The event types that end the jobs of an operation, as far as Cobalt documents them. */
export interface TerminalEvents {
	completed: readonly string[];
	failed: readonly string[];
}

/**
 * All of them, for events whose operation is unknown. No type is a success for one operation and a failure
 * for another.
 */
export const DOCUMENTED_EVENTS: TerminalEvents = {
	completed: [
		'appointment.created',
		'appointment.live_fetch_completed',
		'appointment.updated',
		'availability.live_fetch_completed',
		'document.uploaded',
		'note.created',
		'note.uploaded',
		'patient.created',
		'patient.insurance.added',
		'patient.insurance.updated',
		'patient.live_fetch_completed',
		'task.created',
	],
	failed: [
		'appointment.failed',
		'document.upload_failed',
		'patient.failed',
		'patient.insurance.failed',
	],
};

/** For operations without documented event types, and for jobs known only by their ids. */
export const UNDOCUMENTED_EVENTS: TerminalEvents = { completed: [], failed: [] };
