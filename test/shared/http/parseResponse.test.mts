import { describe, expect, it } from 'vitest';

import type { RequestFailure } from '../../../nodes/shared/http/failure.js';
import { parseResponse } from '../../../nodes/shared/http/parseResponse.js';

const NOW = Date.parse('2025-03-10T15:00:00Z');
const HTML = '<!DOCTYPE html><html><body>Bad gateway</body></html>';
const saying = (message: string) => JSON.stringify({ success: false, message });

/** Cobalt cannot have taken the request, and sending the same again would not help. */
const REFUSED = { mayBeAccepted: false, isTransient: false };
/** Cobalt cannot have taken the request, and it may go through later. */
const NOT_TAKEN = { mayBeAccepted: false, isTransient: true };
/** Cobalt may have taken the request. */
const UNKNOWN = { mayBeAccepted: true, isTransient: true };

/** The failure, with the message that is shown. */
function failureOf(status: number, body = '', headers: Record<string, unknown> = {}) {
	const reading = parseResponse({ status, headers, body }, NOW);
	if (reading.ok) throw new Error('The answer was read as a success');
	const { message, quoted = '', ...failure } = reading.failure;
	return { ...failure, message: message + quoted };
}

function expectHelpfulWords({ message, description }: RequestFailure): void {
	expect(message).not.toBe('');
	expect(description).not.toBe('');
	expect(`${message} ${description}`).not.toMatch(/\b(error|problem|failure|mistake)s?\b/i);
	// Running it again submits everything again: whether to is for the caller to say.
	expect(description).not.toMatch(/run the workflow/i);
	expect(`${message} ${description}`).not.toMatch(/undefined|NaN|Infinity|\[object/);
}

describe('a response with a JSON object', () => {
	it.each([200, 201, 202])('returns the body of HTTP %i', (status) => {
		const body = { success: true, data: { job_id: 12345 } };
		const reading = parseResponse({ status, headers: {}, body: JSON.stringify(body) }, NOW);
		expect(reading).toEqual({ ok: true, body });
	});

	it('returns the body when success is a text', () => {
		const body = { success: 'true', job_id: 12345 };
		const reading = parseResponse({ status: 200, headers: {}, body: JSON.stringify(body) }, NOW);
		expect(reading).toEqual({ ok: true, body });
	});

	it('returns the body without a success key', () => {
		expect(parseResponse({ status: 200, headers: {}, body: '{}' }, NOW)).toEqual({
			ok: true,
			body: {},
		});
	});
});

describe('a response that is not a success', () => {
	it.each([
		['success: false inside 200', 200, saying('Missing required field: mrn'), REFUSED],
		['a missing field', 400, saying("'appointment_id' is required."), REFUSED],
		['unknown keys', 401, saying('Unauthorized'), REFUSED],
		['an operation that is not allowed', 403, saying('Not enabled for this account'), REFUSED],
		['an unknown record', 404, saying('Document not found'), REFUSED],
		['a server that gave up reading', 408, saying('Timeout'), UNKNOWN],
		['success: true with 500', 500, '{"success":true,"job_id":1}', UNKNOWN],
		['success: false with a job', 200, '{"success":false,"job_id":1}', UNKNOWN],
		['a conflict', 409, saying('Duplicate claim'), REFUSED],
		['a body that is not understood', 422, saying('Unexpected fields in request body'), REFUSED],
		['too many requests', 429, saying('Too many requests'), NOT_TAKEN],
		['500 with JSON', 500, saying('Something went wrong'), UNKNOWN],
		['500 with a web page', 500, HTML, UNKNOWN],
		['500 without a body', 500, '', UNKNOWN],
		['500 with a blank body', 500, ' \n', UNKNOWN],
		['501', 501, '', UNKNOWN],
		['502 with JSON', 502, saying('Bad gateway'), UNKNOWN],
		['502 with a web page', 502, HTML, UNKNOWN],
		['503 with JSON', 503, saying('Maintenance'), UNKNOWN],
		['503 with a web page', 503, HTML, UNKNOWN],
		['504 with JSON', 504, saying('Gateway timeout'), UNKNOWN],
		['504 with a web page', 504, HTML, UNKNOWN],
		['a web page with 200', 200, HTML, UNKNOWN],
		['truncated JSON with 200', 200, '{"success": true, "job_id": 12', UNKNOWN],
		['a JSON array with 200', 200, '[]', UNKNOWN],
		['a JSON string with 200', 200, '"ok"', UNKNOWN],
		['a JSON number with 200', 200, '12345', UNKNOWN],
		['null with 200', 200, 'null', UNKNOWN],
		['an empty body with 200', 200, '', UNKNOWN],
		['a blank body with 200', 200, ' \r\n\t', UNKNOWN],
		['an empty body with 204', 204, '', UNKNOWN],
		['a blank body with 204', 204, ' ', UNKNOWN],
	])('returns the failure with its certainty: %s', (_, status, body, risk) => {
		const failure = failureOf(status, body);
		expect(failure).toMatchObject({ status, ...risk });
		expectHelpfulWords(failure);
		expect(failure.message).not.toContain('<');
	});

	it.each([200, 400, 401, 403, 404, 409, 422])('quotes Cobalt for HTTP %i', (status) => {
		expect(failureOf(status, saying('The words of Cobalt')).message).toContain(
			'The words of Cobalt',
		);
	});

	// These words are kept and shown again later, and Cobalt's own may name a patient.
	it.each([302, 408, 500, 501, 502, 503, 504])(
		'does not quote Cobalt when it may have accepted the request: HTTP %i',
		(status) => {
			const body = { success: false, message: 'Jane Doe', error: 'Jane Doe' };
			const failure = failureOf(status, JSON.stringify(body));
			expect(failure.mayBeAccepted).toBe(true);
			expect(JSON.stringify(failure)).not.toContain('Jane');
			expect(failure.message).toContain(`HTTP ${status}`);
			expectHelpfulWords(failure);
		},
	);

	it.each([
		['message', { message: ' The words of Cobalt ' }, /: The words of Cobalt$/],
		['error', { error: 'The words of Cobalt' }, /: The words of Cobalt$/],
		['error beside a blank message', { message: ' ', error: 'The words' }, /: The words$/],
		['no field', {}, /without a reason$/],
		[
			'an object as message',
			{ message: { mrn: ['is unknown', 'is short'] } },
			/: mrn: is unknown; mrn: is short$/,
		],
		['a list as message', { message: ['mrn is unknown', 7] }, /: mrn is unknown; 7$/],
		['errors alone', { errors: ['mrn is unknown'] }, /: mrn is unknown$/],
		[
			'errors beside a message',
			{ message: 'Invalid', errors: [{ field: 'mrn', message: 'is unknown' }] },
			/: Invalid; mrn: is unknown$/,
		],
		['errors by field', { errors: { mrn: ['is unknown'] } }, /: mrn: is unknown$/],
		['detail', { detail: 'mrn is unknown' }, /: mrn is unknown$/],
		[
			'a detail with its place',
			{ detail: [{ loc: ['body', 'mrn'], msg: 'field required', type: 'missing' }] },
			/: body\.mrn: field required$/,
		],
		['an error with a code', { error: { code: 1003, message: 'Closed' } }, /: 1003: Closed$/],
		[
			'fields without text',
			{ message: null, errors: [null, {}, []], detail: true },
			/without a reason$/,
		],
		['a field that is nested too deep', { message: [[[[[[['deep']]]]]]] }, /without a reason$/],
	])('quotes the text of %s', (_, words, expected) => {
		const failure = failureOf(200, JSON.stringify({ success: false, ...words }));
		expect(failure.message).toMatch(expected);
		expectHelpfulWords(failure);
	});

	it.each([false, 'false'])('fails when success is %j', (success) => {
		const failure = failureOf(200, JSON.stringify({ success, message: 'No such patient' }));
		expect(failure).toMatchObject(REFUSED);
		expect(failure.message).toContain('No such patient');
	});

	it.each([200, 400, 401, 403, 404, 409, 422, 429, 500, 503])(
		'recognizes an expired EHR login with HTTP %i',
		(status) => {
			const body = JSON.stringify({
				success: false,
				error: 'login_required',
				message: 'Account link expired. Please go through the integration setup again.',
			});
			const failure = failureOf(status, body);
			expect(failure).toMatchObject({ ...REFUSED, status, cause: 'credential-invalid' });
			expect(failure.message).toContain('login');
			expect(failure.description).toContain('Cobalt Link');
			expectHelpfulWords(failure);
			expect(failureOf(403, saying('login_required')).description).not.toContain('Cobalt Link');
		},
	);

	it('quotes the first ten of many errors', () => {
		const errors = Array.from({ length: 5_000 }, (_, index) => `Error ${index}`);
		const { message } = failureOf(400, JSON.stringify({ success: false, errors }));
		expect(message).toMatch(/Error 0; .*Error 9$/);
	});

	it.each(['[]', '"ok"', '12345', 'null'])('does not call valid JSON broken: %s', (body) => {
		expect(failureOf(200, body).message).not.toMatch(/cut short|not JSON$|not JSON \(/);
	});
});

describe('a response that is not from Cobalt', () => {
	/** Whether a request with this status can have been carried out. */
	const statuses: Array<[status: number, mayBeAccepted: boolean]> = [
		...[
			...[301, 302, 303, 304, 400, 403, 404, 406, 408, 409, 410, 418, 422, 451, 460, 499],
			...[500, 502, 503, 504, 520, 524, 599, 999],
		].map((status): [number, boolean] => [status, true]),
		...[307, 308, 401, 405, 407, 411, 413, 414, 415, 429, 431].map((status): [number, boolean] => [
			status,
			false,
		]),
	];
	const bodies: Array<[what: string, body: string, words: RegExp]> = [
		['a web page', HTML, /^Something in between responded .*a web page/],
		['text', 'default backend - 404', /^Something in between responded/],
		['nothing', '', /^Something in between seems to have responded/],
		[
			'JSON of a gateway',
			'{"message":"Forbidden"}',
			/^Something in between seems to have responded/,
		],
		['a list', '[]', /^Something in between/],
	];

	describe.each(statuses)('HTTP %i', (status, mayBeAccepted) => {
		it.each(bodies)('is transient, and from elsewhere, with %s', (_, body, words) => {
			const failure = failureOf(status, body);
			expect(failure).toMatchObject({
				status,
				mayBeAccepted,
				isTransient: true,
				isFromElsewhere: true,
			});
			expect(failure.message).toMatch(words);
			expect(failure.message).toContain(`HTTP ${status}`);
			// These words are kept where it may have been taken, and those of others may name a patient.
			expect(failure.message.includes('Forbidden')).toBe(!mayBeAccepted && body.includes('Forb'));
			expectHelpfulWords(failure);
		});
	});

	it('is from elsewhere when HTTP 200 is not JSON', () => {
		for (const body of [HTML, 'OK']) {
			const failure = failureOf(200, body);
			expect(failure).toMatchObject({ ...UNKNOWN, isFromElsewhere: true });
			expect(failure.message).toContain('Something in between responded');
		}
	});

	it('says that a proxy asks for a login', () => {
		expect(failureOf(407, HTML).description).toContain(
			'proxy between n8n and Cobalt requires a login',
		);
	});

	it('is not accepted when a proxy refused the connection', () => {
		const response = { status: 502, headers: {}, body: HTML, isUnsent: true };
		expect(parseResponse(response, NOW)).toMatchObject({ ok: false, failure: NOT_TAKEN });
	});
});

describe('Retry-After', () => {
	it.each([
		['seconds', '7', 7_000],
		['no seconds', '0', 0],
		['a future date', 'Mon, 10 Mar 2025 15:00:30 GMT', 30_000],
		['a past date', 'Mon, 10 Mar 2025 14:59:00 GMT', 0],
		['empty', '', undefined],
		['blanks', '  ', undefined],
		['a word', 'soon', undefined],
		['a phrase with a number', 'in 5 minutes', undefined],
		['two values', '120, 60', undefined],
		['no finite number', 'Infinity', undefined],
	])('reads Retry-After when it is %s', (_, value, expected) => {
		const failure = failureOf(429, '', { 'retry-after': value });
		expect(failure).toMatchObject({ ...NOT_TAKEN, cause: 'rate-limited' });
		expect(failure.retryAfterMs).toBe(expected);
		expectHelpfulWords(failure);
	});

	it('returns no pause when Retry-After is missing', () => {
		expect(failureOf(429).retryAfterMs).toBeUndefined();
	});

	it('reads Retry-After from HTTP 503 as well', () => {
		expect(failureOf(503, HTML, { 'retry-after': '30' }).retryAfterMs).toBe(30_000);
	});
});
