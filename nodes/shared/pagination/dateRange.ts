const HOUR_MS = 3_600_000;

/**
 * The earliest and the latest local date (YYYY-MM-DD) on earth at a moment. Cobalt's filters take days in
 * an unknown timezone (docs/api-notes.md, "What the documents do not say"); timezones reach from UTC−12 to
 * UTC+14.
 *
 * @param moment epoch milliseconds
 */
export function daysAt(moment: number): { first: string; last: string } {
	return { first: dayOf(moment - 12 * HOUR_MS), last: dayOf(moment + 14 * HOUR_MS) };
}

const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
