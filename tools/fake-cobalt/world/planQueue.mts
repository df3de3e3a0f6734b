/** How often an entry may be taken, and how many matches it lets pass before its first turn. */
export interface Occurrences {
	times?: number;
	after?: number;
}

/** A list of things to happen: whoever comes by takes the first matching one that is not used up. */
export class PlanQueue<T extends Occurrences> {
	#entries: { item: T; left: number; pass: number }[] = [];

	add(item: T): void {
		this.#entries.push({ item, left: item.times ?? 1, pass: item.after ?? 0 });
	}

	clear(): void {
		this.#entries = [];
	}

	take(matches: (item: T) => boolean): T | undefined {
		for (const entry of this.#entries) {
			if (entry.left <= 0 || !matches(entry.item)) continue;
			if (entry.pass > 0) {
				entry.pass--;
				continue;
			}
			entry.left--;
			return entry.item;
		}
		return undefined;
	}
}
