import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { credentialKey } from './credentialKeys';

/**
 * The header that asks the credential to leave out its access token: a request that creates or renews a
 * connection is sent with the client's two keys only.
 */
export const WITHOUT_ACCESS_TOKEN = { access_token: '' } as const;

/** Whether a request's headers ask for that, see {@link WITHOUT_ACCESS_TOKEN}. */
export const isWithoutAccessToken = (headers: IDataObject = {}): boolean =>
	headers.access_token === WITHOUT_ACCESS_TOKEN.access_token;

/** A body with the credential's access token, which names the connection to renew. */
export function withAccessToken(
	body: IDataObject,
	credential: ICredentialDataDecryptedObject,
): IDataObject {
	return { ...body, access_token: credentialKey(credential, 'accessToken') };
}
