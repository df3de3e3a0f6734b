/** The contents of a file, in chunks. */
export type Contents = AsyncIterable<Uint8Array>;

/** A file that is sent with a request. It is opened anew each time it is sent, and not before. */
export class Attachment {
	constructor(
		readonly name: string,
		readonly type: string,
		/** In bytes. */
		readonly size: number,
		/** Distinguishes files of the same name in fingerprints; never sent. */
		private readonly identity: string,
		readonly open: () => Promise<Contents>,
	) {}

	/** For a multipart body: a file whose bytes are streamed from n8n's binary data. */
	toFile(): File {
		return new StreamedFile(this);
	}

	/** The whole content, for operations that take it inside JSON. */
	async toBase64(): Promise<string> {
		const pieces: Uint8Array[] = [];
		for await (const piece of await this.open()) pieces.push(piece);
		return Buffer.concat(pieces).toString('base64');
	}

	/** What identifies the file. Without its content, so that a fingerprint of a request is quickly made. */
	toJSON(): object {
		const { name, type, size, identity } = this;
		return { name, type, size, identity };
	}
}

/** FormData accepts any File; the HTTP client then only uses its size and its stream. */
class StreamedFile extends File {
	override readonly size: number;

	constructor(private readonly attachment: Attachment) {
		super([], attachment.name, { type: attachment.type });
		this.size = attachment.size;
	}

	override stream(): ReturnType<File['stream']> {
		return ReadableStream.from(contentsOf(this.attachment));
	}
}

async function* contentsOf(attachment: Attachment): AsyncGenerator<Uint8Array> {
	yield* await attachment.open();
}
