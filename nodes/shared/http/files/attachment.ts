/** The contents of a file, piece by piece. */
export type Contents = AsyncIterable<Uint8Array>;

/** A file that goes along with a request. It is opened only when it is sent, each time anew. */
export class Attachment {
	constructor(
		readonly name: string,
		readonly type: string,
		/** In bytes. */
		readonly size: number,
		/** Tells it from other files of the same name: for digests, never sent. */
		private readonly identity: string,
		readonly open: () => Promise<Contents>,
	) {}

	/** For a multipart body: a file whose bytes are streamed from where n8n keeps them. */
	toFile(): File {
		return new StreamedFile(this);
	}

	async toBase64(): Promise<string> {
		const pieces: Uint8Array[] = [];
		for await (const piece of await this.open()) pieces.push(piece);
		return Buffer.concat(pieces).toString('base64');
	}

	toJSON(): object {
		const { name, type, size, identity } = this;
		return { name, type, size, identity };
	}
}

/** A form takes a File as it is, and whoever sends the form asks it for its size and its stream. */
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
