/** Undefined for text that is not JSON (there is no JSON for undefined). */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
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
		if (typeof value === 'string' && value.trim() !== '') return value.trim();
		if (Number.isFinite(value)) return String(value);
	}
	return undefined;
}
