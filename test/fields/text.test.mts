import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
	cobaltId,
	email,
	httpsUrl,
	line,
	lineOf,
	oneOf,
	paragraphs,
	pathSegment,
	phone,
	usPhone,
	usState,
	zipCode,
} from '../../dist/nodes/Cobalt/fields/text.js';
import { expectRefused, NOTHING } from './reading.mts';

const context = { timezone: 'UTC' };

const READERS = [
	['a line', line],
	['a path segment', pathSegment],
	['a paragraph', paragraphs],
	['an option', oneOf('male', 'female')],
	['an email address', email],
	['a phone number', phone],
	['a US phone number', usPhone],
	['a line within limits', lineOf(1, 50)],
	['a US state', usState],
	['a ZIP code', zipCode],
	["one of Cobalt's ids", cobaltId],
	['an https address', httpsUrl],
] as const;

describe.each(READERS)('%s', (_, reader) => {
	it.each(NOTHING)('is not there when nothing was entered: %j', (nothing) => {
		expect(reader(nothing, context)).toBeUndefined();
	});

	it.each([
		['a boolean', true],
		['an object', {}],
		['an object with a text of its own', { toString: () => 'x' }],
		['an array', ['x']],
		['an empty array', []],
		['a Date', new Date(0)],
		['no number', NaN],
		['an endless number', Infinity],
		['NUL', 'a\0b'],
		['an escape', 'a\u001bb'],
		['a C1 control character', 'a\u0085b'],
	])('is refused when it is or holds %s', (_name, value) => {
		expectRefused(reader, value);
	});
});

describe('a line', () => {
	it.each([
		['  Jane  ', 'Jane'],
		[44235, '44235'],
		[0, '0'],
		['0', '0'],
		['Jos\u00e9 \ud83d\ude00', 'Jos\u00e9 \ud83d\ude00'],
		['\u0641\u0627\u0637\u0645\u0629', '\u0641\u0627\u0637\u0645\u0629'],
		['__proto__', '__proto__'],
		['null', 'null'],
		['<b>"O\'Neil" & co</b>', '<b>"O\'Neil" & co</b>'],
		['x'.repeat(255), 'x'.repeat(255)],
	])('is taken as it is, trimmed: %j', (value, expected) => {
		expect(line(value, context)).toBe(expected);
	});

	it.each(['a\nb', 'a\r\nb', 'a\tb'])('is refused with more than one line: %j', (value) => {
		expect(expectRefused(line, value)).toContain('line break');
	});

	it('is refused when it is far too long', () => {
		expect(expectRefused(line, 'x'.repeat(256))).toContain('255');
		expectRefused(line, 'x'.repeat(10_000));
	});
});

describe('a path segment', () => {
	it.each([
		['c5c0e613fc7d68a1c01ef4160483a0b6', 'c5c0e613fc7d68a1c01ef4160483a0b6'],
		[15550942, '15550942'],
		['a/../b', 'a/../b'],
		['...', '...'],
	])('is any line: %j', (value, expected) => {
		expect(pathSegment(value, context)).toBe(expected);
	});

	it.each([
		['a dot', '.'],
		['two dots', ' .. '],
		['half an emoji', 'a\ud83d'],
	])('is refused where an address cannot hold it: %s', (_, value) => {
		expectRefused(pathSegment, value);
	});
});

describe('a paragraph', () => {
	it.each([
		['a\nb', 'a\nb'],
		['a\r\nb\rc', 'a\nb\nc'],
		['a\tb', 'a\tb'],
		['\n a \n', 'a'],
		['x'.repeat(10_000), 'x'.repeat(10_000)],
		[7, '7'],
	])('keeps its lines', (value, expected) => {
		expect(paragraphs(value, context)).toBe(expected);
	});

	it('keeps every other text as it is', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[^\s\p{Cc}]{1,20}( [^\s\p{Cc}]{1,20}){0,3}$/u), (text) => {
				expect(paragraphs(text, context)).toBe(text);
			}),
		);
	});
});

describe('an option', () => {
	const sex = oneOf('female', 'male', 'unknown');

	it.each([
		['female', 'female'],
		[' Female ', 'female'],
		['MALE', 'male'],
	])('is taken in any case: %j', (value, expected) => {
		expect(sex(value, context)).toBe(expected);
	});

	it.each([
		['returnPending', 'returnPending'],
		['RETURNPENDING', 'returnPending'],
		[' returnpending ', 'returnPending'],
		['fail', 'Fail'],
	])('comes out in the declared spelling: %j', (value, expected) => {
		expect(oneOf('returnPending', 'Fail')(value, context)).toBe(expected);
	});

	it('names all options in their declared spelling when it is refused', () => {
		expect(() => oneOf('returnPending', 'Fail')('no', context)).toThrow(
			expect.objectContaining({ advice: 'Enter one of: returnPending, Fail.' }),
		);
	});

	it.each(['f', 'females', '__proto__', 'toString', 'female,male', '😀'])(
		'is refused when it is not on the list: %s',
		(value) => {
			expectRefused(sex, value);
		},
	);
});

describe('an email address', () => {
	it.each([
		['jane@example.com', 'jane@example.com'],
		[' jane.o+cobalt@mail.example.co.uk ', 'jane.o+cobalt@mail.example.co.uk'],
	])('is taken: %j', (value, expected) => {
		expect(email(value, context)).toBe(expected);
	});

	it.each(['jane', 'jane@', '@example.com', 'jane@example', 'a@b@c.d', 'jane doe@example.com'])(
		'is refused when it is none: %s',
		(value) => {
			expectRefused(email, value);
		},
	);

	it('is refused quickly, however long it is', () => {
		expectRefused(email, `${'a@'.repeat(5_000)}b`);
	});
});

