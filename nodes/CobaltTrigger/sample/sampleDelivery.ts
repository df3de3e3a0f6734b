import { randomBytes } from 'node:crypto';
import type { IHookFunctions } from 'n8n-workflow';

import { isPrivateWay } from '../../shared/http/credential/baseUrl';
import { withTimeout, systemClock as clock } from '../../shared/retry/clock';
import { parseUrl } from '../../shared/url';
import type { ProcessState } from '../processState';
import type { TriggerSettings } from '../settings';
import { Probe } from '../webhook/probe';
import { sign, SIGNATURE_HEADER } from '../webhook/signature';
import { newestSample } from './sample';

/** n8n ends the test when the event arrives, and must have completed the registration by then. */
const PAUSE_MS = 1_000;

const TIME_TO_REACH_MS = 3_000;

/**
 * For a test in the editor: sends the newest event of the log to n8n's test address, so that nobody has to
 * wait for an event, and nothing is registered at Cobalt. It is signed with a secret of this test. It
 * contains patient data, so it must reach this n8n only, and encrypted.
 *
 * @returns false if no event in the log matches, or if n8n does not reach itself at its own address, or only
 *   unencrypted: then Cobalt has to deliver an event
 */
export async function deliverSample(
	context: IHookFunctions,
	settings: TriggerSettings,
	processState: ProcessState,
): Promise<boolean> {
	const url = context.getNodeWebhookUrl('default') ?? '';
	const parsed = parseUrl(url);
	if (parsed === undefined || !isPrivateWay(parsed)) return false;
	if (!(await isThisN8n(context, url, processState))) return false;
	const event = await newestSample(context, settings);
	if (event === undefined) return false;
	const secret = randomBytes(32).toString('hex');
	processState.secrets.add(secret);
	const body = JSON.stringify(event.raw);
	void clock
		.sleep(PAUSE_MS)
		.then(async () => await post(context, url, body, { [SIGNATURE_HEADER]: sign(body, secret) }))
		.catch(() => {
			context.logger.warn("Cobalt: the test event could not be sent to n8n's test URL");
		});
	return true;
}

async function isThisN8n(
	context: IHookFunctions,
	url: string,
	processState: ProcessState,
): Promise<boolean> {
	const probe = new Probe();
	processState.probe = probe;
	try {
		const response = await withTimeout(post(context, url, '{}', probe.headers), TIME_TO_REACH_MS);
		return probe.isAnsweredBy(response);
	} catch {
		return false;
	} finally {
		processState.probe = undefined;
	}
}

/** Posts without following redirects. */
async function post(
	context: IHookFunctions,
	url: string,
	body: string,
	headers: Record<string, string>,
): Promise<unknown> {
	return await context.helpers.httpRequest({
		method: 'POST',
		url,
		headers: { 'content-type': 'application/json', ...headers },
		body,
		json: true,
		disableFollowRedirect: true,
		timeout: TIME_TO_REACH_MS,
	});
}
