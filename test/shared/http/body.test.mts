import axios from 'axios';
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

import { encodeBody, sizeAsJson } from '../../../nodes/shared/http/body.js';
import { Attachment } from '../../../nodes/shared/http/files/attachment.js';
import { readForm } from '../../../tools/fake-cobalt/server/multipart.mts';
import { listen } from '../../listen.mts';

async function* inPieces(contents: Buffer): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < contents.length; start += 1_000) {
		yield await Promise.resolve(contents.subarray(start, start + 1_000));
	}
}

function attachmentOf(contents: string | Buffer, name = 'a.pdf', type = 'application/pdf') {
	const bytes = Buffer.from(contents);
	const seen = { opened: 0 };
	const attachment = new Attachment(name, type, bytes.length, 'stored-under-7', async () => {
		seen.opened += 1;
		return Promise.resolve(inPieces(bytes));
	});
	return { attachment, seen };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Sends a form as n8n does, and gives what came over the wire. */
async function sent(form: unknown): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
	const received: Array<{ headers: IncomingHttpHeaders; body: Buffer }> = [];
	const server = createServer((request, response) => {
		void buffer(request).then((body) => {
			received.push({ headers: request.headers, body });
			response.end('{}');
		});
	});
	const port = await listen(server);
	await axios.post(`http://127.0.0.1:${port}/`, form);
	const [first] = received;
	if (first === undefined) throw new Error('Nothing came');
	return first;
}

/** The parts of a form as they come over the wire. */
async function partsOf(body: IDataObject) {
	const { headers, body: bytes } = await sent(await encodeBody(body, 'multipart'));
	return readForm({ contentType: headers['content-type'] ?? '', body: bytes });
}

describe('a JSON body', () => {
	it.each<IDataObject>([
		{},
		{ mrn: '44235', datetime: null, flag: false, count: 0 },
		{ codes: ['R01.1', 'I10'], note: { plan: 'Rest', nested: { deep: [1] } } },
		{ name: 'فاطمة 😀', path: '../', lines: 'a\nb', '': '' },
		JSON.parse('{"__proto__": {"admin": true}, "constructor": "x"}') as IDataObject,
	])('sends a JSON body unchanged: %j', async (body) => {
		expect(await encodeBody(body)).toEqual(body);
		expect(await encodeBody(body, 'json')).toEqual(body);
	});

	it('gives each file of a JSON body a name of its own', async () => {
		const files = ['scan.pdf', 'Scan.pdf', 'scan (2).pdf', 'scan.pdf', 'a', 'a'].map(
			(name) => attachmentOf('x', name).attachment,
		);
		const { documents } = (await encodeBody({ documents: files })) as {
			documents: Array<{ filename: string }>;
		};
		expect(documents.map(({ filename }) => filename)).toEqual([
			'scan.pdf',
			'Scan (2).pdf',
			'scan (2) (2).pdf',
			'scan (3).pdf',
			'a',
			'a (2)',
		]);
	});

	it('writes files in base64 into a JSON body', async () => {
		const { attachment: one } = attachmentOf('abc', 'one.pdf');
		const { attachment: other } = attachmentOf('', 'فاطمة.pdf');
		expect(await encodeBody({ mrn: '44235', documents: [one, other], letter: one })).toEqual({
			mrn: '44235',
			documents: [
				{ filename: 'one.pdf', content_base64: base64('abc') },
				{ filename: 'فاطمة.pdf', content_base64: '' },
			],
			letter: { filename: 'one.pdf', content_base64: base64('abc') },
		});
	});

	it('keeps other values beside a file in a list', async () => {
		const { attachment } = attachmentOf('abc');
		expect(await encodeBody({ documents: ['text', attachment, { id: 7 }, null] })).toEqual({
			documents: ['text', { filename: 'a.pdf', content_base64: 'YWJj' }, { id: 7 }, null],
		});
	});

	it('reads the file again when a JSON body is sent again', async () => {
		const { attachment, seen } = attachmentOf('abc');
		const body = { letter: attachment };
		expect(await encodeBody(body)).toEqual(await encodeBody(body));
		expect(seen.opened).toBe(2);
		expect(body.letter).toBe(attachment);
	});

	it('fails with the error of a file that cannot be read', async () => {
		const error = new Error('File not found');
		const letter = new Attachment('a', 'b', 1, 'c', async () => Promise.reject(error));
		await expect(encodeBody({ letter })).rejects.toBe(error);
	});
});

describe('sizeAsJson', () => {
	it.each<IDataObject>([
		{},
		{ mrn: '44235', note: 'a\n"b"' },
		{ name: 'فاطمة 😀', gone: undefined },
	])('returns the size of the JSON that is sent: %j', (body) => {
		expect(sizeAsJson(body)).toBe(Buffer.byteLength(JSON.stringify(body)));
	});

	it('knows the size without opening a file', () => {
		const { attachment, seen } = attachmentOf('x'.repeat(10_000));
		expect(sizeAsJson({ documents: [attachment] })).toBeGreaterThan(13_000);
		expect(seen.opened).toBe(0);
	});

	it('returns the exact size for any files and any names', async () => {
		const file = fc.record({
			name: fc.string({ unit: 'binary', maxLength: 20 }),
			contents: fc.uint8Array({ maxLength: 2_500 }),
		});
		await fc.assert(
			fc.asyncProperty(
				fc.string({ unit: 'grapheme' }),
				file,
				fc.array(file, { maxLength: 4 }),
				async (note, letter, documents) => {
					const attached = ({ name, contents }: typeof letter) =>
						attachmentOf(Buffer.from(contents), name).attachment;
					const body = {
						note,
						letter: attached(letter),
						documents: documents.map((each) => attached(each)),
					};
					const text = JSON.stringify(await encodeBody(body));
					expect(sizeAsJson(body)).toBe(Buffer.byteLength(text));
				},
			),
		);
	});
});

