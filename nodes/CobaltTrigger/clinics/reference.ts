import { createClient } from '../../shared/http/client';
import { CobaltApiError } from '../../shared/http/cobaltApiError';
import type { RequestContext } from '../../shared/http/credential/credential';
import { unwrap } from '../../shared/http/unwrapResponse';
import { firstText } from '../../shared/json';
import { requestErrorInfo } from '../../shared/retry/errors';
import type { TriggerAccount } from './accounts';

/** Milliseconds. If the check times out, a later poll repeats it. */
const TIMEOUT_MS = 5_000;

/**
 * Checks that Cobalt knows an access token by its reference ID in the credential. Events name their clinic by
 * that ID, so under a different one, no event would match the clinic.
 *
 * @param checked the reference ID that was checked before, if any: it is not asked for again
 * @returns the reference ID, if that is certain or Cobalt does not say it; undefined if Cobalt did not respond
 * @throws CobaltApiError if Cobalt knows the access token by another reference ID
 */
export async function requireSameReference(
	context: RequestContext,
	{ clinic, credential }: TriggerAccount,
	checked: string | undefined,
): Promise<string | undefined> {
	if (clinic === undefined || clinic === checked) return clinic;
	const send = createClient(context, credential);
	const known = await send({ method: 'GET', path: '/settings', timeoutMs: TIMEOUT_MS }).then(
		(response) => firstText(unwrap(response).access_token_reference_id) ?? clinic,
		(error: unknown) => (requestErrorInfo(error)?.isTransient === false ? clinic : undefined),
	);
	if (known === undefined || known === clinic) return known;
	throw new CobaltApiError(context.getNode(), {
		message: 'Cobalt knows this access token by another reference ID',
		description:
			"Events name their clinic by its reference ID. Correct it in 'Clinics' in the Cobalt credential: 'Account: Get Settings' shows it as access_token_reference_id.",
		mayBeAccepted: false,
		isTransient: false,
		cause: 'configuration-invalid',
	});
}
