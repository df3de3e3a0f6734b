import { Refusal, CustomResponse, type ApiResponse } from './response.mts';
import type { Context } from './context.mts';
import { readForm } from './multipart.mts';
import {
	readBody,
	readQuery,
	type Fields,
	type MissingWording,
	type Values,
} from './validation.mts';

export type NoFields = Record<string, never>;

/** A request as it comes in, before anything is checked. */
interface Incoming {
	params: Record<string, string>;
	query: Record<string, string>;
	contentType: string;
	body: Buffer;
}

/** A request whose query and body are as declared. */
export interface Call<Query extends Fields, Body extends Fields> {
	params: Record<string, string>;
	query: Values<Query>;
	body: Values<Body>;
}

export interface Declaration<Query extends Fields, Body extends Fields> {
	method: Route['method'];
	/** Without /v1. */
	path: string;
	query?: Query;
	/** Without it, the endpoint refuses a body. */
	body?: Body;
	/** Multipart instead of JSON. */
	multipart?: true;
	/** The largest body in bytes, where one is documented. */
	bodyLimit?: number;
	/** This endpoint's message for missing fields. Default `Missing required field: …`. */
	missing?: MissingWording;
	/** The endpoint belongs to the client, not to one end user. */
	withoutAccessToken?: true;
	/** Returns the body of a 200, or a `Reply`. */
	run(context: Context, call: Call<Query, Body>): object;
}

export interface Route {
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	path: string;
	withoutAccessToken: boolean;
	run(context: Context, incoming: Incoming): ApiResponse;
}

function parseJson({ contentType, body }: Incoming): unknown {
	if (!contentType.includes('application/json')) {
		throw new Refusal(400, 'Content-Type must be application/json.');
	}
	try {
		return JSON.parse(body.toString());
	} catch {
		throw new Refusal(400, 'Request body is not valid JSON.');
	}
}

/** Declares one endpoint. Reading and refusing requests is the same for all; `run` does the rest. */
export function route<Query extends Fields = NoFields, Body extends Fields = NoFields>(
	declaration: Declaration<Query, Body>,
): Route {
	const { method, path, query, body, multipart, missing, bodyLimit = Infinity } = declaration;
	const parse = multipart ? readForm : parseJson;
	const readBodyOf = (incoming: Incoming): Values<Body> => {
		if (body !== undefined) return readBody(body, parse(incoming), missing);
		if (incoming.body.length > 0) throw new Refusal(400, 'This endpoint takes no request body.');
		return {} as Values<Body>;
	};
	return {
		method,
		path,
		withoutAccessToken: declaration.withoutAccessToken ?? false,
		run(context, incoming) {
			if (incoming.body.length > bodyLimit) throw new Refusal(413, 'Request body is too large.');
			const result = declaration.run(context, {
				params: incoming.params,
				query: readQuery(query ?? ({} as Query), incoming.query),
				body: readBodyOf(incoming),
			});
			return result instanceof CustomResponse ? result.response : { status: 200, body: result };
		},
	};
}
