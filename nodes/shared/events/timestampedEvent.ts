import type { CobaltEvent } from './event';

/** An event with its place in time, in epoch milliseconds of Cobalt's clock. */
export interface TimestampedEvent {
	event: CobaltEvent;
	/** That of its neighbour where `created` cannot be read; NaN where no neighbour has one. */
	moment: number;
}

export type Order = 'oldestFirst' | 'newestFirst' | 'unsorted';

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

/** Fewer different moments may agree with no order by chance. */
const MIN_MOMENTS = 8;

/** Of the pairs of events: how many more are one way round than the other. All are in a sorted log. */
const MIN_AGREEMENT = 0.5;

/**
 * The order in which events come. Some may be out of place, for an event may be listed late: the steps
 * between neighbours decide, and the first and the last. Where many are, it is none.
 *
 * @returns undefined where that cannot be told
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

/** From 1, where all pairs are the same way round, to 0, where as many are the one way as the other. */
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

/** From the first to the last moment; infinite where no event has a time. */
export function spanOf(events: readonly TimestampedEvent[]): { first: number; last: number } {
	let [first, last] = [Infinity, -Infinity];
	for (const { moment } of events) {
		if (moment < first) first = moment;
		if (moment > last) last = moment;
	}
	return { first, last };
}
