import type { IDataObject } from 'n8n-workflow';

import { previewBody } from '../../shared/http/body';
import { API_VERSION } from '../../shared/http/credential/baseUrl';
import type { Operation } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import { completed } from '../parameters/recordId';
import type { ItemContext } from '../run/itemFailure';
import type { Result } from '../run/result';

/** The first words of the item, so that an agent does not mistake it for a submission. */
const NOTHING_SENT =
	"Nothing was sent to Cobalt, and nothing was changed: 'Validate Only' is on. The item passed all checks of this node; Cobalt and the EHR may still refuse it.";

/** Completes the request of an item, using only reads, and shows it instead of sending it. */
export async function validate(
	operation: Operation,
	input: ItemInput,
	itemContext: ItemContext,
): Promise<Result> {
	const checked = await input.account.limit(
		async () => await completed(operation, input, itemContext),
	);
	return checked.status === 'ready' ? validated(checked.input) : checked;
}

/**
 * The result of an item whose request is complete, and is shown instead of sent.
 *
 * @param more further results of the check
 */
export function validated({ request }: ItemInput, more: IDataObject = {}): Result {
	const { method, path, body, encoding, accessToken } = request;
	const json: IDataObject = {
		validation: NOTHING_SENT,
		job_status: 'not_submitted',
		...more,
		request: {
			method,
			path: API_VERSION + path,
			...(body && {
				body: {
					...previewBody(body, encoding),
					...(accessToken === 'body' && { access_token: '***' }),
				},
			}),
		},
	};
	return { status: 'succeeded', outputs: [{ json }], isWritten: false, isValidatedOnly: true };
}
