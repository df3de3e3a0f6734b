import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';

import type { Send } from '../../shared/http/client';
import { CobaltApiError } from '../../shared/http/cobaltApiError';
import { isReadOnly } from '../../shared/http/credential/readOnly';
import { clientCredential, createClientSend } from '../clinics/clientRequests';
import { isTest, processStateFor } from '../processState';
import { encryptSecret } from './encryptSecret';
import { idsIn, passwordOf, readOwn, removeEach, urlOf, webhooksOf } from './ownRegistration';
import { unreachableReason } from './reachability';
import { readRegistration, writeRegistration } from './registrationState';
import { readWebhooks, registerWebhook, type RegisteredWebhook } from './webhookApi';
import { isSameAddress, isSamePath } from './webhookTarget';

/** Milliseconds for removing what a failed registration left behind. */
const CLEANUP_TIMEOUT_MS = 10_000;

/**
 * Registers our address at Cobalt, unless it is registered already and its secret is known.
 *
 * @returns the secret that signs the deliveries
 * @throws NodeOperationError if Cobalt cannot reach the address or its response lacks something, CobaltApiError
 */
export async function registerAtCobalt(context: IHookFunctions): Promise<string> {
	const url = urlOf(context);
	const { registration } = processStateFor(context);
	registration.isNothingLeft = readRegistration(context) === undefined;
	await requireReachable(context, url);
	const own = await readOwn(context);
	const { registered } = await webhooksOf(context);
	const ids = idsIn(context, { registered });
	if (own !== undefined && ids.includes(own.id)) return own.secret;
	await requireWritable(context);
	const send = createClientSend(context);
	await removeEach(send, ids);
	registration.isNothingLeft = false;
	try {
		return await registerAnew(context, send, registered);
	} catch (error) {
		registration.isNothingLeft = isNeverAccepted(error) || (await cleanUp(context, registered));
		throw withAdvice(error);
	}
}

/** @param before what was already registered at Cobalt */
async function registerAnew(
	context: IHookFunctions,
	send: Send,
	before: RegisteredWebhook[],
): Promise<string> {
	const url = urlOf(context);
	const made = await registerWebhook(send, url);
	const isWhole = made.id !== undefined && made.secret !== undefined;
	const account = isWhole ? undefined : await webhooksOf(context);
	const id = made.id ?? account?.registered.find((entry) => isMade(entry, url, before))?.id;
	const secret = made.secret ?? account?.secret;
	if (id === undefined) {
		throw incomplete(
			context,
			'ID, without which it could not be deleted again',
			'Ask Cobalt which webhooks are registered for this account',
		);
	}
	if (secret === undefined) {
		throw incomplete(context, 'signing secret', 'Ask Cobalt for the secret');
	}
	const sealedSecret = encryptSecret(secret, await passwordOf(context));
	warnIfMoved(context, url);
	writeRegistration(context, { url, id, sealedSecret, isTest: isTest(context) });
	return secret;
}

function incomplete(context: IHookFunctions, lacking: string, advice: string) {
	return new NodeOperationError(
		context.getNode(),
		`Cobalt registered the webhook, but did not return its ${lacking}`,
		{
			description: `${advice}, set 'Webhook Registration' to 'Manual' and enter the secret in the credential, or set 'Receive Events By' to 'Polling'.`,
		},
	);
}

/** Whether an entry is our new registration. Cobalt may normalize its URL. */
function isMade(entry: RegisteredWebhook, url: string, before: RegisteredWebhook[]): boolean {
	const isNew = before.every(({ id }) => id !== entry.id);
	return isSameAddress(entry.url, url) || (isNew && isSamePath(entry.url, url));
}

const isNeverAccepted = (error: unknown): boolean =>
	error instanceof CobaltApiError && !error.mayBeAccepted;

/**
 * Removes a registration that failed but may have been carried out. n8n tries several times before it gives up.
 *
 * @returns whether it is certain that nothing is left of it
 */
async function cleanUp(context: IHookFunctions, before: RegisteredWebhook[]): Promise<boolean> {
	const send: Send = async (request) =>
		await createClientSend(context)({ ...request, timeoutMs: CLEANUP_TIMEOUT_MS });
	try {
		const { registered } = await readWebhooks(send);
		const made = registered.filter((entry) => isMade(entry, urlOf(context), before));
		await removeEach(
			send,
			made.map(({ id }) => id),
		);
		return true;
	} catch {
		context.logger.warn(
			"Cobalt: this webhook may still be registered. Check with 'Webhook: Get Many'.",
		);
		return false;
	}
}

/** The old address is left alone: another n8n may use it, for example one with a copy of the database. */
function warnIfMoved(context: IHookFunctions, url: string): void {
	const known = readRegistration(context);
	if (known === undefined || isTest(context) || isSameAddress(known.url, url)) return;
	context.logger.warn(
		`Cobalt: this webhook has moved to ${url}. Its old URL ${known.url} is still registered in Cobalt and receives every event. If no other n8n uses it, delete it with 'Webhook: Delete' (ID ${known.id}).`,
	);
}

async function requireReachable(context: IHookFunctions, url: string): Promise<void> {
	const { baseUrl } = await clientCredential(context);
	const reason = unreachableReason(url, String(baseUrl));
	if (reason === undefined) return;
	throw new NodeOperationError(context.getNode(), `Cobalt cannot reach ${url}: ${reason}`, {
		description:
			"Set n8n's WEBHOOK_URL to a public HTTPS URL, or set 'Receive Events By' to 'Polling', which needs none.",
		failure: { cause: 'configuration-invalid' },
	});
}

/** The client refuses every write with a read-only credential; this error suggests what else to do. */
async function requireWritable(context: IHookFunctions): Promise<void> {
	if (!isReadOnly(await clientCredential(context))) return;
	throw new NodeOperationError(
		context.getNode(),
		"The webhook was not registered, because 'Read-Only' in the Cobalt credential is on",
		{
			description:
				"Set 'Receive Events By' to 'Polling', which only reads, or register the URL of this webhook yourself and set 'Webhook Registration' to 'Manual'.",
			failure: { cause: 'configuration-invalid' },
		},
	);
}

/** Adds what to do if the account may not register webhooks. */
function withAdvice(error: unknown): unknown {
	if (error instanceof CobaltApiError && error.affectsAllRequests) {
		error.description = `${error.description ?? ''} If your account cannot register webhooks, set 'Webhook Registration' to 'Manual'.`;
	}
	return error;
}
