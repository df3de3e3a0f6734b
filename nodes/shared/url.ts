/**
 * The URL that a text is; undefined for any other text.
 *
 * Not by `URL.canParse`: on Node 20 and 22 it refuses letters such as ü once V8 has optimized its callers,
 * after some thousand calls.
 */
export function parseUrl(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}
