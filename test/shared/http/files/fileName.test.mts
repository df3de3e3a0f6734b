import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
	baseName,
	typeToSend,
	withExtension,
} from '../../../../nodes/shared/http/files/fileName.js';

describe('the name of an uploaded file', () => {
	it.each([
		['scan.pdf', 'scan.pdf'],
		[String.raw`C:\fakepath\scan.pdf`, 'scan.pdf'],
		['/tmp/a b/scan.pdf', 'scan.pdf'],
		[String.raw`..\..\scan.pdf`, 'scan.pdf'],
		['a "b"; c.pdf', 'a "b"; c.pdf'],
		['a\r\nContent-Type: text/html.pdf', 'html.pdf'],
		['a\r\nb\0.pdf', 'a__b_.pdf'],
		['scan\u202efdp.exe', 'scan_fdp.exe'],
		['\ud800.pdf', '_.pdf'],
		[' 検査 🙂.pdf ', '検査 🙂.pdf'],
		['..', undefined],
		['scans/', undefined],
		['  ', undefined],
		['', undefined],
		[undefined, undefined],
	])('keeps the valid part of the file name %j: %j', (name, base) => {
		expect(baseName(name)).toBe(base);
	});

	it('shortens a file name that file systems would refuse, and keeps its extension', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
				const name = baseName(`x${text.replaceAll(/[/\\]/g, '')}.pdf`) ?? '';
				expect(name).toMatch(/\.pdf$/);
				expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
				expect(name).not.toMatch(/\p{Cs}/u);
			}),
		);
	});

	it.each([
		['scan', 'application/pdf', undefined, 'scan.pdf'],
		['scan', 'Application/PDF; charset=binary', undefined, 'scan.pdf'],
		['scan', 'application/pdf', 'tif', 'scan.tif'],
		['scan', 'application/pdf', '.tif', 'scan.tif'],
		['scan', 'image/jpeg', '', 'scan.jpg'],
		['scan', 'image/jpeg', 'a/b', 'scan.jpg'],
		['scan.PDF', 'image/png', 'png', 'scan.PDF'],
		['visit 2.5', 'application/pdf', undefined, 'visit 2.5.pdf'],
		['12.03.2025', 'text/plain', undefined, '12.03.2025.txt'],
		['clip.mp4', 'application/pdf', undefined, 'clip.mp4'],
		['letter of Dr. Byron', 'application/pdf', undefined, 'letter of Dr. Byron.pdf'],
		['scan', 'application/octet-stream', undefined, 'scan'],
		['scan', '', undefined, 'scan'],
	])('names the file %s of type %s (%s) %s', (name, type, given, whole) => {
		expect(withExtension(name, type, given)).toBe(whole);
	});
});

it.each([
	['application/pdf', 'a', 'application/pdf'],
	['Application/PDF; charset=binary', 'a', 'application/pdf'],
	['text/csv; charset=utf-8', 'a', 'text/csv; charset=utf-8'],
	['', 'a.pdf', 'application/pdf'],
	[undefined, 'a.JPG', 'image/jpeg'],
	['application/octet-stream', 'a.pdf', 'application/pdf'],
	['application/octet-stream', 'a', 'application/octet-stream'],
	['a/b\r\nX-Header: 1', 'a', 'application/octet-stream'],
	['pdf', 'a.unknown', 'application/octet-stream'],
])('sends the type %j of %s as %s', (type, name, sent) => {
	expect(typeToSend(type, name)).toBe(sent);
});
