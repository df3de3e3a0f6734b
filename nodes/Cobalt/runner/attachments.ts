import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { InvalidValue } from '../fields/reader';
import { Attachment, type Contents } from '../transport/attachment';

/**
 * A file of an item, found and measured, but not read yet.
 *
 * @param name of the binary field
 * @throws InvalidValue when the item has no such field, or the file is empty
 */
export async function attachmentOf(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
): Promise<Attachment> {
	const { binary = {} } = context.getInputData()[itemIndex] ?? {};
	const data = Object.hasOwn(binary, name) ? binary[name] : undefined;
	if (data === undefined) {
		const names = Object.keys(binary);
		throw new InvalidValue(
			'names no file of this item',
			names.length === 0
				? 'The item has no files. Put a node before this one that gives it one.'
				: `The files of the item are in: ${names.join(', ')}.`,
		);
	}
	const { fileName, mimeType, fileExtension } = data;
	const size = await sizeOf(context, data);
	if (size === 0) {
		throw new InvalidValue('names an empty file', 'Check the node that the file comes from.');
	}
	const ending = fileExtension ? `.${fileExtension}` : '';
	return new Attachment(
		fileName ?? `${name}${ending}`,
		mimeType,
		size,
		data.id ?? data.data,
		async () => await open(context, itemIndex, name, data),
	);
}

/** n8n keeps small files in the item, in base64, and others in a store, under an id. */
async function sizeOf({ helpers }: IExecuteFunctions, { id, data }: IBinaryData): Promise<number> {
	if (id === undefined) return Buffer.byteLength(data, 'base64');
	return (await helpers.getBinaryMetadata(id)).fileSize;
}

async function open(
	{ helpers }: IExecuteFunctions,
	itemIndex: number,
	name: string,
	{ id }: IBinaryData,
): Promise<Contents> {
	if (id !== undefined) return await helpers.getBinaryStream(id);
	return oneOf(await helpers.getBinaryDataBuffer(itemIndex, name));
}

async function* oneOf(contents: Uint8Array): AsyncGenerator<Uint8Array> {
	yield contents;
}
