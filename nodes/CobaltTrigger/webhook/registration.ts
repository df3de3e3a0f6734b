import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';

import { createClient, type Send } from '../../shared/http/client';
import { CobaltApiError } from '../../shared/http/cobaltApiError';
import { readCredential } from '../../shared/http/credential/credential';
import { credentialKey } from '../../shared/http/credential/credentialKeys';
import { isReadOnly } from '../../shared/http/credential/readOnly';
import { withTimeBudget } from '../../shared/http/timeBudget';
import { systemClock as clock } from '../../shared/retry/clock';
import { triggerError, withAdviceInMessage } from '../errors';
import { isTest, processStateFor } from '../processState';
import { deliverSample } from '../sample/sampleDelivery';
import { readSettings } from '../settings';
import { parametersOfTrigger } from '../settingsSource';
import { encryptSecret, decryptSecret } from './encryptSecret';
import { unreachableReason } from './reachability';
import { readRegistration, writeRegistration } from './registrationState';
import {
	readWebhooks,
	registerWebhook,
	removeWebhook,
	type AccountWebhooks,
	type RegisteredWebhook,
} from './webhookApi';
import { isSameAddress, isSamePath } from './webhookTarget';

/** For the reads of one call of n8n's. */
const TIME_MS = 60_000;

/** For removing what a registration that did not succeed has left behind. */
const CLEANUP_TIMEOUT_MS = 10_000;

/** Whether Cobalt delivers to us already, and we can tell that it is Cobalt. */
export async function isRegistered(this: IHookFunctions): Promise<boolean> {
	if (isTest(this) || isByHand(this)) return false;
	return await wellTold(this, async () => {
		const own = await readOwn(this);
		const isThere = own !== undefined && idsIn(this, await webhooksOf(this)).includes(own.id);
		if (isThere) {
			processStateFor(this).secrets.restore(own.secret);
			noteRegistered(this);
		}
		return isThere;
	});
}

/**
 * Has Cobalt deliver to us. n8n calls this again when it did not succeed, or when it has forgotten: what
 * is registered for our address is ours, and is used if its secret is known, or else replaced.
 */
export async function register(this: IHookFunctions): Promise<boolean> {
	const memory = processStateFor(this);
	return await wellTold(this, async () => {
		const settings = readSettings(parametersOfTrigger(this));
		if (isTest(this) && (await deliverSample(this, settings, memory))) {
			noteNothingRegistered(this);
			return true;
		}
		if (settings.isRegisteredByHand) await requireSecret(this);
		else memory.secrets.replace(await registerAtCobalt(this));
		noteRegistered(this);
		return true;
	}).catch((error: unknown) => {
		memory.registration.noteFailure();
		throw error;
	});
}

/** Ends the deliveries. Only what is registered for our address is touched. */
export async function unregister(this: IHookFunctions): Promise<boolean> {
	const known = readRegistration(this);
	const isKnown = known !== undefined && isSameAddress(known.url, urlOf(this));
	const { registration } = processStateFor(this);
	const isNothingThere = isKnown ? known.id === '' : isByHand(this) || registration.isNothingLeft;
	if (isNothingThere) return true;
	return await wellTold(this, async () => {
		if (isKnown && !known.isTest) noteUnregistered(this);
		const ids = isKnown ? [known.id] : idsIn(this, await webhooksOf(this));
		await removeEach(createClient(this), ids);
		registration.isNothingLeft = true;
		if (isKnown) writeRegistration(this);
		return true;
	});
}

/** @returns the secret that signs the deliveries */
async function registerAtCobalt(context: IHookFunctions): Promise<string> {
	const url = urlOf(context);
	const { registration } = processStateFor(context);
	registration.isNothingLeft = readRegistration(context) === undefined;
	await requireReachable(context, url);
	const own = await readOwn(context);
	const { registered } = await webhooksOf(context);
	const ids = idsIn(context, { registered });
	if (own !== undefined && ids.includes(own.id)) return own.secret;
	await requireWritable(context);
	const send = createClient(context);
	await removeEach(send, ids);
	registration.isNothingLeft = false;
	try {
		return await registerAnew(context, send, registered);
	} catch (error) {
		registration.isNothingLeft = isNeverAccepted(error) || (await removeLeft(context, registered));
		throw withAdvice(error);
	}
}

/** @param before what was registered at Cobalt until now */
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
			'under which ID, so that it could not be removed again',
			'Ask Cobalt which addresses are registered for this account',
		);
	}
	if (secret === undefined) {
		throw incomplete(context, 'with which secret it signs', 'Ask Cobalt for the secret');
	}
	const sealedSecret = encryptSecret(secret, await passwordOf(context));
	warnIfMoved(context, url);
	writeRegistration(context, { url, id, sealedSecret, isTest: isTest(context) });
	return secret;
}

function incomplete(context: IHookFunctions, lacking: string, advice: string) {
	return new NodeOperationError(
		context.getNode(),
		`Cobalt registered the address of this webhook, but did not say ${lacking}`,
		{
			description: `${advice}, set 'Registration' to 'By Hand' and enter the secret in the credential, or choose the mode 'Polling'.`,
		},
	);
}

/** Whether it is what a registration just now has made: Cobalt may write the address in its own way. */
function isMade(entry: RegisteredWebhook, url: string, before: RegisteredWebhook[]): boolean {
	const isNew = before.every(({ id }) => id !== entry.id);
	return isSameAddress(entry.url, url) || (isNew && isSamePath(entry.url, url));
}

