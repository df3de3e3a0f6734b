import { InvalidValue, isEmpty, type Reader } from './reader';

/** Longer than any name, code or id; what goes beyond it is in the wrong field. */
const LONGEST_LINE = 255;

/** What servers commonly take. */
const LONGEST_URL = 2_000;

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

function singleLine(value: unknown, longest: number, advice: string): string | undefined {
	const text = plainText(value);
	if (text === undefined) return undefined;
	if (CONTROL_CHARACTER.test(text)) {
		throw new InvalidValue(
			'has a line break or a control character',
			'Enter a single line of text.',
		);
	}
	if (text.length > longest) {
		throw new InvalidValue(`is longer than ${longest} characters`, advice);
	}
	return text;
}

/** One line of text, such as a name, a code or an id. A number is taken as its digits. */
export const line: Reader<string> = (value) =>
	singleLine(value, LONGEST_LINE, 'Enter a short text. Long ones belong in a note.');

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

/** With the country code or without; what starts with a plus is a US number only if that is 1. */
const US_PHONE = /^(?:\+?1)?(\d{3})(\d{3})(\d{4})$/;

/** A US phone number in any way of writing, as `XXX-XXX-XXXX`: some of Cobalt's pages demand that. */
export const usPhone: Reader<string> = (value, context) => {
	const text = phone(value, context);
	if (text === undefined) return undefined;
	const digits = US_PHONE.exec(text.replace(/[^+\d]/g, ''));
	if (digits === null) {
		throw new InvalidValue('is not a US phone number', 'Enter 10 digits, such as 555-123-4567.');
	}
	return digits.slice(1).join('-');
};

/** One line within limits that Cobalt documents. */
export const lineOf =
	(shortest: number, longest: number): Reader<string> =>
	(value, context) => {
		const text = line(value, context);
		if (text !== undefined && (text.length < shortest || text.length > longest)) {
			throw new InvalidValue(
				`is not ${shortest} to ${longest} characters long`,
				`Enter ${shortest} to ${longest} characters.`,
			);
		}
		return text;
	};

/** One line of a documented form. */
const lineLike =
	(form: RegExp, what: string, example: string): Reader<string> =>
	(value, context) => {
		const text = line(value, context);
		if (text !== undefined && !form.test(text)) {
			throw new InvalidValue(`is not ${what}`, `Enter one such as ${example}.`);
		}
		return text;
	};

export const usState: Reader<string> = (value, context) =>
	lineLike(/^[a-z]{2}$/i, 'a state of two letters', 'MA')(value, context)?.toUpperCase();

export const zipCode = lineLike(/^\d{5}(-\d{4})?$/, 'a ZIP code', '02108 or 02108-1234');

const uuid = lineLike(
	/^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i,
	"one of Cobalt's own IDs",
	'c5c0e613fc7d68a1c01ef4160483a0b6',
);

/** Cobalt's own ids are UUIDs without hyphens; with them they are the same id. */
export const cobaltId: Reader<string> = (value, context) =>
	uuid(value, context)?.replace(/-/g, '').toLowerCase();

/** An address that Cobalt may call. */
export const httpsUrl: Reader<string> = (value) => {
	const text = singleLine(value, LONGEST_URL, 'Enter a shorter URL.');
	if (text !== undefined && (!/^https:\/\//i.test(text) || !URL.canParse(text))) {
		throw new InvalidValue('is not an https address', 'Enter a URL that starts with https://.');
	}
	return text;
};
