import { createServer, type IncomingHttpHeaders } from 'node:http';

import type { CobaltOptions } from '../../tools/fake-cobalt/index.mts';
import { listen } from '../listen.mts';
import { openCobalt, type Client } from './setup.mts';

/** What arrived at a webhook, byte for byte. */
interface ReceivedDelivery {
	headers: IncomingHttpHeaders;
	raw: string;
	body: Record<string, unknown>;
	at: number;
}

/** A status, the connection cut, or no answer at all. */
type Reaction = number | 'cut' | 'silence';

/** A webhook of somebody who wants to know. */
export interface Receiver {
	readonly url: string;
	readonly arrivals: ReceivedDelivery[];
	/** How it reacts to what comes next, one after the other, and then with 200. */
	readonly reactions: Reaction[];
	/** How many deliveries it leaves without an answer at this moment. */
	readonly silent: number;
}

/** Listens on this machine until the test is over. */
export async function openReceiver(...reactions: Reaction[]): Promise<Receiver> {
	const arrivals: ReceivedDelivery[] = [];
	let silent = 0;
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const raw = Buffer.concat(chunks).toString();
			const body = JSON.parse(raw) as Record<string, unknown>;
			arrivals.push({ headers: request.headers, raw, body, at: Date.now() });
			const reaction = reactions.shift() ?? 200;
			if (reaction === 'cut') {
				request.socket.destroy();
			} else if (reaction === 'silence') {
				silent += 1;
				response.on('close', () => (silent -= 1));
			} else {
				response.writeHead(reaction).end();
			}
		});
	});
	const port = await listen(server);
	return {
		url: `http://127.0.0.1:${port}/hook`,
		arrivals,
		reactions,
		get silent() {
			return silent;
		},
	};
}

/** Registers a receiver as a webhook. @returns its secret */
export async function registered(client: Client, { url }: Receiver) {
	const { data } = await client.post('/webhook', { webhook_url: url });
	return String(data.webhook_secret_key);
}

/** A Cobalt that delivers to a receiver, and the receiver's secret. */
export async function listening(options: CobaltOptions = {}, ...reactions: Receiver['reactions']) {
	const { cobalt, client } = await openCobalt({ loopbackWebhooks: true, ...options });
	const receiver = await openReceiver(...reactions);
	return { cobalt, client, receiver, secret: await registered(client, receiver) };
}

/** An event of a type with an offset in its time. */
export const EVENT = {
	type: 'patient.updated',
	id: 'e1',
	created: '2025-03-01T03:00:00.000-08:00',
};
