import { firstText, isObject, parseJson } from '../json';
import { MAX_LEVELS, withinLevels } from '../nesting';
import { quoteOf } from './quote';
import { isCobaltBody, saysFailure, saysSuccess } from './unwrapResponse';

/** Why the host may want to treat a request that did not succeed in its own way (n8n 2.37 and later). */
type FailureKind =
	'rate-limited' | 'temporarily-unavailable' | 'credential-invalid' | 'configuration-invalid';

/** What is known about a request that did not succeed. Holds no secret and no patient data of ours. */
export interface RequestFailure {
	/**
	 * What happened, for the person who built the workflow. Quotes Cobalt only where the request was
	 * certainly not taken.
	 */
	message: string;
	/** What to do about the cause. Whether to send again is for the caller to say. */
	description: string;
	/** HTTP status, where there was an answer. */
	status?: number;
	/**
	 * Whether Cobalt may have taken the request. False only where that is certain: then, and only
	 * then, a submission may be sent again.
	 */
	mayBeAccepted: boolean;
	/** Whether it can go away by itself, so that a later look is worth making. */
	isTransient: boolean;
	/** Whether something other than Cobalt answered: then a submission is not sent again unasked. */
	isFromElsewhere?: boolean;
	/** How long Cobalt asked to wait, in milliseconds. */
	retryAfterMs?: number;
	cause?: FailureKind;
}

/** A text body with what is needed to read it. */
export interface RawResponse {
	status: number;
	headers: Readonly<Record<string, unknown>>;
	body: string;
	/** Whether the request certainly did not reach Cobalt, although there is an answer: a proxy's. */
	isUnsent?: boolean;
}

export type ParsedResponse =
	{ ok: true; body: Record<string, unknown> } | { ok: false; failure: RequestFailure };

/** Records are some levels below the top of an answer; as deep as they may be, an event is not cut twice. */
const MAX_LEVELS_OF_ANSWER = MAX_LEVELS + 20;

/**
 * Reads an answer of the API: a JSON object without `success: false` and with a 2xx status is the
 * body, anything else a failure. Covers the documented shapes `{success, message}` and
 * `{success, error: "login_required", message}`. Whatever has no `success` is not Cobalt's word: of such an
 * answer only the status counts, and only for whether the request can have been accepted.
 *
 * @param now for a `Retry-After` that is a date, in epoch milliseconds
 */
export function parseResponse(answer: RawResponse, now: number): ParsedResponse {
	const { status } = answer;
	const parsed = withinLevels(parseJson(answer.body), MAX_LEVELS_OF_ANSWER);
	const body = isObject(parsed) ? parsed : undefined;
	if (answer.isUnsent) return { ok: false, failure: { status, ...tunnelRefused(status) } };
	if (body?.error === 'login_required') {
		return { ok: false, failure: { status, ...LOGIN_REQUIRED } };
	}
	const isSuccessful = status >= 200 && status < 300;
	if (isSuccessful && body !== undefined && !saysFailure(body)) return { ok: true, body };
	const retryAfterMs = retryAfter(answer.headers, now);
	const isRedirect = status >= 300 && status < 400;
	const failure =
		isCobaltBody(body) && !isRedirect
			? refusal(status, body, retryAfterMs)
			: isSuccessful
				? unreadable(answer, parsed)
				: fromElsewhere(answer, body, retryAfterMs);
	return { ok: false, failure: { status, ...failure } };
}

/** The one documented error that has a code of its own. */
const LOGIN_REQUIRED: RequestFailure = {
	message: 'The EHR login behind this access token has expired',
	description: 'Somebody has to sign in to the EHR again, through Cobalt Link (update mode).',
	mayBeAccepted: false,
	isTransient: false,
	cause: 'credential-invalid',
};

/** A quotation as the end of a sentence. */
function quote(body: Readonly<Record<string, unknown>> | undefined): string {
	const words = body ? quoteOf(body) : '';
	return words === '' ? '' : `: ${words}`;
}

const MAY_PASS = { mayBeAccepted: true, isTransient: true } as const;

