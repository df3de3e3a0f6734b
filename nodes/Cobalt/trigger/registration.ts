import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';

import { systemClock as clock } from '../pacing/clock';
import { withinTime } from '../pacing/withinTime';
import { keyIn } from '../transport/keys';
import { CobaltApiError, connect, readCredential, type Send } from '../transport/request';
import {
	readWebhooks,
	registerWebhook,
	removeWebhook,
	type AccountWebhooks,
} from './cobaltWebhooks';
import { triggerError } from './failures';
import { isTest, memoryIn } from './memory';
import { reasonUnreachable } from './reachability';
import { readRegistration, writeRegistration } from './registrationState';
import { deliverSample } from './sampleDelivery';
import { seal, unseal } from './seal';
import { readSettings } from './settings';
import { settingsSource } from './settingsSource';

/** For the reads of one call of n8n's. */
const TIME_MS = 60_000;

/** Whether Cobalt delivers to us already, and we can tell that it is Cobalt. */
export async function isRegistered(this: IHookFunctions): Promise<boolean> {
	if (isTest(this) || isByHand(this)) return false;
	return await wellTold(this, async () => {
		const own = await readOwn(this);
		const isThere = own !== undefined && (await idsOf(this)).includes(own.id);
		if (isThere) {
			memoryIn(this).secrets.recall(own.secret);
			noteRegistered(this);
		}
		return isThere;
	});
}

/**
 * Has Cobalt deliver to us. n8n calls this again when it did not succeed, or when it has forgotten: what
 * is registered for exactly our address is ours, and is used if its secret is known, or else replaced.
 */
export async function register(this: IHookFunctions): Promise<boolean> {
	return await wellTold(this, async () => {
		const settings = readSettings(settingsSource(this));
		if (isTest(this) && (await deliverSample(this, settings, memoryIn(this)))) return true;
		if (settings.isRegisteredByHand) await requireSecret(this);
		else memoryIn(this).secrets.replace(await registerAtCobalt(this));
		noteRegistered(this);
		return true;
	});
}

/** Ends the deliveries. Only what is registered for exactly our address is touched. */
export async function unregister(this: IHookFunctions): Promise<boolean> {
	const known = readRegistration(this);
	const isKnown = known?.url === urlOf(this);
	if (isByHand(this) && !isKnown) return true;
	return await wellTold(this, async () => {
		if (isKnown && !known.isTest) noteUnregistered(this);
		const ids = isKnown ? [known.id] : await idsOf(this);
		await removeEach(connect(this), ids);
		if (isKnown) writeRegistration(this);
		return true;
	});
}

/** @returns the secret that signs the deliveries */
async function registerAtCobalt(context: IHookFunctions): Promise<string> {
	const url = urlOf(context);
	await requireReachable(context, url);
	const own = await readOwn(context);
	const registered = await idsOf(context);
	if (own !== undefined && registered.includes(own.id)) return own.secret;
	const send = connect(context);
	await removeEach(send, registered);
	const made = await registerWebhook(send, url).catch((error: unknown) => {
		throw withAdvice(error);
	});
	const account =
		made.id === undefined || made.secret === undefined ? await webhooksOf(context) : undefined;
	const id = made.id ?? account?.registered.find((entry) => entry.url === url)?.id;
	const told = made.secret ?? account?.secret;
	if (id === undefined || told === undefined) {
		throw new NodeOperationError(
			context.getNode(),
			'Cobalt registered the address of this webhook, but did not say with which secret it signs',
			{
				description:
					"Ask Cobalt for the secret, set 'Registration' to 'By Hand' and enter it in the credential, or choose the mode 'Polling'.",
			},
		);
	}
	const sealedSecret = seal(told, await passwordOf(context));
	writeRegistration(context, { url, id, sealedSecret, isTest: isTest(context) });
	return told;
}

function noteRegistered(context: IHookFunctions): void {
	memoryIn(context).registeredAt = clock.now();
}

/** What is registered for exactly our address. */
async function idsOf(context: IHookFunctions): Promise<string[]> {
	const { registered } = await webhooksOf(context);
	return registered.filter(({ url }) => url === urlOf(context)).map(({ id }) => id);
}

async function webhooksOf(context: IHookFunctions): Promise<AccountWebhooks> {
	return await withinTime(context, TIME_MS, async (send) => await readWebhooks(send));
}

/** The registration of our address that n8n remembers, if its secret can be read. */
async function readOwn(
	context: IHookFunctions,
): Promise<{ id: string; secret: string } | undefined> {
	const known = readRegistration(context);
	if (known?.url !== urlOf(context)) return undefined;
	const secret = unseal(known.sealedSecret, await passwordOf(context));
	return secret === undefined ? undefined : { id: known.id, secret };
}

async function removeEach(send: Send, ids: string[]): Promise<void> {
	for (const id of ids) await removeWebhook(send, id);
}

async function requireReachable(context: IHookFunctions, url: string): Promise<void> {
	const { baseUrl } = await readCredential(context, context.getNode());
	const reason = reasonUnreachable(url, String(baseUrl));
	if (reason === undefined) return;
	throw new NodeOperationError(context.getNode(), `Cobalt cannot deliver to ${url}: ${reason}`, {
		description:
			"Give this n8n a public https address (its setting WEBHOOK_URL), or choose the mode 'Polling', which needs none.",
		failure: { cause: 'configuration-invalid' },
	});
}

async function requireSecret(context: IHookFunctions): Promise<void> {
	const credential = await readCredential(context, context.getNode());
	if (keyIn(credential, 'webhookSecret') !== '') return;
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
	const memory = memoryIn(context);
	memory.coveredUntil = clock.now();
	memory.registeredAt = undefined;
}

/** What to do where an account may not register webhooks. */
function withAdvice(error: unknown): unknown {
	if (error instanceof CobaltApiError && error.concernsAll) {
		error.description = `${error.description ?? ''} If this account may not register webhooks itself, set 'Registration' to 'By Hand'.`;
	}
	return error;
}

async function wellTold<T>(context: IHookFunctions, work: () => Promise<T>): Promise<T> {
	return await work().catch((error: unknown) => {
		throw triggerError(context.getNode(), error);
	});
}

async function passwordOf(context: IHookFunctions): Promise<string> {
	return keyIn(await readCredential(context, context.getNode()), 'clientSecret');
}

const isByHand = (context: IHookFunctions): boolean =>
	settingsSource(context).parameter('registration') === 'byHand';

const urlOf = (context: IHookFunctions): string => context.getNodeWebhookUrl('default') ?? '';
