import {
	NodeApiError,
	type ICredentialDataDecryptedObject,
	type IBinaryData,
	type IDataObject,
	type IExecuteFunctions,
	type IHttpRequestMethods,
	type IHttpRequestOptions,
} from 'n8n-workflow';

import { isObject } from '../json';
import { withTimeout } from '../retry/clock';
import { TimeoutError } from '../retry/errors';
import { encodeBody, type Encoding } from './body';
import { CobaltApiError } from './cobaltApiError';
import { WITHOUT_ACCESS_TOKEN, withAccessToken } from './credential/accessToken';
import { unversionedUrl } from './credential/baseUrl';
import { readCredential, unusable, type RequestContext } from './credential/credential';
import { isReadOnly, writeForbidden } from './credential/readOnly';
import type { RequestFailure } from './failure';
import { fileNameOf, isFile } from './files/file';
import { withExtension } from './files/fileName';
import { describeNetworkError, isBeforeHandshake, localErrorIn } from './networkError';
import { parseResponse, type RawResponse } from './parseResponse';
import { createRedact, type Redact } from './redaction';

/** One request to the API. The path starts with a slash and comes without `/v1`. */
export interface CobaltRequest {
	method: IHttpRequestMethods;
	path: string;
	query?: IDataObject;
	body?: IDataObject;
	/** Default JSON. */
	encoding?: Encoding;
	/** Whether it changes nothing although it is not a GET (live fetches). */
	isRead?: boolean;
	/** Where the access token goes: into the body, or nowhere. Absent: into a header, as nearly always. */
	accessToken?: 'body' | 'none';
	/** Whether the path follows the base URL without `/v1`. */
	isUnversioned?: boolean;
	/** Throws for a successful response that lacks what was requested: for whoever retries, the request has failed. */
	check?: (response: IDataObject) => unknown;
	/** Milliseconds. For a caller with less time than a request usually gets. */
	timeoutMs?: number;
}

/** Sends one request, once, and returns the JSON object that Cobalt responded with. See {@link createClient}. */
export type Send = (request: CobaltRequest) => Promise<IDataObject>;

/** Like {@link Send}, for a file, whose bytes n8n stores. The name is used if the response has none. */
export type Download = (request: CobaltRequest, fallbackName: string) => Promise<IBinaryData>;

/** Milliseconds. Writes get more time, because giving up on one leaves its outcome unknown. */
const TIMEOUT = { read: 30_000, write: 60_000 };
/**
 * Milliseconds for a request with its whole response. The HTTP timeout only covers inactivity before that: n8n
 * waits forever for one that trickles in or stops midway, and after `101 Switching Protocols`.
 */
const TOTAL_TIMEOUT = { read: 60_000, write: 300_000, file: 300_000 };

/**
 * Creates the client for one call of a node.
 *
 * @param credential of the item that the requests are for; omitted where there is no item
 * @returns a function that throws a CobaltApiError if there is no such object, and what the check throws
 */
export function createClient(
	context: RequestContext,
	credential?: ICredentialDataDecryptedObject,
): Send {
	const connection = openConnection(context, credential);
	return async (request) => {
		const response = await connection.send(request, 'text');
		const { statusCode: status, headers, body, isUnsent } = response;
		const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
		const parsed = await connection.parse({ status, headers, body: text, isUnsent });
		request.check?.(parsed);
		return parsed;
	};
}

/**
 * Like {@link createClient}, with the same errors, for files: their bytes are streamed into n8n's binary
 * data.
 */
export function createDownloader(
	context: IExecuteFunctions,
	credential: ICredentialDataDecryptedObject,
): Download {
	const connection = openConnection(context, credential);
	const { helpers } = context;
	return async (request, fallbackName) => {
		const { statusCode: status, headers, body } = await connection.send(request, 'stream');
		const stream = body as Parameters<typeof helpers.binaryToString>[0];
		if (!isFile(status, headers)) {
			const text = await connection.readBody(helpers.binaryToString(stream));
			await connection.parse({ status, headers, body: text });
			throw connection.errorFor(noFile(status));
		}
		const type = String(headers['content-type'] ?? 'application/octet-stream');
		const [mimeType = ''] = type.split(';');
		const name = fileNameOf(headers) ?? withExtension(fallbackName, mimeType);
		return await connection.readBody(helpers.prepareBinaryData(stream, name, mimeType));
	};
}

/**
 * Configures n8n's HTTP helper so that it neither repeats a 401, nor follows redirects with the keys, nor
 * passes on broken JSON as text: every response arrives here whole and is parsed in one place.
 */
