import { Random } from '../../tools/fake-cobalt/world/random.mts';

/** A seeded random number generator, with the draws that random tests make. */
export class Rng {
	readonly #random: Random;

	/** @param stream draws of another stream do not change the numbers of this one */
	constructor(seed: number, stream = 'scenario') {
		this.#random = new Random(seed, stream);
	}

	/** True with this probability, from 0 to 1. */
	happens(probability: number): boolean {
		return this.#random.next() < probability;
	}

	/** A whole number from 0, below the limit. */
	below(limit: number): number {
		return Math.floor(this.#random.next() * limit);
	}

	/** A whole number, both ends included. */
	between(first: number, last: number): number {
		return first + this.below(last - first + 1);
	}

	/** As {@link between}, with each order of magnitude as likely as the next. */
	magnitude(first: number, last: number): number {
		return Math.round(first * (last / first) ** this.#random.next());
	}

	pick<T>(list: readonly T[]): T {
		const index = this.below(list.length);
		if (index >= list.length) throw new RangeError('An empty list has nothing to pick');
		return list[index] as T;
	}

	/** From none to `max` of what `draw` makes. */
	several<T>(max: number, draw: () => T): T[] {
		return Array.from({ length: this.between(0, max) }, draw);
	}

	/** 32 hexadecimal digits. */
	id(): string {
		return this.#random.id();
	}
}
