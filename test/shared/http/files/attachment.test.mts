import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

import { Attachment, type Contents } from '../../../../nodes/shared/http/files/attachment.js';

async function* inPieces(...pieces: string[]): AsyncGenerator<Uint8Array> {
	for (const piece of pieces) yield await Promise.resolve(Buffer.from(piece));
}

/** A file that counts how often it is opened and how often it is read to its end. */
function fileOf(pieces: string[], { name = 'a.pdf', type = 'application/pdf' } = {}) {
	const seen = { opened: 0, read: 0 };
	async function* contents(): AsyncGenerator<Uint8Array> {
		yield* inPieces(...pieces);
		seen.read += 1;
	}
	const open = async (): Promise<Contents> => {
		seen.opened += 1;
		return Promise.resolve(contents());
	};
	const size = Buffer.byteLength(pieces.join(''));
	return { attachment: new Attachment(name, type, size, 'stored-under-7', open), seen };
}

/** What comes out of a file when it is sent. */
const streamed = async (file: File): Promise<string> => await text(file.stream());

describe('an attachment in base64', () => {
	it.each([
		[[]],
		[['']],
		[['a']],
		[['ab']],
		[['abc', 'd']],
		[['a', 'b', 'c', 'd', 'e']],
		[['😀', 'فاطمة', '\0\r\n']],
		[['x'.repeat(100_000), 'y'.repeat(10_000)]],
	])('writes the bytes in base64, however they are split', async (pieces) => {
		const { attachment } = fileOf(pieces);
		const written = await attachment.toBase64();
		expect(written).toBe(Buffer.from(pieces.join('')).toString('base64'));
		expect(written).toHaveLength(Math.ceil(attachment.size / 3) * 4);
	});

	it('opens the file again for each base64 text', async () => {
		const { attachment, seen } = fileOf(['abc']);
		expect(seen).toEqual({ opened: 0, read: 0 });
		expect(await attachment.toBase64()).toBe('YWJj');
		expect(await attachment.toBase64()).toBe('YWJj');
		expect(seen).toEqual({ opened: 2, read: 2 });
	});

	it('fails with the error of a file that cannot be opened', async () => {
		const error = new Error('File not found');
		const attachment = new Attachment('a', 'b', 1, 'c', async () => Promise.reject(error));
		await expect(attachment.toBase64()).rejects.toBe(error);
	});
});

describe('an attachment as a file', () => {
	it('has the name, type and size of the file in n8n', () => {
		const { attachment, seen } = fileOf(['abc', 'd'], { name: 'فاطمة 😀.pdf' });
		const file = attachment.toFile();
		expect(file).toBeInstanceOf(File);
		expect(file).toMatchObject({ name: 'فاطمة 😀.pdf', type: 'application/pdf', size: 4 });
		expect(seen.opened).toBe(0);
	});

	it('streams the bytes of the file', async () => {
		const pieces = ['x'.repeat(100_000), '', '😀', '\0\r\n'];
		const { attachment } = fileOf(pieces);
		expect(await streamed(attachment.toFile())).toBe(pieces.join(''));
	});

	it('opens the file when it is read, and again for each read', async () => {
		const { attachment, seen } = fileOf(['abc']);
		const file = attachment.toFile();
		const unread = file.stream();
		await unread.cancel();
		expect(seen.read).toBe(0);
		seen.opened = 0;
		expect(await streamed(file)).toBe('abc');
		expect(await streamed(file)).toBe('abc');
		expect(await streamed(attachment.toFile())).toBe('abc');
		expect(seen).toEqual({ opened: 3, read: 3 });
	});

	it('fails to stream a file that cannot be opened, with its error', async () => {
		const error = new Error('File not found');
		const attachment = new Attachment('a', 'b', 1, 'c', async () => Promise.reject(error));
		await expect(streamed(attachment.toFile())).rejects.toBe(error);
	});

	it('fails with the error of a file that breaks off', async () => {
		async function* broken(): AsyncGenerator<Uint8Array> {
			yield* inPieces('abc');
			throw new Error('The disk is gone');
		}
		const open = async () => Promise.resolve(broken());
		const attachment = new Attachment('a', 'b', 9, 'c', open);
		await expect(streamed(attachment.toFile())).rejects.toThrow('The disk is gone');
		await expect(attachment.toBase64()).rejects.toThrow('The disk is gone');
	});

	it('stops reading a file when its stream is cancelled', async () => {
		const { attachment, seen } = fileOf(['abc', 'def', 'ghi']);
		for await (const piece of attachment.toFile().stream()) {
			expect(Buffer.from(piece).toString()).toBe('abc');
			break;
		}
		expect(seen).toEqual({ opened: 1, read: 0 });
	});
});

describe('an attachment in a fingerprint', () => {
	it('shows what identifies the file, and none of its contents', () => {
		const { attachment, seen } = fileOf(['secret']);
		expect(JSON.parse(JSON.stringify({ document: attachment }))).toEqual({
			document: { name: 'a.pdf', type: 'application/pdf', size: 6, identity: 'stored-under-7' },
		});
		expect(seen.opened).toBe(0);
	});
});
