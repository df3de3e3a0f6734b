import type { IDataObject } from 'n8n-workflow';

import { Attachment } from './files/attachment';

/** How a body is written: JSON, or the form in which browsers upload files. */
export type Encoding = 'json' | 'multipart';

/** Reads the attachments of a body and writes it in the form that is sent. */
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

/** How many bytes a body has as JSON, with its attachments in base64. None of them is opened. */
export function sizeAsJson(body: IDataObject): number {
	const text = JSON.stringify(withContents(body, () => ''));
	return attachmentsOf(body).reduce(
		(size, attachment) => size + Math.ceil(attachment.size / 3) * 4,
		Buffer.byteLength(text),
	);
}

/** Files are fields of their own, or a list in a field. */
function attachmentsOf(body: IDataObject): Attachment[] {
	return Object.values(body)
		.flat()
		.filter((value) => value instanceof Attachment);
}

/** The one form that Cobalt documents for files in JSON. */
function withContents(
	body: IDataObject,
	contentsOf: (attachment: Attachment) => string | undefined,
): IDataObject {
	const names = distinctNames(attachmentsOf(body));
	const written = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(written);
		if (!(value instanceof Attachment)) return value;
		return { filename: names.get(value), content_base64: contentsOf(value) };
	};
	return Object.fromEntries(
		Object.entries(body).map(([name, value]) => [name, written(value)]),
	) as IDataObject;
}

/** Two scans of one request may have the same name: the second one is numbered, so that none is lost. */
function distinctNames(attachments: readonly Attachment[]): ReadonlyMap<Attachment, string> {
	const taken = new Set<string>();
	return new Map(
		[...new Set(attachments)].map((attachment) => {
			let { name } = attachment;
			for (let number = 2; taken.has(name.toLowerCase()); number += 1) {
				name = attachment.name.replace(/(\.[^.]*)?$/, ` (${number})$1`);
			}
			taken.add(name.toLowerCase());
			return [attachment, name];
		}),
	);
}
