import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { createClient, type Send } from '../../shared/http/client';
import { CobaltApiError } from '../../shared/http/cobaltApiError';
import type { RequestContext } from '../../shared/http/credential/credential';
import { LOGIN_REQUIRED } from '../../shared/http/statusFailures';
import { accountsOf, type TriggerAccounts } from './accounts';

/**
 * The credential of the client. All clinics share its fields, except for the access token, which is that of
 * the first clinic.
 */
export const clientCredentialIn = ({ all }: TriggerAccounts): ICredentialDataDecryptedObject => ({
	...all[0]?.credential,
});

/** @throws CobaltApiError for a credential that cannot be used */
export async function clientCredential(
	context: RequestContext,
): Promise<ICredentialDataDecryptedObject> {
	return clientCredentialIn(await accountsOf(context));
}

/**
 * Sends requests about the client, such as those about webhooks. They have an access token like all others
 * (docs/api-notes.md, "What the documents disagree on"). If the EHR login of one clinic has expired, the
 * token of the next one is used.
 *
 * @returns a function that throws CobaltApiError, like that of {@link createClient}
 */
export function createClientSend(context: RequestContext): Send {
	return async (request) => {
		const { all } = await accountsOf(context);
		let failure: unknown;
		for (const { credential } of all) {
			const sent = await createClient(
				context,
				credential,
			)(request).then(
				(body) => ({ body }),
				(error: unknown) => ({ error }),
			);
			if ('body' in sent) return sent.body;
			failure = sent.error;
			if (!isLoginExpired(failure)) break;
		}
		throw failure;
	};
}

const isLoginExpired = (error: unknown): boolean =>
	error instanceof CobaltApiError && error.message === LOGIN_REQUIRED.message;
