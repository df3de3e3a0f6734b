import { parseUrl } from '../url';
import { asNamed, asWritten, onlyVisible, printable } from '../visibleText';
import { requireMeant, type Strictness } from './missing';
import { InvalidValueError, isEmpty, type Parser } from './parser';

/** Longer than any name, code or id. A longer text is in the wrong field. */
const MAX_LINE_LENGTH = 255;

/** The limit of common web servers. */
const MAX_URL_LENGTH = 2_000;

/** Includes lone surrogates, which neither a URL nor JSON can contain. */
const CONTROL_CHARACTER = /[\p{Cc}\p{Cs}]/u;

/** The replacement for a character that was lost when text was read in the wrong encoding. */
const LOST_CHARACTER = '\ufffd';

/** Text, or a number as text. Numbers that may have lost digits are refused. */
function plainText(value: unknown): string | undefined {
	if (isEmpty(value)) return undefined;
	if (typeof value === 'string') return value;
	if (typeof value === 'bigint') return String(value);
	if (typeof value === 'number' && Number.isFinite(value)) return digitsOf(value);
	throw new InvalidValueError(
		'is not text',
		'Enter text, or an expression that returns text or a number.',
	);
}

function digitsOf(number: number): string {
	const text = String(number);
	const isExact = Number.isInteger(number) ? Number.isSafeInteger(number) : !text.includes('e');
	if (isExact) return text;
	throw new InvalidValueError(
		'is too long for a number: digits were lost before it reached this node',
		'Pass it as text from where it comes from.',
	);
}

/** How one line of text is parsed. */
interface LineOptions {
	strictness: Strictness;
	/** Removes what is not to be sent. Default: invisible characters. */
	clean?: (text: string) => string;
	longest?: number;
	advice?: string;
}

/**
 * One line, cleaned and checked; undefined if nothing of it is visible.
 *
 * @throws InvalidValueError
 */
export function singleLine(
	value: unknown,
	{
		strictness,
		clean = onlyVisible,
		longest = MAX_LINE_LENGTH,
		advice = `Shorten it to ${longest} characters.`,
	}: LineOptions,
): string | undefined {
	const text = clean(plainText(value) ?? '');
	if (text === '') return undefined;
	if (CONTROL_CHARACTER.test(text)) {
		throw new InvalidValueError(
			'has a line break or an invalid character',
			'Enter a single line of text. If it looks like one, it contains something invisible: type it again.',
		);
	}
	if (text.includes(LOST_CHARACTER)) {
		throw new InvalidValueError(
			'has a character that was lost before it reached this node',
			'Check the encoding with which the file or the response is read. It should be UTF-8.',
		);
	}
	if (text.length > longest) {
		throw new InvalidValueError(`is longer than ${longest} characters`, advice);
	}
	requireMeant(text, strictness);
	return text;
}

/** The error for a text of the wrong form. Letters of another alphabet may look right, so they come first. */
export function wrongForm(text: string, message: string, advice: string): InvalidValueError {
	return /[^\0-\x7f]/.test(text)
		? new InvalidValueError(
				`${message}: it contains letters or signs that a US keyboard does not have, even if they look the same`,
				`Type it again instead of copying it. ${advice}`,
			)
		: new InvalidValueError(message, advice);
}

/** One line of words, such as a street or a subject. A number becomes its digits. */
export const line: Parser<string> = (value) =>
	singleLine(value, { strictness: 'words', clean: asWritten });

/**
 * A name of a person or a company, or part of one. Apostrophes and hyphens are sent as a keyboard types
 * them, in searches and writes alike: EHR staff type them so, and a patient created here is found again.
 */
export const name: Parser<string> = (value) =>
	singleLine(value, { strictness: 'name', clean: asNamed });

/** Text of any length, with its line breaks. Unprintable characters, such as a PDF's page breaks, are removed. */
export const multiline: Parser<string> = (value) => {
	const text = printable(plainText(value) ?? '');
	if (text === '') return undefined;
	requireMeant(text, 'words');
	return text;
};

/** One of a fixed set of words, in any case. */
export const oneOf =
	<Word extends string>(...words: Word[]): Parser<Word> =>
	(value) => {
		const text = singleLine(value, { strictness: 'words' });
		if (text === undefined) return undefined;
		const word = words.find((each) => each.toLowerCase() === text.toLowerCase());
		if (word === undefined) {
			throw wrongForm(text, 'is not a valid option', `Enter one of: ${words.join(', ')}.`);
		}
		return word;
	};

/** One line within limits that Cobalt documents. */
export const lineOf =
	(shortest: number, longest: number): Parser<string> =>
	(value, context) => {
		const text = line(value, context);
		if (text !== undefined && (text.length < shortest || text.length > longest)) {
			throw new InvalidValueError(
				`is not ${shortest} to ${longest} characters long`,
				`Enter ${shortest} to ${longest} characters.`,
			);
		}
		return text;
	};

/** A URL that Cobalt may call. */
export const httpsUrl: Parser<string> = (value) => {
	const text = singleLine(value, {
		strictness: 'id',
		longest: MAX_URL_LENGTH,
		advice: 'Enter a shorter URL.',
	});
	if (text !== undefined && (!/^https:\/\//i.test(text) || parseUrl(text) === undefined)) {
		throw wrongForm(text, 'is not an HTTPS URL', 'Enter a URL that starts with https://.');
	}
	return text;
};