function unreadable(answer: RawResponse, parsed: unknown): RequestFailure {
	const text = answer.body.trim();
	if (parsed === undefined && text !== '' && !/^[[{]/.test(text)) {
		return { ...fromElsewhere(answer, undefined, undefined), ...MAY_PASS };
	}
	const finding =
		text === ''
			? 'was empty'
			: parsed === undefined
				? 'was cut short or is not JSON'
				: 'has a form that this node does not know';
	return {
		...MAY_PASS,
		message: `Cobalt's answer ${finding} (HTTP ${answer.status})`,
		description: 'Try again later. If it stays like this, tell Cobalt support.',
	};
}

/**
 * Statuses that are about the request alone (RFC 9110; 429 and 431: RFC 6585): it was not carried out,
 * whoever says so. What a gateway says with any other status, 403 and 404 among them, may also be its view
 * of Cobalt's answer, as of proxies that inspect responses.
 */
const NOT_CARRIED_OUT = new Set([
	307, 308, 401, 405, 407, 411, 413, 414, 415, 417, 421, 426, 428, 429, 431,
]);

/**
 * An answer that Cobalt did not write: of a firewall, a login page, a gateway, a proxy. It says nothing of
 * what was asked for, and may be gone at the next try.
 */
function fromElsewhere(
	{ status, body: text }: RawResponse,
	body: Readonly<Record<string, unknown>> | undefined,
	retryAfterMs: number | undefined,
): RequestFailure {
	const mayBeAccepted = !NOT_CARRIED_OUT.has(status);
	const found = text.trim().startsWith('<') ? `HTTP ${status}, a web page` : `HTTP ${status}`;
	const isPage = body === undefined && text.trim() !== '';
	const answered = isPage ? 'answered' : 'seems to have answered';
	const why = status === 413 ? ': the file, or a text, is too large' : '';
	const [isSlowedDown, isRedirect] = [status === 429, status >= 300 && status < 400];
	return {
		message: `Something in between ${answered} instead of Cobalt (${found})${why}${mayBeAccepted ? '' : quote(body)}`,
		description: isSlowedDown
			? slowDownAdvice(retryAfterMs)
			: isRedirect
				? "It pointed to another address, which is not followed so that the keys go nowhere else. Check 'Base URL' in the Cobalt credential, and whether a login page or a proxy is in the way."
				: status === 413
					? 'Nothing was submitted. Make the file smaller, or split it.'
					: status === 407
						? 'A proxy between n8n and Cobalt asks for a login. Check the proxy settings of this n8n.'
						: "A proxy, a firewall or a login page may be in the way. Check 'Base URL' in the Cobalt credential and the network of this n8n, and try again later.",
		mayBeAccepted,
		isTransient: true,
		retryAfterMs,
		isFromElsewhere: true,
		cause: isSlowedDown ? 'rate-limited' : 'temporarily-unavailable',
	};
}

/** What a proxy answered when it was asked for a way to Cobalt. */
function tunnelRefused(status: number): RequestFailure {
	return {
		message: `Cobalt could not be reached: a proxy refused the connection (HTTP ${status})`,
		description: 'Check the proxy settings of this n8n. Nothing was sent to Cobalt.',
		mayBeAccepted: false,
		isTransient: true,
		cause: 'temporarily-unavailable',
	};
}

const slowDownAdvice = (retryAfterMs: number | undefined): string =>
	retryAfterMs
		? `Cobalt asks to wait for ${Math.ceil(retryAfterMs / 1000)} seconds. Fewer items at once help.`
		: 'Wait a minute. Fewer items at once help.';

/** Cobalt's own refusal. */
function refusal(
	status: number,
	body: Readonly<Record<string, unknown>>,
	retryAfterMs: number | undefined,
): RequestFailure {
	// One that also names a job contradicts itself: it may have been accepted.
	if (saysSuccess(body) || firstText(body.job_id) !== undefined) return contradictory(status);
	const said = quote(body);
	const certain = { mayBeAccepted: false, isTransient: false };
	switch (status) {
		case 401:
			return {
				...certain,
				message: `Cobalt does not accept these keys${said}`,
				description: 'Check Client ID, Client Secret and Access Token in the Cobalt credential.',
				cause: 'credential-invalid',
			};
		case 403:
			return {
				...certain,
				message: `Cobalt does not allow this request${said}`,
				description: 'Ask Cobalt whether this account and EHR may use this operation.',
				cause: 'credential-invalid',
			};
		case 404:
			return {
				...certain,
				message: `Cobalt could not find this${said}`,
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
				message: `The file, or a text, is too large for Cobalt (HTTP 413)${said}`,
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
			message: `Cobalt did not accept the request${status < 300 ? '' : ` (HTTP ${status})`}${said}`,
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

/** Says in one place that the request succeeded, and in another that it did not. */
function contradictory(status: number): RequestFailure {
	return {
		...MAY_PASS,
		message: `Cobalt's answer contradicts itself (HTTP ${status})`,
		description: 'Try again later. If it stays like this, tell Cobalt support.',
	};
}

/** `Retry-After` in either of HTTP's forms (RFC 9110, 10.2.3), in milliseconds from `now`. */
function retryAfter(headers: RawResponse['headers'], now: number): number | undefined {
	const value = headers['retry-after'];
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	const seconds = Number(value);
	const ms = Number.isNaN(seconds) ? Date.parse(value) - now : seconds * 1000;
	return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
