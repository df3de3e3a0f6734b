import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
} from 'n8n-workflow';

import {
	clinicsIn,
	hasMultipleClinics,
	readCredential,
	resolveCredential,
} from '../../shared/http/credential/credential';
import { code } from '../../shared/parsers/id';
import { locatorValue } from '../parsers/resourceLocator';

/**
 * The clinics of the credential. Nothing is sent to Cobalt.
 *
 * @throws CobaltApiError for a credential that cannot be used
 */
export async function clinicsToPick(
	context: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const node = context.getNode();
	const resolved = await resolveCredential(context, node);
	const names = clinicsIn(node, resolved).flatMap(({ clinic }) => clinic ?? []);
	const text = filter.trim().toLowerCase();
	const found = names.filter((name) => name.toLowerCase().includes(text));
	return { results: found.map((name) => ({ name, value: name })) };
}

/**
 * The credential of the clinic whose lists are shown. n8n's editor resolves an expression with the data that
 * it has, so the clinic may have no value here.
 *
 * @throws NodeOperationError or CobaltApiError if there is no such credential
 */
export async function pickedCredential(
	context: ILoadOptionsFunctions,
): Promise<ICredentialDataDecryptedObject> {
	const node = context.getNode();
	if (!hasMultipleClinics(node)) return await readCredential(context, node);
	const clinic = pickedClinic(context);
	if (clinic !== undefined) return await readCredential(context, node, clinic);
	throw new NodeOperationError(node, "Choose a 'Clinic' first to see its list", {
		description:
			"If 'Clinic' is an expression, it has no value yet: execute the node before this one, or select a clinic from the list for now.",
	});
}

function pickedClinic(context: ILoadOptionsFunctions): string | undefined {
	try {
		const timezone = context.getTimezone();
		return locatorValue(code)(context.getCurrentNodeParameter('clinic'), { timezone });
	} catch {
		// An expression that the editor could not resolve, or something that is not a reference ID.
		return undefined;
	}
}