const isNeverAccepted = (error: unknown): boolean =>
	error instanceof CobaltApiError && !error.mayBeAccepted;

/**
 * n8n tries a registration several times before it gives up, and each may have been carried out.
 *
 * @returns whether nothing is left of it
 */
async function removeLeft(context: IHookFunctions, before: RegisteredWebhook[]): Promise<boolean> {
	const send: Send = async (request) =>
		await createClient(context)({ ...request, timeoutMs: CLEANUP_TIMEOUT_MS });
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
			'Cobalt: it is not known whether the address of this webhook is still registered. See Webhook: Get.',
		);
		return false;
	}
}

/** For the end of a test that was given a sample: n8n then says neither that it was one, nor of what kind. */
function noteNothingRegistered(context: IHookFunctions): void {
	writeRegistration(context, { url: urlOf(context), id: '', sealedSecret: '', isTest: true });
}

/** The old address may be in use elsewhere, as where a database was copied to another n8n: it is left alone. */
function warnIfMoved(context: IHookFunctions, url: string): void {
	const known = readRegistration(context);
	if (known === undefined || isTest(context) || isSameAddress(known.url, url)) return;
	context.logger.warn(
		`Cobalt: this webhook has moved to ${url}. Its old address ${known.url} is still registered at Cobalt and gets every event. If no other n8n uses it, remove it with the operation Webhook: Remove (ID ${known.id}).`,
	);
}

function noteRegistered(context: IHookFunctions): void {
	const memory = processStateFor(context);
	memory.registeredAt = clock.now();
	memory.registration.noteSuccess();
}

/** What is registered for our address: what we noted then, and what has the same address as a URL. */
function idsIn(
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

async function webhooksOf(context: IHookFunctions): Promise<AccountWebhooks> {
	return await withTimeBudget(context, TIME_MS, async (send) => await readWebhooks(send));
}

/** The registration of our address that n8n remembers, if its secret can be read. */
async function readOwn(
	context: IHookFunctions,
): Promise<{ id: string; secret: string } | undefined> {
	const known = readRegistration(context);
	if (known === undefined || !isSameAddress(known.url, urlOf(context))) return undefined;
	const secret = decryptSecret(known.sealedSecret, await passwordOf(context));
	return secret === undefined ? undefined : { id: known.id, secret };
}

async function removeEach(send: Send, ids: string[]): Promise<void> {
	for (const id of ids) await removeWebhook(send, id);
}

async function requireReachable(context: IHookFunctions, url: string): Promise<void> {
	const { baseUrl } = await readCredential(context, context.getNode());
	const reason = unreachableReason(url, String(baseUrl));
	if (reason === undefined) return;
	throw new NodeOperationError(context.getNode(), `Cobalt cannot deliver to ${url}: ${reason}`, {
		description:
			"Give this n8n a public https address (its setting WEBHOOK_URL), or choose the mode 'Polling', which needs none.",
		failure: { cause: 'configuration-invalid' },
	});
}

/** The client refuses every write with a read-only credential; here there are other ways. */
async function requireWritable(context: IHookFunctions): Promise<void> {
	if (!isReadOnly(await readCredential(context, context.getNode()))) return;
	throw new NodeOperationError(
		context.getNode(),
		"The webhook was not registered, because 'Read-Only' in the Cobalt credential is on",
		{
			description:
				"Choose the mode 'Polling', which only reads, or register the address of this webhook yourself and set 'Registration' to 'By Hand'.",
			failure: { cause: 'configuration-invalid' },
		},
	);
}

async function requireSecret(context: IHookFunctions): Promise<void> {
	const credential = await readCredential(context, context.getNode());
	if (credentialKey(credential, 'webhookSecret') !== '') return;
	throw new NodeOperationError(
		context.getNode(),
		"'Webhook Secret' in the Cobalt credential is empty",
		{
			description:
				'Without it, nobody could tell whether a call comes from Cobalt. Enter the secret that Cobalt gave for the address of this webhook.',
			failure: { cause: 'configuration-invalid' },
		},
	);
}

function noteUnregistered(context: IHookFunctions): void {
	const memory = processStateFor(context);
	memory.gapStart = clock.now();
	memory.registeredAt = undefined;
}

/** What to do where an account may not register webhooks. */
function withAdvice(error: unknown): unknown {
	if (error instanceof CobaltApiError && error.affectsAllRequests) {
		error.description = `${error.description ?? ''} If this account may not register webhooks itself, set 'Registration' to 'By Hand'.`;
	}
	return error;
}

async function wellTold<T>(context: IHookFunctions, work: () => Promise<T>): Promise<T> {
	return await work().catch((error: unknown) => {
		const told = triggerError(context.getNode(), error);
		// Of a workflow that cannot be published, n8n shows the message alone.
		throw isTest(context) ? told : withAdviceInMessage(told);
	});
}

async function passwordOf(context: IHookFunctions): Promise<string> {
	return credentialKey(await readCredential(context, context.getNode()), 'clientSecret');
}

const isByHand = (context: IHookFunctions): boolean =>
	parametersOfTrigger(context).parameter('registration') === 'byHand';

const urlOf = (context: IHookFunctions): string => context.getNodeWebhookUrl('default') ?? '';
