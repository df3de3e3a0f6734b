import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';

import { credentialKey } from '../../shared/http/credential/credentialKeys';
import { systemClock as clock } from '../../shared/retry/clock';
import { accountsToRead } from '../clinics/accounts';
import { clientCredential, createClientSend } from '../clinics/clientRequests';
import { triggerError, withAdviceInMessage } from '../errors';
import { isTest, processStateFor } from '../processState';
import { deliverSample } from '../sample/sampleDelivery';
import { readSettings } from '../settings';
import { parametersOfTrigger } from '../settingsSource';
import { idsIn, readOwn, removeEach, urlOf, webhooksOf } from './ownRegistration';
import { registerAtCobalt } from './registerAtCobalt';
import { readRegistration, writeRegistration } from './registrationState';
import { isSameAddress } from './webhookTarget';

/**
 * Whether Cobalt already delivers to our address and we know the secret of the deliveries.
 *
 * @throws NodeApiError or NodeOperationError
 */
export async function isRegistered(this: IHookFunctions): Promise<boolean> {
	if (isTest(this) || isByHand(this)) return false;
	return await withReadableErrors(this, async () => {
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
 * Makes Cobalt deliver to our address. n8n calls this again if it failed, or if n8n lost its state: an existing
 * registration of our address is used if its secret is known, and replaced otherwise.
 *
 * @throws NodeApiError or NodeOperationError
 */
export async function register(this: IHookFunctions): Promise<boolean> {
	const processState = processStateFor(this);
	return await withReadableErrors(this, async () => {
		const settings = readSettings(parametersOfTrigger(this));
		await accountsToRead(this, settings);
		if (isTest(this) && (await deliverSample(this, settings, processState))) {
			noteNothingRegistered(this);
			return true;
		}
		if (settings.isRegisteredByHand) await requireSecret(this);
		else processState.secrets.replace(await registerAtCobalt(this));
		noteRegistered(this);
		return true;
	}).catch((error: unknown) => {
		processState.registration.noteFailure();
		throw error;
	});
}

/**
 * Ends the deliveries. Only registrations of our address are touched.
 *
 * @throws NodeApiError or NodeOperationError
 */
export async function unregister(this: IHookFunctions): Promise<boolean> {
	const known = readRegistration(this);
	const isKnown = known !== undefined && isSameAddress(known.url, urlOf(this));
	const { registration } = processStateFor(this);
	const isNothingThere = isKnown ? known.id === '' : isByHand(this) || registration.isNothingLeft;
	if (isNothingThere) return true;
	return await withReadableErrors(this, async () => {
		if (isKnown && !known.isTest) noteUnregistered(this);
		const ids = isKnown ? [known.id] : idsIn(this, await webhooksOf(this));
		await removeEach(createClientSend(this), ids);
		registration.isNothingLeft = true;
		if (isKnown) writeRegistration(this);
		return true;
	});
}

/** Saved for the end of a test that used a sample, because n8n does not report then that it was a test. */
function noteNothingRegistered(context: IHookFunctions): void {
	writeRegistration(context, { url: urlOf(context), id: '', sealedSecret: '', isTest: true });
}

function noteRegistered(context: IHookFunctions): void {
	const processState = processStateFor(context);
	processState.registeredAt = clock.now();
	processState.registration.noteSuccess();
}

function noteUnregistered(context: IHookFunctions): void {
	const processState = processStateFor(context);
	processState.logs.openGaps(clock.now());
	processState.registeredAt = undefined;
}

async function requireSecret(context: IHookFunctions): Promise<void> {
	const credential = await clientCredential(context);
	if (credentialKey(credential, 'webhookSecret') !== '') return;
	throw new NodeOperationError(
		context.getNode(),
		"'Webhook Secret' in the Cobalt credential is empty",
		{
			description:
				'Enter the secret that you received when the webhook was registered. It proves that deliveries come from Cobalt.',
			failure: { cause: 'configuration-invalid' },
		},
	);
}

async function withReadableErrors<T>(context: IHookFunctions, work: () => Promise<T>): Promise<T> {
	return await work().catch((error: unknown) => {
		const readable = triggerError(context.getNode(), error);
		// If a workflow cannot be published, n8n only shows the message.
		throw isTest(context) ? readable : withAdviceInMessage(readable);
	});
}

const isByHand = (context: IHookFunctions): boolean =>
	parametersOfTrigger(context).parameter('registration') === 'manual';
