import {
	ExpressionError,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type IHookFunctions,
	type ILoadOptionsFunctions,
	type INode,
	type IPollFunctions,
	type IWebhookFunctions,
	type UserError,
} from 'n8n-workflow';

import { CobaltApiError } from '../cobaltApiError';
import type { RequestFailure } from '../failure';
import { apiRoot } from './baseUrl';
import { credentialKey } from './credentialKeys';

/** The n8n contexts from which requests are made. */
export type RequestContext =
	IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions | IHookFunctions | IWebhookFunctions;

/** The keys that are sent with every request. */
const KEYS = ['clientId', 'clientSecret', 'accessToken'] as const;

/**
 * The credential with its expressions resolved. It is checked here, so that an unusable one is not taken
 * for a network problem.
 *
 * @param itemIndex of the item it is for; omitted where there is no item
 * @throws CobaltApiError that names the field
 */
export async function readCredential(
	context: RequestContext,
	node: INode,
	itemIndex?: number,
): Promise<ICredentialDataDecryptedObject> {
	const credential = await resolveCredential(context, node, itemIndex);
	requireUsable(node, credential);
	return credential;
}

/**
 * The credential with its expressions resolved, not checked yet.
 *
 * @param itemIndex of the item it is for; omitted where there is no item
 * @throws CobaltApiError if n8n cannot resolve it
 */
export async function resolveCredential(
	context: RequestContext,
	node: INode,
	itemIndex?: number,
): Promise<ICredentialDataDecryptedObject> {
	return await context.getCredentials('cobaltApi', itemIndex).catch((error: unknown) => {
		throw new CobaltApiError(node, notResolved(error));
	});
}

/** @throws CobaltApiError that names the field, for a credential that cannot be used */
export function requireUsable(node: INode, credential: ICredentialDataDecryptedObject): void {
	try {
		apiRoot(credential.baseUrl);
		for (const name of KEYS) credentialKey(credential, name);
	} catch (error) {
		throw unusableError(node, error as UserError);
	}
}

function notResolved(error: unknown): RequestFailure {
	return error instanceof ExpressionError
		? unusable(
				'An expression in the Cobalt credential cannot be resolved',
				`Check what it gives for this item. n8n says: ${error.message}`,
			)
		: unusable('The Cobalt credential of this node cannot be read');
}

function unusableError(node: INode, { message, description }: UserError): CobaltApiError {
	return new CobaltApiError(node, unusable(message, description));
}

/** The failure for a credential with which no request can be sent. */
export function unusable(message: string, description?: string | null): RequestFailure {
	return {
		message,
		description:
			description ??
			'Choose the credential of this node again, or enter its keys anew. If a field is an expression, check what it gives for this item.',
		mayBeAccepted: false,
		isTransient: false,
		cause: 'configuration-invalid',
	};
}
