import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { InvalidValue } from '../fields/reader';
import { Attachment, type Contents } from '../transport/attachment';
import { isObject } from '../transport/json';

/**
 * A file of an item, found and measured, but not read yet.
 *
 * @param source the name of a binary field, or the file itself from an expression; in workflows that
 *   keep files in the json, a path into it
 * @throws InvalidValue when there is no such file, or it is empty
 */
export async function attachmentOf(
	context: IExecuteFunctions,
	itemIndex: number,
	source: unknown,
): Promise<Attachment> {
	const data = find(context, itemIndex, source);
	if (data === undefined) {
		const names = Object.keys(context.getInputData()[itemIndex]?.binary ?? {});
		throw new InvalidValue(
			'names no file of this item',
			names.length === 0
				? 'The item has no files. Put a node before this one that gives it one.'
				: `The files of the item are in: ${names.join(', ')}.`,
		);
	}
	const { id, data: base64, fileName, mimeType, fileExtension } = data;
	const size = await sizeOf(context, data);
	if (size === 0) {
		throw new InvalidValue('names an empty file', 'Check the node that the file comes from.');
	}
	const title = typeof source === 'string' ? source : 'document';
	const name = fileName ?? (fileExtension ? `${title}.${fileExtension}` : title);
	const open = async () => await contentsOf(context, data);
	return new Attachment(name, mimeType, size, id ?? base64, open);
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

/** n8n keeps small files in the item, in base64, and others in a store, under an id. */
async function sizeOf({ helpers }: IExecuteFunctions, { id, data }: IBinaryData): Promise<number> {
	// Decoded, because base64 may have line breaks, which count for nothing.
	if (id === undefined) return Buffer.from(data, 'base64').length;
	return (await helpers.getBinaryMetadata(id)).fileSize;
}

async function contentsOf(
	{ helpers }: IExecuteFunctions,
	{ id, data }: IBinaryData,
): Promise<Contents> {
	return id === undefined ? inMemory(data) : await helpers.getBinaryStream(id);
}

async function* inMemory(base64: string): AsyncGenerator<Uint8Array> {
	yield Buffer.from(base64, 'base64');
}
