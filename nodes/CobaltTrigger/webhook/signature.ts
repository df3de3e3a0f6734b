import { createHmac, timingSafeEqual } from 'node:crypto';

import { parseJson } from '../../shared/json';

/** The header in which a delivery carries its signature. */
export const SIGNATURE_HEADER = 'cobalt-verification';

const HEX_SHA256 = /^[0-9a-f]{64}$/i;

/** Bytes. Beyond that, writing JSON again would be work that anybody can cause: the bytes alone count. */
const MAX_REWRITTEN = 5_000_000;

/** HMAC-SHA256 of a body in hexadecimal digits, as Cobalt signs its deliveries. */
export function sign(body: string | Buffer, secret: string): string {
	return createHmac('sha256', secret).update(body).digest('hex');
}

/** A body that somebody has signed. */
export interface SignedBody {
	/** The one that made the signature. */
	secret: string;
	/** What the body says in the very form that was signed; undefined where that is no JSON. */
	value: unknown;
}

/** A form of the body that may have been signed, and how to read what it says. */
interface SignedForm {
	signed: string | Buffer;
	read: () => unknown;
}

/**
 * The signature of one call. Cobalt's sample signs the JSON that it has parsed and written again, and the
 * documents do not say whether that is what it sends: both forms are tried. They do not always say the
 * same (`1e999` is written again as `null`, `-0` as `0`), so that only the form that was signed is read.
 * Takes the same time for a good signature and for a bad one.
 */
export class Signature {
	private readonly given?: Buffer;

	private readonly forms: SignedForm[];

	/**
	 * @param body the bytes as they came
	 * @param header the header's value, whatever was sent as that
	 */
	constructor(body: Buffer, header: unknown) {
		const isSound = typeof header === 'string' && HEX_SHA256.test(header);
		if (isSound) this.given = Buffer.from(header, 'hex');
		this.forms = isSound ? formsOf(body) : [];
	}

	/** What the body says if one of the secrets has made the signature, or else undefined. An empty one never has. */
	provenBy(secrets: readonly string[]): SignedBody | undefined {
		let proof: { secret: string; form: SignedForm } | undefined;
		for (const secret of secrets) {
			for (const form of secret === '' ? [] : this.forms) {
				const expected = Buffer.from(sign(form.signed, secret), 'hex');
				if (this.given && timingSafeEqual(expected, this.given)) proof ??= { secret, form };
			}
		}
		return proof && { secret: proof.secret, value: proof.form.read() };
	}
}

/** The bytes come first: where both forms are the same, they are what is read. */
function formsOf(body: Buffer): SignedForm[] {
	if (body.length > MAX_REWRITTEN) return [{ signed: body, read: () => parseBytes(body) }];
	const bytes = { signed: body, read: () => parseBytes(body) };
	const text = rewritten(textOf(body));
	return text === undefined ? [bytes] : [bytes, { signed: text, read: () => parseJson(text) }];
}

const parseBytes = (body: Buffer): unknown => parseJson(textOf(body));

/** A byte order mark in front of JSON may be ignored (RFC 8259, section 8.1), and n8n itself does. */
const textOf = (body: Buffer): string => body.toString().replace(/^\uFEFF/, '');

function rewritten(text: string): string | undefined {
	try {
		// As Cobalt's sample does it, which rounds long numbers: `parseJson` does not.
		return JSON.stringify(JSON.parse(text));
	} catch {
		// No JSON, or nested more deeply than can be written again.
		return undefined;
	}
}
