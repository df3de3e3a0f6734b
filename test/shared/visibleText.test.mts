import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
	asTyped,
	asWritten,
	isBlank,
	onlyVisible,
	printable,
} from '../../nodes/shared/visibleText.js';

/** One of each kind of character that shows nothing. */
const INVISIBLE = {
	'zero-width space': '\u200b',
	'zero-width non-joiner': '\u200c',
	'zero-width joiner': '\u200d',
	'left-to-right mark': '\u200e',
	'right-to-left mark': '\u200f',
	'Arabic letter mark': '\u061c',
	embedding: '\u202a',
	override: '\u202e',
	isolate: '\u2066',
	'word joiner': '\u2060',
	'invisible times': '\u2062',
	'soft hyphen': '\u00ad',
	'byte order mark': '\ufeff',
	'grapheme joiner': '\u034f',
	'Hangul filler': '\u3164',
	'half-width Hangul filler': '\uffa0',
	'Mongolian vowel separator': '\u180e',
	'variation selector': '\ufe0f',
	'ideographic variation selector': '\u{e0100}',
	tag: '\u{e0041}',
	'annotation anchor': '\ufff9',
	'object replacement': '\ufffc',
};

const SPACES = [
	'\u00a0',
	'\u1680',
	'\u2003',
	'\u2007',
	'\u2009',
	'\u202f',
	'\u205f',
	'\u3000',
	'\u2800',
];

const anyInvisible = fc.constantFrom(...Object.values(INVISIBLE));

/** A text with invisible characters at any place. */
const hidden = (text: string) =>
	fc
		.array(fc.tuple(fc.nat(text.length), anyInvisible), { minLength: 1, maxLength: 5 })
		.map((insertions) =>
			insertions
				.reduce(
					(mixed, [at, mark]) => [...mixed.slice(0, at), mark, ...mixed.slice(at)],
					Array.from(text),
				)
				.join(''),
		);

describe.each(Object.entries(INVISIBLE))('the invisible character %s', (_, mark) => {
	it('is blank', () => {
		expect(isBlank(mark)).toBe(true);
		expect(isBlank(` ${mark}\n${mark}`)).toBe(true);
	});

	it.each([`44235${mark}`, `${mark}44235`, `442${mark}35`])('is removed from an ID: %j', (text) => {
		expect(onlyVisible(text)).toBe('44235');
		expect(asTyped(text)).toBe('44235');
	});

	it.each([`Jane${mark}`, `${mark}Jane`, `Ja${mark}ne`, ` ${mark} Jane ${mark} `])(
		'is removed from a name of Latin letters: %j',
		(text) => {
			expect(asWritten(text)).toBe('Jane');
		},
	);
});

describe('isBlank', () => {
	it.each(['', ' ', '\n\t\r', '\0', '\u0085\u2028', ...SPACES, SPACES.join('')])(
		'is true for %j',
		(text) => {
			expect(isBlank(text)).toBe(true);
			expect(isBlank(asWritten(text))).toBe(true);
		},
	);

	it.each(['0', '.', '-', '\u0301', '\ufffd', '😀', 'ا'])('is false for %j', (text) => {
		expect(isBlank(`\u200b${text}\u200b`)).toBe(false);
	});
});

