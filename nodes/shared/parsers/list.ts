import { parseJson } from '../json';
import { undefinedExpression } from './expression';
import { InvalidValueError, isEmpty, type Parser } from './parser';

/** Longer than any list that a person types. */
const MAX_ENTRIES = 200;

/**
 * One entry of a list written as text. In double quotes it may contain separators, as in a spreadsheet:
 * `"Smith, Jones", Miller`.
 */
const ENTRY = /\s*(?:"([^"]*)"\s*|([^,;|\r\n]*))(?:[,;|\r\n]|$)/g;

/**
 * Several values: a list, or text separated by commas, semicolons, vertical bars or line breaks. Empty
 * entries of a text are dropped. A value that contains a separator is written in double quotes, or the whole
 * list as JSON. The values of a list are not split, and none may be missing: a missing value is what an
 * expression with a misspelled name returns.
 *
 * @param max maximum number of values
 */
export const listOf =
	<Value>(item: Parser<Value>, max = MAX_ENTRIES): Parser<Value[]> =>
	(value, context) => {
		if (isEmpty(value)) return undefined;
		const entered = entries(value);
		const values = entered.map((one) => item(one, context)).filter((one) => one !== undefined);
		if (values.length === 0) return undefined;
		if (values.length > max) {
			throw new InvalidValueError(`has more than ${max} values`, `Enter up to ${max}.`);
		}
		return values;
	};

/** For a query: the values of a list, separated by commas. */
export const commaList =
	(item: Parser<string>, max?: number): Parser<string> =>
	(value, context) =>
		listOf(item, max)(value, context)?.join(',');

function entries(value: unknown): unknown[] {
	if (Array.isArray(value)) return requireValues(value);
	if (typeof value !== 'string') return [value];
	// Agents write lists as JSON.
	if (!value.trim().startsWith('[')) return split(value);
	const parsed = parseJson(value);
	if (!Array.isArray(parsed)) {
		throw new InvalidValueError('is not a list', 'Enter comma-separated values.');
	}
	return requireValues(parsed);
}

function requireValues(list: unknown[]): unknown[] {
	// Not `some`, which passes over the gaps of a list.
	if (list.includes(undefined)) throw undefinedExpression();
	if (!list.includes(null)) return list;
	throw new InvalidValueError(
		'has a missing value',
		'Enter a list without missing values, as in {{ $json.codes.filter(Boolean) }}.',
	);
}

const split = (text: string): string[] =>
	Array.from(text.matchAll(ENTRY), ([, quoted, plain = '']) => quoted ?? requireClosed(plain));

/** A quote in the middle is a sign like any other: `5" x 7"`. */
function requireClosed(entry: string): string {
	const isOdd = entry.split('"').length % 2 === 0;
	if (!isOdd || !/^\s*"|"\s*$/.test(entry)) return entry;
	throw new InvalidValueError(
		'has a double quote without its counterpart',
		'Close the quote, or pass a list from an expression, such as {{ [$json.first, $json.second] }}.',
	);
}
