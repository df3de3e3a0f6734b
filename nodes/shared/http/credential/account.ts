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
	return digestOf(accountOf(credential));
}

/**
 * Identifies the keys that requests are sent with: those of an account, and the secret of its client. One
 * of two secrets may be wrong, and must not stand in for the other.
 *
 * @throws UserError that names the field, for a credential that cannot be used
 */
export function keysFingerprint(credential: ICredentialDataDecryptedObject): string {
	return digestOf([...accountOf(credential), credentialKey(credential, 'clientSecret')]);
}

/**
 * Identifies a clinic of a client at a base URL, whatever access token it has today.
 *
 * @param reference its `access_token_reference_id`
 * @throws UserError that names the field, for a credential that cannot be used
 */
export function clinicFingerprint(
	credential: ICredentialDataDecryptedObject,
	reference: string,
): string {
	return digestOf([...clientOf(credential), reference]);
}

const clientOf = (credential: ICredentialDataDecryptedObject): string[] => [
	apiRoot(credential.baseUrl),
	credentialKey(credential, 'clientId'),
];

const accountOf = (credential: ICredentialDataDecryptedObject): string[] => [
	...clientOf(credential),
	credentialKey(credential, 'accessToken'),
];

function digestOf(parts: string[]): string {
	const digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
	return digest.slice(0, FINGERPRINT_LENGTH);
}
