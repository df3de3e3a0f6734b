import { isBlank } from './visibleText';

/**
 * Parses JSON; undefined for text that is not JSON.
 *
 * Integers beyond 2^53 (64-bit ids) become text, because JavaScript would change their last digits. So the
 * result differs from that of `JSON.parse`, over which Cobalt's sample code computes signatures.
 */
export function parseJson(text: string): unknown {
	try {
		const value: unknown = JSON.parse(text);
		return LONG_NUMBER.test(text) ? JSON.parse(withLongIntegersAsText(text)) : value;
	} catch {
		return undefined;
	}
}

/** The beginning of a number with 16 or more digits. Few texts have one, and only they are parsed twice. */
const LONG_NUMBER = /(?:^|[\s:,[-])\d{16}/;

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** @param json valid JSON. A regular expression for its strings would overflow the stack on a few megabytes. */
function withLongIntegersAsText(json: string): string {
	const parts: string[] = [];
	for (let start = 0; start < json.length;) {
		const quote = json.indexOf('"', start);
		const beforeString = json.slice(start, quote < 0 ? undefined : quote);
		parts.push(beforeString.replace(NUMBER, withAllDigits));
		if (quote < 0) break;
		start = endOfString(json, quote);
		parts.push(json.slice(quote, start));
	}
	return parts.join('');
}

function withAllDigits(number: string): string {
	const [, digits] = /^(-?\d+)(?:\.0+)?$/.exec(number) ?? [];
	return digits === undefined || Number.isSafeInteger(Number(digits)) ? number : `"${digits}"`;
}

/** @param start index of the opening quote */
function endOfString(json: string, start: number): number {
	for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
		let backslashes = 0;
		while (json[end - 1 - backslashes] === '\\') backslashes += 1;
		if (backslashes % 2 === 0) return end + 1;
	}
}

/** Whether a value is an object of JSON: no array, no null. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The first value that is a non-blank text or a finite number, as text. Cobalt writes ids either way.
 * (`1e999` in JSON becomes Infinity, which is no id.)
 */
export function firstText(...values: unknown[]): string | undefined {
	for (const value of values) {
		if (typeof value === 'string' && !isBlank(value)) return value.trim();
		if (Number.isFinite(value)) return String(value);
	}
	return undefined;
}
