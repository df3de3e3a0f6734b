/** Why a request failed, for hosts that treat some failures in a way of their own (n8n 2.37 and later). */
type FailureKind =
	'rate-limited' | 'temporarily-unavailable' | 'credential-invalid' | 'configuration-invalid';

/** What is known about a failed request. Holds no secret, and no patient data of ours. */
export interface RequestFailure {
	/** What happened, for the person who built the workflow. */
	message: string;
	/**
	 * Cobalt's own text, which ends the message. Present only if Cobalt certainly did not accept the request. It
	 * may contain patient data.
	 */
	quoted?: string;
	/** How to remove the cause. Whether to send the request again is up to the caller. */
	description: string;
	/** HTTP status, if there was a response. */
	status?: number;
	/**
	 * Whether Cobalt may have accepted the request. False only where that is impossible: then, and only
	 * then, a submission may be sent again.
	 */
	mayBeAccepted: boolean;
	/** Whether the cause can go away by itself, so that a later retry makes sense. */
	isTransient: boolean;
	/** Whether something other than Cobalt responded: then a submission is not retried automatically. */
	isFromElsewhere?: boolean;
	/** How long Cobalt asked to wait, in milliseconds. */
	retryAfterMs?: number;
	cause?: FailureKind;
}

/** For responses that do not show whether the request was accepted. */
export const ACCEPTANCE_UNKNOWN = { mayBeAccepted: true, isTransient: true } as const;

/** What to do when Cobalt, or a gateway in front of it, asks to slow down. */
export const slowDownAdvice = (retryAfterMs: number | undefined): string =>
	retryAfterMs
		? `Try again in ${Math.ceil(retryAfterMs / 1000)} seconds, with fewer items at once.`
		: 'Try again in a minute, with fewer items at once.';