describe('a multipart body', () => {
	it('sends each field as a text part', async () => {
		const parts = await partsOf({
			patient_mrn: '44235',
			is_reviewed: false,
			count: 0,
			empty: '',
			notes: 'a\r\nb',
			name: 'فاطمة 😀 "../"',
		});
		expect(parts).toEqual({
			patient_mrn: '44235',
			is_reviewed: 'false',
			count: '0',
			empty: '',
			notes: 'a\r\nb',
			name: 'فاطمة 😀 "../"',
		});
	});

	it('sends a file with its name, type and bytes', async () => {
		const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 256));
		const { attachment, seen } = attachmentOf(bytes, 'scan.tiff', 'image/tiff');
		const { document, patient_mrn } = await partsOf({ patient_mrn: '44235', document: attachment });
		expect(document).toEqual({ filename: 'scan.tiff', mimetype: 'image/tiff', bytes });
		expect(patient_mrn).toBe('44235');
		expect(seen.opened).toBe(1);
	});

	it('sends its length, and no chunks', async () => {
		const { attachment } = attachmentOf('x'.repeat(50_000));
		const form = await encodeBody({ document: attachment }, 'multipart');
		const { headers, body } = await sent(form);
		expect(headers['content-length']).toBe(String(body.length));
		expect(headers['transfer-encoding']).toBeUndefined();
		expect(headers['content-type']).toMatch(/^multipart\/form-data; ?boundary=/);
	});

	it("sends the same form with fetch as with n8n's HTTP client", async () => {
		const { attachment } = attachmentOf('abc', 'فاطمة.pdf');
		const form = await encodeBody({ mrn: '44235', document: attachment }, 'multipart');
		const response = new Response(form as FormData);
		const contentType = response.headers.get('content-type') ?? '';
		const body = Buffer.from(await response.arrayBuffer());
		expect(readForm({ contentType, body })).toEqual({
			mrn: '44235',
			document: { filename: 'فاطمة.pdf', mimetype: 'application/pdf', bytes: Buffer.from('abc') },
		});
	});

	it('opens a file again when a form is sent again', async () => {
		const { attachment, seen } = attachmentOf('abc');
		const form = await encodeBody({ document: attachment }, 'multipart');
		expect(seen.opened).toBe(0);
		for (const times of [1, 2]) {
			const { headers, body } = await sent(form);
			const parts = readForm({ contentType: headers['content-type'] ?? '', body });
			expect(parts.document).toMatchObject({ bytes: Buffer.from('abc') });
			expect(seen.opened).toBe(times);
		}
	});

	it.each([
		['quotes', 'a".pdf'],
		['a line break', 'a\r\nX-Evil: 1\r\n\r\nb.pdf'],
		['another parameter', 'a"; name="patient_mrn'],
		['a path', '../../etc/passwd'],
		['an emoji', '😀.pdf'],
		['right-to-left text', 'فاطمة.pdf'],
		['nothing', ''],
		['10,000 letters', 'x'.repeat(10_000)],
	])('keeps a file name inside its part: %s', async (_, name) => {
		const { attachment } = attachmentOf('abc', name);
		const parts = await partsOf({ patient_mrn: '44235', document: attachment });
		expect(Object.keys(parts)).toEqual(['patient_mrn', 'document']);
		expect(parts.patient_mrn).toBe('44235');
	});

	it('keeps the text of a field inside its part', async () => {
		const notes = '--boundary\r\nContent-Disposition: form-data; name="evil"\r\n\r\nx';
		expect(await partsOf({ notes, patient_mrn: '44235' })).toEqual({ notes, patient_mrn: '44235' });
	});

	it.each(['', 'not a type', 'text/plain\r\nX-Evil: 1', 'عربي/نص'])(
		'sends a file with the invalid type %j',
		async (type) => {
			const { attachment } = attachmentOf('abc', 'a.pdf', type);
			const parts = await partsOf({ document: attachment });
			expect(parts).toMatchObject({
				document: { filename: 'a.pdf', bytes: Buffer.from('abc') },
			});
		},
	);

	it('fails when a file breaks off', async () => {
		async function* broken(): AsyncGenerator<Uint8Array> {
			yield await Promise.resolve(Buffer.from('abc'));
			throw new Error('The disk is gone');
		}
		const open = async () => Promise.resolve(broken());
		const document = new Attachment('a.pdf', 'application/pdf', 9, 'x', open);
		await expect(partsOf({ document })).rejects.toThrow();
	});
});
