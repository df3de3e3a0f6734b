import {
	NodeApiError,
	NodeOperationError,
	UserError,
	type IDataObject,
	type IExecuteFunctions,
	type IHttpRequestMethods,
	type ILoadOptionsFunctions,
	type INode,
} from 'n8n-workflow';

import { readAnswer, readSilence, type Answer, type RequestFailure } from './failure';

/** The n8n contexts that may talk to Cobalt. */
export type RequestContext = IExecuteFunctions | ILoadOptionsFunctions;

/** One request to the API. The path starts with a slash and comes without `/v1`. */
export interface CobaltRequest {
	method: IHttpRequestMethods;
	path: string;
	query?: IDataObject;
	body?: IDataObject;
}

/** A request function with everything but the request filled in: what other rooms are given. */
export type Send = (request: CobaltRequest) => Promise<IDataObject>;

/** Milliseconds. A submission waits longer, for giving up on one leaves its outcome unknown. */
const TIMEOUT = { read: 30_000, write: 60_000 };

/** A request to Cobalt that did not succeed, with what a caller needs to decide what is safe now. */
export class CobaltApiError extends NodeApiError {
	/** See {@link RequestFailure.mayBeAccepted}. */
	readonly mayBeAccepted: boolean;

	/** See {@link RequestFailure.passing}. */
	readonly passing: boolean;

	readonly retryAfterMs?: number;

	constructor(node: INode, { message, description, status, cause, ...facts }: RequestFailure) {
		super(
			node,
			{},
			{
				message,
				description,
				httpCode: status?.toString(),
				...(cause && { failure: { cause, retryAfterMs: facts.retryAfterMs } }),
			},
		);
		this.mayBeAccepted = facts.mayBeAccepted;
		this.passing = facts.passing;
		this.retryAfterMs = facts.retryAfterMs;
	}
}

/**
 * Sends one request to Cobalt, once.
 *
 * n8n is set up so that it neither repeats a 401, nor follows redirects with the keys, nor hands
 * over broken JSON as text: every answer comes here whole, as text, and is read in one place.
 *
 * @returns the JSON object that Cobalt answered with
 * @throws CobaltApiError for everything else
 */
export async function cobaltRequest(
	this: RequestContext,
	{ method, path, query, body }: CobaltRequest,
): Promise<IDataObject> {
	const timeout = method === 'GET' ? TIMEOUT.read : TIMEOUT.write;
	const node = this.getNode();
	const answer: Answered = await this.helpers.httpRequestWithAuthentication
		.call(this, 'cobaltApi', {
			method,
			url: path,
			qs: query,
			body,
			json: true,
			encoding: 'text',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout,
		})
		.catch((error: unknown) => {
			throw new CobaltApiError(node, withoutAnswer(error, timeout));
		});
	const reading = readAnswer(toAnswer(answer), Date.now());
	if (reading.ok) return reading.body as IDataObject;
	throw new CobaltApiError(node, await withoutKeys.call(this, reading.failure));
}

/** What n8n hands over with `returnFullResponse`. */
interface Answered {
	statusCode: number;
	headers: IDataObject;
	body: unknown;
}

function toAnswer(answer: Answered): Answer {
	const { body } = answer;
	return {
		status: answer.statusCode,
		headers: answer.headers,
		body: typeof body === 'string' ? body : (JSON.stringify(body) ?? ''),
	};
}

/** n8n wraps what went wrong in a NodeApiError; the cause tells what it was. */
function withoutAnswer(error: unknown, timeoutMs: number): RequestFailure {
	const cause = error instanceof NodeApiError ? error.cause : error;
	if (cause instanceof UserError || cause instanceof NodeOperationError) {
		return {
			message: cause.message,
			description: cause.description ?? 'Check the Cobalt credential of this node.',
			mayBeAccepted: false,
			passing: false,
			cause: 'configuration-invalid',
		};
	}
	const { code, syscall } = networkError(cause);
	return readSilence(code ?? '', syscall, timeoutMs);
}

/** axios keeps Node's own error, which knows the system call, as the cause of its own. */
function networkError(error: unknown): Pick<NodeJS.ErrnoException, 'code' | 'syscall'> {
	if (!(error instanceof Error)) return {};
	const { code, syscall } = error as NodeJS.ErrnoException;
	const inner = networkError(error.cause);
	return { code: code ?? inner.code, syscall: syscall ?? inner.syscall };
}

/** Longer than any message that Cobalt documents. */
const LONGEST_MESSAGE = 600;

/** Cobalt's own words may repeat a key; ours must not. */
async function withoutKeys(this: RequestContext, failure: RequestFailure): Promise<RequestFailure> {
	const { clientId, clientSecret, accessToken } = await this.getCredentials('cobaltApi');
	const keys = [clientId, clientSecret, accessToken]
		.map((key) => String(key ?? '').trim())
		.filter((key) => key !== '');
	const message = keys.reduce((text, key) => text.replaceAll(key, '***'), failure.message);
	return { ...failure, message: message.slice(0, LONGEST_MESSAGE) };
}
