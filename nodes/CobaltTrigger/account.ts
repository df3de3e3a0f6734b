import type { IExecuteFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

import { accountFingerprint } from '../shared/http/credential/account';
import { readCredential } from '../shared/http/credential/credential';

/**
 * Whose events a trigger is told of. Another account may have other events under the same ids, so that what
 * is remembered of one says nothing about the other.
 *
 * @throws CobaltApiError for a credential that cannot be used
 */
export async function accountOf(
	context: IExecuteFunctions | IPollFunctions | IWebhookFunctions,
): Promise<string> {
	return accountFingerprint(await readCredential(context, context.getNode()));
}
