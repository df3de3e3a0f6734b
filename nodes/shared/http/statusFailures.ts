import { firstText } from '../json';
import { ACCEPTANCE_UNKNOWN, slowDownAdvice, type RequestFailure } from './failure';
import { quotation } from './quote';
import { saysSuccess } from './unwrapResponse';

/** The one error that Cobalt documents with a code of its own. */
export const LOGIN_REQUIRED: RequestFailure = {
	message: 'The EHR login for this access token has expired',
	description:
		"Someone at the clinic has to reconnect the EHR through Cobalt Link: 'Link: Create Token' with the purpose 'Renew an Expired Login' returns the link.",
	mayBeAccepted: false,
	isTransient: false,
	cause: 'credential-invalid',
};

/** The failure for a response in which Cobalt itself says that the request did not succeed. */
export function refusal(
	status: number,
	body: Readonly<Record<string, unknown>>,
	retryAfterMs: number | undefined,
): RequestFailure {
	// A refusal that also names a job contradicts itself: the request may have been accepted.
	if (saysSuccess(body) || firstText(body.job_id) !== undefined) return contradictory(status);
	const certain = { mayBeAccepted: false, isTransient: false, quoted: quotation(body) };
	switch (status) {
		case 401:
			return {
				...certain,
				message: 'Cobalt rejected the keys',
				description:
					"Check 'Client ID', 'Client Secret' and 'Access Token' in the Cobalt credential.",
				cause: 'credential-invalid',
			};
		case 403:
			return {
				...certain,
				message: 'Cobalt does not allow this request',
				description: 'Ask Cobalt to enable this operation for your account and EHR.',
				cause: 'credential-invalid',
			};
		case 404:
			return {
				...certain,
				message: 'Cobalt did not find what was requested',
				description:
					"Check the IDs with the matching 'Get Many' operation. Most records have two: Cobalt's own, and the EHR's (ehr_id).",
			};
		case 408:
			return {
				mayBeAccepted: true,
				isTransient: true,
				message: 'Cobalt stopped waiting for the request (HTTP 408)',
				description: 'Try again later.',
				cause: 'temporarily-unavailable',
			};
		case 413:
			return {
				...certain,
				message: 'The file or a text is too large for Cobalt (HTTP 413)',
				description: 'Make the file or the text smaller, or split it.',
			};
		case 429:
			return {
				mayBeAccepted: false,
				isTransient: true,
				retryAfterMs,
				message: 'Cobalt is limiting requests (HTTP 429)',
				description: slowDownAdvice(retryAfterMs),
				cause: 'rate-limited',
			};
	}
	if (status < 500) {
		const code = status < 300 ? '' : ` (HTTP ${status})`;
		const isSilent = certain.quoted === '';
		return {
			...certain,
			message: isSilent
				? `Cobalt rejected the request without a reason${code}`
				: `Cobalt rejected the request${code}`,
			description: isSilent
				? 'Check the fields of this operation, above all the required ones.'
				: 'Correct what Cobalt names.',
		};
	}
	return {
		mayBeAccepted: true,
		isTransient: true,
		retryAfterMs,
		message: `Cobalt could not process the request (HTTP ${status})`,
		description: 'Try again later. If it keeps happening, contact Cobalt support.',
		cause: 'temporarily-unavailable',
	};
}

/** The failure for a response that says both that the request succeeded and that it did not. */
function contradictory(status: number): RequestFailure {
	return {
		...ACCEPTANCE_UNKNOWN,
		message: `Cobalt's response contradicts itself (HTTP ${status})`,
		description: 'Try again later. If it keeps happening, contact Cobalt support.',
	};
}
