import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { birthDate } from '../../../nodes/Cobalt/parsers/birthDate.js';
import { email, npi, phone, usState, zipCode } from '../../../nodes/Cobalt/parsers/contact.js';
import { locatorValue } from '../../../nodes/Cobalt/parsers/resourceLocator.js';
import { cobaltId, code, id } from '../../../nodes/shared/parsers/id.js';
import { listOf } from '../../../nodes/shared/parsers/list.js';
import { wholeNumber } from '../../../nodes/shared/parsers/number.js';
import type { Parser } from '../../../nodes/shared/parsers/parser.js';
import {
	httpsUrl,
	line,
	lineOf,
	name,
	oneOf,
	multiline,
} from '../../../nodes/shared/parsers/text.js';
import { expectRefused, NOTHING } from './reading.mts';

const context = { timezone: 'UTC' };

/** Every reader of text, with a value that a person means and what is sent for it. */
const READERS: ReadonlyArray<readonly [string, Parser, string, string]> = [
	['an id', id, 'MRN-44235', 'MRN-44235'],
	['a picked id', locatorValue(id), '118', '118'],
	[
		"one of Cobalt's ids",
		cobaltId,
		'c5c0e613fc7d68a1c01ef4160483a0b6',
		'c5c0e613fc7d68a1c01ef4160483a0b6',
	],
	['a code', code, 'Follow up', 'Follow up'],
	['a name', name, "O'Neil", "O'Neil"],
	['a line', line, '1 Main Street', '1 Main Street'],
	['a line within limits', lineOf(1, 50), 'Refill request', 'Refill request'],
	['an option', oneOf('female', 'male'), 'Female', 'female'],
	['an email address', email, 'jane@example.com', 'jane@example.com'],
	['a phone number', phone, '(555) 123-4567', '555-123-4567'],
	['a state', usState, 'Massachusetts', 'MA'],
	['a ZIP code', zipCode, '02108-1234', '02108-1234'],
	['an NPI', npi, '1234567893', '1234567893'],
	['an https address', httpsUrl, 'https://example.com/a', 'https://example.com/a'],
];

const PARAGRAPHS = ['text of any length', multiline, 'Seen\ntoday', 'Seen\ntoday'] as const;

const INVISIBLE = [
	'\u200b',
	'\u200e',
	'\u00ad',
	'\ufeff',
	'\u2060',
	'\u202e',
	'\ufe0f',
	'\u{e0041}',
	'\u3164',
];

/** What programs write for a value that is missing, and which nobody means in any field. */
const NEVER_MEANT = [
	'[object Object]',
	'Mr [object Object]',
	'Invalid DateTime',
	'x Invalid DateTime',
];

const MISSING = ['undefined', '#N/A', '#REF!', 'Invalid Date'];

describe.each([...READERS, PARAGRAPHS])('%s', (_, reader, entered, sent) => {
	it.each(NOTHING)('returns undefined for invisible text: %j', (nothing) => {
		expect(reader(nothing, context)).toBeUndefined();
	});

	it('reads the entered text without the blanks around it', () => {
		expect(reader(entered, context)).toBe(sent);
		expect(reader(` ${entered}\r\n`, context)).toBe(sent);
	});

	it.each([...NEVER_MEANT, ...MISSING])(
		'refuses the text that stands for a lost value: %s',
		(text) => {
			expect(() => reader(text, context)).toThrow(/^(is|has) /);
		},
	);

	it.each([
		['a boolean', true],
		['an array', ['x']],
		['an empty array', []],
		['a Date', new Date(0)],
		['no number', NaN],
		['an endless number', Infinity],
		['a number that has lost digits', 7615917337495251231],
		['a number with an exponent', 1e21],
	])('refuses %s as text', (_name, value) => {
		expectRefused(reader, value);
	});
});

describe.each(READERS)('%s, pasted', (_, reader, entered, sent) => {
	it('removes invisible characters anywhere', () => {
		const marks = fc.array(fc.tuple(fc.nat(entered.length), fc.constantFrom(...INVISIBLE)), {
			maxLength: 4,
		});
		fc.assert(
			fc.property(marks, (insertions) => {
				const copied = insertions.reduce(
					(text, [at, mark]) =>
						[...Array.from(text).slice(0, at), mark, ...Array.from(text).slice(at)].join(''),
					entered,
				);
				expect(reader(copied, context)).toBe(sent);
			}),
		);
	});

	it.each([
		['NUL', 'a\0b'],
		['an escape', 'a\u001bb'],
		['a C1 control character', 'a\u0085b'],
		['half a character', 'a\ud83d'],
		['a character that was lost', 'Jos\ufffd'],
		['an object', {}],
		['an object with a text of its own', { toString: () => 'x' }],
	])('refuses text that is or has %s', (_name, value) => {
		expectRefused(reader, value);
	});

	it('returns its own result unchanged, or refuses the value', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string({ unit: 'binary' }),
					fc.anything(),
					fc.double(),
					fc
						.constantFrom(entered, sent, '5551234567.0', '1.5551234567E10', '2108')
						.map((text) => text + '\u200b'),
				),
				(value) => {
					let read: unknown;
					try {
						read = reader(value, context);
					} catch (error) {
						expect((error as Error).message).toMatch(/^(is|has|does) /);
						return;
					}
					if (read === undefined) return;
					expect(reader(read, context)).toBe(read);
					expect(read).not.toMatch(/^\s|\s$|[\p{Cc}\p{Cs}\ufeff\u200b\u00ad]|\[object Object\]/u);
				},
			),
		);
	});
});

describe.each([
	['an id', id],
	['a code', code],
	["one of Cobalt's ids", cobaltId],
	['a picked id', locatorValue(id)],
	['a phone number', phone],
	['a state', usState],
	['a ZIP code', zipCode],
	['an NPI', npi],
] as const)('%s, not free text', (_, reader) => {
	it.each([
		...[
			'null',
			'Null',
			'NULL',
			'NaN',
			'nan',
			'None',
			'N/A',
			'<null>',
			'Infinity',
			'{{ $json.mrn }}',
		],
		...[
			'patient-null',
			'null_44235',
			'44235null',
			'MRNnull',
			'MRN undefined',
			'undefined44235',
			'id-NaN',
		],
		...['MRN #N/A', '#NAME?', '#DIV/0!', 'NULL-7', 'x[object Promise]'],
	])('refuses a text with a lost value in it: %s', (text) => {
		expect(() => reader(text, context)).toThrow(/ where a value is missing$|read as plain text$/);
	});
});

it('reads each value of a list in the same way', () => {
	expect(listOf(id)('118\u200b,\u200b, 7', context)).toEqual(['118', '7']);
	expect(() => listOf(id)('118, undefined', context)).toThrow('"undefined"');
	expect(listOf(code)(['R01.1\u200b', 401], context)).toEqual(['R01.1', '401']);
	expect(wholeNumber(1, 90)('3\u200b0', context)).toBe(30);
	expect(birthDate('1980-05-17', context)).toBe('1980-05-17');
});
