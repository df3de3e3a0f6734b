/** A response: an object is sent as JSON, a string or bytes verbatim. */
export interface ApiResponse {
	status: number;
	headers?: Record<string, string>;
	body: unknown;
	/** The connection is cut in the middle of the body. */
	isCut?: true;
}

/** The body as bytes. */
export function bytesOf(body: unknown): Buffer {
	if (Buffer.isBuffer(body)) return body;
	return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** What a route returns whose response is not simply 200 and JSON. */
export class CustomResponse {
	constructor(readonly response: ApiResponse) {}
}

/** Thrown to respond with an error instead of processing it. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly error?: string,
	) {
		super(message);
	}

	/** The documented error envelope. */
	response(): ApiResponse {
		const { status, error, message } = this;
		return {
			status,
			body: { success: false, ...(error === undefined ? {} : { error }), message },
		};
	}
}
