import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fileNameOf, isFile } from '../../../../nodes/shared/http/files/file.js';

const nameIn = (disposition: unknown) => fileNameOf({ 'content-disposition': disposition });

describe('isFile', () => {
	it.each<[number, Record<string, unknown>]>([
		[200, { 'content-type': 'application/pdf' }],
		[200, { 'content-type': 'image/tiff; charset=binary' }],
		[200, { 'content-type': 'text/xml' }],
		[200, { 'content-type': 'application/octet-stream' }],
		[200, {}],
		[200, { 'content-type': 'application/json', 'content-disposition': 'attachment' }],
		[200, { 'content-type': 'text/html', 'content-disposition': 'inline; filename="a.html"' }],
	])('recognizes a file: %i, %j', (status, headers) => {
		expect(isFile(status, headers)).toBe(true);
	});

	it.each<[number, Record<string, unknown>]>([
		[200, { 'content-type': 'application/json' }],
		[200, { 'content-type': 'application/json; charset=utf-8' }],
		[200, { 'content-type': 'Application/JSON' }],
		[200, { 'content-type': 'text/html' }],
		[200, { 'content-type': 'TEXT/HTML;charset=utf-8' }],
		[200, { 'content-type': 'application/json', 'content-disposition': '' }],
		[206, { 'content-type': 'application/pdf' }],
		[404, { 'content-type': 'application/pdf' }],
		[404, { 'content-type': 'application/pdf', 'content-disposition': 'attachment' }],
		[302, { 'content-type': 'application/pdf' }],
		[199, { 'content-type': 'application/pdf' }],
		[500, {}],
	])('recognizes a response that is not a file: %i, %j', (status, headers) => {
		expect(isFile(status, headers)).toBe(false);
	});

	it('does not recognize HTTP 204 as a file', () => {
		expect(isFile(204, {})).toBe(false);
	});
});