describe('asWritten', () => {
	it.each([
		['Persian: a joiner between letters', 'می\u200cخواهم', 'می\u200cخواهم'],
		['Persian: a joiner twice', 'می\u200c\u200cخواهم', 'می\u200cخواهم'],
		['Persian: a joiner and what is needless', 'می\u200c\u200b\ufeffخواهم', 'می\u200cخواهم'],
		['Persian: a joiner at the end', 'می\u200c', 'می'],
		['Hindi: joiners', 'क्\u200dष श्\u200cर', 'क्\u200dष श्\u200cर'],
		[
			'an emoji of several',
			'👩\u200d👩\u200d👧 👩🏽\u200d⚕\ufe0f ❤\ufe0f',
			'👩\u200d👩\u200d👧 👩🏽\u200d⚕\ufe0f ❤\ufe0f',
		],
		['a Japanese variant', '葛\u{e0100}城', '葛\u{e0100}城'],
		['a mark of direction in Hebrew', '\u200fשרה\u200f', 'שרה'],
		['decomposed letters', 'Jose\u0301 Nun\u0303ez', 'José Nuñez'],
		['the sign for kelvin', '\u212ate', 'Kte'],
		['spaces of all kinds', `a${SPACES.join('')}b`, `a${' '.repeat(SPACES.length)}b`],
		['a control character inside', 'a\u0007b', 'a\u0007b'],
	])('keeps what the script needs, and no more: %s', (_, text, expected) => {
		expect(asWritten(text)).toBe(expected);
		expect(asWritten(expected)).toBe(expected);
	});

	it('cleans a very long text in linear time', () => {
		const text = `a${' '.repeat(100_000)}b${'\u200c'.repeat(100_000)}`;
		expect(asWritten(text)).toHaveLength(100_002);
	});
});

describe('asTyped', () => {
	it.each([
		['Arabic digits', '٤٤٢٣٥', '44235'],
		['Persian digits', '۴۴۲۳۵', '44235'],
		['Hindi digits', '४४२३५', '44235'],
		['wide digits and letters', 'ＡＢ－４４２３５', 'AB-44235'],
		['bold digits', '𝟒𝟒𝟐𝟑𝟓 𝟺𝟺𝟸𝟹𝟻', '44235 44235'],
		['dashes', '1‐2‑3‒4–5—6―7−8﹣9', '1-2-3-4-5-6-7-8-9'],
		['letters of any script', 'ab é فا', 'ab é فا'],
	])('writes %s as a keyboard types them', (_, text, expected) => {
		expect(asTyped(text)).toBe(expected);
	});

	it('writes the digits of every script', () => {
		for (let point = 0; point <= 0x1ffff; point += 1) {
			const digit = String.fromCodePoint(point);
			if (/\p{Nd}/u.test(digit)) expect(asTyped(digit)).toMatch(/^\d$/);
		}
		expect(asTyped('𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡')).toBe('01234567890123456789');
	});
});

describe('printable', () => {
	it.each([
		['a page break', 'one\ftwo\vthree', 'one\ntwo\nthree'],
		['line breaks of all systems', 'a\r\nb\rc\u0085d\u2028e\u2029f', 'a\nb\nc\nd\ne\nf'],
		['control characters', '\0a\u0007\u001b[1mb\u007f\u009f', 'a[1mb'],
		['half an emoji', 'cut \ud83d', 'cut'],
		['soft hyphens', 'hyper\u00adten\u00adsion', 'hypertension'],
		['a byte order mark', '\ufeffSeen', 'Seen'],
		['tabs and empty lines', 'a\tb\n\n\nc', 'a\tb\n\n\nc'],
		['marks of direction', 'שרה\u200f (a)', 'שרה\u200f (a)'],
		['emoji', '❤\ufe0f 👩\u200d👧', '❤\ufe0f 👩\u200d👧'],
	])('removes only what cannot be printed: %s', (_, text, expected) => {
		expect(printable(text)).toBe(expected);
	});
});

it('finds the visible text, wherever invisible characters are', () => {
	fc.assert(
		fc.property(hidden('MRN-44235'), hidden('O’Neil Zoë'), (id, name) => {
			expect(onlyVisible(id)).toBe('MRN-44235');
			expect(asTyped(id)).toBe('MRN-44235');
			expect(asWritten(name)).toBe('O’Neil Zoë');
		}),
	);
});

it('does not change text that was cleaned before', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			for (const clean of [onlyVisible, asWritten, asTyped, printable]) {
				expect(clean(clean(text))).toBe(clean(text));
			}
			expect(isBlank(onlyVisible(text))).toBe(isBlank(text));
			expect(isBlank(asWritten(text))).toBe(isBlank(text));
		}),
		{ numRuns: 300 },
	);
});
