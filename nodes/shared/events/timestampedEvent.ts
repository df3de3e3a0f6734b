import type { CobaltEvent } from './event';

/** An event with its time, in epoch milliseconds of Cobalt's clock. */
export interface TimestampedEvent {
	event: CobaltEvent;
	/** If `created` cannot be read, that of its neighbor; NaN if no neighbor has one. */
	moment: number;
}

/** How the events of a page are sorted by their time. */
export type Order = 'oldestFirst' | 'newestFirst' | 'unsorted';

/** @param events as Cobalt lists them */
export function timed(events: CobaltEvent[]): TimestampedEvent[] {
	const moments = events.map(({ created }) => Date.parse(created));
	let neighbor = moments.find((moment) => !Number.isNaN(moment)) ?? NaN;
	return events.map((event, index) => {
		const moment = moments[index] ?? NaN;
		if (!Number.isNaN(moment)) neighbor = moment;
		return { event, moment: neighbor };
	});
}

/** Fewer may be in the wrong order by chance, or because of how Cobalt sorts ties. */
const MIN_EVENTS = 3;

/** Fewer distinct timestamps may look unsorted by chance. */
const MIN_MOMENTS = 8;

/** The share of pairs in one order minus the share in the other; 1 in a sorted log. */
const MIN_AGREEMENT = 0.5;

/**
 * The order of a list of events. Events that are listed late may be out of place, so the steps between
 * neighbors decide, together with the first and the last event. If many are out of place, it is unsorted.
 *
 * @returns undefined if the events do not tell
 */
export function orderOf(events: readonly TimestampedEvent[]): Order | undefined {
	if (events.length < MIN_EVENTS) return undefined;
	const moments = events.map(({ moment }) => moment);
	if (new Set(moments).size >= MIN_MOMENTS && agreementOf(moments) < MIN_AGREEMENT) {
		return 'unsorted';
	}
	const way = Math.sign((moments.at(-1) ?? NaN) - (moments[0] ?? NaN));
	const steps = moments.reduce(
		(sum, moment, index) => sum + (Math.sign(moment - (moments[index - 1] ?? moment)) || 0),
		0,
	);
	if (way > 0 && steps > 0) return 'oldestFirst';
	return way < 0 && steps < 0 ? 'newestFirst' : undefined;
}

/** 1 if all pairs of events are in the same order, 0 if half of them are in the other. */
function agreementOf(moments: readonly number[]): number {
	let [pairs, sum] = [0, 0];
	for (const [index, moment] of moments.entries()) {
		for (let other = index + 1; other < moments.length; other += 1) {
			const way = Math.sign((moments[other] ?? NaN) - moment) || 0;
			pairs += Math.abs(way);
			sum += way;
		}
	}
	return Math.abs(sum) / pairs;
}

/** The first and the last moment; infinite if no event has a time. */
export function spanOf(events: readonly TimestampedEvent[]): { first: number; last: number } {
	let [first, last] = [Infinity, -Infinity];
	for (const { moment } of events) {
		if (moment < first) first = moment;
		if (moment > last) last = moment;
	}
	return { first, last };
}

/** Sorts the oldest first; of the same moment as they come. */
export const byMoment = (one: TimestampedEvent, other: TimestampedEvent): number =>
	one.moment - other.moment;
