import { createHmac, timingSafeEqual } from 'node:crypto';

import { parseJson } from '../../shared/json';

/** The header in which a delivery carries its signature. */
export const SIGNATURE_HEADER = 'cobalt-verification';

const HEX_SHA256 = /^[0-9a-f]{64}$/i;

/**
 * Bytes. Of longer bodies, only the bytes are checked, since anyone could make us parse and serialize huge
 * JSON.
 */
const MAX_REWRITTEN = 5_000_000;

/** HMAC-SHA256 of a body in hexadecimal, the way Cobalt signs its deliveries. */
export function sign(body: string | Buffer, secret: string): string {
	return createHmac('sha256', secret).update(body).digest('hex');
}

/** A body with a valid signature. */
export interface SignedBody {
	/** The secret that made the signature. */
	secret: string;
	/** The parsed body, in the form that was signed; undefined if that is not JSON. */
	value: unknown;
}

/** A form of the body that may have been signed, and how to parse it. */
interface SignedForm {
	signed: string | Buffer;
	read: () => unknown;
}

/**
 * The signature of one call. Cobalt's sample code signs JSON that was parsed and serialized again, and the
 * documents do not say whether Cobalt sends it in that form, so both forms are tried (docs/api-notes.md, "What the
 * documents disagree on"). They may differ in content (`1e999` becomes `null`, `-0` becomes `0`), so only the
 * signed form is read. Takes the same time for valid and invalid signatures.
 */
export class Signature {
	private readonly received?: Buffer;

	private readonly forms: SignedForm[];

	/**
	 * @param body the bytes as received
	 * @param header the header's value, of any type
	 */
	constructor(body: Buffer, header: unknown) {
		const isSound = typeof header === 'string' && HEX_SHA256.test(header);
		if (isSound) this.received = Buffer.from(header, 'hex');
		this.forms = isSound ? formsOf(body) : [];
	}

	/** The body, if one of the secrets has signed it; undefined otherwise. Empty secrets never count. */
	provenBy(secrets: readonly string[]): SignedBody | undefined {
		let proof: { secret: string; form: SignedForm } | undefined;
		for (const secret of secrets) {
			for (const form of secret === '' ? [] : this.forms) {
				const expected = Buffer.from(sign(form.signed, secret), 'hex');
				if (this.received && timingSafeEqual(expected, this.received)) proof ??= { secret, form };
			}
		}
		return proof && { secret: proof.secret, value: proof.form.read() };
	}
}

/** The forms of a body that may have been signed. The bytes come first, so they are read if both are equal. */
function formsOf(body: Buffer): SignedForm[] {
	if (body.length > MAX_REWRITTEN) return [{ signed: body, read: () => parseBytes(body) }];
	const bytes = { signed: body, read: () => parseBytes(body) };
	const text = rewritten(textOf(body));
	return text === undefined ? [bytes] : [bytes, { signed: text, read: () => parseJson(text) }];
}

const parseBytes = (body: Buffer): unknown => parseJson(textOf(body));

/** A byte order mark before JSON may be ignored (RFC 8259, section 8.1), which n8n does as well. */
const textOf = (body: Buffer): string => body.toString().replace(/^\uFEFF/, '');

function rewritten(text: string): string | undefined {
	try {
		// As in Cobalt's sample code, which rounds long numbers, unlike `parseJson`.
		return JSON.stringify(JSON.parse(text));
	} catch {
		// Not JSON, or nested too deeply to be serialized.
		return undefined;
	}
}
