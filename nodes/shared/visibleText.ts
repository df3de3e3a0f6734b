/**
 * Text as people see it. Text copied from chat windows, spreadsheets, web pages and PDFs contains invisible
 * characters, which nobody removes because nobody sees them.
 */

/** Unicode's list of characters that show nothing, and the marks around annotations and embedded objects. */
const INVISIBLE = String.raw`[\p{Default_Ignorable_Code_Point}\ufff9-\ufffc]`;

/** Letters and marks of scripts in which a joiner changes how a word is written (Persian, Hindi, …). */
const JOINING = String.raw`(?!${INVISIBLE}|\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}|\p{Script=Han})[\p{L}\p{M}]`;

const EMOJI = String.raw`[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?`;

const ANY_INVISIBLE = new RegExp(INVISIBLE, 'gu');

/** Each alternative but the last keeps the character in its group; the last matches the rest, which is removed. */
const NEEDLESS_INVISIBLE = new RegExp(
	[
		String.raw`(?<=${JOINING})([\u200c\u200d])${INVISIBLE}*(?=${JOINING})`,
		String.raw`(?<=${EMOJI})(\u200d)(?=\p{Extended_Pictographic})`,
		String.raw`(?<=\p{Extended_Pictographic})([\ufe0e\ufe0f])`,
		String.raw`(?<=\p{Script=Han})([\ufe00-\ufe02\u{e0100}-\u{e01ef}])`,
		String.raw`(?<=\p{Script=Mongolian})([\u180b-\u180d\u180f])`,
		INVISIBLE,
	].join('|'),
	'gu',
);

/** Includes the empty braille cell. */
const SPACE = /[\p{Zs}\u2800]/gu;

const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\ufff9-\ufffc\s\p{Z}\p{Cc}\u2800]/u;

/** Whether a text shows nothing at all. */
export const isBlank = (text: string): boolean => !VISIBLE.test(text);

/**
 * A text reduced to what is visible, as for ids, codes and addresses: composed (NFC), without invisible
 * characters, with plain spaces.
 */
export const onlyVisible = (text: string): string =>
	text.replace(ANY_INVISIBLE, '').replace(SPACE, ' ').trim().normalize('NFC');

/**
 * A line in any language: like {@link onlyVisible}, but keeps the joiners and variation selectors that
 * change how a word, a Japanese name or an emoji is written.
 */
export const asWritten = (text: string): string =>
	text
		.replace(NEEDLESS_INVISIBLE, (_, ...groups: Array<string | undefined>) =>
			groups.slice(0, KEPT_GROUPS).join(''),
		)
		.replace(SPACE, ' ')
		.trim()
		.normalize('NFC');

const KEPT_GROUPS = 5;

/** Apostrophes of phones and word processors, and accents typed in place of one. */
const APOSTROPHE = /[\u2018\u2019\u201b\uff07]|(?<=\p{L})[\u00b4\u0060](?=\p{L})/gu;

/** Hyphens of word processors, and the dashes into which they turn a hyphen. */
const HYPHEN = /[\u2010\u2011]|(?<=\p{L})[\u2012\u2013\u2212](?=\p{L})/gu;

/** A name as a keyboard types it: like {@link asWritten}, with plain apostrophes and hyphens. */
export const asNamed = (text: string): string =>
	asWritten(text).replace(APOSTROPHE, "'").replace(HYPHEN, '-');

/** Line breaks of every system, and the ends of lines, pages and paragraphs in text from PDFs. */
const LINE_BREAK = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g;

/** Control characters, lone surrogates (of a truncated emoji), and characters that only typesetting needs. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cs}\u00ad\ufeff\ufff9-\ufffc]/gu;

/** Text of any length with every line break as `\n`, and without unprintable characters. */
export const printable = (text: string): string =>
	text.replace(LINE_BREAK, '\n').replace(UNPRINTABLE, '').trim();

/** Fullwidth forms of ASCII characters (U+FF01 to U+FF5E), used in East Asian text. */
const FULLWIDTH = /[\uff01-\uff5e]/g;

const FULLWIDTH_OFFSET = 0xfee0;

const OTHER_DIGIT = /(?!\d)\p{Nd}/gu;

/** Includes the minus sign and the small hyphen. */
const OTHER_DASH = /[\u2010-\u2015\u2212\ufe58\ufe63]/g;

/** Digits, dashes and fullwidth letters as a keyboard types them: in ids and numbers they mean the same. */
export const asTyped = (text: string): string =>
	onlyVisible(text)
		.replace(FULLWIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - FULLWIDTH_OFFSET))
		.replace(OTHER_DIGIT, valueOfDigit)
		.replace(OTHER_DASH, '-');

/** Unicode has the digits of each script in a row, starting with zero; some rows are adjacent. */
function valueOfDigit(digit: string): string {
	let before = 0;
	while (/\p{Nd}/u.test(String.fromCodePoint((digit.codePointAt(0) ?? 0) - before - 1)))
		before += 1;
	return String(before % 10);
}
