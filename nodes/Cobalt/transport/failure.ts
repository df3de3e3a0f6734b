import { isObject, parseJson } from './json';

/** Why the host may want to treat a request that did not succeed in its own way (n8n 2.37 and later). */
export type Cause =
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
	passing: boolean;
	/** How long Cobalt asked to wait, in milliseconds. */
	retryAfterMs?: number;
	cause?: Cause;
}

/** A text body with what is needed to read it. */
export interface Answer {
	status: number;
	headers: Readonly<Record<string, unknown>>;
	body: string;
}

export type Reading =
	{ ok: true; body: Record<string, unknown> } | { ok: false; failure: RequestFailure };

/**
 * Reads an answer of the API: a JSON object without `success: false` and with a 2xx status is the
 * body, anything else a failure. Covers the documented shapes `{success, message}` and
 * `{success, error: "login_required", message}`, and what gateways answer in Cobalt's place.
 *
 * @param now for a `Retry-After` that is a date, in epoch milliseconds
 */
export function readAnswer(answer: Answer, now: number): Reading {
	const parsed = parseJson(answer.body);
	const body = isObject(parsed) ? parsed : undefined;
	const successful = answer.status >= 200 && answer.status < 300;
	if (body?.error === 'login_required') {
		return { ok: false, failure: { status: answer.status, ...LOGIN_REQUIRED } };
	}
	if (successful && body !== undefined && String(body.success) !== 'false') {
		return { ok: true, body };
	}
	const failure = successful
		? unreadable(answer, parsed)
		: refusal(answer, body, retryAfter(answer.headers, now));
	return { ok: false, failure: { status: answer.status, ...failure } };
}

/** The one documented error that has a code of its own. */
const LOGIN_REQUIRED: RequestFailure = {
	message: 'The EHR login behind this access token has expired',
	description: 'Somebody has to sign in to the EHR again, through Cobalt Link (update mode).',
	mayBeAccepted: false,
	passing: false,
	cause: 'credential-invalid',
};

/** What Cobalt says in its own words. */
function quote(body: Record<string, unknown> | undefined): string {
	const words = [body?.message, body?.error].find(
		(text): text is string => typeof text === 'string' && text.trim() !== '',
	);
	return words === undefined ? '' : `: ${words.trim()}`;
}

function unreadable(answer: Answer, parsed: unknown): RequestFailure {
	if (isObject(parsed)) {
		return {
			message: `Cobalt did not accept the request${quote(parsed)}`,
			description: 'Check the fields of this operation.',
			mayBeAccepted: false,
			passing: false,
		};
	}
	return {
		...wordsForUnreadable(answer, parsed),
		mayBeAccepted: true,
		passing: true,
	};
}

function wordsForUnreadable({ body, status }: Answer, parsed: unknown) {
	const text = body.trim();
	if (text.startsWith('<')) {
		return {
			message: `The answer was a web page and not one of the Cobalt API (HTTP ${status})`,
			description:
				"Check 'Base URL' in the Cobalt credential, and whether a proxy or a login page answers in Cobalt's place.",
		};
	}
	const finding =
		text === ''
			? 'was empty'
			: parsed === undefined
				? 'was cut short or is not JSON'
				: 'has a form that this node does not know';
	return {
		message: `Cobalt's answer ${finding} (HTTP ${status})`,
		description: 'Try again later. If it stays like this, tell Cobalt support.',
	};
}

