import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { RequestFailure } from '../failure';
import { unusable } from './credential';

/**
 * Whether the switch *Read-Only* of a credential is on. A credential that was saved before there was a
 * switch has none; of one that is an expression, only a clear "no" permits writes.
 */
export function isReadOnly(credential: ICredentialDataDecryptedObject): boolean {
	if (!Object.hasOwn(credential, 'readOnly')) return false;
	const { readOnly } = credential;
	return readOnly !== false && readOnly !== 'false';
}

/** The failure for a request that would change something, with a read-only credential. */
export function writeForbidden(): RequestFailure {
	return unusable(
		"'Read-Only' in the Cobalt credential is on",
		"To change something in the EHR or in Cobalt, use a credential whose switch is off. To check an item without sending it, add the option 'Validate Only'.",
	);
}
