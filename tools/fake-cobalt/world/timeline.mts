/** An item of a timeline: ordered by time, and by turn among equal times. */
export interface Dated {
	readonly at: number;
	readonly turn: number;
}

/** A list that is read in slices. */
export interface Sequence<T> {
	readonly length: number;
	slice(start: number, end: number): T[];
}

const inOrder = (one: Dated, other: Dated) => one.at - other.at || one.turn - other.turn;

/** Items ordered by time, as many as a log of years has. Items out of order wait for the next read, which sorts only
 * what comes after the first of them, once for all. */
export class Timeline<T extends Dated> {
	#items: T[] = [];
	#latecomers: T[] = [];

	add(item: T): void {
		const last = this.#items.at(-1);
		const isLast = last === undefined || inOrder(last, item) <= 0;
		(isLast ? this.#items : this.#latecomers).push(item);
	}

	/** The items between two times, both inclusive. Valid until the next change. */
	between(from: number, to: number, isBackwards: boolean): Sequence<T> {
		this.#sort();
		const items = this.#items;
		const first = this.#firstWhere(({ at }) => at >= from);
		const end = Math.max(
			this.#firstWhere(({ at }) => at > to),
			first,
		);
		return {
			length: end - first,
			slice: (start, stop) =>
				isBackwards
					? items.slice(Math.max(end - stop, first), Math.max(end - start, first)).reverse()
					: items.slice(Math.min(first + start, end), Math.min(first + stop, end)),
		};
	}

	dropBefore(time: number): void {
		this.#sort();
		this.#items = this.#items.slice(this.#firstWhere(({ at }) => at >= time));
	}

	#sort(): void {
		const latecomers = this.#latecomers.sort(inOrder);
		const [earliest] = latecomers;
		if (earliest === undefined) return;
		this.#latecomers = [];
		const behind = this.#items.splice(this.#firstWhere((item) => inOrder(item, earliest) > 0));
		this.#items = this.#items.concat(behind.concat(latecomers).sort(inOrder));
	}

	/** Binary search for the first item for which a condition holds. */
	#firstWhere(holds: (item: T) => boolean): number {
		let low = 0;
		let high = this.#items.length;
		while (low < high) {
			const middle = Math.floor((low + high) / 2);
			const item = this.#items[middle];
			if (item !== undefined && holds(item)) high = middle;
			else low = middle + 1;
		}
		return low;
	}
}
