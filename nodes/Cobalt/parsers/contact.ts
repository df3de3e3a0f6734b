import { typedNumber } from '../../shared/parsers/id';
import { InvalidValueError, type Parser } from '../../shared/parsers/parser';
import { singleLine, wrongForm } from '../../shared/parsers/text';
import { asTyped } from '../../shared/visibleText';
import { stateCodeOf } from './usStates';

const EMAIL =
	/^[^\s@<>()[\],;:"\\]+@(?:[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{M}\p{N}-]{2,}$/u;

const OTHER_ALPHABET = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;

/** An address with letters of two alphabets imitates another address, or is a mistake. */
const isMixed = (text: string): boolean => /[a-z]/i.test(text) && OTHER_ALPHABET.test(text);

/** An email address, in any case. */
export const email: Parser<string> = (value) => {
	const text = singleLine(value, { strictness: 'name', clean: asTyped });
	if (text !== undefined && (!EMAIL.test(text) || isMixed(text))) {
		throw wrongForm(text, 'is not an email address', 'Enter an address such as name@example.com.');
	}
	return text;
};

/** With or without country code, grouped or not. No area code begins with 0 or 1. */
const US_PHONE = /^(?:\+?1[\s./-]*)?\(?([2-9]\d{2})\)?[\s./-]*(\d{3})[\s./-]*(\d{4})$/;

/**
 * A US phone number in any notation, as `XXX-XXX-XXXX`. Some of Cobalt's pages require that form, and none
 * has a different rule (docs/api-notes.md, "What the documents disagree on").
 */
export const phone: Parser<string> = (value) => {
	const text = typedNumber(value);
	if (text === undefined) return undefined;
	const groups = US_PHONE.exec(text);
	if (groups === null) {
		throw wrongForm(
			text,
			'is not a 10-digit phone number',
			'Enter 10 digits, such as 555-123-4567. No area code starts with 0 or 1.',
		);
	}
	return groups.slice(1).join('-');
};

/** A state as two letters. Its name, and the letters with dots, are accepted too. */
export const usState: Parser<string> = (value) => {
	const text = singleLine(value, { strictness: 'id', clean: asTyped });
	const code = text && stateCodeOf(text);
	if (text !== undefined && code === undefined) {
		throw wrongForm(text, 'is not a two-letter state code', 'Enter a code such as MA.');
	}
	return code;
};

/** A ZIP code, as `02108` or `02108-1234`. */
export const zipCode: Parser<string> = (value) => {
	const text = typedNumber(value);
	if (text === undefined) return undefined;
	const [, five, four] = /^(\d{5})(?:\s*-?\s*(\d{4}))?$/.exec(text) ?? [];
	if (five !== undefined) return four === undefined ? five : `${five}-${four}`;
	if (/^\d{3,4}$/.test(text)) {
		// The missing digit may just as well be the last one, so no leading zero is added.
		throw new InvalidValueError(
			'is not a ZIP code: it has too few digits, and a zero at the beginning may be lost',
			'Enter all five digits as text, such as 02108. If a spreadsheet drops zeros, format its column as text.',
		);
	}
	throw wrongForm(text, 'is not a ZIP code', 'Enter one such as 02108 or 02108-1234.');
};

/** A National Provider Identifier. Only the EHR knows whether it exists. */
export const npi: Parser<string> = (value) => {
	const text = typedNumber(value);
	if (text !== undefined && !/^\d{10}$/.test(text)) {
		throw wrongForm(text, 'is not a 10-digit NPI', 'Enter one such as 1234567893.');
	}
	return text;
};
