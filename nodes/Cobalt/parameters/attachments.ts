import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { Attachment, type Contents } from '../../shared/http/files/attachment';
import { baseName, typeToSend, withExtension } from '../../shared/http/files/fileName';
import { firstText, isObject } from '../../shared/json';
import { idInText } from '../../shared/output/ids';
import { InvalidValueError } from '../../shared/parsers/parser';
import { readBase64 } from './base64';

/**
 * A file of an item, with its size, but without reading its contents.
 *
 * @param source the name of a binary field, or the file itself from an expression; in workflows that keep
 *   files in the JSON, a path into it
 * @throws InvalidValueError if there is no such file, or it is empty
 */
export async function attachmentOf(
	context: IExecuteFunctions,
	itemIndex: number,
	source: unknown,
): Promise<Attachment> {
	const data = find(context, itemIndex, source);
	if (data === undefined) {
		const names = Object.keys(context.getInputData()[itemIndex]?.binary ?? {});
		throw new InvalidValueError(
			'does not match a file of this item',
			names.length === 0
				? "This item has no files. Add a node that provides one, such as 'HTTP Request'."
				: `This item has files in: ${names.map(idInText).join(', ')}.`,
		);
	}
	const content = await contentOf(context, data);
	if (content.size === 0) {
		throw new InvalidValueError(
			'refers to an empty file',
			'Check the node that the file comes from.',
		);
	}
	const title = typeof source === 'string' ? source : 'document';
	// A Code node may have put anything into these fields.
	const name = baseName(firstText(data.fileName)) ?? baseName(title) ?? 'document';
	const mimeType = firstText(data.mimeType, content.mimeType) ?? '';
	return new Attachment(
		withExtension(name, mimeType, firstText(data.fileExtension)),
		typeToSend(mimeType, name),
		content.size,
		content.identity,
		content.open,
	);
}

function find(
	context: IExecuteFunctions,
	itemIndex: number,
	source: unknown,
): IBinaryData | undefined {
	const { binary = {} } = context.getInputData()[itemIndex] ?? {};
	if (typeof source === 'string' && Object.hasOwn(binary, source)) return binary[source];
	try {
		const found: unknown = context.helpers.assertBinaryData(
			itemIndex,
			source as string | IBinaryData,
		);
		return isBinaryData(found) ? found : undefined;
	} catch {
		return undefined;
	}
}

function isBinaryData(value: unknown): value is IBinaryData {
	return isObject(value) && typeof value.mimeType === 'string' && typeof value.data === 'string';
}

/** The contents of a file, which have not been read yet. */
interface Content {
	/** In bytes. */
	size: number;
	/** See {@link Attachment}. */
	identity: string;
	/** The MIME type according to the contents themselves (a data URL). */
	mimeType?: string;
	open: () => Promise<Contents>;
}

/** n8n stores a file either in the item, as base64, or in a separate store, under an id. */
async function contentOf(context: IExecuteFunctions, { id, data }: IBinaryData): Promise<Content> {
	return id ? await storedContent(context, id) : contentInItem(data);
}

async function storedContent({ helpers }: IExecuteFunctions, id: string): Promise<Content> {
	const { fileSize } = await helpers.getBinaryMetadata(id).catch(() => {
		throw new InvalidValueError(
			"refers to a file that n8n's storage does not have",
			'n8n deletes files together with the executions that they come from. Run the workflow again from the node that provides the file.',
		);
	});
	return { size: fileSize, identity: id, open: async () => await helpers.getBinaryStream(id) };
}

/** What n8n writes in place of the bytes of a file in its store: the name of the store's mode. */
const STORE = /^(filesystem(-v\d+)?|s3|database|default|azure(-blob)?)$/;

const PASS_ON =
	"In a Code node, pass on the whole entry of 'binary', or create one with 'await this.helpers.prepareBinaryData(buffer, fileName)'.";

function contentInItem(data: unknown): Content {
	if (typeof data === 'string' && STORE.test(data.trim())) {
		throw new InvalidValueError(
			"refers to a file that has lost its ID in n8n's storage, and with it its contents",
			`A node before this one did not pass on the whole file. ${PASS_ON}`,
		);
	}
	const content = typeof data === 'string' ? readBase64(data) : undefined;
	if (content === undefined) {
		throw new InvalidValueError(
			'refers to a file whose contents are not base64',
			`Text, numbers or JSON cannot be uploaded as they are: turn them into a file with the node 'Convert to File'. ${PASS_ON}`,
		);
	}
	const { base64, size, mimeType } = content;
	return {
		size,
		identity: base64,
		mimeType,
		open: async () => await Promise.resolve(inMemory(base64)),
	};
}

async function* inMemory(base64: string): AsyncGenerator<Uint8Array> {
	yield Buffer.from(base64, 'base64');
}
