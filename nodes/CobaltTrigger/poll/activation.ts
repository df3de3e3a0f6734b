import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { triggerError, withAdviceInMessage } from '../errors';
import { processStateFor } from '../processState';

/** How long the poll at activation waits for the registration, which n8n starts at the same time. */
const TIME_TO_REGISTER_MS = 10_000;

/** How often n8n tries a registration, with pauses of 1, 2, 4 and 8 seconds. */
const MAX_TRIES = 5;

/**
 * Whether the registration of a trigger that is just being activated has failed. Then the activation is about to
 * fail, and a poll would only delay n8n's message. Waits for a registration that is still in progress, because
 * the first poll starts at the end of the log.
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

/**
 * Until a first poll has succeeded, a poll may fail an activation, and then n8n only shows the message.
 *
 * @throws NodeApiError or NodeOperationError
 */
export async function withAdviceAtActivation(
	context: IPollFunctions,
	poll: () => Promise<INodeExecutionData[][] | null>,
): Promise<INodeExecutionData[][] | null> {
	const isFirst = !processStateFor(context).logs.hasPolled;
	return await poll().catch((error: unknown) => {
		const shown = triggerError(context.getNode(), error);
		throw isFirst ? withAdviceInMessage(shown) : shown;
	});
}
