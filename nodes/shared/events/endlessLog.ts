import { PaginationLoopError } from '../pagination/pages';
import { dedupeKey } from './eventKey';
import type { TimestampedEvent } from './timestampedEvent';

interface Page {
	number: number;
	events: readonly TimestampedEvent[];
}

/** How often in a row a page may repeat the one before: once may be a page-full of late events. */
const MAX_REPEATS = 1;

/** Notices a log that gives the same page whichever is asked for, and so has no end. */
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

/** Pages differ in their first event as a rule, so keys are made one by one. */
const isEqualTo =
	(others: readonly TimestampedEvent[]) =>
	({ event }: TimestampedEvent, index: number): boolean => {
		const other = others[index]?.event;
		return other !== undefined && dedupeKey(event) === dedupeKey(other);
	};
