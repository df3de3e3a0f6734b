import { asTyped } from '../visibleText';
import { InvalidValueError, type Parser } from './parser';
import { singleLine, wrongForm } from './text';

/** `7.6E+18`, `1.5551234567E10`: a number shortened by a spreadsheet or a program. */
const SHORTENED_NUMBER = /^[+-]?(?:\d+\.\d+e\+?\d+|\d+e\+\d+)$/i;

/** `44235.0`: a number that a program stored as one with decimals. */
const NUMBER_WITH_DECIMALS = /^\d+\.0+$/;

/** `44,235`: a number as a spreadsheet shows it. */
const GROUPED_NUMBER = /^\d{1,3}(?:,\d{3})+$/;

/** Alphabets with letters that look exactly like Latin ones. */
const LOOKALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;

/**
 * A number of a fixed length, or another short text from a keyboard.
 *
 * @throws InvalidValueError for a number that spreadsheets have shortened
 */
function typedText(value: unknown): string | undefined {
	const text = singleLine(value, { strictness: 'id', clean: asTyped });
	if (text !== undefined && SHORTENED_NUMBER.test(text)) {
		throw new InvalidValueError(
			'is a shortened number, such as 7.6E+18: digits may have been lost before it reached this node',
			'Format the column of the spreadsheet as text, or pass it as text from where it comes from.',
		);
	}
	return text;
}

/** Like {@link typedText}, without the decimals that a program may have added to a number. */
export function typedNumber(value: unknown): string | undefined {
	return typedText(value)?.replace(/^(\+?\d+)\.0+$/, '$1');
}

/**
 * An id of Cobalt or of the EHR, such as an MRN. It is opaque, except that it is never a number with
 * decimals, nor a text that stands for a missing value.
 */
export const id: Parser<string> = (value) => {
	if (typeof value === 'number' && !Number.isInteger(value) && Number.isFinite(value)) {
		throw new InvalidValueError('is a number with decimals', 'Pass the ID as text.');
	}
	const text = typedText(value);
	if (text === undefined) return undefined;
	if (text === '.' || text === '..') {
		throw new InvalidValueError(
			'is not an ID',
			'Enter the ID exactly as Cobalt or the EHR returned it.',
		);
	}
	if (NUMBER_WITH_DECIMALS.test(text) || GROUPED_NUMBER.test(text)) {
		throw new InvalidValueError(
			'is a number as spreadsheets write it, with decimals or with commas',
			'Enter only its digits, or format the column of the spreadsheet as text.',
		);
	}
	if (LOOKALIKE.test(text)) {
		throw wrongForm(text, 'is not an ID', 'Enter the ID exactly as Cobalt or the EHR returned it.');
	}
	return text;
};

/**
 * A code of the account or of a code system: a visit type, a status, a diagnosis. Unlike an id, it may look
 * like a number with decimals (ICD-9 has 250.0) and may contain any character.
 */
export const code: Parser<string> = (value) => {
	if (typeof value === 'number' && !Number.isInteger(value) && Number.isFinite(value)) {
		throw new InvalidValueError(
			'is a number with decimals, some of which may be lost',
			'Pass it as text.',
		);
	}
	return singleLine(value, { strictness: 'id' });
};

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** One of Cobalt's own ids: a UUID without hyphens. With hyphens, it is the same id. */
export const cobaltId: Parser<string> = (value, context) => {
	const text = id(value, context);
	if (text !== undefined && !UUID.test(text)) {
		const example = 'c5c0e613fc7d68a1c01ef4160483a0b6';
		throw wrongForm(
			text,
			'is not a Cobalt ID',
			`Enter a Cobalt ID such as ${example}, not an EHR ID or MRN.`,
		);
	}
	return text?.replace(/-/g, '').toLowerCase();
};
