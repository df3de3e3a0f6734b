import type { IDataObject } from 'n8n-workflow';

import { previewBody } from '../../shared/http/body';
import { API_VERSION } from '../../shared/http/credential/baseUrl';
import type { ItemInput } from '../parameters/itemInput';
import type { Result } from '../run/result';

/** The first words of the item: an agent must not take it for a submission. */
const NOTHING_SENT =
	"Nothing was sent to Cobalt, and nothing was changed: 'Validate Only' is on. The item passed all checks of this node; Cobalt and the EHR may still refuse it.";

/** The result of an item whose request is complete, and is shown instead of sent. */
export function validated({ request }: Pick<ItemInput, 'request'>): Result {
	const { method, path, body, encoding } = request;
	const json: IDataObject = {
		validation: NOTHING_SENT,
		job_status: 'not_submitted',
		request: {
			method,
			path: API_VERSION + path,
			...(body && { body: previewBody(body, encoding) }),
		},
	};
	return { status: 'succeeded', outputs: [{ json }], isWritten: false, isValidatedOnly: true };
}
