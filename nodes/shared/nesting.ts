/** Documented events have a handful. JSON.stringify, and n8n with it, fails at a few thousand. */
export const MAX_LEVELS = 100;

const CUT = '[nested too deeply]';

/**
 * A parsed JSON value, limited to a number of levels; deeper values are replaced by a note. The result is
 * safe for recursive code, here and in n8n.
 */
export function withinLevels<T>(value: T, levels = MAX_LEVELS): T {
	return isDeeper(value, levels) ? (cut(value, levels) as T) : value;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

function isDeeper(value: unknown, levels: number): boolean {
	if (!isNested(value)) return false;
	if (levels === 0) return true;
	for (const inner of Object.values(value)) {
		if (isDeeper(inner, levels - 1)) return true;
	}
	return false;
}

function cut(value: unknown, levels: number): unknown {
	if (!isNested(value)) return value;
	if (levels === 0) return CUT;
	if (Array.isArray(value)) return value.map((inner) => cut(inner, levels - 1));
	const fields = Object.entries(value).map(([name, inner]) => [name, cut(inner, levels - 1)]);
	return Object.fromEntries(fields) as unknown;
}
