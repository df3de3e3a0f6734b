import { InvalidValue, isEmpty, type Reader } from './reader';

/** Longer than any name, code or id; what goes beyond it is in the wrong field. */
const LONGEST_LINE = 255;

/** Also halves of characters (surrogates), which no address and no JSON text can hold. */
const CONTROL_CHARACTER = /[\p{Cc}\p{Cs}]/u;

const CONTROL_CHARACTER_IN_PARAGRAPHS = /(?![\n\t])[\p{Cc}\p{Cs}]/u;

/** Text or a number, as trimmed text. */
function plainText(value: unknown): string | undefined {
	if (isEmpty(value)) return undefined;
	if (typeof value === 'string') return value.trim();
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	throw new InvalidValue(
		'is not text',
		'Enter text, or an expression that gives text or a number.',
	);
}

/** One line of text, such as a name, a code or an id. A number is taken as its digits. */
export const line: Reader<string> = (value) => {
	const text = plainText(value);
	if (text === undefined) return undefined;
	if (CONTROL_CHARACTER.test(text)) {
		throw new InvalidValue(
			'has a line break or a control character',
			'Enter a single line of text.',
		);
	}
	if (text.length > LONGEST_LINE) {
		throw new InvalidValue(
			`is longer than ${LONGEST_LINE} characters`,
			'Enter a short text. Long ones belong in a note.',
		);
	}
	return text;
};

/** An id that becomes a part of an address. */
export const pathSegment: Reader<string> = (value, context) => {
	const text = line(value, context);
	if (text === '.' || text === '..') {
		throw new InvalidValue('is not an ID', 'Enter the ID exactly as Cobalt gave it.');
	}
	return text;
};

/** Text of any length, line breaks kept. */
export const paragraphs: Reader<string> = (value) => {
	const text = plainText(value)?.replace(/\r\n?/g, '\n');
	if (text !== undefined && CONTROL_CHARACTER_IN_PARAGRAPHS.test(text)) {
		throw new InvalidValue('has a control character', 'Remove characters that cannot be printed.');
	}
	return text;
};

/** One of a fixed set of words, in whatever case it is entered. */
export const oneOf =
	<Word extends string>(...words: Word[]): Reader<Word> =>
	(value, context) => {
		const text = line(value, context)?.toLowerCase();
		if (text === undefined) return undefined;
		const word = words.find((each) => each.toLowerCase() === text);
		if (word === undefined) {
			throw new InvalidValue('is not one of its options', `Enter one of: ${words.join(', ')}.`);
		}
		return word;
	};

export const email: Reader<string> = (value, context) => {
	const text = line(value, context);
	if (text !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) {
		throw new InvalidValue('is not an email address', 'Enter an address such as name@example.com.');
	}
	return text;
};

/** Cobalt's pages write phone numbers as `5551234567` and as `555-123-4567`: sent as entered. */
export const phone: Reader<string> = (value, context) => {
	const text = line(value, context);
	const digits = text?.replace(/[\s().+-]/g, '');
	if (digits !== undefined && !/^\d{10,15}$/.test(digits)) {
		throw new InvalidValue('is not a phone number', 'Enter 10 digits, such as 555-123-4567.');
	}
	return text;
};
