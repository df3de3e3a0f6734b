import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web service that takes every request. */
export class WebService {
	readonly requests: { method: string; path: string; body: string }[] = [];

	readonly #server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const { method = '', url: path = '' } = request;
			this.requests.push({ method, path, body: Buffer.concat(chunks).toString() });
			response.setHeader('content-type', 'application/json').end('{"ok":true}');
		});
	});

	static async start(): Promise<WebService> {
		const service = new WebService();
		service.#server.listen(0, '127.0.0.1');
		await once(service.#server, 'listening');
		return service;
	}

	get url(): string {
		const { port } = this.#server.address() as AddressInfo;
		return `http://127.0.0.1:${port}`;
	}

	close(): void {
		this.#server.close();
		this.#server.closeAllConnections();
	}
}
