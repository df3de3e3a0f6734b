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
import { readCredential, unusable, type RequestContext } from './credential/credential';
import { parseResponse, type RawResponse, type RequestFailure } from './failure';
import { fileNameOf, isFile } from './files/file';
import { withExtension } from './files/fileName';
import { describeNetworkError, isBeforeHandshake, localErrorIn } from './networkError';
import { createRedact } from './redaction';

/** One request to the API. The path starts with a slash and comes without `/v1`. */
export interface CobaltRequest {
	method: IHttpRequestMethods;
	path: string;
	query?: IDataObject;
	body?: IDataObject;
	/** Default JSON. */
	encoding?: Encoding;
	/** For a caller that has less time than a request usually gets. */
	timeoutMs?: number;
}

/** A request function with everything but the request filled in: what other rooms are given. */
export type Send = (request: CobaltRequest) => Promise<IDataObject>;

/** Like {@link Send}, for a file: n8n keeps its bytes. The name is for an answer that has none. */
export type Download = (request: CobaltRequest, fallbackName: string) => Promise<IBinaryData>;

/** Milliseconds. A submission waits longer, for giving up on one leaves its outcome unknown. */
const TIMEOUT = { read: 30_000, write: 60_000 };

/**
 * Milliseconds for a request with all of its answer. A timeout is one of silence before an answer, and
 * n8n waits forever for one that comes a bit at a time, for a file that stops in the middle, and after
 * `101 Switching Protocols`. Writes and files may have 25 MB.
 */
const WHOLE = { read: 60_000, write: 300_000, file: 300_000 };

/**
 * The way to Cobalt for one call of a node: a function that sends one request, once, and gives the JSON
 * object that Cobalt answered with; it throws a CobaltApiError for everything else.
 *
 * @param credential of the item that the requests are for; left out where there is no item
 */
export function createClient(
	context: RequestContext,
	credential?: ICredentialDataDecryptedObject,
): Send {
	const line = openConnection(context, credential);
	return async (request) => {
		const { statusCode: status, headers, body, isUnsent } = await line.exchange(request, 'text');
		const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
		return await line.read({ status, headers, body: text, isUnsent });
	};
}

/** The way to Cobalt's files: as {@link createClient}, but for bytes, which are streamed to n8n's store. */
export function createDownloader(
	context: IExecuteFunctions,
	credential: ICredentialDataDecryptedObject,
): Download {
	const line = openConnection(context, credential);
	const { helpers } = context;
	return async (request, fallbackName) => {
		const { statusCode: status, headers, body } = await line.exchange(request, 'stream');
		const stream = body as Parameters<typeof helpers.binaryToString>[0];
		if (!isFile(status, headers)) {
			const text = await line.whole(helpers.binaryToString(stream));
			await line.read({ status, headers, body: text });
			throw line.failed(noFile(status));
		}
		const type = String(headers['content-type'] ?? 'application/octet-stream');
		const [mimeType = ''] = type.split(';');
		const name = fileNameOf(headers) ?? withExtension(fallbackName, mimeType);
		return await line.whole(helpers.prepareBinaryData(stream, name, mimeType));
	};
}

/**
 * n8n is set up so that it neither repeats a 401, nor follows redirects with the keys, nor hands
 * over broken JSON as text: every answer comes here whole, and is read in one place.
 */
