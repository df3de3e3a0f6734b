import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';

import type { Call } from './call.mts';

export interface WebhookResponse {
	status: number;
	text: string;
}

/** Connections that are kept, for a call each would take longer than the call. */
export const lines = () => new Agent({ keepAlive: true, maxSockets: 24 });

/** Sends a call over HTTP, exactly as it is. */
export async function send(url: string, call: Call, agent: Agent): Promise<WebhookResponse> {
	const target = new URL(url);
	const outgoing = request({
		agent,
		host: target.hostname,
		port: target.port,
		path: target.pathname + call.suffix,
		method: call.method,
		headers: {
			...call.headers,
			...('transfer-encoding' in call.headers ? {} : { 'content-length': call.wire.length }),
		},
	});
	outgoing.end(call.wire);
	const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(Buffer.from(chunk as Uint8Array));
	return { status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() };
}

/** Writes bytes that no HTTP client would, and hangs up. @returns what came back until then */
export async function sendRaw(url: string, text: string): Promise<string> {
	const { hostname, port } = new URL(url);
	const socket = connect(Number(port), hostname);
	let response = '';
	socket.on('data', (chunk: Buffer) => {
		response += chunk.toString();
	});
	socket.on('error', () => undefined);
	socket.write(text);
	// Long enough to be read and dealt with; the virtual clock has no hold on this.
	for (let turn = 0; turn < 300; turn += 1) await new Promise((resolve) => setImmediate(resolve));
	socket.destroy();
	return response;
}

/** Works through a list, so many at a time. */
export async function together<T>(
	list: readonly T[],
	width: number,
	work: (item: T) => Promise<void>,
): Promise<void> {
	const rest = list.values();
	await Promise.all(
		Array.from({ length: width }, async () => {
			for (const item of rest) await work(item);
		}),
	);
}
