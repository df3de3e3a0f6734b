import { Random } from '../../../tools/fake-cobalt/world/random.mts';

/** What a random scenario asks of its seed. */
export class Chance {
	private readonly random: Random;

	constructor(seed: number) {
		this.random = new Random(seed, 'scenario');
	}

	/** Whether something happens that does so in this part of all cases. */
	happens(part: number): boolean {
		return this.random.next() < part;
	}

	/** A whole number, the last one included. */
	between(first: number, last: number): number {
		return first + Math.floor(this.random.next() * (last - first + 1));
	}

	/** As {@link between}, but small ones are as likely as large ones in each order of magnitude. */
	magnitude(first: number, last: number): number {
		return Math.round(first * (last / first) ** this.random.next());
	}

	oneOf<T>(first: T, ...others: T[]): T {
		return [first, ...others][this.between(0, others.length)] ?? first;
	}

	/** As many as are drawn. */
	several<T>(most: number, draw: () => T): T[] {
		return Array.from({ length: this.between(0, most) }, draw);
	}
}
