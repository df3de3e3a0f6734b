import { isObject, parseJson } from '../json';
import { MAX_LEVELS, withinLevels } from '../nesting';
import { ACCEPTANCE_UNKNOWN, type RequestFailure } from './failure';
import { fromElsewhere, tunnelRefused } from './intermediary';
import { LOGIN_REQUIRED, refusal } from './statusFailures';
import { isCobaltBody, saysFailure } from './unwrapResponse';

/** A response whose body is still text. */
export interface RawResponse {
	status: number;
	headers: Readonly<Record<string, unknown>>;
	body: string;
	/** Whether a proxy responded to a request that certainly never reached Cobalt. */
	isUnsent?: boolean;
}

/** A response of the API: its body, or why it counts as a failure. */
export type ParsedResponse =
	{ ok: true; body: Record<string, unknown> } | { ok: false; failure: RequestFailure };

/**
 * Records sit a few levels below the top of a response. The margin keeps them from being cut both here and
 * later.
 */
const MAX_LEVELS_OF_RESPONSE = MAX_LEVELS + 20;

/**
 * Parses a response of the API. A JSON object with a 2xx status and without `success: false` is the body;
 * anything else is a failure. Covers the documented shapes `{success, message}` and
 * `{success, error: "login_required", message}`. A body without `success` is not from Cobalt (see
 * docs/api-notes.md, "What the documents do not say"): then only the status counts, and only for whether
 * the request can have been accepted.
 *
 * @param now epoch milliseconds, for a `Retry-After` that is a date
 */
export function parseResponse(response: RawResponse, now: number): ParsedResponse {
	const { status } = response;
	const parsed = withinLevels(parseJson(response.body), MAX_LEVELS_OF_RESPONSE);
	const body = isObject(parsed) ? parsed : undefined;
	if (response.isUnsent) return { ok: false, failure: { status, ...tunnelRefused(status) } };
	if (body?.error === 'login_required') {
		return { ok: false, failure: { status, ...LOGIN_REQUIRED } };
	}
	const isSuccessful = status >= 200 && status < 300;
	if (isSuccessful && body !== undefined && !saysFailure(body)) return { ok: true, body };
	const retryAfterMs = retryAfter(response.headers, now);
	const isRedirect = status >= 300 && status < 400;
	const failure =
		isCobaltBody(body) && !isRedirect
			? refusal(status, body, retryAfterMs)
			: isSuccessful
				? unreadable(response, parsed)
				: fromElsewhere(response, body, retryAfterMs);
	return { ok: false, failure: { status, ...failure } };
}

function unreadable(response: RawResponse, parsed: unknown): RequestFailure {
	const text = response.body.trim();
	if (parsed === undefined && text !== '' && !/^[[{]/.test(text)) {
		return { ...fromElsewhere(response, undefined, undefined), ...ACCEPTANCE_UNKNOWN };
	}
	const finding =
		text === ''
			? 'is empty'
			: parsed === undefined
				? 'is incomplete or not valid JSON'
				: 'has an unexpected format';
	return {
		...ACCEPTANCE_UNKNOWN,
		message: `Cobalt's response ${finding} (HTTP ${response.status})`,
		description: 'Try again later. If it keeps happening, contact Cobalt support.',
	};
}

/** `Retry-After` in either of its forms (RFC 9110, 10.2.3), in milliseconds from `now`. */
function retryAfter(headers: RawResponse['headers'], now: number): number | undefined {
	const value = headers['retry-after'];
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	const seconds = Number(value);
	const ms = Number.isNaN(seconds) ? Date.parse(value) - now : seconds * 1000;
	return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
