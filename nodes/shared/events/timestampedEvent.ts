import type { CobaltEvent } from './event';

/** An event with its place in time, in epoch milliseconds of Cobalt's clock. */
export interface TimestampedEvent {
	event: CobaltEvent;
	/** That of its neighbour where `created` cannot be read; NaN where no neighbour has one. */
	moment: number;
}

export type Order = 'oldestFirst' | 'newestFirst';

/** @param events as Cobalt lists them */
export function timed(events: CobaltEvent[]): TimestampedEvent[] {
	const moments = events.map(({ created }) => Date.parse(created));
	let neighbour = moments.find((moment) => !Number.isNaN(moment)) ?? NaN;
	return events.map((event, index) => {
		const moment = moments[index] ?? NaN;
		if (!Number.isNaN(moment)) neighbour = moment;
		return { event, moment: neighbour };
	});
}

/** Fewer may be the wrong way round by chance, or by the way in which Cobalt sorts. */
const MIN_EVENTS = 3;

/**
 * The order in which events come. Some may be out of place, for an event may be listed late: the steps
 * between neighbours decide, and the first and the last.
 *
 * @returns undefined where that cannot be told
 */
export function orderOf(events: readonly TimestampedEvent[]): Order | undefined {
	if (events.length < MIN_EVENTS) return undefined;
	const moments = events.map(({ moment }) => moment);
	const way = Math.sign((moments.at(-1) ?? NaN) - (moments[0] ?? NaN));
	const steps = moments.reduce(
		(sum, moment, index) => sum + (Math.sign(moment - (moments[index - 1] ?? moment)) || 0),
		0,
	);
	if (way > 0 && steps > 0) return 'oldestFirst';
	return way < 0 && steps < 0 ? 'newestFirst' : undefined;
}

/** From the first to the last moment; infinite where no event has a time. */
export function spanOf(events: readonly TimestampedEvent[]): { first: number; last: number } {
	let [first, last] = [Infinity, -Infinity];
	for (const { moment } of events) {
		if (moment < first) first = moment;
		if (moment > last) last = moment;
	}
	return { first, last };
}
