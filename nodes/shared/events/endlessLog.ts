import { PaginationLoopError } from '../pagination/pages';
import { dedupeKey } from './eventKey';
import type { TimestampedEvent } from './timestampedEvent';

interface Page {
	number: number;
	events: readonly TimestampedEvent[];
}

/**
 * How many times in a row a page may repeat the previous one: once is possible if a full page of late events
 * appears.
 */
const MAX_REPEATS = 1;

/** Detects a log that returns the same page for every page number, and so never ends. */
export class RepeatedPages {
	private count = 0;

	/**
	 * @param page the page that was read before `next`
	 * @throws PaginationLoopError
	 */
	check(page: Page, next: Page): void {
		this.count = isSame(page, next) ? this.count + 1 : 0;
		if (this.count > MAX_REPEATS) throw endlessLogError();
	}
}

/** The error for a log whose pages never end. */
export const endlessLogError = (): PaginationLoopError =>
	new PaginationLoopError(
		'Cobalt returns the same page of its event log again and again',
		'If it keeps happening, contact Cobalt support.',
	);

function isSame(page: Page, next: Page): boolean {
	const { events } = next;
	if (next.number === page.number || events.length === 0) return false;
	return events.length === page.events.length && events.every(isEqualTo(page.events));
}

/** Pages usually differ in their first event, so keys are computed one by one. */
const isEqualTo =
	(others: readonly TimestampedEvent[]) =>
	({ event }: TimestampedEvent, index: number): boolean => {
		const other = others[index]?.event;
		return other !== undefined && dedupeKey(event) === dedupeKey(other);
	};
