import { slowDownAdvice, type RequestFailure } from './failure';
import { quotation } from './quote';

/**
 * Statuses about the request alone (RFC 9110; 429 and 431: RFC 6585): it was not carried out, whoever
 * responded. Any other status, even a 403 or 404, may be a gateway's verdict on Cobalt's response: some
 * proxies inspect responses.
 */
const NOT_CARRIED_OUT = new Set([
	307, 308, 401, 405, 407, 411, 413, 414, 415, 417, 421, 426, 428, 429, 431,
]);

/**
 * The failure for a response from a firewall, a login page, a gateway or a proxy instead of Cobalt. It says
 * nothing about the resource, and may be gone on the next try.
 *
 * @param body the response's text, parsed, if it is a JSON object
 */
export function fromElsewhere(
	{ status, body: text }: { status: number; body: string },
	body: Readonly<Record<string, unknown>> | undefined,
	retryAfterMs: number | undefined,
): RequestFailure {
	const mayBeAccepted = !NOT_CARRIED_OUT.has(status);
	const found = text.trim().startsWith('<') ? `HTTP ${status}, a web page` : `HTTP ${status}`;
	const isPage = body === undefined && text.trim() !== '';
	const responded = isPage ? 'responded' : 'seems to have responded';
	const why = status === 413 ? ': the file or a text is too large' : '';

	return {
		message: `Something in between ${responded} instead of Cobalt (${found})${why}`,
		...(!mayBeAccepted && { quoted: quotation(body) }),
		description: adviceFor(status, retryAfterMs),
		mayBeAccepted,
		isTransient: true,
		retryAfterMs,
		isFromElsewhere: true,
		cause: status === 429 ? 'rate-limited' : 'temporarily-unavailable',
	};
}

function adviceFor(status: number, retryAfterMs: number | undefined): string {
	if (status === 429) return slowDownAdvice(retryAfterMs);
	if (status >= 300 && status < 400) {
		return "Check 'Base URL' in the Cobalt credential, and whether a login page or a proxy is in between. The response was a redirect, which is not followed, to protect your keys.";
	}
	if (status === 413) return 'Make the file or the text smaller, or split it.';
	if (status === 407) {
		return 'Check the proxy settings of this n8n: a proxy between n8n and Cobalt requires a login.';
	}
	return "Check 'Base URL' in the Cobalt credential, and the network of this n8n: a proxy, a firewall or a login page may be in between. Then try again.";
}

/** The failure for a proxy that refused to connect to Cobalt: nothing was sent. */
export function tunnelRefused(status: number): RequestFailure {
	return {
		message: `Could not connect to Cobalt: a proxy refused the connection (HTTP ${status})`,
		description: 'Check the proxy settings of this n8n.',
		mayBeAccepted: false,
		isTransient: true,
		cause: 'temporarily-unavailable',
	};
}
