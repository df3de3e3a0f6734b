import { Refusal } from './response.mts';

/** A file as it was uploaded. */
export class UploadedFile {
	constructor(
		readonly filename: string,
		readonly mimetype: string,
		readonly bytes: Buffer,
	) {}
}

const malformed = (what: string) => new Refusal(400, `Request body is not a valid form: ${what}.`);

/** Reads a body from left to right and refuses anything unexpected. */
class Reader {
	#rest: Buffer;

	constructor(bytes: Buffer) {
		this.#rest = bytes;
	}

	/** Skips these bytes if they come next. @returns whether they did */
	takes(bytes: string): boolean {
		const isNext = this.#rest.subarray(0, Buffer.byteLength(bytes)).equals(Buffer.from(bytes));
		if (isNext) this.#rest = this.#rest.subarray(Buffer.byteLength(bytes));
		return isNext;
	}

	/** Reads up to these bytes, and skips them. */
	until(bytes: string): Buffer {
		const end = this.#rest.indexOf(bytes);
		if (end < 0) throw malformed('it ends too early');
		const before = this.#rest.subarray(0, end);
		this.#rest = this.#rest.subarray(end + Buffer.byteLength(bytes));
		return before;
	}

	isAtEnd(): boolean {
		return this.#rest.length === 0;
	}
}

/** A quoted parameter of a part's header, with the three escapes that forms have. */
function parameter(headers: string, name: string): string | undefined {
	const quoted = new RegExp(`^content-disposition: *form-data;.*[ ;]${name}="([^"]*)"`, 'im');
	const escapes: Record<string, string> = { '%22': '"', '%0D': '\r', '%0A': '\n' };
	return quoted
		.exec(headers)?.[1]
		?.replace(/%22|%0D|%0A/gi, (code) => escapes[code.toUpperCase()] ?? code);
}

function partFrom(headers: string, bytes: Buffer): string | UploadedFile {
	const filename = parameter(headers, 'filename');
	if (filename === undefined) return bytes.toString();
	const [, mimetype = 'application/octet-stream'] = /^content-type: *(\S+)/im.exec(headers) ?? [];
	return new UploadedFile(filename, mimetype, bytes);
}

/** Reads a multipart body (RFC 7578): parts with a file name become files, the others strings. */
export function readForm(incoming: {
	contentType: string;
	body: Buffer;
}): Record<string, string | UploadedFile> {
	const type = /^multipart\/form-data;.*?\bboundary=(?:"([^"]+)"|([^\s;"]+))/i;
	const [, quoted, plain] = type.exec(incoming.contentType) ?? [];
	const boundary = quoted ?? plain;
	if (boundary === undefined) {
		throw new Refusal(400, 'Content-Type must be multipart/form-data with a boundary.');
	}
	const parts = new Map<string, string | UploadedFile>();
	const reader = new Reader(incoming.body);
	if (!reader.takes(`--${boundary}`)) throw malformed('it does not begin with the boundary');
	while (!reader.takes('--')) {
		if (!reader.takes('\r\n')) throw malformed('a boundary goes on');
		const headers = reader.until('\r\n\r\n').toString();
		const name = parameter(headers, 'name');
		if (name === undefined) throw malformed('a part has no name');
		if (parts.has(name)) throw malformed(`${name} comes twice`);
		parts.set(name, partFrom(headers, reader.until(`\r\n--${boundary}`)));
	}
	reader.takes('\r\n');
	if (!reader.isAtEnd()) throw malformed('it goes on after its end');
	return Object.fromEntries(parts);
}
