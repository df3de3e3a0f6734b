import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { apiRoot } from './baseUrl';
import { credentialKey } from './credentialKeys';

/** 132 bits. */
const FINGERPRINT_LENGTH = 22;

/**
 * Identifies an account: an access token of a client at a base URL. The hash cannot be reversed, so it may
 * be stored where a token may not.
 *
 * @throws UserError that names the field, for a credential that cannot be used
 */
export function accountFingerprint(credential: ICredentialDataDecryptedObject): string {
	const parts = [
		apiRoot(credential.baseUrl),
		credentialKey(credential, 'clientId'),
		credentialKey(credential, 'accessToken'),
	];
	const digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
	return digest.slice(0, FINGERPRINT_LENGTH);
}
