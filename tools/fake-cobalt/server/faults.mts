import { PlanQueue, type Occurrences } from '../world/planQueue.mts';
import { bytesOf, type ApiResponse } from './response.mts';
import { isUnder, type LoggedRequest } from './requestLog.mts';

interface StatusResponse {
	status: number;
	/** An object is sent as JSON, a string verbatim. */
	body?: unknown;
	headers?: Record<string, string>;
}

/** A way to misbehave. */
type Misbehaviour =
	/** Not processed, answered with this. */
	| ({ kind: 'status' } & StatusResponse)
	/** Not processed, the connection is cut. */
	| { kind: 'drop' }
	/** Processed, then the connection is cut. */
	| { kind: 'dropAfterAccept' }
	/** Processed, but answered with this. */
	| ({ kind: 'statusAfterAccept' } & StatusResponse)
	/** Processed at once, answered after this time instead of the usual latency. */
	| { kind: 'slow'; ms: number }
	/** Processed and answered as usual. Then this happens, before the next request. */
	| { kind: 'then'; happens: () => void }
	/** Processed, but answered 200 with a web page, nothing, or half of the JSON. */
	| { kind: 'html' }
	| { kind: 'empty' }
	| { kind: 'truncated' }
	/** Processed, then the connection is cut in the middle of the answer. */
	| { kind: 'cut' }
	/** Not processed, redirected. Default status 307, which repeats method and body. */
	| { kind: 'redirect'; location: string; status?: 301 | 302 | 303 | 307 | 308 };

export type Fault = Occurrences & {
	method?: string;
	/** A path without /v1 and everything under it, or a pattern. */
	path?: string | RegExp;
	/** Only requests of this clinic. */
	accessToken?: string;
} & Misbehaviour;

/** Makes the server misbehave. The first matching fault that is not used up applies. */
export interface Faults {
	add(fault: Fault): void;
	clear(): void;
	/** How many requests are being held back now, by a `slow` fault or the latency. */
	readonly heldBack: number;
}

const PAGE = '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>';

const plainReply = ({ status, headers, body }: StatusResponse): ApiResponse => ({
	status,
	...(headers ? { headers } : {}),
	body: body ?? { success: false, message: `Injected fault: ${status}` },
});

export class FaultQueue extends PlanQueue<Fault> implements Faults {
	heldBack = 0;
	readonly #latencyMs: number;

	constructor(latencyMs: number) {
		super();
		this.#latencyMs = latencyMs;
	}

	/**
	 * Answers a request, with the next matching fault if there is one, after the latency. Resolves to undefined where
	 * the connection is to be cut.
	 *
	 * @param request gets the kind of its fault
	 * @param gone resolves when the client has hung up
	 */
	async response(
		request: Pick<LoggedRequest, 'method' | 'path' | 'headers' | 'fault'>,
		carryOut: () => ApiResponse,
		gone: Promise<unknown>,
	): Promise<ApiResponse | undefined> {
		const fault = this.take(
			({ method = request.method, path = '', accessToken }) =>
				method === request.method &&
				(accessToken ?? request.headers.access_token) === request.headers.access_token &&
				(typeof path === 'string' ? isUnder(path, request.path) : path.test(request.path)),
		);
		if (fault) request.fault = fault.kind;
		const response = responseOf(fault, carryOut);
		await this.#holdBack(fault?.kind === 'slow' ? fault.ms : this.#latencyMs, gone);
		return response;
	}

	async #holdBack(ms: number, gone: Promise<unknown>): Promise<void> {
		if (ms === 0) return;
		this.heldBack += 1;
		const slept = new Promise((resolve) => setTimeout(resolve, ms).unref());
		await Promise.race([slept, gone]);
		this.heldBack -= 1;
	}
}

function responseOf(
	fault: Fault | undefined,
	carryOut: () => ApiResponse,
): ApiResponse | undefined {
	switch (fault?.kind) {
		case undefined:
		case 'slow':
			return carryOut();
		case 'then': {
			const answer = carryOut();
			fault.happens();
			return answer;
		}
		case 'status':
			return plainReply(fault);
		case 'statusAfterAccept':
			carryOut();
			return plainReply(fault);
		case 'drop':
			return undefined;
		case 'dropAfterAccept':
			carryOut();
			return undefined;
		case 'html':
			carryOut();
			return { status: 200, headers: { 'content-type': 'text/html' }, body: PAGE };
		case 'empty':
			carryOut();
			return { status: 200, body: '' };
		case 'truncated': {
			const { headers, body } = carryOut();
			const bytes = bytesOf(body);
			const half = bytes.subarray(0, Math.floor(bytes.length / 2));
			return {
				status: 200,
				headers: { 'content-type': 'application/json', ...headers },
				body: half,
			};
		}
		case 'cut':
			return { ...carryOut(), isCut: true };
		case 'redirect':
			return { status: fault.status ?? 307, headers: { location: fault.location }, body: '' };
	}
}
