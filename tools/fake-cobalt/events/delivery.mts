/** Whether an event reached one URL: it says nothing of how the EHR work went. */
export interface Delivery {
	url: string;
	status: 'success' | 'failed' | 'pending';
	attempts: number;
	/** By Cobalt's own clock. */
	lastAttempt: string | null;
	responseStatusCode: number | null;
}

const BADNESS = { success: 0, pending: 1, failed: 2 };

/** The one that went worst, the first among equals. */
export function worstOf(deliveries: readonly Delivery[]): Delivery {
	return deliveries.reduce((worst, next) =>
		BADNESS[next.status] > BADNESS[worst.status] ? next : worst,
	);
}
