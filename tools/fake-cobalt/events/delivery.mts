/** The delivery of an event to one URL. It says nothing about the outcome of the EHR work. */
export interface Delivery {
	url: string;
	status: 'success' | 'failed' | 'pending';
	attempts: number;
	/** By Cobalt's own clock. */
	lastAttempt: string | null;
	responseStatusCode: number | null;
}

const BADNESS = { success: 0, pending: 1, failed: 2 };

/** The delivery with the worst status, the first among equals. */
export function worstOf(deliveries: readonly Delivery[]): Delivery {
	return deliveries.reduce((worst, next) =>
		BADNESS[next.status] > BADNESS[worst.status] ? next : worst,
	);
}
