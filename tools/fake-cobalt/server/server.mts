import {
	fastify,
	type FastifyError,
	type FastifyInstance,
	type FastifyReply,
	type FastifyRequest,
} from 'fastify';

import { bytesOf, Refusal, type ApiResponse } from './response.mts';
import type { Context } from './context.mts';
import type { FaultQueue } from './faults.mts';
import type { LoggedRequest, RequestLog } from './requestLog.mts';
import type { Route } from './route.mts';

export interface Keys {
	clientId: string;
	clientSecret: string;
	accessToken: string;
}

interface Setup {
	routes: Route[];
	/** By access token. The first one also serves requests that need no access token. */
	contexts: ReadonlyMap<string, Context>;
	keys: Omit<Keys, 'accessToken'>;
	faults: FaultQueue;
	requests: RequestLog;
	/** In front of the paths of Cobalt Link. */
	linkPrefix: '/v1' | '';
	/** Called for every request once it was answered or cut off (then without an answer). */
	onRequest: (request: LoggedRequest, answer?: ApiResponse) => void;
}

/** Uploads have no documented limit; referrals, which have one, check it themselves. */
const BODY_LIMIT = 40 * 1024 * 1024;

function parsedOrText(body: Buffer): unknown {
	if (body.length === 0) return undefined;
	try {
		return JSON.parse(body.toString());
	} catch {
		return body.toString();
	}
}

function logEntry(request: FastifyRequest, body: Buffer, route?: Route): LoggedRequest {
	const url = new URL(request.url, 'http://localhost');
	return {
		method: request.method,
		path: url.pathname.replace(/^\/v1(?=\/|$)/, ''),
		...(route ? { route: route.path } : {}),
		query: Object.fromEntries(url.searchParams),
		headers: { ...request.headers },
		body: parsedOrText(body),
		at: Date.now(),
	};
}

/** The clinic that the keys of a request belong to. */
function contextOf(
	{ headers }: LoggedRequest,
	{ keys, contexts }: Pick<Setup, 'keys' | 'contexts'>,
	withAccessToken: boolean,
): Context {
	const isClient =
		headers.client_id === keys.clientId && headers.client_secret === keys.clientSecret;
	const [first] = contexts.values();
	const context = withAccessToken ? contexts.get(String(headers.access_token)) : first;
	// The response to wrong keys is not documented: 401 is our choice.
	if (!isClient || !context) {
		throw new Refusal(401, 'Invalid client_id, client_secret or access_token.');
	}
	return context;
}

/** Announces the whole body, sends half of it, and hangs up. */
function sendHalf(reply: FastifyReply, { status, headers = {}, body }: ApiResponse): FastifyReply {
	const bytes = bytesOf(body);
	const length = { 'content-length': String(bytes.length) };
	reply.hijack();
	reply.raw.writeHead(status, { 'content-type': 'application/json', ...headers, ...length });
	reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
		reply.raw.socket?.destroy();
	});
	return reply;
}

function send(reply: FastifyReply, { status, headers = {}, body }: ApiResponse): FastifyReply {
	const isText = typeof body === 'string';
	return reply
		.code(status)
		.type(isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8')
		.headers(headers)
		.send(bytesOf(body));
}

/** Creates the HTTP server. Every request takes the same path: log, faults, keys, route. */
export function createServer(setup: Setup): FastifyInstance {
	const { routes, contexts, faults, requests, linkPrefix, onRequest } = setup;

	function carryOut(
		logged: LoggedRequest,
		body: Buffer,
		params: unknown,
		route?: Route,
	): ApiResponse {
		for (const { ehrWorker } of contexts.values()) ehrWorker.finishDueJobs();
		try {
			// A path that is not there belongs to nobody.
			const isOfOneUser = route?.withoutAccessToken === false;
			const context = contextOf(logged, setup, isOfOneUser);
			if (isOfOneUser && context.ehr.settings.loginExpired) {
				const message = 'Account link expired. Please go through the integration setup again.';
				throw new Refusal(403, message, 'login_required');
			}
			if (!route) throw new Refusal(404, `Not found: ${logged.method} ${logged.path}`);
			const incoming = {
				params: params as Record<string, string>,
				query: logged.query,
				contentType: logged.headers['content-type'] ?? '',
				body,
			};
			return route.run(context, incoming);
		} catch (error) {
			if (error instanceof Refusal) return error.response();
			throw error;
		}
	}

	const serve = (route?: Route) => async (request: FastifyRequest, reply: FastifyReply) => {
		const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
		const logged = logEntry(request, body, route);
		requests.add(logged);
		const gone = new Promise((resolve) => reply.raw.once('close', resolve));
		const answer = await faults.response(
			logged,
			() => carryOut(logged, body, request.params, route),
			gone,
		);
		logged.respondedAt = Date.now();
		logged.status = answer?.status;
		logged.retryAfter = answer?.headers?.['retry-after'];
		onRequest(logged, answer);
		if (answer) return answer.isCut ? sendHalf(reply, answer) : send(reply, answer);
		reply.hijack();
		request.raw.socket.destroy();
		return reply;
	};

	const app = fastify({
		exposeHeadRoutes: false,
		forceCloseConnections: true,
		bodyLimit: BODY_LIMIT,
	});
	// By default, Fastify does not read the body of a GET: no route could refuse it.
	app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
	// The routes parse bodies: keys and faults come first, and every request is logged.
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
		done(null, body);
	});
	for (const route of routes) {
		const prefix = route.path.startsWith('/link/') ? linkPrefix : '/v1';
		app.route({ method: route.method, url: prefix + route.path, handler: serve(route) });
	}
	app.setNotFoundHandler(serve());
	app.setErrorHandler<FastifyError>((error, _request, reply) =>
		send(reply, new Refusal(error.statusCode ?? 500, error.message).response()),
	);
	return app;
}
