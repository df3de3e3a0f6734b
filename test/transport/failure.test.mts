import { describe, expect, it } from 'vitest';

import { readAnswer, readSilence } from '../../dist/nodes/Cobalt/transport/failure.js';
import type { RequestFailure } from '../../dist/nodes/Cobalt/transport/failure.js';

const NOW = Date.parse('2025-03-10T15:00:00Z');
const HTML = '<!DOCTYPE html><html><body>Bad gateway</body></html>';
const saying = (message: string) => JSON.stringify({ success: false, message });

/** Cobalt cannot have taken the request, and sending the same again would not help. */
const REFUSED = { mayBeAccepted: false, passing: false };
/** Cobalt cannot have taken the request, and it may go through later. */
const NOT_TAKEN = { mayBeAccepted: false, passing: true };
/** Cobalt may have taken the request. */
const UNKNOWN = { mayBeAccepted: true, passing: true };

function failureOf(status: number, body = '', headers: Record<string, unknown> = {}) {
	const reading = readAnswer({ status, headers, body }, NOW);
	if (reading.ok) throw new Error('The answer was read as a success');
	return reading.failure;
}

function expectHelpfulWords({ message, description }: RequestFailure): void {
	expect(message).not.toBe('');
	expect(description).not.toBe('');
	expect(`${message} ${description}`).not.toMatch(/\b(error|problem|failure|mistake)s?\b/i);
	// Running it again submits everything again: whether to is for the caller to say.
	expect(description).not.toMatch(/run the workflow/i);
	expect(`${message} ${description}`).not.toMatch(/undefined|NaN|Infinity|\[object/);
}

describe('an answer with a JSON object', () => {
	it.each([200, 201, 202])('is the body of HTTP %i', (status) => {
		const body = { success: true, data: { job_id: 12345 } };
		const reading = readAnswer({ status, headers: {}, body: JSON.stringify(body) }, NOW);
		expect(reading).toEqual({ ok: true, body });
	});

	it('is the body with success in text form', () => {
		const body = { success: 'true', job_id: 12345 };
		const reading = readAnswer({ status: 200, headers: {}, body: JSON.stringify(body) }, NOW);
		expect(reading).toEqual({ ok: true, body });
	});

	it('needs no success key', () => {
		expect(readAnswer({ status: 200, headers: {}, body: '{}' }, NOW)).toEqual({
			ok: true,
			body: {},
		});
	});
});

describe('an answer that is not a success', () => {
	it.each([
		['success: false inside 200', 200, saying('Missing required field: mrn'), REFUSED],
		['a missing field', 400, saying("'appointment_id' is required."), REFUSED],
		['400 from a proxy', 400, HTML, REFUSED],
		['unknown keys', 401, saying('Unauthorized'), REFUSED],
		['an operation that is not allowed', 403, saying('Not enabled for this account'), REFUSED],
		['an unknown record', 404, saying('Document not found'), REFUSED],
		['a server that gave up reading', 408, '', UNKNOWN],
		['a conflict', 409, saying('Duplicate claim'), REFUSED],
		['a body that is too large', 413, HTML, REFUSED],
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
		['307', 307, '', REFUSED],
		['308', 308, '', REFUSED],
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
	])('is told with its risk: %s', (_, status, body, risk) => {
		const failure = failureOf(status, body);
		expect(failure).toMatchObject({ status, ...risk });
		expectHelpfulWords(failure);
		expect(failure.message).not.toContain('<');
	});

	// Only 307 and 308 ask for the same request elsewhere; servers answer a POST that they carried out
	// with any of the others.
	it.each([301, 302, 303])('may have been carried out when it redirects with %i', (status) => {
		expect(failureOf(status)).toMatchObject({ mayBeAccepted: true, passing: false });
		expectHelpfulWords(failureOf(status));
	});

	it.each([301, 302, 303, 307, 308])('blames the set-up for a redirect with %i', (status) => {
		expect(failureOf(status)).toMatchObject({ cause: 'configuration-invalid' });
	});

	it.each([200, 400, 401, 403, 404, 409, 422])('quotes Cobalt for HTTP %i', (status) => {
		expect(failureOf(status, saying('The words of Cobalt')).message).toContain(
			'The words of Cobalt',
		);
	});

	// These words are kept and shown again later, and Cobalt's own may name a patient.
	it.each([302, 408, 500, 501, 502, 503, 504])(
		'is told in our words alone where it may have been taken: HTTP %i',
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
		['neither', {}, /request$/],
		['a message that is not text', { message: { a: 1 }, error: 7 }, /request$/],
	])('quotes what there is: %s', (_, words, expected) => {
		const failure = failureOf(200, JSON.stringify({ success: false, ...words }));
		expect(failure.message).toMatch(expected);
		expectHelpfulWords(failure);
	});

	it.each([false, 'false'])('is one with success: %j', (success) => {
		const failure = failureOf(200, JSON.stringify({ success, message: 'No such patient' }));
		expect(failure).toMatchObject(REFUSED);
		expect(failure.message).toContain('No such patient');
	});

	it.each([200, 400, 401, 403, 404, 409, 422, 429, 500, 503])(
		'tells an expired EHR login from everything else, also with HTTP %i',
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

	it.each(['[]', '"ok"', '12345', 'null'])('does not call valid JSON broken: %s', (body) => {
		expect(failureOf(200, body).message).not.toMatch(/cut short|not JSON$|not JSON \(/);
	});
});

describe('Retry-After', () => {
	it.each([
		['seconds', '7', 7_000],
		['no seconds', '0', 0],
		['a date to come', 'Mon, 10 Mar 2025 15:00:30 GMT', 30_000],
		['a date gone by', 'Mon, 10 Mar 2025 14:59:00 GMT', 0],
		['nothing', '', undefined],
		['blanks', '  ', undefined],
		['a word', 'soon', undefined],
		['a phrase with a number', 'in 5 minutes', undefined],
		['two values', '120, 60', undefined],
		['no finite number', 'Infinity', undefined],
	])('is read when it holds %s', (_, value, expected) => {
		const failure = failureOf(429, '', { 'retry-after': value });
		expect(failure).toMatchObject({ ...NOT_TAKEN, cause: 'rate-limited' });
		expect(failure.retryAfterMs).toBe(expected);
		expectHelpfulWords(failure);
	});

	it('may be missing', () => {
		expect(failureOf(429).retryAfterMs).toBeUndefined();
	});

	it('is also read from an answer that is not available', () => {
		expect(failureOf(503, HTML, { 'retry-after': '30' }).retryAfterMs).toBe(30_000);
	});
});

describe('no answer', () => {
	it.each([
		['ECONNREFUSED', 'connect', NOT_TAKEN],
		['ENOTFOUND', 'getaddrinfo', NOT_TAKEN],
		['EAI_AGAIN', 'getaddrinfo', NOT_TAKEN],
		['EHOSTUNREACH', 'connect', NOT_TAKEN],
		['ENETUNREACH', 'connect', NOT_TAKEN],
		['ETIMEDOUT', 'connect', NOT_TAKEN],
		// On Linux a connection that was made can end like this, with the request already sent.
		['EHOSTUNREACH', 'read', UNKNOWN],
		['ENETUNREACH', 'read', UNKNOWN],
		['ENETDOWN', 'write', UNKNOWN],
		['ECONNRESET', 'read', UNKNOWN],
		['ECONNRESET', undefined, UNKNOWN],
		['EPIPE', 'write', UNKNOWN],
		['ETIMEDOUT', 'read', UNKNOWN],
		['ETIMEDOUT', undefined, UNKNOWN],
		['ECONNABORTED', undefined, UNKNOWN],
		['ERR_CANCELED', undefined, { mayBeAccepted: true, passing: false }],
		['CERT_HAS_EXPIRED', undefined, REFUSED],
		['DEPTH_ZERO_SELF_SIGNED_CERT', undefined, REFUSED],
		['SELF_SIGNED_CERT_IN_CHAIN', undefined, REFUSED],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined, REFUSED],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', undefined, REFUSED],
		['ERR_TLS_CERT_ALTNAME_INVALID', undefined, REFUSED],
		['ERR_INVALID_CHAR', undefined, REFUSED],
		['EPROTO', 'write', UNKNOWN],
		['ESOMETHINGNEW', undefined, UNKNOWN],
		['', undefined, UNKNOWN],
	])('is told with its risk: %s of %s', (code, syscall, risk) => {
		const failure = readSilence(code, syscall, 60_000);
		expect(failure).toMatchObject(risk);
		expect(failure.status).toBeUndefined();
		expectHelpfulWords(failure);
	});

	it.each(['ECONNABORTED', 'ETIMEDOUT'])('names the time that was waited for %s', (code) => {
		expect(readSilence(code, undefined, 30_000).message).toContain('30 seconds');
	});
});
