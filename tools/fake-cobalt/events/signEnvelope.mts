import { createHmac } from 'node:crypto';

import type { Webhook } from '../world/records.mts';

/** How the body is written, and what of it is signed. */
export interface SigningOptions {
	/** The bytes have whitespace between the values. Otherwise they are what `JSON.stringify` makes. */
	isSpaced?: boolean;
	/** The sample signs what `JSON.stringify` makes of the parsed body: 'compact'. Whether Cobalt signs
	 * the bytes that it sends, the documents do not say: 'bytes'. Default 'compact'. */
	signs?: 'compact' | 'bytes';
	/** Signs with the secret from before a rotation for so long after it. Default 0. */
	oldSecretForSeconds?: number;
}

function secretFor({ secret, previous }: Webhook, oldForSeconds: number): string {
	if (previous === null) return secret;
	const age = Date.now() - Date.parse(previous.since);
	return age < oldForSeconds * 1000 ? previous.secret : secret;
}

/** The bytes of an envelope, and their signature: no prefix, the timestamp not included. */
export function signEnvelope(
	envelope: object,
	webhook: Webhook,
	{ isSpaced = false, signs = 'compact', oldSecretForSeconds = 0 }: SigningOptions,
): { bytes: Buffer; signature: string } {
	const compact = JSON.stringify(envelope);
	const sent = isSpaced ? JSON.stringify(envelope, null, 2) : compact;
	const hmac = createHmac('sha256', secretFor(webhook, oldSecretForSeconds));
	return {
		bytes: Buffer.from(sent),
		signature: hmac.update(signs === 'bytes' ? sent : compact).digest('hex'),
	};
}
