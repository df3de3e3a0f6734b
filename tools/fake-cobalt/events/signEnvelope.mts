import { createHmac } from 'node:crypto';

import type { Webhook } from '../world/records.mts';

/** How the body is serialized, and what is signed. */
export interface SigningOptions {
	/** Whether the body has whitespace between its values, unlike the output of `JSON.stringify`. */
	isSpaced?: boolean;
	/** 'compact' signs the output of `JSON.stringify`, as the documented sample does; 'bytes' signs the bytes
	 * that are sent, since the documents do not say what Cobalt signs. Default 'compact'. */
	signs?: 'compact' | 'bytes';
	/** How long after a rotation the old secret still signs. Default 0. */
	oldSecretForSeconds?: number;
}

function secretFor({ secret, previous }: Webhook, oldForSeconds: number): string {
	if (previous === null) return secret;
	const age = Date.now() - Date.parse(previous.since);
	return age < oldForSeconds * 1000 ? previous.secret : secret;
}

/** Serializes and signs an envelope. The signature has no prefix and does not include the timestamp. */
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
