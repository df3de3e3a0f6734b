import { isBlank } from './visibleText';

/**
 * What a JSON text says; undefined for text that is not JSON (there is no JSON for undefined).
 *
 * Whole numbers that JavaScript cannot hold (64-bit ids, beyond 2^53) come out as text, with all of their
 * digits: as numbers their last ones would be others. So what this gives is not what `JSON.parse` gives,
 * and not what Cobalt's sample signs.
 */
export function parseJson(text: string): unknown {
	try {
		const value: unknown = JSON.parse(text);
		return LONG_NUMBER.test(text) ? JSON.parse(withLongIntegersAsText(text)) : value;
	} catch {
		return undefined;
	}
}

/** Where a number of 16 digits and more may begin: few texts have one, and only they are read twice. */
const LONG_NUMBER = /(?:^|[\s:,[-])\d{16}/;

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Of a text that is JSON. A pattern for strings would overflow the stack on one of some megabytes. */
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

/** @param start where its opening quote is */
function endOfString(json: string, start: number): number {
	for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
		let backslashes = 0;
		while (json[end - 1 - backslashes] === '\\') backslashes += 1;
		if (backslashes % 2 === 0) return end + 1;
	}
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The first value that is text (not blank) or a number, as text. Cobalt writes ids either way. `1e999`
 * in JSON is a number for JavaScript, and no id.
 */
export function firstText(...values: unknown[]): string | undefined {
	for (const value of values) {
		if (typeof value === 'string' && !isBlank(value)) return value.trim();
		if (Number.isFinite(value)) return String(value);
	}
	return undefined;
}