describe('fileNameOf', () => {
	it.each([
		['attachment; filename="a.pdf"', 'a.pdf'],
		['attachment; filename=a.pdf', 'a.pdf'],
		['attachment;filename=a.pdf', 'a.pdf'],
		['inline; FileName = "a b.pdf" ; size=7', 'a b.pdf'],
		['attachment; filename=a.pdf; size=7', 'a.pdf'],
		['attachment; size=7; filename="a;b.pdf"', 'a;b.pdf'],
		[String.raw`attachment; filename="say \"hi\".pdf"`, 'say _hi_.pdf'],
		['attachment; filename="فاطمة 😀.pdf"', 'فاطمة 😀.pdf'],
		['attachment; filename=" a.pdf "', 'a.pdf'],
		['attachment; filename=".hidden"', '.hidden'],
		['attachment; filename=my scan.pdf; size=7', 'my scan.pdf'],
		['attachment; filename="..."', '...'],
		['attachment; filename="__proto__"', '__proto__'],
	])('reads the file name of %s', (disposition, name) => {
		expect(nameIn(disposition)).toBe(name);
	});

	it.each([
		["attachment; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.pdf", 'naïve €.pdf'],
		["attachment; filename*=utf-8'en'a%20b.pdf", 'a b.pdf'],
		["attachment; filename*= UTF-8''a.pdf; size=7", 'a.pdf'],
		[`attachment; filename="plain.pdf"; filename*=UTF-8''%F0%9F%98%80.pdf`, '😀.pdf'],
		[`attachment; filename*=UTF-8''%F0%9F%98%80.pdf; filename="plain.pdf"`, '😀.pdf'],
		["attachment; filename*=UTF-8''%D9%81%D8%A7.pdf", 'فا.pdf'],
		[`attachment; filename*="UTF-8''na%C3%AFve.pdf"`, 'naïve.pdf'],
		["attachment; filename*=ISO-8859-1''na%EFve.pdf", 'naïve.pdf'],
		["attachment; filename*=Shift_JIS''%8C%9F%8D%B8.pdf", '検査.pdf'],
	])('reads the encoded file name of %s', (disposition, name) => {
		expect(nameIn(disposition)).toBe(name);
	});

	it.each([
		['=?UTF-8?B?UsO2bnRnZW4ucGRm?=', 'Röntgen.pdf'],
		['=?utf-8?q?R=C3=B6ntgen_2.pdf?=', 'Röntgen 2.pdf'],
		['=?ISO-8859-1?Q?R=F6nt?= =?ISO-8859-1?Q?gen.pdf?=', 'Röntgen.pdf'],
		['=?UTF-8?B?Li4vLi4vYS5wZGY=?=', 'a.pdf'],
		['=?x-other?Q?a?=.pdf', '=_x-other_Q_a_=.pdf'],
	])('reads a file name encoded as in email: %s', (written, name) => {
		expect(nameIn(`attachment; filename="${written}"`)).toBe(name);
	});

	it.each(['Röntgen Größe.pdf', '検査結果 🙂.pdf', 'naïve €.pdf', 'فا.pdf'])(
		'reads a UTF-8 file name that Node decodes as Latin-1: %s',
		(name) => {
			const header = Buffer.from(`attachment; filename="${name}"`).toString('latin1');
			expect(nameIn(header)).toBe(name);
		},
	);

	it('reads a Latin-1 file name', () => {
		expect(nameIn('attachment; filename="Größe é.pdf"')).toBe('Größe é.pdf');
	});

	it.each([
		[`attachment; filename="plain.pdf"; filename*=UTF-8''%zz.pdf`, 'plain.pdf'],
		[`attachment; filename="plain.pdf"; filename*=UTF-8''%ff.pdf`, 'plain.pdf'],
		[`attachment; filename="plain.pdf"; filename*=x-other''a.pdf`, 'plain.pdf'],
		[`attachment; filename="plain.pdf"; filename*=UTF-8''`, 'plain.pdf'],
		[`attachment; filename="plain.pdf"; filename*=UTF-8''%2F`, 'plain.pdf'],
		[`attachment; filename="plain.pdf"; filename*=UTF-8''..`, 'plain.pdf'],
		[`attachment; filename="plain.pdf"; filename*=`, 'plain.pdf'],
	])('reads the plain file name when the encoded one is invalid: %s', (disposition, name) => {
		expect(nameIn(disposition)).toBe(name);
	});

	it.each([
		['attachment; filename="a; filename=b.pdf"', 'a; filename=b.pdf'],
		[`attachment; filename="a; filename*=UTF-8''b.pdf"`, "a; filename_=UTF-8''b.pdf"],
		['attachment; description="x; filename=b.pdf"; filename="a.pdf"', 'a.pdf'],
	])('does not search for a file name inside quotes: %s', (disposition, name) => {
		expect(nameIn(disposition)).toBe(name);
	});

	it.each([
		undefined,
		null,
		7,
		['attachment; filename=a.pdf'],
		'',
		'attachment',
		'attachment; filename',
		'attachment; filename=',
		'attachment; filename=""',
		'attachment; filename="  "',
		'attachment; name=a.pdf',
		'attachment; xfilename=a.pdf',
		"attachment; filename*=UTF-8''%zz",
		'filename=a.pdf',
	])('returns undefined when there is no file name: %j', (disposition) => {
		expect(nameIn(disposition)).toBeUndefined();
	});

	it.each([
		['attachment; filename="../../etc/passwd"', 'passwd'],
		['attachment; filename=../a.pdf', 'a.pdf'],
		[String.raw`attachment; filename="C:\docs\new\a.pdf"`, 'a.pdf'],
		['attachment; filename="/etc/passwd"', 'passwd'],
		[String.raw`attachment; filename="C:\\docs\\a.pdf"`, 'a.pdf'],
		[String.raw`attachment; filename="..\\..\\a.pdf"`, 'a.pdf'],
		["attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", 'passwd'],
		["attachment; filename*=UTF-8''..%5C..%5Ca.pdf", 'a.pdf'],
		["attachment; filename*=UTF-8''%252e%252e%252fa.pdf", '%2e%2e%2fa.pdf'],
	])('removes the folders of a file name: %s', (disposition, name) => {
		expect(nameIn(disposition)).toBe(name);
	});

	it.each([
		'attachment; filename=.',
		'attachment; filename=".."',
		'attachment; filename="a/.."',
		'attachment; filename="a/"',
		'attachment; filename=" .. "',
		"attachment; filename*=UTF-8''%2E%2E",
		"attachment; filename*=UTF-8''a%2F%2E",
	])('returns undefined when the file name is a folder: %s', (disposition) => {
		expect(nameIn(disposition)).toBeUndefined();
	});

	it.each([
		["attachment; filename*=UTF-8''a%00.pdf", 'a_.pdf'],
		["attachment; filename*=UTF-8''a%0D%0Ab.pdf", 'a__b.pdf'],
		["attachment; filename*=UTF-8''%C2%85a%7F.pdf", '_a_.pdf'],
		['attachment; filename="a<b>c:d|e?f*g.pdf"', 'a_b_c_d_e_f_g.pdf'],
	])('replaces characters that file systems do not allow: %s', (disposition, name) => {
		expect(nameIn(disposition)).toBe(name);
	});

	it('reads a very long header quickly', () => {
		expect(nameIn(`attachment; filename="${'x'.repeat(10_000)}`)).toMatch(/x$/);
		expect(nameIn(`attachment${'; filename'.repeat(10_000)}`)).toBeUndefined();
		expect(nameIn(`attachment;${' '.repeat(10_000)}x`)).toBeUndefined();
		expect(nameIn(`attachment; filename="${'\\'.repeat(10_001)}`)).toBeUndefined();
	});

	it('returns a valid file name for any header', () => {
		const text = fc.string({ unit: 'binary', maxLength: 30 });
		const form = fc.constantFrom<(name: string) => string>(
			(name) => `attachment; filename="${name}"`,
			(name) => `attachment; filename=${name}`,
			(name) => `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
			(name) => name,
		);
		fc.assert(
			fc.property(text, form, (name, written) => {
				const found = nameIn(written(name));
				if (found === undefined) return;
				expect(found).not.toMatch(/[/\\\p{Cc}<>:"|?*]/u);
				expect(['', '.', '..']).not.toContain(found.trim());
			}),
			{ numRuns: 500 },
		);
	});

	it('reads any file name as it was encoded', () => {
		const name = fc
			.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
			.filter(
				(text) => text.trim() === text && !/^\.{1,2}$|[\p{Cc}\p{Zl}\p{Zp}<>:"|?*/\\]/u.test(text),
			);
		fc.assert(
			fc.property(name, (text) => {
				const encoded = encodeURIComponent(text).replaceAll("'", '%27');
				expect(nameIn(`attachment; filename*=UTF-8''${encoded}`)).toBe(text);
				expect(nameIn(`attachment; filename="${text}"`)).toBe(text);
			}),
		);
	});
});
