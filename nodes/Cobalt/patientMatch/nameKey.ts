import { onlyVisible } from '../../shared/visibleText';

/** Letters that Unicode does not decompose into a base letter and an accent. */
const BASE_LETTERS: ReadonlyMap<string, string> = new Map([
	['ß', 'ss'],
	['æ', 'ae'],
	['œ', 'oe'],
	['ø', 'o'],
	['đ', 'd'],
	['ð', 'd'],
	['ł', 'l'],
	['þ', 'th'],
	['ħ', 'h'],
	['ŧ', 't'],
	['ı', 'i'],
	['ς', 'σ'],
	['ё', 'е'],
]);

/** In other scripts, marks are vowels and part of the name. */
const ACCENT = /(?<=[\p{Script=Latin}\p{Script=Greek}]\p{M}*)\p{M}/gu;

/** The modifier letters (U+02B0 to U+02FF) include the apostrophes of Hawaiian and Ukrainian names. */
const NO_LETTER = /[^\p{L}\p{M}\p{N}]|[\u02b0-\u02ff]/gu;

/**
 * A name reduced to what its spellings have in common: without case, accents, spaces, hyphens, apostrophes
 * and dots. "O’Brien-Núñez" and "obrien nunez" have the same key; "Smith" and "Smithson" don't.
 *
 * @returns text without letters as it is, such as the "." of someone who has only one name; '' for an empty
 *   text
 */
export function nameKey(name: string): string {
	const visible = onlyVisible(name).trim();
	const lower = visible.toLowerCase().normalize('NFC').replace(NO_LETTER, '');
	const letters = Array.from(lower, (each) => BASE_LETTERS.get(each) ?? each);
	return letters.join('').normalize('NFKD').replace(ACCENT, '').normalize('NFC') || visible;
}
