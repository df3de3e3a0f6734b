const HOUR_MS = 3_600_000;

/**
 * The first and the last day (YYYY-MM-DD) that it may be at a moment, wherever on earth. Cobalt's filters
 * take days and do not say of which timezone; those in use reach from UTC−12 to UTC+14.
 *
 * @param moment epoch milliseconds
 */
export function daysAt(moment: number): { first: string; last: string } {
	return { first: dayOf(moment - 12 * HOUR_MS), last: dayOf(moment + 14 * HOUR_MS) };
}

const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
