import { createHmac, timingSafeEqual } from 'node:crypto';

import { parseJson } from '../transport/json';

/** The header in which a delivery carries its signature. */
export const SIGNATURE_HEADER = 'cobalt-verification';

const HEX_SHA256 = /^[0-9a-f]{64}$/i;

/** HMAC-SHA256 of a body in hexadecimal digits, as Cobalt signs its deliveries. */
export function sign(body: string | Buffer, secret: string): string {
	return createHmac('sha256', secret).update(body).digest('hex');
}

/**
 * Whether one of the secrets has signed a body. Cobalt's sample signs the JSON that it has parsed and
 * written again, and the documents do not say whether that is what it sends: both forms are tried.
 * Takes the same time for a good signature and for a bad one.
 *
 * @param body the bytes as they came
 * @param signature the header's value, whatever was sent as that
 */
export function isSigned(body: Buffer, signature: unknown, secrets: readonly string[]): boolean {
	if (typeof signature !== 'string' || !HEX_SHA256.test(signature)) return false;
	const given = Buffer.from(signature, 'hex');
	const forms = [body, rewritten(body)].filter((form) => form !== undefined);
	return secrets
		.filter((secret) => secret !== '')
		.flatMap((secret) => forms.map((form) => Buffer.from(sign(form, secret), 'hex')))
		.map((expected) => timingSafeEqual(expected, given))
		.includes(true);
}

function rewritten(body: Buffer): string | undefined {
	try {
		return JSON.stringify(parseJson(body.toString()));
	} catch {
		// Nested more deeply than can be written again.
		return undefined;
	}
}