function refusal(
	{ status }: Answer,
	body: Record<string, unknown> | undefined,
	retryAfterMs: number | undefined,
): RequestFailure {
	const said = quote(body);
	const certain = { mayBeAccepted: false, passing: false };
	if (status >= 300 && status < 400) {
		return {
			// These two ask for the same request elsewhere. The others are also what follows a request
			// that was carried out.
			mayBeAccepted: status !== 307 && status !== 308,
			passing: false,
			message: `The Cobalt API pointed to another address (HTTP ${status}), which is not followed so that the keys go nowhere else`,
			description: "Check 'Base URL' in the Cobalt credential.",
			cause: 'configuration-invalid',
		};
	}
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
				passing: true,
				message: 'Cobalt gave up waiting for the request (HTTP 408)',
				description: 'Try again later.',
				cause: 'temporarily-unavailable',
			};
		case 429:
			return {
				mayBeAccepted: false,
				passing: true,
				retryAfterMs,
				message: 'Cobalt asks to slow down: too many requests',
				description: retryAfterMs
					? `Cobalt asks to wait for ${Math.ceil(retryAfterMs / 1000)} seconds. Fewer items at once help.`
					: 'Wait a minute. Fewer items at once help.',
				cause: 'rate-limited',
			};
	}
	if (status < 500) {
		return {
			...certain,
			message: `Cobalt did not accept the request (HTTP ${status})${said}`,
			description: 'Check the fields of this operation.',
		};
	}
	return {
		mayBeAccepted: true,
		passing: true,
		retryAfterMs,
		message: `Cobalt could not handle the request (HTTP ${status})`,
		description: 'Try again later. If it stays like this, tell Cobalt support.',
		cause: 'temporarily-unavailable',
	};
}

/** Errors of a connection that was never made: nothing can have been accepted. */
const NEVER_CONNECTED: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host name is not known',
	EAI_AGAIN: 'the host name could not be looked up',
};

/** Codes of a TLS handshake that was given up, before any request was written. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_HANDSHAKE|WRONG_VERSION_NUMBER/;

/**
 * Describes a request that got no answer.
 *
 * @param code Node's or axios' code, such as `ECONNRESET`
 * @param syscall Node's system call, which tells a connection that was never made from a broken one
 */
export function readSilence(
	code: string,
	syscall: string | undefined,
	timeoutMs: number,
): RequestFailure {
	const unconnected =
		NEVER_CONNECTED[code] ??
		(syscall === 'connect' || syscall === 'getaddrinfo' ? 'no connection was made' : undefined);
	if (unconnected !== undefined) {
		return {
			message: `Cobalt could not be reached: ${unconnected}`,
			description: "Check 'Base URL' in the Cobalt credential and the network of this n8n.",
			mayBeAccepted: false,
			passing: true,
			cause: 'temporarily-unavailable',
		};
	}
	if (UNTRUSTED.test(code)) {
		return {
			message: 'Cobalt could not be reached: its certificate is not trusted',
			description: "Check 'Base URL' in the Cobalt credential. Nothing was sent.",
			mayBeAccepted: false,
			passing: false,
			cause: 'configuration-invalid',
		};
	}
	if (code === 'ERR_INVALID_CHAR') {
		return {
			message: 'A key in the Cobalt credential has characters that cannot be sent',
			description: 'Copy Client ID, Client Secret and Access Token again. Nothing was sent.',
			mayBeAccepted: false,
			passing: false,
			cause: 'credential-invalid',
		};
	}
	if (code === 'ERR_CANCELED') {
		return {
			message: 'The request was canceled together with the execution',
			description: 'Look in the EHR whether it is there.',
			mayBeAccepted: true,
			passing: false,
		};
	}
	const timedOut = code === 'ECONNABORTED' || code === 'ETIMEDOUT';
	return {
		message: timedOut
			? `Cobalt did not answer within ${inWords(timeoutMs)}`
			: 'The connection to Cobalt broke off before an answer came',
		description: 'Try again later.',
		mayBeAccepted: true,
		passing: true,
		cause: 'temporarily-unavailable',
	};
}

const inWords = (milliseconds: number): string => {
	const seconds = Math.round(milliseconds / 1000);
	return seconds === 1 ? 'a second' : `${seconds} seconds`;
};

/** `Retry-After` in either of HTTP's forms (RFC 9110, 10.2.3), in milliseconds from `now`. */
function retryAfter(headers: Answer['headers'], now: number): number | undefined {
	const value = headers['retry-after'];
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	const seconds = Number(value);
	const ms = Number.isNaN(seconds) ? Date.parse(value) - now : seconds * 1000;
	return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
