import { firstText } from '../json';
import { ACCEPTANCE_UNKNOWN, slowDownAdvice, type RequestFailure } from './failure';
import { quotation } from './quote';
import { saysSuccess } from './unwrapResponse';

/** The one error that Cobalt documents with a code of its own. */
export const LOGIN_REQUIRED: RequestFailure = {
	message: 'The EHR login behind this access token has expired',
	description:
		"Somebody has to sign in to the EHR again, through Cobalt Link (update mode). 'Link: Create Token' gives the link for it.",
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
				message: 'Cobalt does not accept these keys',
				description: 'Check Client ID, Client Secret and Access Token in the Cobalt credential.',
				cause: 'credential-invalid',
			};
		case 403:
			return {
				...certain,
				message: 'Cobalt does not allow this request',
				description: 'Ask Cobalt whether this account and EHR may use this operation.',
				cause: 'credential-invalid',
			};
		case 404:
			return {
				...certain,
				message: 'Cobalt could not find this',
				description: 'Check the IDs. Lists of the records that Cobalt knows show the valid ones.',
			};
		case 408:
			return {
				mayBeAccepted: true,
				isTransient: true,
				message: 'Cobalt gave up waiting for the request (HTTP 408)',
				description: 'Try again later.',
				cause: 'temporarily-unavailable',
			};
		case 413:
			return {
				...certain,
				message: 'The file, or a text, is too large for Cobalt (HTTP 413)',
				description: 'Nothing was submitted. Make the file smaller, or split it.',
			};
		case 429:
			return {
				mayBeAccepted: false,
				isTransient: true,
				retryAfterMs,
				message: 'Cobalt asks to slow down: too many requests',
				description: slowDownAdvice(retryAfterMs),
				cause: 'rate-limited',
			};
	}
	if (status < 500) {
		return {
			...certain,
			message: `Cobalt did not accept the request${status < 300 ? '' : ` (HTTP ${status})`}`,
			description: 'Check the fields of this operation.',
		};
	}
	return {
		mayBeAccepted: true,
		isTransient: true,
		retryAfterMs,
		message: `Cobalt could not handle the request (HTTP ${status})`,
		description: 'Try again later. If it stays like this, tell Cobalt support.',
		cause: 'temporarily-unavailable',
	};
}

/** The failure for a response that says both that the request succeeded and that it did not. */
function contradictory(status: number): RequestFailure {
	return {
		...ACCEPTANCE_UNKNOWN,
		message: `Cobalt's answer contradicts itself (HTTP ${status})`,
		description: 'Try again later. If it stays like this, tell Cobalt support.',
	};
}
