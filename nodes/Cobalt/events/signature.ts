import { createHmac, timingSafeEqual } from 'node:crypto';

import { parseJson } from '../transport/json';

/** The header in which a delivery carries its signature. */
export const SIGNATURE_HEADER = 'cobalt-verification';

const HEX_SHA256 = /^[0-9a-f]{64}$/i;

/** Bytes. Beyond that, writing JSON again would be work that anybody can cause: the bytes alone count. */
const MOST_REWRITTEN = 5_000_000;

/** HMAC-SHA256 of a body in hexadecimal digits, as Cobalt signs its deliveries. */
export function sign(body: string | Buffer, secret: string): string {
	return createHmac('sha256', secret).update(body).digest('hex');
}

/**
 * The signature of one call. Cobalt's sample signs the JSON that it has parsed and written again, and the
 * documents do not say whether that is what it sends: both forms are tried. Takes the same time for a
 * good signature and for a bad one.
 */
export class Signature {
	private readonly given?: Buffer;

	private readonly forms: Array<string | Buffer>;

	/**
	 * @param body the bytes as they came
	 * @param header the header's value, whatever was sent as that
	 */
	constructor(body: Buffer, header: unknown) {
		const isSound = typeof header === 'string' && HEX_SHA256.test(header);
		if (isSound) this.given = Buffer.from(header, 'hex');
		this.forms = isSound ? [body, rewritten(body)].filter((form) => form !== undefined) : [];
	}

	/** Which of the secrets has made it; undefined where none has. An empty one never has. */
	madeBy(secrets: readonly string[]): string | undefined {
		let maker: string | undefined;
		for (const secret of secrets) {
			for (const form of secret === '' ? [] : this.forms) {
				const expected = Buffer.from(sign(form, secret), 'hex');
				if (this.given && timingSafeEqual(expected, this.given)) maker ??= secret;
			}
		}
		return maker;
	}
}

function rewritten(body: Buffer): string | undefined {
	if (body.length > MOST_REWRITTEN) return undefined;
	try {
		return JSON.stringify(parseJson(body.toString()));
	} catch {
		// Nested more deeply than can be written again.
		return undefined;
	}
}
