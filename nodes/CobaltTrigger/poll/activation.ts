import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { triggerError, withAdviceInMessage } from '../errors';
import { processStateFor } from '../processState';

/** How long the look at an activation waits for news of the registration, which n8n makes at the same time. */
const TIME_TO_REGISTER_MS = 10_000;

/** How often n8n tries a registration, with pauses of 1, 2, 4 and 8 seconds. */
const MAX_TRIES = 5;

/**
 * Whether Cobalt does not deliver to a trigger that is just now being activated. Then the activation is
 * about to fail: a look would only hold up that n8n says why. It waits for a registration that succeeds
 * later, because the look after it begins where the log then ends.
 */
export async function isRegistrationRefused(context: IPollFunctions): Promise<boolean> {
	const { registeredAt, registration } = processStateFor(context);
	const isActivated = ['activate', 'update'].includes(context.getActivationMode());
	if (!isActivated || registeredAt !== undefined) return false;
	let failures = 0;
	for (; failures < MAX_TRIES; failures += 1) {
		const isRegistered = await registration.outcome(TIME_TO_REGISTER_MS);
		if (isRegistered) return false;
		if (isRegistered === undefined) break;
	}
	return failures > 0;
}

/** Until a first look has come through, an activation may fail by it, and n8n shows the message alone. */
export async function tellWhole(
	context: IPollFunctions,
	look: () => Promise<INodeExecutionData[][] | null>,
): Promise<INodeExecutionData[][] | null> {
	const isFirst = processStateFor(context).lookedAt === undefined;
	return await look().catch((error: unknown) => {
		const told = triggerError(context.getNode(), error);
		throw isFirst ? withAdviceInMessage(told) : told;
	});
}
