import type { IHookFunctions } from 'n8n-workflow';

import type { Send } from '../../shared/http/client';
import { credentialKey } from '../../shared/http/credential/credentialKeys';
import { withTimeBudget } from '../../shared/http/timeBudget';
import { clientCredential, createClientSend } from '../clinics/clientRequests';
import { decryptSecret } from './encryptSecret';
import { readRegistration } from './registrationState';
import { readWebhooks, removeWebhook, type AccountWebhooks } from './webhookApi';
import { isSameAddress } from './webhookTarget';

/** Milliseconds for the reads of one call by n8n. */
const MAX_READ_MS = 60_000;

/** The address to which Cobalt is to deliver. */
export const urlOf = (context: IHookFunctions): string =>
	context.getNodeWebhookUrl('default') ?? '';

/** The ids of our address at Cobalt: the saved one, and all whose URL is the same address. */
export function idsIn(
	context: IHookFunctions,
	{ registered }: Pick<AccountWebhooks, 'registered'>,
): string[] {
	const own = urlOf(context);
	const known = readRegistration(context);
	const notedId = known && isSameAddress(known.url, own) ? known.id : undefined;
	return registered
		.filter(({ id, url }) => id === notedId || isSameAddress(url, own))
		.map(({ id }) => id);
}

/**
 * The webhooks that are registered for the account, read with retries.
 *
 * @throws CobaltApiError or TimeoutError
 */
export async function webhooksOf(context: IHookFunctions): Promise<AccountWebhooks> {
	return await withTimeBudget(
		createClientSend(context),
		MAX_READ_MS,
		async (send) => await readWebhooks(send),
	);
}

/** The saved registration of our address, if its secret can be decrypted. */
export async function readOwn(
	context: IHookFunctions,
): Promise<{ id: string; secret: string } | undefined> {
	const known = readRegistration(context);
	if (known === undefined || !isSameAddress(known.url, urlOf(context))) return undefined;
	const secret = decryptSecret(known.sealedSecret, await passwordOf(context));
	return secret === undefined ? undefined : { id: known.id, secret };
}

/**
 * Removes webhooks at Cobalt, one after another.
 *
 * @throws CobaltApiError of the first that cannot be removed
 */
export async function removeEach(send: Send, ids: string[]): Promise<void> {
	for (const id of ids) await removeWebhook(send, id);
}

/**
 * The key that encrypts the saved secret.
 *
 * @throws CobaltApiError for a credential that cannot be used
 */
export async function passwordOf(context: IHookFunctions): Promise<string> {
	return credentialKey(await clientCredential(context), 'clientSecret');
}
