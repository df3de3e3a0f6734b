import { expect } from 'vitest';

import { InvalidValueError, type Parser } from '../../../nodes/shared/parsers/parser.js';

/** Checks that a reader refuses a value in words that help and that do not repeat the value. */
export function expectRefused(reader: Parser, value: unknown, timezone = 'UTC'): string {
	try {
		reader(value, { timezone });
	} catch (error) {
		expect(error).toBeInstanceOf(InvalidValueError);
		const { message, advice } = error as InvalidValueError;
		expect(message).toMatch(/^(is|has|does) /);
		expect(advice).not.toBe('');
		if (typeof value === 'string' && value.length > 3) expect(message).not.toContain(value);
		return message;
	}
	throw new Error('The value was taken');
}

/** What forms, spreadsheets and missing expressions give for "nothing". */
export const NOTHING: unknown[] = [
	...[undefined, null, '', '   ', '\n\t', '\u00a0'],
	...['\u200b', ' \ufeff\u200e ', '\u3164', '\0'],
];
