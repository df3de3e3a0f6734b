import { savedOf } from '../../../tools/n8n-host/host.mts';
import type { Scene } from '../setup.mts';
import { callOf, originalOf, type Keys } from './call.mts';
import { lines, send, type WebhookResponse } from './send.mts';

/** What Cobalt signs with, and what else there is that could be taken for it. */
export function keysOf({ cobalt, host }: Scene): Keys {
	const [registered] = cobalt.world.webhooks();
	const saved = savedOf(host)?.webhook as { sealedSecret: string; id: string };
	if (registered === undefined) throw new Error('Nothing is registered');
	const { clientSecret, clientId, accessToken } = cobalt.keys;
	return {
		right: registered.secret,
		wrong: [clientSecret, clientId, accessToken, saved.sealedSecret, saved.id, registered.url],
	};
}

/** One delivery, signed with this secret. @returns the answer's status, and when it said more: what */
export async function deliver(url: string, secret: string, number: number): Promise<string> {
	const agent = lines();
	const call = callOf('right', originalOf(7, number, { right: secret, wrong: [] }));
	const response = await send(url, call, agent);
	agent.destroy();
	return responseSummary(response);
}

/** As '200 accepted', '200 repeated' or '401'. */
export function responseSummary({ status, text }: WebhookResponse): string {
	const { status: word } = JSON.parse(text) as { status?: string };
	return [status, word].filter((part) => part !== undefined).join(' ');
}

/** How often Cobalt was asked for the secret. */
export function asked({ cobalt }: Scene): number {
	return cobalt.world.requests({ method: 'GET', path: '/webhook' }).length;
}

/** The secret that signs what goes to n8n's address. */
export function secretFor({ cobalt }: Scene, url: string): string {
	const found = cobalt.world.webhooks().find((entry) => entry.url === url);
	if (found === undefined) throw new Error(`Not registered: ${url}`);
	return found.secret;
}
