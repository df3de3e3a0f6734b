import { isObject } from '../json';

/** Keys under which a refusal has its text, in the order they are quoted. Only the first two are documented. */
const SUMMARY_KEYS = ['message', 'error', 'title', 'error_description'];
const DETAIL_KEYS = ['errors', 'detail', 'details', 'reasons', 'reason'];

/** Keys of one entry in a list of errors: for its text, and for the field it is about. */
const TEXT_KEYS = ['message', 'msg', 'description', 'detail', 'error', 'reason', 'title', 'text'];
const PLACE_KEYS = ['field', 'path', 'loc', 'param', 'property', 'name', 'code'];

/** Deeper than any list of errors. What is nested deeper is not read. */
const MAX_DEPTH = 5;

/** The first few errors of a long list are enough to see what is wrong. */
const MAX_TEXTS = 10;

/**
 * What the body of a refusal says, as one line of text, or '' if it says nothing. Reads the documented
 * `message` and `error`, and the lists and objects in which web frameworks describe invalid fields.
 */
function quoteOf(body: Readonly<Record<string, unknown>>): string {
	const [summary = []] = SUMMARY_KEYS.map((key) => textsIn(body[key])).filter(isFilled);
	const texts = [...summary, ...DETAIL_KEYS.flatMap((key) => textsIn(body[key]))];
	return [...new Set(texts)].slice(0, MAX_TEXTS).join('; ');
}

function textsIn(value: unknown, depth = 0): string[] {
	if (typeof value === 'string') return [value.trim()].filter(isFilled);
	if (typeof value === 'number') return [String(value)];
	if (depth >= MAX_DEPTH) return [];
	if (Array.isArray(value)) return value.flatMap((entry) => textsIn(entry, depth + 1));
	return isObject(value) ? textsOfEntry(value, depth + 1) : [];
}

/** An error that is an object: a text about a field, or texts by field. */
function textsOfEntry(entry: Readonly<Record<string, unknown>>, depth: number): string[] {
	const key = TEXT_KEYS.find((name) => textsIn(entry[name], depth).length > 0);
	if (key === undefined) {
		return Object.entries(entry).flatMap(([name, value]) =>
			textsIn(value, depth).map((text) => `${name}: ${text}`),
		);
	}
	const text = textsIn(entry[key], depth).join(', ');
	const [place = []] = PLACE_KEYS.map((name) => textsIn(entry[name], depth)).filter(isFilled);
	return [place.length > 0 ? `${place.join('.')}: ${text}` : text];
}

/** What a refusal says, as the end of a sentence: `: Invalid date`, or '' if it says nothing. */
export function quotation(body: Readonly<Record<string, unknown>> | undefined): string {
	const text = body ? quoteOf(body) : '';
	return text === '' ? '' : `: ${text}`;
}

const isFilled = ({ length }: string | string[]): boolean => length > 0;
