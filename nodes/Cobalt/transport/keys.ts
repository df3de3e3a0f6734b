import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/** A key of the Cobalt credential, without the blanks that come along when it is copied; or empty. */
export function keyIn(
	credential: ICredentialDataDecryptedObject,
	name: 'clientId' | 'clientSecret' | 'accessToken' | 'webhookSecret',
): string {
	return String(credential[name] ?? '').trim();
}
