import { describe, expect, it } from 'vitest';

import { nameKey } from '../../../nodes/Cobalt/patientMatch/nameKey.js';

const SAME: Record<string, string[]> = {
	'case does not matter': ['Smith', 'SMITH', 'smith', 'sMiTh'],
	'apostrophes do not matter': [
		"O'Brien",
		'O’Brien',
		'O‘Brien',
		'OʼBrien',
		'O`Brien',
		'O´Brien',
		'OBrien',
		'O Brien',
	],
	'hyphens and spaces do not matter': [
		'Smith-Jones',
		'Smith Jones',
		'Smith‑Jones',
		'Smith – Jones',
		'SmithJones',
		' Smith\u00a0Jones ',
	],
	'dots do not matter': ['St. John', 'St John', 'StJohn'],
	'accents do not matter': ['Núñez', 'Nu\u0301n\u0303ez', 'Nunez', 'NÚÑEZ'],
	'letters with strokes count as their base letters': ['Łukasz', 'Lukasz'],
	'ligatures count as their letters': ['Groß', 'Gross', 'GROSS'],
	'invisible characters do not matter': ['An\u200bna', 'Anna', '\ufeffAnna'],
	'the Turkish dotted I counts as an i': ['İlker', 'Ilker', 'ilker', 'ılker'],
	'fullwidth letters count as letters': ['Ｓｍｉｔｈ', 'Smith'],
	'Greek accents and final sigmas do not matter': ['Παπαδόπουλος', 'ΠΑΠΑΔΟΠΟΥΛΟΣ', 'Παπαδοπουλος'],
	'the Russian ё counts as е': ['Фёдоров', 'Федоров', 'ФЁДОРОВ'],
};

const DIFFERENT: Record<string, [string, string]> = {
	'a part of a name': ['Smi', 'Smithson'],
	'the beginning of a name': ['Smith', 'Smithson'],
	'one of two names': ['Mary', 'Mary Ann'],
	'another letter': ['Müller', 'Möller'],
	'an umlaut written in two letters': ['Müller', 'Mueller'],
	'the Russian й': ['Майский', 'Маискии'],
	'a vowel sign in Devanagari': ['राम', 'रमा'],
	'a numeral': ['John II', 'John III'],
};

/** Every character of the kind that people put between the parts of a name. */
const BETWEEN: Array<[string, string[]]> = [
	['apostrophe', ["'", '’', '‘', '‛', 'ʼ', 'ʻ', '`', '´', 'ʹ', '′', '＇']],
	['hyphen', ['-', '‐', '‑', '‒', '–', '—', '―', '−', '﹣', '－', '\u00ad']],
	['space', [' ', '\u00a0', '\u2002', '\u2003', '\u2009', '\u202f', '\u3000', '\t', '  ']],
];

describe('nameKey', () => {
	it.each(BETWEEN)('is the same with every %s, or none, between two parts', (_kind, characters) => {
		for (const character of characters) {
			expect(nameKey(`O${character}Brien`), JSON.stringify(character)).toBe('obrien');
		}
	});

	it.each(['Jr', 'Sr', 'III', 'MD'])('differs with the suffix %s', (suffix) => {
		expect(nameKey(`Smith ${suffix}`)).not.toBe(nameKey('Smith'));
		expect(nameKey(`Smith, ${suffix}.`)).toBe(nameKey(`Smith ${suffix}`));
	});

	it.each(Object.entries(SAME))('%s in the key of a name', (_name, spellings) => {
		expect(new Set(spellings.map(nameKey)).size).toBe(1);
		expect(nameKey(spellings[0] ?? '')).not.toBe('');
	});

	it.each(Object.entries(DIFFERENT))('the key of a name differs for %s', (_name, [one, other]) => {
		expect(nameKey(one)).not.toBe(nameKey(other));
	});

	it.each(['', ' ', '\u200b'])('the key is empty for %j, which is no name', (text) => {
		expect(nameKey(text)).toBe('');
	});

	it.each(['.', '-'])('the key is the text itself for %j, which stands for a name', (text) => {
		expect(nameKey(` ${text}`)).toBe(text);
	});
});
