import axios, { type AxiosInstance } from 'axios';
import { afterEach, beforeEach, onTestFinished, vi } from 'vitest';

import { startCobalt, type Cobalt, type CobaltOptions } from '../../tools/fake-cobalt/index.mts';

/** The documented example of a booking. */
export const BOOKING = {
	mrn: '123456789',
	location: '123456789',
	datetime: '2025-03-15T14:00:00-05:00',
	provider: '123456789',
	type: 'follow_up',
};
export const PATIENT = {
	first_name: 'Ada',
	last_name: 'Byron',
	dob: '1990-12-10',
	sex: 'female',
};

export interface ClientResponse {
	status: number;
	headers: Record<string, unknown>;
	data: Record<string, unknown>;
}

export interface Client {
	get(path: string, params?: object): Promise<ClientResponse>;
	post(path: string, body?: unknown, contentType?: string): Promise<ClientResponse>;
	/** Multipart: a file is a Blob, or a File to have a name. */
	upload(path: string, fields: Record<string, string | Blob>): Promise<ClientResponse>;
	/** Bytes instead of JSON. */
	download(path: string): Promise<ClientResponse & { bytes: Buffer }>;
	patch(path: string, body: unknown): Promise<ClientResponse>;
	delete(path: string): Promise<ClientResponse>;
	/** A body with whatever method. */
	send(method: string, path: string, body: unknown): Promise<ClientResponse>;
}

export function connect(cobalt: Cobalt, keys: object = headersOf(cobalt)): Client {
	const http: AxiosInstance = axios.create({
		baseURL: `${cobalt.url}/v1`,
		headers: { ...keys },
		validateStatus: () => true,
		maxRedirects: 0,
	});
	return {
		get: (path, params) => http.get(path, { params }),
		post: (path, body, contentType = 'application/json') =>
			http.post(path, body, { headers: { 'content-type': contentType } }),
		upload(path, fields) {
			const form = new FormData();
			for (const [name, value] of Object.entries(fields)) form.append(name, value);
			return http.post(path, form);
		},
		async download(path) {
			const reply = await http.get<ArrayBuffer>(path, { responseType: 'arraybuffer' });
			return { ...reply, data: {}, bytes: Buffer.from(reply.data) };
		},
		patch: (path, body) => http.patch(path, body),
		delete: (path) => http.delete(path),
		send: (method, path, body) => http.request({ method, url: path, data: body }),
	};
}

export function headersOf({ keys }: Cobalt) {
	return {
		client_id: keys.clientId,
		client_secret: keys.clientSecret,
		access_token: keys.accessToken,
	};
}

/** A Cobalt of its own for one test. */
export async function openCobalt(
	options?: CobaltOptions,
): Promise<{ cobalt: Cobalt; client: Client }> {
	const cobalt = await startCobalt(options);
	onTestFinished(() => cobalt.close());
	return { cobalt, client: connect(cobalt) };
}

export function advanceSeconds(seconds: number): void {
	vi.setSystemTime(Date.now() + seconds * 1000);
}

/** What is there whatever the dialect: the ids of a submission. */
export function idsOf({ data }: ClientResponse): Record<string, unknown> {
	return (data.data ?? data) as Record<string, unknown>;
}

export function eventsOf({ data }: ClientResponse): Record<string, unknown>[] {
	return data.webhook_events as Record<string, unknown>[];
}

/** The records of a list, by its key. */
export function listOf({ data }: ClientResponse, key: string): Record<string, unknown>[] {
	return data[key] as Record<string, unknown>[];
}

/** The type and the data of what the log says of a submission's job, once it is done. */
export async function jobEventOf(client: Client, submitted: ClientResponse) {
	advanceSeconds(3600);
	const { job_id } = idsOf(submitted);
	const [event] = eventsOf(await client.get('/webhook-events', { job_id }));
	return { type: event?.type, data: event?.data as Record<string, unknown> };
}

/** Stops the clock of every test in the file: time passes when told. */
export function freezeClock(): void {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ['Date'], now: new Date('2025-03-01T12:00:00Z') });
	});
	afterEach(() => {
		vi.useRealTimers();
	});
}
