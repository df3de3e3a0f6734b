import type { IExecuteFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

import { accountFingerprint } from '../shared/http/credential/account';
import { readCredential } from '../shared/http/credential/credential';

/**
 * The account whose events a trigger receives. Another account may use the same ids for other events, so what is
 * remembered of one says nothing about the other.
 *
 * @throws CobaltApiError for a credential that cannot be used
 */
export async function accountOf(
	context: IExecuteFunctions | IPollFunctions | IWebhookFunctions,
): Promise<string> {
	return accountFingerprint(await readCredential(context, context.getNode()));
}
