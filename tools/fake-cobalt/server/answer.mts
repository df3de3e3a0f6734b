/** What goes back over the wire: an object as JSON, a string or bytes as they are. */
export interface Answer {
	status: number;
	headers?: Record<string, string>;
	body: unknown;
	/** The connection is cut in the middle of the body. */
	isCut?: true;
}

/** What goes back over the wire, as bytes. */
export function bytesOf(body: unknown): Buffer {
	if (Buffer.isBuffer(body)) return body;
	return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** For a route whose answer is not simply 200 and JSON. */
export class Reply {
	constructor(readonly answer: Answer) {}
}

/** A request that is answered with an error instead of being carried out. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly error?: string,
	) {
		super(message);
	}

	/** The documented error envelope. */
	answer(): Answer {
		const { status, error, message } = this;
		return {
			status,
			body: { success: false, ...(error === undefined ? {} : { error }), message },
		};
	}
}
