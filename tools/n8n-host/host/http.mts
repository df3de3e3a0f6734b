import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse as parseQuery } from 'node:querystring';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import type { IDataObject } from 'n8n-workflow';

import { n8nWorkflow, parseIncomingMessage } from '../n8n.mts';

/** N8N_PAYLOAD_SIZE_MAX */
const BODY_LIMIT = 16 * 1024 * 1024;

/** An error with its own HTTP status: errors/response-errors. */
export class ResponseError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly hint?: string,
	) {
		super(message);
	}
}

/** What Express and n8n have put into a request before a node sees it. */
export interface WebhookRequest extends IncomingMessage {
	originalUrl: string;
	path: string;
	params: Record<string, string>;
	query: IDataObject;
	body?: unknown;
	get: (name: string) => string | string[] | undefined;
}

/** The part of Express's response that nodes use. */
export interface WebhookResponse extends ServerResponse {
	locals: IDataObject;
	status: (code: number) => WebhookResponse;
	set: (name: string, value: string) => WebhookResponse;
	header: (name: string, value: string) => WebhookResponse;
	type: (value: string) => WebhookResponse;
	json: (body?: unknown) => WebhookResponse;
	send: (body?: unknown) => WebhookResponse;
	sendStatus: (code: number) => WebhookResponse;
}

type Handler = (request: WebhookRequest, response: WebhookResponse) => Promise<void>;

/** The HTTP server of a process. It keeps its port when it is reopened. */
export class HttpServer {
	readonly #server;
	#port = 0;

	constructor(handle: Handler) {
		this.#server = createServer((request, response) => {
			const dressed = dressResponse(response);
			handle(dressRequest(request), dressed).catch((error: unknown) => {
				if (!dressed.headersSent) sendError(dressed, error);
			});
		});
	}

	get address(): string {
		return `http://127.0.0.1:${this.#port}`;
	}

	async listen(): Promise<void> {
		this.#server.listen(this.#port, '127.0.0.1');
		await once(this.#server, 'listening');
		this.#port = (this.#server.address() as AddressInfo).port;
	}

	/** Cuts all connections, as the end of a process does. */
	async close(): Promise<void> {
		if (!this.#server.listening) return;
		const closed = once(this.#server, 'close');
		this.#server.close();
		this.#server.closeAllConnections();
		await closed;
	}
}

function dressRequest(message: IncomingMessage): WebhookRequest {
	parseIncomingMessage(message);
	const url = new URL(message.url ?? '/', 'http://n8n');
	let reading: Promise<Buffer> | undefined;
	const request: WebhookRequest = Object.assign(message, {
		originalUrl: message.url ?? '/',
		path: url.pathname,
		params: {},
		query: { ...parseQuery(url.search.slice(1)) },
		get: (name: string) => message.headers[name.toLowerCase()],
		readRawBody: async () => {
			request.rawBody = await (reading ??= readBody(message));
			request._body = true;
		},
	});
	return request;
}

/** `rawBodyReader` of middlewares/body-parser.js. */
async function readBody(message: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of decoded(message)) {
		const bytes = Buffer.from(chunk as Uint8Array);
		size += bytes.length;
		// An error of raw-body, which n8n answers with a 500.
		if (size > BODY_LIMIT) throw new Error('request entity too large');
		chunks.push(bytes);
	}
	return Buffer.concat(chunks);
}

function decoded(message: IncomingMessage): Readable {
	switch (message.headers['content-encoding']) {
		case 'gzip':
			return message.pipe(createGunzip());
		case 'deflate':
			return message.pipe(createInflate());
		default:
			return message;
	}
}

/** `parseBody` of middlewares/body-parser.js, without XML. */
export async function parseBody(request: WebhookRequest): Promise<void> {
	if (request.contentType?.startsWith('multipart/')) return;
	await request.readRawBody();
	const { rawBody, contentType, encoding } = request;
	if (rawBody.length === 0) return;
	try {
		const text = (): string => rawBody.toString(encoding);
		if (contentType === 'application/json') {
			request.body = n8nWorkflow.jsonParse(withoutMark(text()));
		} else if (contentType === 'application/x-www-form-urlencoded') {
			request.body = parseQuery(withoutMark(text()));
		} else if (contentType === 'text/plain') {
			request.body = text();
		}
	} catch (error) {
		throw new ResponseError(422, 'Failed to parse request body', (error as Error).message);
	}
}

function withoutMark(text: string): string {
	return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function dressResponse(message: ServerResponse): WebhookResponse {
	const setHeader = (name: string, value: string) => {
		message.setHeader(name, value);
		return response;
	};
	const send = (type: string, body: string | Uint8Array | undefined) => {
		if (!message.hasHeader('content-type')) message.setHeader('content-type', type);
		message.end(body);
		return response;
	};
	const response: WebhookResponse = Object.assign(message, {
		locals: {},
		status: (code: number) => {
			message.statusCode = code;
			return response;
		},
		set: setHeader,
		header: setHeader,
		type: (value: string) => setHeader('content-type', value),
		json: (body?: unknown) => send('application/json; charset=utf-8', JSON.stringify(body)),
		send: (body?: unknown) => {
			if (body === undefined || typeof body === 'string') {
				return send('text/html; charset=utf-8', body);
			}
			if (body instanceof Uint8Array) return send('application/octet-stream', body);
			return response.json(body);
		},
		sendStatus: (code: number) => response.status(code).send(String(code)),
	});
	return response;
}

/** `sendErrorResponse` of response-helper.js. */
export function sendError(response: WebhookResponse, error: unknown): void {
	if (error instanceof ResponseError) {
		const { status, message, hint } = error;
		response.status(status).json({ code: status, message, ...(hint && { hint }) });
	} else {
		const { message } = error as Error;
		response.status(500).json({ code: 0, message });
	}
}
