import type { CobaltEvent } from './event';

/** An event with its time, in epoch milliseconds of Cobalt's clock. */
export interface TimestampedEvent {
	event: CobaltEvent;
	/** If `created` cannot be read, that of its neighbor; NaN if no neighbor has one. */
	timestamp: number;
}

/** How the events of a page are sorted by their time. */
export type Order = 'oldestFirst' | 'newestFirst' | 'unsorted';

/** @param events as Cobalt lists them */
export function timed(events: CobaltEvent[]): TimestampedEvent[] {
	const timestamps = events.map(({ created }) => Date.parse(created));
	let neighbor = timestamps.find((timestamp) => !Number.isNaN(timestamp)) ?? NaN;
	return events.map((event, index) => {
		const timestamp = timestamps[index] ?? NaN;
		if (!Number.isNaN(timestamp)) neighbor = timestamp;
		return { event, timestamp: neighbor };
	});
}

/** Fewer may be in the wrong order by chance, or because of how Cobalt sorts ties. */
const MIN_EVENTS = 3;

/** Fewer distinct timestamps may look unsorted by chance. */
const MIN_TIMESTAMPS = 8;

/** The share of pairs in one order minus the share in the other; 1 in a sorted log. */
const MIN_AGREEMENT = 0.5;

/**
 * The order of a list of events. Events that are listed late may be out of place, so the steps between
 * neighbors decide, together with the first and the last event. If many are out of place, it is unsorted.
 *
 * @returns undefined if the events do not show an order
 */
export function orderOf(events: readonly TimestampedEvent[]): Order | undefined {
	if (events.length < MIN_EVENTS) return undefined;
	const timestamps = events.map(({ timestamp }) => timestamp);
	if (new Set(timestamps).size >= MIN_TIMESTAMPS && agreementOf(timestamps) < MIN_AGREEMENT) {
		return 'unsorted';
	}
	const way = Math.sign((timestamps.at(-1) ?? NaN) - (timestamps[0] ?? NaN));
	const steps = timestamps.reduce(
		(sum, timestamp, index) =>
			sum + (Math.sign(timestamp - (timestamps[index - 1] ?? timestamp)) || 0),
		0,
	);
	if (way > 0 && steps > 0) return 'oldestFirst';
	return way < 0 && steps < 0 ? 'newestFirst' : undefined;
}

/** 1 if all pairs of events are in the same order, 0 if half of them are in the other. */
function agreementOf(timestamps: readonly number[]): number {
	let [pairs, sum] = [0, 0];
	for (const [index, timestamp] of timestamps.entries()) {
		for (let other = index + 1; other < timestamps.length; other += 1) {
			const way = Math.sign((timestamps[other] ?? NaN) - timestamp) || 0;
			pairs += Math.abs(way);
			sum += way;
		}
	}
	return Math.abs(sum) / pairs;
}

/** The first and the last timestamp; infinite if no event has a time. */
export function spanOf(events: readonly TimestampedEvent[]): { first: number; last: number } {
	let [first, last] = [Infinity, -Infinity];
	for (const { timestamp } of events) {
		if (timestamp < first) first = timestamp;
		if (timestamp > last) last = timestamp;
	}
	return { first, last };
}

/** Sorts the oldest first; events with the same timestamp keep their order. */
export const byTimestamp = (one: TimestampedEvent, other: TimestampedEvent): number =>
	one.timestamp - other.timestamp;
