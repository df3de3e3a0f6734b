import {
	NodeOperationError,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { eventOf, type CobaltEvent } from '../../shared/events/event';
import { credentialKey } from '../../shared/http/credential/credentialKeys';
import { isObject } from '../../shared/json';
import { withTimeout, systemClock as clock } from '../../shared/retry/clock';
import { createClientSend, clientCredentialIn } from '../clinics/clientRequests';
import { isWanted } from '../filter';
import { itemOf } from '../item';
import { isTest, processStateFor, type ProcessState } from '../processState';
import { readSettings, type TriggerSettings } from '../settings';
import { parametersOfTrigger } from '../settingsSource';
import { deliveryKey } from './deliveries';
import { decryptSecret } from './encryptSecret';
import { readRegistration } from './registrationState';
import { Signature, SIGNATURE_HEADER, type SignedBody } from './signature';
import { readWebhooks } from './webhookApi';

/** Cobalt waits five seconds for a response, and reading the secret is only a part of the work. */
const TIME_FOR_SECRET_MS = 3_000;

/** The part of Express's request and response that is needed here. */
interface Incoming {
	rawBody?: Buffer;
	readRawBody?: () => Promise<void>;
}

interface Outgoing {
	statusCode: number;
	writableFinished: boolean;
	status(code: number): { json(body: object): unknown };
	once(event: 'close', listener: () => void): unknown;
}

/**
 * Handles one delivery. Only what Cobalt has signed is read. Events that do not match or were emitted before
 * get a response, but start no run. Never throws, because n8n would create an execution for the error.
 */
export async function handleDelivery(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const response = this.getResponseObject() as Outgoing;
	const refuse = (status: number, message: string, cause = ''): IWebhookResponseData => {
		const { name, id } = this.getWorkflow();
		this.logger.warn(
			`Cobalt: rejected a webhook delivery to the workflow '${name}' (ID ${id}, HTTP ${status}): ${message}${cause}`,
		);
		response.status(status).json({ message });
		return { noWebhookResponse: true };
	};
	try {
		const body = await bodyOf(this.getRequestObject() as Incoming);
		if (body === undefined) return refuse(400, 'Unreadable body');
		const processState = processStateFor(this);
		const headers = this.getHeaderData();
		const proof = processState.probe?.responseTo(headers);
		if (proof) return { webhookResponse: proof };
		const settings = readSettings(parametersOfTrigger(this));
		const signature = new Signature(body, headers[SIGNATURE_HEADER]);
		const signed = await signedByCobalt(this, processState, settings, signature);
		if (signed === undefined) return refuse(401, 'Invalid signature');
		if (!isObject(signed.value)) return refuse(400, 'Not a Cobalt event');
		const event = eventOf(signed.value);
		if (!isWanted(event, settings)) return IGNORED;
		return await answer({ context: this, processState, settings }, event, response);
	} catch (error) {
		// Other errors may contain the body, so they are not logged.
		const known = error instanceof NodeOperationError ? `: ${error.message}` : '';
		return refuse(500, 'The event could not be processed', known);
	}
}

const IGNORED: IWebhookResponseData = { webhookResponse: { status: 'ignored' } };

/** The trigger that receives a delivery. */
interface Receiver {
	context: IWebhookFunctions;
	processState: ProcessState;
	settings: TriggerSettings;
}

async function answer(
	{ context, processState, settings }: Receiver,
	event: CobaltEvent,
	response: Outgoing,
): Promise<IWebhookResponseData> {
	const { accounts, deliveries } = processState;
	// A clinic may have been added to the credential a moment ago.
	const known = await accounts.get(context, (recent) => recent.ownerOf(event) !== undefined);
	// Cobalt delivers the events of all of the client's clinics, even of those that are not in the credential.
	const owner = known.ownerOf(event);
	if (owner === undefined) return IGNORED;
	const key = deliveryKey(owner, event);
	if (!isTest(context)) {
		if (deliveries.has(key)) return { webhookResponse: { status: 'repeated' } };
		deliveries.add(key);
		// n8n responds once the execution has started, or with a 5xx status if it could not start: then Cobalt may
		// deliver the event again. If Cobalt disconnects first, it is unknown whether the execution started; if it
		// did, deduplication drops the repeat.
		response.once('close', () => {
			const isStarted = response.writableFinished && response.statusCode < 500;
			if (!isStarted) deliveries.forget(key);
		});
	}
	return {
		webhookResponse: { status: 'accepted' },
		workflowData: [[itemOf(event, settings)]],
	};
}

/** Undefined for a body that n8n cannot read: a broken form, or a broken compressed body. */
async function bodyOf(request: Incoming): Promise<Buffer | undefined> {
	try {
		await request.readRawBody?.();
		return request.rawBody ?? Buffer.alloc(0);
	} catch {
		return undefined;
	}
}

/**
 * The parsed body if Cobalt has signed it; undefined otherwise. If the secret was changed at Cobalt, or n8n
 * has lost it, it is requested from Cobalt.
 */
async function signedByCobalt(
	context: IWebhookFunctions,
	{ accounts, secrets }: ProcessState,
	{ isRegisteredByHand }: TriggerSettings,
	signature: Signature,
): Promise<SignedBody | undefined> {
	const isAutomatic = !isRegisteredByHand || isTest(context);
	const now = clock.now();
	const prove = (): SignedBody | undefined => {
		const signed = signature.provenBy(secrets.at(now));
		if (signed !== undefined) secrets.markUsed(signed.secret, now);
		return signed;
	};
	// n8n reads the credential from its database, so what this process knows comes first.
	const signed = isAutomatic ? prove() : undefined;
	if (signed) return signed;
	// A secret that was registered by hand counts as the credential has it now.
	const credential = clientCredentialIn(await accounts.get(context, () => isAutomatic));
	const signedByHand = signature.provenBy([credentialKey(credential, 'webhookSecret')]);
	if (signedByHand || !isAutomatic || isTest(context)) return signedByHand;
	const password = credentialKey(credential, 'clientSecret');
	const saved = decryptSecret(readRegistration(context)?.sealedSecret, password);
	if (saved !== undefined) secrets.restore(saved);
	const signedBefore = prove();
	if (signedBefore) return signedBefore;
	await secrets.refresh(now, async () => await readSecret(context));
	return prove();
}

/** Time-limited, because the HTTP timeout does not end a response that trickles in. */
async function readSecret(context: IWebhookFunctions): Promise<string | undefined> {
	const asked = readWebhooks(createClientSend(context), TIME_FOR_SECRET_MS);
	return await withTimeout(asked, TIME_FOR_SECRET_MS).then(
		({ secret }) => secret,
		() => undefined,
	);
}
