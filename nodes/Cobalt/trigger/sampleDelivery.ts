import { randomBytes } from 'node:crypto';
import type { IHookFunctions } from 'n8n-workflow';

import { sign, SIGNATURE_HEADER } from '../events/signature';
import { systemClock as clock } from '../pacing/clock';
import type { TriggerMemory } from './memory';
import { newestSample } from './sample';
import type { TriggerSettings } from './settings';

/** n8n listens a moment after it has asked for the registration. */
const PAUSE_MS = 1_000;

const TIME_TO_REACH_MS = 3_000;

/**
 * For a test in the editor: hands the newest event of the log to the address that n8n listens on, so that
 * nobody has to wait for something to happen, and nothing is registered at Cobalt. It is signed with a
 * secret of this test.
 *
 * @returns false where the log has no event that is wanted, or where n8n does not reach its own address:
 *   then Cobalt has to deliver one
 */
export async function deliverSample(
	context: IHookFunctions,
	settings: TriggerSettings,
	{ secrets }: TriggerMemory,
): Promise<boolean> {
	const event = await newestSample(context, settings);
	if (event === undefined || !(await isReachable(context))) return false;
	const secret = randomBytes(32).toString('hex');
	secrets.add(secret);
	const body = JSON.stringify(event.raw);
	void clock
		.sleep(PAUSE_MS)
		.then(async () => await deliver(context, body, sign(body, secret)))
		.catch(() => {
			context.logger.warn('Cobalt: the test event could not be handed to the test URL of n8n');
		});
	return true;
}

async function deliver(context: IHookFunctions, body: string, signature: string): Promise<void> {
	await context.helpers.httpRequest({
		method: 'POST',
		url: context.getNodeWebhookUrl('default') ?? '',
		headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature },
		body,
	});
}

/** Any answer shows that the way is open: n8n has none for this method. */
async function isReachable(context: IHookFunctions): Promise<boolean> {
	return await context.helpers
		.httpRequest({
			method: 'GET',
			url: context.getNodeWebhookUrl('default') ?? '',
			ignoreHttpStatusErrors: true,
			timeout: TIME_TO_REACH_MS,
		})
		.then(
			() => true,
			() => false,
		);
}