describe('a phone number', () => {
	it.each([
		['5551234567', '5551234567'],
		['555-123-4567', '555-123-4567'],
		[' (555) 123-4567 ', '(555) 123-4567'],
		['+1 555.123.4567', '+1 555.123.4567'],
		[5551234567, '5551234567'],
	])('is sent as it was entered: %j', (value, expected) => {
		expect(phone(value, context)).toBe(expected);
	});

	it.each(['123', '555-CALL-NOW', '5551234567 ext. 8', '1'.repeat(16), '٥٥٥١٢٣٤٥٦٧', '---'])(
		'is refused when it is none: %s',
		(value) => {
			expectRefused(phone, value);
		},
	);
});

describe('a US phone number', () => {
	it.each([
		['5551234567', '555-123-4567'],
		['555-123-4567', '555-123-4567'],
		[' (555) 123-4567 ', '555-123-4567'],
		['555.123.4567', '555-123-4567'],
		['+1 555 123 4567', '555-123-4567'],
		['1-555-123-4567', '555-123-4567'],
		[5551234567, '555-123-4567'],
		[15551234567, '555-123-4567'],
	])('comes out in the one form that Cobalt demands: %j', (value, expected) => {
		expect(usPhone(value, context)).toBe(expected);
	});

	it.each([
		'123-4567',
		'2-555-123-4567',
		'+44 20 7946 0958',
		'+4930123456',
		'+49 3012 3456',
		'555-CALL-NOW',
		'555-123-4567 ext. 8',
		'5'.repeat(10_000),
		'٥٥٥١٢٣٤٥٦٧',
		'😀',
		'../',
		-5551234567.5,
	])('is refused when it is none: %s', (value) => {
		expectRefused(usPhone, value);
	});
});

describe('a line within limits', () => {
	const subject = lineOf(2, 50);

	it.each([
		['ab', 'ab'],
		['  ab  ', 'ab'],
		['x'.repeat(50), 'x'.repeat(50)],
		[42, '42'],
		['😀', '😀'],
		['فاطمة', 'فاطمة'],
		['../', '../'],
	])('is taken as it is, trimmed: %j', (value, expected) => {
		expect(subject(value, context)).toBe(expected);
	});

	it.each(['a', ' a ', 7, 'x'.repeat(51), 'x'.repeat(255)])(
		'is refused beyond them: %j',
		(value) => {
			expect(expectRefused(subject, value)).toBe('is not 2 to 50 characters long');
		},
	);

	it('is refused when it is far too long', () => {
		expectRefused(subject, 'x'.repeat(10_000));
	});
});

describe('a US state', () => {
	it.each([
		['MA', 'MA'],
		[' ny ', 'NY'],
		['Ca', 'CA'],
	])('comes out in capital letters: %j', (value, expected) => {
		expect(usState(value, context)).toBe(expected);
	});

	it.each(['M', 'MAS', 'Massachusetts', 'M A', 'M.', 'ÄÖ', '\u212aY', 'سع', '😀', '..', 7, 12])(
		'is refused when it is no two letters: %s',
		(value) => {
			expectRefused(usState, value);
		},
	);
});

describe('a ZIP code', () => {
	it.each([
		['02108', '02108'],
		[' 02108-1234 ', '02108-1234'],
		[12180, '12180'],
	])('is taken as it is, trimmed: %j', (value, expected) => {
		expect(zipCode(value, context)).toBe(expected);
	});

	it.each([
		2108,
		'2108',
		'021081234',
		'02108-',
		'02108-12',
		'02108 1234',
		'02108-12345',
		'AB1 2CD',
		'٠٢١٠٨',
		'０２１０８',
		12180.5,
		'../..',
		'1'.repeat(10_000),
	])('is refused when it is none: %j', (value) => {
		expectRefused(zipCode, value);
	});
});

describe("one of Cobalt's ids", () => {
	const ID = 'c5c0e613fc7d68a1c01ef4160483a0b6';

	it.each([ID, ` ${ID} `, ID.toUpperCase(), 'c5c0e613-fc7d-68a1-c01e-f4160483a0b6'])(
		'is a UUID, with hyphens or without: %s',
		(value) => {
			expect(cobaltId(value, context)).toBe(ID);
		},
	);

	it('is taken from any UUID', () => {
		fc.assert(
			fc.property(fc.uuid(), (uuid) => {
				expect(cobaltId(uuid, context)).toBe(uuid.replaceAll('-', ''));
			}),
		);
	});

	it.each([
		'118',
		118,
		ID.slice(1),
		`${ID}0`,
		ID.replace('c', 'g'),
		`{${ID}}`,
		`urn:uuid:${ID}`,
		`../${ID}`,
		`${ID},${ID}`,
		'-',
		'----',
		'😀',
		'a'.repeat(10_000),
		'-'.repeat(10_000),
	])('is refused when it is none: %s', (value) => {
		expectRefused(cobaltId, value);
	});
});

describe('an https address', () => {
	it.each([
		['https://example.com', 'https://example.com'],
		[
			' https://n8n.example.com:8443/webhook/a?b=c#d ',
			'https://n8n.example.com:8443/webhook/a?b=c#d',
		],
		['HTTPS://Example.com/', 'HTTPS://Example.com/'],
		['https://[::1]/hook', 'https://[::1]/hook'],
		['https://مثال.إختبار/', 'https://مثال.إختبار/'],
	])('is taken as it is, trimmed: %j', (value, expected) => {
		expect(httpsUrl(value, context)).toBe(expected);
	});

	it('may be as long as webhook addresses are', () => {
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
	])('is refused when it is none: %s', (value) => {
		expectRefused(httpsUrl, value);
	});
});
