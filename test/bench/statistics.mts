/** What several runs gave for one figure. */
export interface Spread {
	median: number;
	min: number;
	max: number;
}

/** @param values of at least one run */
export function spreadOf(values: readonly number[]): Spread {
	return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

export function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The least value that so many percent of them do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
	const sorted = [...values].sort((one, other) => one - other);
	return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? NaN;
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	const middle = (sorted.length - 1) / 2;
	return mean([sorted[Math.floor(middle)] ?? NaN, sorted[Math.ceil(middle)] ?? NaN]);
}

/** Median, and in parentheses the least and the greatest. */
export function spreadText({ median, min, max }: Spread, digits: number): string {
	const [middle, low, high] = [median, min, max].map((value) => value.toFixed(digits));
	return `${middle} (${low}–${high})`;
}
