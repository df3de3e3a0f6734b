import { DateTime } from 'luxon';

const MINUTE_MS = 60_000;

/** What a random slot search asks for, in minutes; times of day in minutes since midnight. */
export interface Search {
	zone: string;
	method: 'gaps' | 'slots';
	duration: number;
	interval: number;
	countedFrom: 'window' | 'midnight';
	freeBefore: number;
	freeAfter: number;
	notice: number;
	weekdays: number[] | undefined;
	hours: [number, number] | undefined;
	/** The first and the last, as ISO dates. */
	dates: [string, string] | undefined;
	/** Epoch minutes. */
	now: number;
	windows: ReadonlyArray<{ place: number; start: number; end: number }>;
}

/** Looks at every minute, and asks Luxon for each what the clocks show. */
export function slotsByMinute(search: Search): Array<{ place: number; start: number }> {
	const { zone, method, windows } = search;
	const places = [...new Set(windows.map(({ place }) => place))];
	const clock = (minute: number) => DateTime.fromMillis(minute * MINUTE_MS, { zone });
	const found = places.flatMap((place) => {
		const own = windows.filter((window) => window.place === place);
		const sets = own.map(({ start, end }) => new Set(minutesFrom(start, end)));
		const free = method === 'gaps' ? [new Set(sets.flatMap((set) => [...set]))] : sets;
		const starts = free.flatMap((set) => [...set].filter((minute) => isSlot(minute, set)));
		return [...new Set(starts)].map((start) => ({ place, start }));
	});
	return found.sort((one, other) => one.start - other.start || one.place - other.place);

	function isSlot(minute: number, free: ReadonlySet<number>): boolean {
		const { duration, freeBefore, freeAfter, now, notice, weekdays, hours } = search;
		const visit = minutesFrom(minute, minute + duration);
		return (
			minutesFrom(minute - freeBefore, minute + duration + freeAfter).every((one) =>
				free.has(one),
			) &&
			isOnGrid(minute, free) &&
			minute >= now + notice &&
			isOnDates(minute) &&
			(weekdays?.includes(clock(minute).weekday) ?? true) &&
			(hours === undefined ||
				visit.every((one) => {
					const shown = shownAt(one);
					return shown >= hours[0] && shown < hours[1];
				}))
		);
	}

	function isOnDates(minute: number): boolean {
		const { dates: [first, last] = [] } = search;
		const date = first === undefined ? '' : (clock(minute).toISODate() ?? '');
		return first === undefined || last === undefined || (date >= first && date <= last);
	}

	function isOnGrid(minute: number, free: ReadonlySet<number>): boolean {
		const { countedFrom, interval, freeBefore } = search;
		if (countedFrom === 'midnight') return shownAt(minute) % interval === 0;
		let first = minute;
		while (free.has(first - 1)) first -= 1;
		return (minute - first - freeBefore) % interval === 0;
	}

	function shownAt(minute: number): number {
		const { hour, minute: past } = clock(minute);
		return hour * 60 + past;
	}
}

const minutesFrom = (start: number, end: number): number[] =>
	Array.from({ length: Math.max(end - start, 0) }, (_none, index) => start + index);
