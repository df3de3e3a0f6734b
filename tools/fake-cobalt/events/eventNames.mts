/** The event types for EHR work that is done, and for work that failed. */
export interface Names {
	done: string;
	failed: string;
}

/** Names that are shown in the documents. A failed update of an appointment has none of its
 * own and takes that of the booking. */
const documented = {
	'appointment.create': { done: 'appointment.created', failed: 'appointment.failed' },
	'appointment.update': { done: 'appointment.updated', failed: 'appointment.failed' },
	'patient.create': { done: 'patient.created', failed: 'patient.failed' },
	'patient.insurance.add': {
		done: 'patient.insurance.added',
		failed: 'patient.insurance.failed',
	},
	'patient.insurance.update': {
		done: 'patient.insurance.updated',
		failed: 'patient.insurance.failed',
	},
	'document.upload': { done: 'document.uploaded', failed: 'document.upload_failed' },
} satisfies Record<string, Names>;

/**
 * INVENTED NAMES. The documents say that these events exist, but the part with their names was cut off.
 * These have the shape of the visible ones; a client must not rely on them. Where `done` is documented, only
 * `failed` is invented.
 */
const invented = {
	// Documented: task.created.
	'task.create': { done: 'task.created', failed: 'task.failed' },
	// Documented: note.created, and note.uploaded in its place.
	'note.create': { done: 'note.created', failed: 'note.failed' },
	// Documented: *.live_fetch_completed.
	'appointment.fetch': {
		done: 'appointment.live_fetch_completed',
		failed: 'appointment.live_fetch_failed',
	},
	'patient.fetch': { done: 'patient.live_fetch_completed', failed: 'patient.live_fetch_failed' },
	'availability.fetch': {
		done: 'availability.live_fetch_completed',
		failed: 'availability.live_fetch_failed',
	},
	'patient.update': { done: 'patient.updated', failed: 'patient.update_failed' },
	'patient_note.create': { done: 'patient_note.created', failed: 'patient_note.failed' },
	'task.note': { done: 'task_note.created', failed: 'task_note.failed' },
	'message.create': { done: 'message.created', failed: 'message.failed' },
	'referring_provider.create': {
		done: 'referring_provider.created',
		failed: 'referring_provider.failed',
	},
	'referral.create': { done: 'referral.created', failed: 'referral.failed' },
	'telephone_encounter.create': {
		done: 'telephone_encounter.created',
		failed: 'telephone_encounter.failed',
	},
	'telephone_encounter.action': {
		done: 'telephone_encounter.action.created',
		failed: 'telephone_encounter.action.failed',
	},
	'payment.create': { done: 'payment.created', failed: 'payment.failed' },
	'claim.create': { done: 'claim.created', failed: 'claim.failed' },
} satisfies Record<string, Names>;

export const eventNames = { ...documented, ...invented };

/** The kind of a submission, as job plans name it. */
export type Kind = keyof typeof eventNames;

/** Live fetches have an envelope of their own. */
export function isLiveFetch(type: string): boolean {
	return type.includes('.live_fetch_');
}
