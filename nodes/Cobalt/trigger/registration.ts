import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';

import { systemClock as clock } from '../pacing/clock';
import { withinTime } from '../pacing/withinTime';
import { CobaltApiError, connect, readCredential, type Send } from '../transport/request';
import { readWebhooks, registerWebhook, removeWebhook } from './cobaltWebhooks';
import { triggerError } from './failures';
import { memoryOf } from './memory';
import { reasonUnreachable } from './reachability';
import { readRegistration, writeRegistration } from './registrationState';
import { seal, unseal } from './seal';
import { readSettings } from './settings';
import { settingsSource } from './settingsSource';
import { deliverSample } from './sampleDelivery';

/** For the reads of one call of n8n's. */
const TIME_MS = 60_000;

/** Whether Cobalt delivers to us already, and we can tell that it is Cobalt. */
export async function isRegistered(this: IHookFunctions): Promise<boolean> {
	if (isTest(this) || isByHand(this)) return false;
	const known = readRegistration(this);
	if (known === undefined || known.url !== urlOf(this)) return false;
	return await wellTold(this, async () => {
		const secret = unseal(known.sealedSecret, await passwordOf(this));
		if (secret === undefined) return false;
		const { registered } = await withinTime(
			this,
			TIME_MS,
			async (send) => await readWebhooks(send),
		);
		const isThere = registered.some(({ id, url }) => id === known.id && url === known.url);
		if (isThere) {
			memoryOfHook(this).secrets.recall(secret);
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
		if (isTest(this) && (await deliverSample(this, settings, memoryOfHook(this)))) return true;
		if (settings.isRegisteredByHand) await requireSecret(this);
		else memoryOfHook(this).secrets.replace(await registerAtCobalt(this));
		noteRegistered(this);
		return true;
	});
}

/** Ends the deliveries. Only what is registered for exactly our address is touched. */
export async function unregister(this: IHookFunctions): Promise<boolean> {
	const url = urlOf(this);
	const known = readRegistration(this);
	const isKnown = known?.url === url;
	if (isByHand(this) && !isKnown) return true;
	return await wellTold(this, async () => {
		if (isKnown && !known.isTest) noteUnregistered(this);
		const ids = isKnown ? [known.id] : await idsOf(this, url);
		await removeEach(connect(this), ids);
		if (isKnown) writeRegistration(this);
		return true;
	});
}

/** @returns the secret that signs the deliveries */
async function registerAtCobalt(context: IHookFunctions): Promise<string> {
	const url = urlOf(context);
	await requireReachable(context, url);
	const known = readRegistration(context);
	const password = await passwordOf(context);
	const registered = await idsOf(context, url);
	const secret = known?.url === url ? unseal(known.sealedSecret, password) : undefined;
	if (secret !== undefined && known && registered.includes(known.id)) return secret;
	const send = connect(context);
	await removeEach(send, registered);
	const made = await registerWebhook(send, url).catch((error: unknown) => {
		throw withAdvice(error);
	});
	const account =
		made.id === undefined || made.secret === undefined
			? await withinTime(context, TIME_MS, async (patient) => await readWebhooks(patient))
			: undefined;
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
	const sealedSecret = seal(told, password);
	writeRegistration(context, { url, id, sealedSecret, isTest: isTest(context) });
	return told;
}

function noteRegistered(context: IHookFunctions): void {
	memoryOfHook(context).registeredAt = clock.now();
}

async function idsOf(context: IHookFunctions, url: string): Promise<string[]> {
	const { registered } = await withinTime(
		context,
		TIME_MS,
		async (send) => await readWebhooks(send),
	);
	return registered.filter((entry) => entry.url === url).map(({ id }) => id);
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
	const { webhookSecret } = await readCredential(context, context.getNode());
	if (String(webhookSecret ?? '').trim() !== '') return;
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
	const memory = memoryOfHook(context);
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
	const { clientSecret } = await readCredential(context, context.getNode());
	return String(clientSecret ?? '').trim();
}

/** n8n's "Execute step" in the editor: it has an address of its own. */
const isTest = (context: IHookFunctions): boolean => context.getMode() === 'manual';

const isByHand = (context: IHookFunctions): boolean =>
	settingsSource(context).parameter('registration') === 'byHand';

const urlOf = (context: IHookFunctions): string => context.getNodeWebhookUrl('default') ?? '';

const memoryOfHook = (context: IHookFunctions) =>
	memoryOf(context.getWorkflow().id, context.getNode().id, isTest(context));
