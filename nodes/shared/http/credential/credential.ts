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
import { parseClinics } from './clinics';
import { credentialKey } from './credentialKeys';

/** The n8n contexts from which requests are made. */
export type RequestContext =
	IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions | IHookFunctions | IWebhookFunctions;

/** The keys that are sent with every request. */
const KEYS = ['clientId', 'clientSecret', 'accessToken'] as const;

/**
 * The choice *Authentication* of both nodes. Workflows saved before it existed have no value, and one clinic.
 */
export const hasMultipleClinics = ({ parameters }: INode): boolean =>
	parameters.authentication === 'multipleClinics';

/** A credential for requests of one account, and the clinic of a credential with several. */
interface ClinicCredential {
	/** See {@link Clinic.reference}. */
	clinic?: string;
	credential: ICredentialDataDecryptedObject;
}

/**
 * The credential of one account with its expressions resolved. It is checked here, so that an unusable one is
 * not mistaken for a network problem.
 *
 * @param clinic in a credential with several
 * @throws CobaltApiError that names the field; also if there are several clinics and this is none of them
 */
export async function readCredential(
	context: RequestContext,
	node: INode,
	clinic?: string,
): Promise<ICredentialDataDecryptedObject> {
	return credentialOfClinic(node, await resolveCredential(context, node), clinic);
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
	const type = hasMultipleClinics(node) ? 'cobaltMultipleClinicsApi' : 'cobaltApi';
	return await context.getCredentials(type, itemIndex).catch((error: unknown) => {
		throw new CobaltApiError(node, notResolved(error));
	});
}

/**
 * The credential of one account, from what n8n resolved.
 *
 * @param clinic in a credential with several
 * @throws CobaltApiError that names the field; also if there are several clinics and this is none of them
 */
export function credentialOfClinic(
	node: INode,
	resolved: ICredentialDataDecryptedObject,
	clinic?: string,
): ICredentialDataDecryptedObject {
	const wanted = clinicsIn(node, resolved).find((one) => one.clinic === clinic);
	if (wanted === undefined) throw new CobaltApiError(node, notInCredential(clinic));
	return wanted.credential;
}

/**
 * A credential for requests that need only the client's two keys, from what n8n resolved. Its access token is
 * that of any clinic, and is not sent.
 *
 * @throws CobaltApiError that names the field
 */
export function credentialOfClient(
	node: INode,
	resolved: ICredentialDataDecryptedObject,
): ICredentialDataDecryptedObject {
	const [first] = clinicsIn(node, resolved);
	if (first === undefined) throw new CobaltApiError(node, notInCredential(undefined));
	return first.credential;
}

/**
 * The credentials of all clinics in what n8n resolved. A credential for one clinic gives one entry without a
 * name.
 *
 * @throws CobaltApiError that names the field
 */
export function clinicsIn(
	node: INode,
	resolved: ICredentialDataDecryptedObject,
): ClinicCredential[] {
	try {
		const clinics = hasMultipleClinics(node) ? severalIn(resolved) : [{ credential: resolved }];
		for (const { credential } of clinics) {
			apiRoot(credential.baseUrl);
			for (const name of KEYS) credentialKey(credential, name);
		}
		return clinics;
	} catch (error) {
		throw unusableError(node, error as UserError);
	}
}

/** @throws UserError that names the line */
function severalIn({
	accessTokens,
	...client
}: ICredentialDataDecryptedObject): ClinicCredential[] {
	const clinics = parseClinics(accessTokens);
	// A message about one clinic may repeat another clinic's token, so the redaction needs all tokens.
	const tokens = clinics.map(({ accessToken }) => accessToken);
	return clinics.map(({ reference, accessToken }) => ({
		clinic: reference,
		credential: { ...client, accessToken, accessTokens: tokens },
	}));
}

function notInCredential(clinic: string | undefined): RequestFailure {
	return unusable(
		clinic === undefined
			? "'Clinic' is empty"
			: "'Clinic' is not one of the clinics in the Cobalt credential",
		'Select one from the list, or enter its reference ID exactly as it is in the credential. An item that comes from an event has it as access_token_reference_id.',
	);
}

function notResolved(error: unknown): RequestFailure {
	return error instanceof ExpressionError
		? unusable(
				'An expression in the Cobalt credential cannot be resolved',
				`Check its value for this item. n8n says: ${error.message}`,
			)
		: unusable('The Cobalt credential could not be loaded');
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
			"Select the credential in this node again, or enter its keys again. If n8n's encryption key has changed, do this for all credentials. If a field is an expression, check its value for this item.",
		mayBeAccepted: false,
		isTransient: false,
		cause: 'configuration-invalid',
	};
}
