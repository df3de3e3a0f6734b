import type { IDataObject } from 'n8n-workflow';

import { previewBody } from '../../shared/http/body';
import { API_VERSION } from '../../shared/http/credential/baseUrl';
import type { Operation } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import { withRecordId } from '../parameters/recordId';
import type { ItemContext } from '../run/itemFailure';
import { rejected } from '../run/requestFailures';
import type { Result } from '../run/result';

/** The first words of the item: an agent must not take it for a submission. */
const NOTHING_SENT =
	"Nothing was sent to Cobalt, and nothing was changed: 'Validate Only' is on. The item passed all checks of this node; Cobalt and the EHR may still refuse it.";

/** Completes the request of an item, with reads alone, and shows it instead of sending it. */
export async function validate(
	operation: Operation,
	input: ItemInput,
	itemContext: ItemContext,
): Promise<Result> {
	return await input.account
		.limit(async () => await withRecordId(operation, input))
		.then(validated, (error: unknown) => ({
			status: 'failed',
			failure: rejected(itemContext, error),
		}));
}

/** The result of an item whose request is complete, and is shown instead of sent. */
function validated({ request }: ItemInput): Result {
	const { method, path, body, encoding, accessToken } = request;
	const json: IDataObject = {
		validation: NOTHING_SENT,
		job_status: 'not_submitted',
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
