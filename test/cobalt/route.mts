import { Refusal } from './answer.mts';
import type { Inside } from './inside.mts';
import { readBody, readQuery, type Fields, type Values } from './validation.mts';

type NoFields = Record<string, never>;

/** A request as it comes in, before anything is checked. */
export interface Incoming {
	params: Record<string, string>;
	query: Record<string, string>;
	contentType: string;
	body: Buffer;
}

/** A request whose query and body are as declared. */
interface Call<Query extends Fields, Body extends Fields> {
	params: Record<string, string>;
	query: Values<Query>;
	body: Values<Body>;
}

interface Declaration<Query extends Fields, Body extends Fields> {
	method: Route['method'];
	/** Without /v1. */
	path: string;
	query?: Query;
	/** Left out: the endpoint takes no body. */
	body?: Body;
	/** Returns the body of the answer. */
	run(inside: Inside, call: Call<Query, Body>): object;
}

export interface Route {
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	path: string;
	run(inside: Inside, incoming: Incoming): object;
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

/** Declares one endpoint. Only what `run` says is its own: reading and refusing is the same for all. */
export function route<Query extends Fields = NoFields, Body extends Fields = NoFields>(
	declaration: Declaration<Query, Body>,
): Route {
	const { method, path, query, body } = declaration;
	return {
		method,
		path,
		run: (inside, incoming) =>
			declaration.run(inside, {
				params: incoming.params,
				query: readQuery(query ?? ({} as Query), incoming.query),
				body: body === undefined ? ({} as Values<Body>) : readBody(body, parseJson(incoming)),
			}),
	};
}
