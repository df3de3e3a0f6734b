import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../json';
import { Attachment } from './files/attachment';

/** How a body is encoded: as JSON, or as the form in which browsers upload files. */
export type Encoding = 'json' | 'multipart';

/** Encodes a body as it is sent, with the contents of its attachments. */
export async function encodeBody(
	body: IDataObject,
	encoding: Encoding = 'json',
): Promise<IDataObject | FormData> {
	return encoding === 'multipart' ? toForm(body) : await toJson(body);
}

function toForm(body: IDataObject): FormData {
	const form = new FormData();
	for (const [name, value] of Object.entries(body)) {
		if (value instanceof Attachment) form.append(name, value.toFile());
		else form.append(name, String(value));
	}
	return form;
}

async function toJson(body: IDataObject): Promise<IDataObject> {
	const contents = new Map<Attachment, string>();
	for (const attachment of attachmentsOf(body)) {
		contents.set(attachment, await attachment.toBase64());
	}
	return withContents(body, (attachment) => contents.get(attachment));
}

/** A body as it would be sent, with name, MIME type and size in bytes in place of a file's contents. */
export function previewBody(body: IDataObject, encoding: Encoding = 'json'): IDataObject {
	const preview = withFiles(body, ({ type, size }, filename) => ({ filename, type, size }));
	if (encoding === 'json') return preview;
	// A form only has text.
	const fields = Object.entries(preview).map(([name, value]) => [
		name,
		isObject(value) ? value : String(value),
	]);
	return Object.fromEntries(fields) as IDataObject;
}

/** Size of a body in bytes as JSON, with its attachments in base64. None of them is opened. */
export function sizeAsJson(body: IDataObject): number {
	const text = JSON.stringify(withContents(body, () => ''));
	return attachmentsOf(body).reduce(
		(size, attachment) => size + Math.ceil(attachment.size / 3) * 4,
		Buffer.byteLength(text),
	);
}

/** An attachment is a field by itself, or part of a list in a field. */
function attachmentsOf(body: IDataObject): Attachment[] {
	return Object.values(body)
		.flat()
		.filter((value) => value instanceof Attachment);
}

/** Writes files in the only form that Cobalt documents for JSON. */
function withContents(
	body: IDataObject,
	contentsOf: (attachment: Attachment) => string | undefined,
): IDataObject {
	return withFiles(body, (attachment, filename) => ({
		filename,
		content_base64: contentsOf(attachment),
	}));
}

function withFiles(
	body: IDataObject,
	write: (attachment: Attachment, filename: string) => IDataObject,
): IDataObject {
	const names = distinctNames(attachmentsOf(body));
	const written = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(written);
		return value instanceof Attachment ? write(value, names.get(value) ?? value.name) : value;
	};
	return Object.fromEntries(
		Object.entries(body).map(([name, value]) => [name, written(value)]),
	) as IDataObject;
}

/** Two scans in one request may have the same name: the second gets a number, so that none is lost. */
function distinctNames(attachments: readonly Attachment[]): ReadonlyMap<Attachment, string> {
	const usedNames = new Set<string>();
	return new Map(
		[...new Set(attachments)].map((attachment) => {
			let { name } = attachment;
			for (let number = 2; usedNames.has(name.toLowerCase()); number += 1) {
				name = attachment.name.replace(/(\.[^.]*)?$/, ` (${number})$1`);
			}
			usedNames.add(name.toLowerCase());
			return [attachment, name];
		}),
	);
}
