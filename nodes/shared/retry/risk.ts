/** What matters of a request that did not succeed for whether it is worth sending again. */
export interface PassingRisk {
	/** Whether it can go away by itself. */
	isTransient: boolean;
	/** Whether Cobalt asked to send less at once. */
	isRateLimited?: boolean;
	/** How long Cobalt asked to wait, in milliseconds. */
	retryAfterMs?: number;
}

/** What a thrown error means; undefined for one that nothing is known about. */
export type RiskOf<Risk extends PassingRisk = PassingRisk> = (error: unknown) => Risk | undefined;
