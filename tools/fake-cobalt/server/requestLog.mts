import type { IncomingHttpHeaders } from 'node:http';

/** A request as it arrived. */
export interface LoggedRequest {
	method: string;
	/** Without query and /v1. */
	path: string;
	/** The declared path it was answered by, such as '/appointments/:id'. */
	route?: string;
	query: Record<string, string>;
	headers: IncomingHttpHeaders;
	/** Parsed when it is JSON, otherwise the text. Undefined without a body. */
	body: unknown;
	at: number;
	/** Undefined while unanswered, and for good when the connection was cut. */
	status?: number;
	/** The `Retry-After` of the response. */
	retryAfter?: string;
	respondedAt?: number;
	/** The kind of the fault that was applied to it. */
	fault?: string;
}

/** Whether a path is this one or below it: '/appointments' holds '/appointments/1', not
 * '/appointments-x'. */
export function isUnder(parent: string, path: string): boolean {
	return path === parent || path.startsWith(`${parent}/`);
}

/** Every request that reached the server, whatever its outcome. */
export class RequestLog {
	readonly #requests: LoggedRequest[] = [];

	add(request: LoggedRequest): void {
		this.#requests.push(request);
	}

	find(where: { method?: string; path?: string } = {}): LoggedRequest[] {
		const { method, path = '' } = where;
		return this.#requests
			.filter(
				(request) => isUnder(path, request.path) && (method ?? request.method) === request.method,
			)
			.map((request) => ({ ...request }));
	}
}
