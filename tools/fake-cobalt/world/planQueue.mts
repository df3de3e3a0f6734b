/** How often a plan applies (default 1), and how many matches it skips first (default 0). */
export interface Occurrences {
	times?: number;
	after?: number;
}

/** Plans in order: the first matching one that is not used up applies. */
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