function openConnection(context: RequestContext, given?: ICredentialDataDecryptedObject) {
	// n8n copies the whole node each time it is asked for it, and a wait makes many requests.
	const node = context.getNode();
	let reading = given && Promise.resolve(given);
	const credential = async () => await (reading ??= readCredential(context, node));
	const unreadableFile = () => {
		throw new CobaltApiError(node, {
			message: 'A file of this item cannot be read',
			description: 'Check the node that the file comes from. Nothing was sent.',
			mayBeAccepted: false,
			isTransient: false,
		});
	};
	const silent = (error: unknown, timeout: number) =>
		new CobaltApiError(node, withoutAnswer(error, timeout));

	return {
		failed: (failure: RequestFailure) => new CobaltApiError(node, failure),

		/** @throws CobaltApiError when there is no answer */
		async exchange(
			{ method, path, query, body, encoding, timeoutMs }: CobaltRequest,
			answerAs: 'text' | 'stream',
		): Promise<HttpResponse> {
			const data = await credential();
			const encoded = body && (await encodeBody(body, encoding).catch(unreadableFile));
			const kind = method === 'GET' ? 'read' : 'write';
			const timeout = timeoutMs ?? TIMEOUT[kind];
			const options: IHttpRequestOptions = {
				method,
				url: path,
				qs: query,
				body: encoded,
				json: true,
				encoding: answerAs,
				returnFullResponse: true,
				ignoreHttpStatusErrors:
					answerAs === 'text' ? { ignore: true, except: THROWN_STATUSES } : true,
				disableFollowRedirect: true,
				timeout,
			};
			// Without it, n8n would read the credential again, and always for the first item.
			const credentialsDecrypted = { id: '', name: '', type: 'cobaltApi', data };
			const answering: Promise<HttpResponse> = context.helpers.httpRequestWithAuthentication.call(
				context,
				'cobaltApi',
				options,
				{ credentialsDecrypted },
			);
			return await withTimeout(answering, WHOLE[kind]).catch((error: unknown) => {
				const answered = answerIn(error);
				if (answered) return answered;
				throw silent(error, error instanceof TimeoutError ? WHOLE[kind] : timeout);
			});
		},

		/** @throws CobaltApiError for an answer that is no good one */
		async read(answer: RawResponse): Promise<IDataObject> {
			const outcome = parseResponse(answer, Date.now());
			if (outcome.ok) return outcome.body as IDataObject;
			throw new CobaltApiError(node, redactKeys(outcome.failure, await credential()));
		},

		/** @throws CobaltApiError when the rest of an answer does not come */
		async whole<T>(rest: Promise<T>): Promise<T> {
			return await withTimeout(rest, WHOLE.file).catch((error: unknown) => {
				throw silent(error, error instanceof TimeoutError ? WHOLE.file : TIMEOUT.read);
			});
		},
	};
}

/** What n8n hands over with `returnFullResponse`. */
interface HttpResponse {
	statusCode: number;
	headers: IDataObject;
	body: unknown;
	/** See {@link RawResponse.isUnsent}. */
	isUnsent?: boolean;
}

/**
 * What a proxy may say when it refuses the way to Cobalt. n8n is to throw these, for axios' error shows
 * whether that was so. Not 401, for that is about the request, whoever says it.
 */
const THROWN_STATUSES = Array.from({ length: 300 }, (_, index) => 300 + index).filter(
	(status) => status !== 401,
);

/** The answer that an error of n8n's is about, if there is one. */
function answerIn(error: unknown): HttpResponse | undefined {
	const cause = error instanceof NodeApiError ? error.cause : error;
	const response = isObject(cause) ? cause.response : undefined;
	if (!isObject(response)) return undefined;
	const status = Number(response.status);
	// A good answer that was cut in the middle is none.
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
		message: `Cobalt's answer is not a file (HTTP ${status})`,
		description: 'Check the ID of the document.',
		mayBeAccepted: true,
		isTransient: false,
	};
}

/** Errors of n8n's or of this node's credential keep their own words; all others are of the network. */
function withoutAnswer(error: unknown, timeoutMs: number): RequestFailure {
	const local = localErrorIn(error);
	return local
		? unusable(local.message, local.description)
		: describeNetworkError(error, timeoutMs);
}

/** Longer than any message that Cobalt documents. */
const MAX_MESSAGE_LENGTH = 600;

/** Cobalt's own words may repeat a key; ours must not. */
function redactKeys(
	failure: RequestFailure,
	credential: ICredentialDataDecryptedObject,
): RequestFailure {
	const message = createRedact(credential)(failure.message);
	return { ...failure, message: message.slice(0, MAX_MESSAGE_LENGTH) };
}
