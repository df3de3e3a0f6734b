import { describe, expect, it } from 'vitest';

import {
	httpsUrl,
	line,
	lineOf,
	name,
	oneOf,
	multiline,
} from '../../../nodes/shared/parsers/text.js';
import { expectRefused } from './reading.mts';

const context = { timezone: 'UTC' };

describe('line', () => {
	it.each([
		['  Jane  ', 'Jane'],
		[44235, '44235'],
		[0, '0'],
		['0', '0'],
		['Jos\u00e9 \ud83d\ude00', 'Jos\u00e9 \ud83d\ude00'],
		['\u0641\u0627\u0637\u0645\u0629', '\u0641\u0627\u0637\u0645\u0629'],
		['__proto__', '__proto__'],
		['No null value', 'No null value'],
		['<b>"O\'Neil" & co</b>', '<b>"O\'Neil" & co</b>'],
		['x'.repeat(255), 'x'.repeat(255)],
	])('reads a line without the blanks around it: %j', (value, expected) => {
		expect(line(value, context)).toBe(expected);
	});

	it.each(['a\nb', 'a\r\nb', 'a\tb'])('refuses more than one line: %j', (value) => {
		expect(expectRefused(line, value)).toContain('line break');
	});

	it('refuses a line of more than 255 characters', () => {
		expect(expectRefused(line, 'x'.repeat(256))).toContain('255');
		expectRefused(line, 'x'.repeat(10_000));
	});
});

describe('name', () => {
	it.each([
		['O\u2019Neil', "O'Neil"],
		['\u2018t Hooft', "'t Hooft"],
		['O\u00b4Neil', "O'Neil"],
		['O`Neil', "O'Neil"],
		['Ka\u02bbahumanu', 'Ka\u02bbahumanu'],
		['Smith\u2011Jones', 'Smith-Jones'],
		['Smith\u2013Jones', 'Smith-Jones'],
		['Jose\u0301', 'José'],
		['Ja\u00adne\u200b', 'Jane'],
		['\u0645\u06cc\u200c\u062e', '\u0645\u06cc\u200c\u062e'],
		['Null', 'Null'],
		['null', 'null'],
		['Nan', 'Nan'],
		['Na', 'Na'],
		['None', 'None'],
		['Undefinedson', 'Undefinedson'],
		['Bobby {Tables}', 'Bobby {Tables}'],
		[44235, '44235'],
	])('writes a name as a keyboard types it: %j', (value, expected) => {
		expect(name(value, context)).toBe(expected);
	});

	it.each([
		'Jane undefined',
		'undefined Smith',
		'NaN',
		'Mr [object Object]',
		'{{ $json.name }}',
		'Jane #N/A',
	])('refuses a name with a missing value: %s', (value) => {
		expect(() => name(value, context)).toThrow(/^(is|has) /);
	});
});

describe('multiline', () => {
	it.each([
		['a\nb', 'a\nb'],
		['a\r\nb\rc', 'a\nb\nc'],
		['a\tb', 'a\tb'],
		['\n a \n', 'a'],
		['x'.repeat(10_000), 'x'.repeat(10_000)],
		[7, '7'],
	])('keeps the lines of a text', (value, expected) => {
		expect(multiline(value, context)).toBe(expected);
	});

	it.each([
		['page one\fpage two\0', 'page one\npage two'],
		['cut in the mid\ud83d', 'cut in the mid'],
		['hyper\u00adtension \u0007', 'hypertension'],
		[
			'The value was null, then undefined. #N/A in column 3',
			'The value was null, then undefined. #N/A in column 3',
		],
		['Denied: Invalid Date', 'Denied: Invalid Date'],
		['{{ 1 + 1 }}', '{{ 1 + 1 }}'],
		['\ud83d', undefined],
		[37.5, '37.5'],
	])('removes what cannot be printed from a text: %j', (value, expected) => {
		expect(multiline(value, context)).toBe(expected);
	});
});

describe('oneOf', () => {
	const sex = oneOf('female', 'male', 'unknown');

	it.each([
		['female', 'female'],
		[' Female ', 'female'],
		['MALE', 'male'],
	])('reads an option in any case: %j', (value, expected) => {
		expect(sex(value, context)).toBe(expected);
	});

	it.each([
		['returnPending', 'returnPending'],
		['RETURNPENDING', 'returnPending'],
		[' returnpending ', 'returnPending'],
		['fail', 'Fail'],
	])('returns an option in the declared spelling: %j', (value, expected) => {
		expect(oneOf('returnPending', 'Fail')(value, context)).toBe(expected);
	});

	it('names all options in their declared spelling when it refuses one', () => {
		expect(() => oneOf('returnPending', 'Fail')('no', context)).toThrow(
			expect.objectContaining({ advice: 'Enter one of: returnPending, Fail.' }),
		);
	});

	it.each(['f', 'females', '__proto__', 'toString', 'female,male', '😀'])(
		'refuses an unknown option: %s',
		(value) => {
			expectRefused(sex, value);
		},
	);
});

describe('lineOf', () => {
	const subject = lineOf(2, 50);

	it.each([
		['ab', 'ab'],
		['  ab  ', 'ab'],
		['x'.repeat(50), 'x'.repeat(50)],
		[42, '42'],
		['😀', '😀'],
		['فاطمة', 'فاطمة'],
		['../', '../'],
	])('reads a line without the blanks around it: %j', (value, expected) => {
		expect(subject(value, context)).toBe(expected);
	});

	it.each(['a', ' a ', 7, 'x'.repeat(51), 'x'.repeat(255)])(
		'refuses a line outside its limits: %j',
		(value) => {
			expect(expectRefused(subject, value)).toBe('is not 2 to 50 characters long');
		},
	);

	it('refuses a very long line', () => {
		expectRefused(subject, 'x'.repeat(10_000));
	});
});

describe('httpsUrl', () => {
	it.each([
		['https://example.com', 'https://example.com'],
		[
			' https://n8n.example.com:8443/webhook/a?b=c#d ',
			'https://n8n.example.com:8443/webhook/a?b=c#d',
		],
		['HTTPS://Example.com/', 'HTTPS://Example.com/'],
		['https://[::1]/hook', 'https://[::1]/hook'],
		['https://مثال.إختبار/', 'https://مثال.إختبار/'],
	])('reads a URL without the blanks around it: %j', (value, expected) => {
		expect(httpsUrl(value, context)).toBe(expected);
	});

	it('accepts a URL of more than 255 characters', () => {
		const url = `https://example.com/webhook/${'x'.repeat(400)}`;
		expect(httpsUrl(url, context)).toBe(url);
	});

	it.each([
		'http://example.com',
		'example.com',
		'//example.com',
		'/webhook',
		'../webhook',
		'ftp://example.com',
		'javascript:alert(1)',
		'data:text/html,x',
		'https://',
		'https:///',
		'https:example.com',
		'https:/example.com',
		'https:\\\\example.com',
		'https://exa mple.com',
		'https://example.com:99999',
		'https://😀 .com',
		7,
		'x'.repeat(10_000),
	])('refuses text that is not an https URL: %s', (value) => {
		expectRefused(httpsUrl, value);
	});
});
