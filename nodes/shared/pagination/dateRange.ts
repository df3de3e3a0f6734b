const HOUR_MS = 3_600_000;

/**
 * The earliest and the latest local date (YYYY-MM-DD) on earth at a time. Cobalt's filters take days in
 * an unknown timezone (docs/api-notes.md, "What the documents do not say"); timezones reach from UTC−12 to
 * UTC+14.
 *
 * @param timestamp epoch milliseconds
 */
export function daysAt(timestamp: number): { first: string; last: string } {
	return { first: dayOf(timestamp - 12 * HOUR_MS), last: dayOf(timestamp + 14 * HOUR_MS) };
}

const dayOf = (timestamp: number): string => new Date(timestamp).toISOString().slice(0, 10);
