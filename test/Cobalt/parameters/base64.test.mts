import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readBase64 } from '../../../nodes/Cobalt/parameters/base64.js';

const PDF = Buffer.from('%PDF-1.4 ÿþ a file of some length, with >>> and ??? in it');

const bytesOf = (text: string) => {
	const read = readBase64(text);
	if (read === undefined) return undefined;
	const bytes = Buffer.from(read.base64, 'base64');
	expect(read.size).toBe(bytes.length);
	return bytes.toString('latin1');
};

describe('base64', () => {
	const base64 = PDF.toString('base64');

	it.each([
		['in one line', base64],
		['with line breaks', base64.replace(/.{20}/g, '$&\r\n')],
		['with blanks around', `\n ${base64}\t`],
		['without padding', base64.replace(/=+$/, '')],
		['from the alphabet of URLs', PDF.toString('base64url')],
		['from the alphabet of URLs, with padding', base64.replaceAll('+', '-').replaceAll('/', '_')],
		['from a data URL', `data:application/pdf;base64,${base64}`],
		['from a data URL with parameters', ` DATA:text/plain; charset=x ;Base64,${base64}`],
		['from a data URL without a type', `data:;base64,${base64}`],
		['from a data URL with escapes', `data:a/b;base64,${encodeURIComponent(base64)}`],
	])('reads base64 %s', (_, text) => {
		expect(bytesOf(text)).toBe(PDF.toString('latin1'));
	});

	it.each([
		['data:text/plain,a%20b%C3%A4', 'a bä', 'text/plain'],
		['data:text/plain;charset=utf-8,ab', 'ab', 'text/plain;charset=utf-8'],
		['data:,ab', 'ab', undefined],
	])('reads the bytes and the type of %s', (text, content, mimeType) => {
		const read = readBase64(text);
		expect(Buffer.from(read?.base64 ?? '', 'base64').toString()).toBe(content);
		expect(read?.mimeType).toBe(mimeType);
	});

	it.each(['', ' \n', 'data:application/pdf;base64,'])('reads an empty file: %j', (text) => {
		expect(readBase64(text)?.size).toBe(0);
	});

	it('reads any file in any form of base64', () => {
		const form = fc.constantFrom<(bytes: Buffer) => string>(
			(bytes) => bytes.toString('base64'),
			(bytes) => bytes.toString('base64').replace(/.{76}/g, '$&\n'),
			(bytes) => `data:application/pdf;base64,${bytes.toString('base64')}`,
			(bytes) => bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
		);
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), form, (array, written) => {
				// Three bytes may stand for a word that is no file.
				fc.pre(array.length > 4);
				const bytes = Buffer.from(array);
				expect(bytesOf(written(bytes))).toBe(bytes.toString('latin1'));
			}),
		);
	});
});

it.each([
	'filesystem-v2',
	'filesystem',
	's3',
	'default',
	'undefined',
	'null',
	'true',
	'[object Object]',
	'Hello, this is the text of the file.',
	'{"type":"Buffer","data":[37,80,68,70]}',
	'JVBERi0xLjQK!',
	'JVBERi0xLjQ',
	'JVBERi0xLjQK=',
	'"JVBERi0xLjQK"',
	'JVBE+Ri0-LjQ',
	PDF.toString('hex'),
	PDF.toString('hex').toUpperCase(),
	'0a1b2c3d4e5f60718293a4b5c6d7e8f9',
	'123e4567-e89b-12d3-a456-426614174000',
	'filesystem-v2:workflows/1/executions/2/binary_data/123e4567-e89b-12d3-a456-426614174000',
	'https://example.com/scan.pdf',
	'data:application/pdf;base64,filesystem-v2',
	'data:application/pdf;base64,%zz',
	'data:text/plain,%ff',
	'%PDF-1.4',
	'PatientЖ',
])('does not read this as a file: %s', (text) => {
	expect(readBase64(text)).toBeUndefined();
});