function openConnection(context: RequestContext, given?: ICredentialDataDecryptedObject) {
	// n8n copies the whole node in each call of getNode(), and a wait makes many requests. Errors may reach
	// other executions, which must not hold on to this node's parameters.
	const node = { ...context.getNode(), parameters: {} };
	let reading = given && Promise.resolve(given);
	const credential = async () => await (reading ??= readCredential(context, context.getNode()));
	let redacting: Promise<Redact> | undefined;
	const redact = async () => await (redacting ??= credential().then(createRedact));
	const unreadableFile = () => {
		throw new CobaltApiError(node, {
			message: 'A file of this item cannot be read',
			description: 'Check the node that the file comes from.',
			mayBeAccepted: false,
			isTransient: false,
		});
	};
	const withoutResponse = (error: unknown, timeout: number) =>
		new CobaltApiError(node, noResponse(error, timeout));

	return {
		errorFor: (failure: RequestFailure) => new CobaltApiError(node, failure),

		/** @throws CobaltApiError if there is no response */
		async send(request: CobaltRequest, responseAs: 'text' | 'stream'): Promise<HttpResponse> {
			const { method, path, query, encoding, isRead = false, timeoutMs, accessToken } = request;
			const data = await credential();
			const body =
				accessToken === 'body' ? withAccessToken(request.body ?? {}, data) : request.body;
			if (method !== 'GET' && !isRead && isReadOnly(data)) {
				throw new CobaltApiError(node, writeForbidden());
			}
			const encoded = body && (await encodeBody(body, encoding).catch(unreadableFile));
			const kind = method === 'GET' ? 'read' : 'write';
			const timeout = timeoutMs ?? TIMEOUT[kind];
			const options: IHttpRequestOptions = {
				method,
				url: request.isUnversioned ? unversionedUrl(data.baseUrl, path) : path,
				...(accessToken && { headers: WITHOUT_ACCESS_TOKEN }),
				qs: query,
				body: encoded,
				json: true,
				encoding: responseAs,
				returnFullResponse: true,
				ignoreHttpStatusErrors:
					responseAs === 'text' ? { ignore: true, except: THROWN_STATUSES } : true,
				disableFollowRedirect: true,
				timeout,
			};
			// Without this, n8n reads the credential again, and always for the first item.
			const credentialsDecrypted = { id: '', name: '', type: 'cobaltApi', data };
			const responding: Promise<HttpResponse> = context.helpers.httpRequestWithAuthentication.call(
				context,
				'cobaltApi',
				options,
				{ credentialsDecrypted },
			);
			return await withTimeout(responding, TOTAL_TIMEOUT[kind]).catch((error: unknown) => {
				const response = responseIn(error);
				if (response) return response;
				throw withoutResponse(error, error instanceof TimeoutError ? TOTAL_TIMEOUT[kind] : timeout);
			});
		},

		/** @throws CobaltApiError for a response that is not a success */
		async parse(response: RawResponse): Promise<IDataObject> {
			const outcome = parseResponse(response, Date.now());
			if (outcome.ok) return outcome.body as IDataObject;
			throw new CobaltApiError(node, redactKeys(outcome.failure, await redact()));
		},

		/** @throws CobaltApiError if the rest of a response does not arrive */
		async readBody<T>(rest: Promise<T>): Promise<T> {
			return await withTimeout(rest, TOTAL_TIMEOUT.file).catch((error: unknown) => {
				throw withoutResponse(
					error,
					error instanceof TimeoutError ? TOTAL_TIMEOUT.file : TIMEOUT.read,
				);
			});
		},
	};
}

/** What n8n's helper returns with `returnFullResponse`. */
interface HttpResponse {
	statusCode: number;
	headers: IDataObject;
	body: unknown;
	/** See {@link RawResponse.isUnsent}. */
	isUnsent?: boolean;
}

/**
 * Statuses with which a proxy may refuse to connect. n8n is configured to throw an error for these, because
 * axios' error shows whether a proxy refused. Not 401: that is about the request, whoever responded.
 */
const THROWN_STATUSES = Array.from({ length: 300 }, (_, index) => 300 + index).filter(
	(status) => status !== 401,
);

/** The response that an error of n8n's is about, if there is one. */
function responseIn(error: unknown): HttpResponse | undefined {
	const cause = error instanceof NodeApiError ? error.cause : error;
	const response = isObject(cause) ? cause.response : undefined;
	if (!isObject(response)) return undefined;
	const status = Number(response.status);
	// A successful response that was cut off midway does not count as one.
	if (!THROWN_STATUSES.includes(status)) return undefined;
	return {
		statusCode: status,
		headers: { ...(isObject(response.headers) ? response.headers : {}) } as IDataObject,
		body: response.data,
		isUnsent: isBeforeHandshake(cause),
	};
}

function noFile(status: number): RequestFailure {
	return {
		message: `Cobalt did not return a file (HTTP ${status})`,
		description: "Check 'Document ID'.",
		mayBeAccepted: true,
		isTransient: false,
	};
}

/** Errors of n8n's own, or of this node's credential, keep their message; all others are network errors. */
function noResponse(error: unknown, timeoutMs: number): RequestFailure {
	const local = localErrorIn(error);
	return local
		? unusable(local.message, local.description)
		: describeNetworkError(error, timeoutMs);
}

/** Longer than any message that Cobalt documents. */
const MAX_MESSAGE_LENGTH = 600;

/** Cobalt's message may repeat a key; ours must not. */
function redactKeys(failure: RequestFailure, redact: Redact): RequestFailure {
	const [message, quoted] = [redact(failure.message), redact(failure.quoted ?? '')];
	return { ...failure, message, quoted: quoted.slice(0, MAX_MESSAGE_LENGTH - message.length) };
}
