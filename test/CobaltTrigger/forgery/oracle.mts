/**
 * Whether a call is genuine: decided from docs/api-notes.md, without any code of the node. HMAC-SHA256
 * in hexadecimal digits, without a prefix, over the raw bytes or over `JSON.stringify` of the parsed body.
 */
import { createHmac } from 'node:crypto';

export function hmac(message: string | Buffer, secret: string | Buffer): string {
	return createHmac('sha256', secret).update(message).digest('hex');
}

/** Undefined for what is no JSON. A byte order mark in front may be ignored (RFC 8259). */
function parsed(bytes: Buffer): { value: unknown } | undefined {
	try {
		return { value: JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')) };
	} catch {
		return undefined;
	}
}

function writtenAgain(bytes: Buffer): string | undefined {
	try {
		const json = parsed(bytes);
		return json && JSON.stringify(json.value);
	} catch {
		// Too deep.
		return undefined;
	}
}

/** Digits in upper case are the same digest. Nothing else may be around them. */
export function isRight(bytes: Buffer, signature: string | undefined, secrets: string[]): boolean {
	if (signature === undefined || !/^[0-9a-fA-F]{64}$/.test(signature)) return false;
	const again = writtenAgain(bytes);
	const forms = again === undefined ? [bytes] : [bytes, Buffer.from(again)];
	const digests = secrets.flatMap((secret) => forms.map((form) => hmac(form, secret)));
	return digests.includes(signature.toLowerCase());
}

/** Whether a body, once it is believed, can be an event at all. */
export function isRecord(bytes: Buffer): boolean {
	const value = parsed(bytes)?.value;
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
