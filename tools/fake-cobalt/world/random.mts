const UINT32 = 0x1_0000_0000;

/** A seeded random number generator (mulberry32). Each purpose has its own stream, so that another draw for one
 * purpose does not change the numbers of the others. */
export class Random {
	#state: number;

	constructor(seed: number, stream: string) {
		this.#state = Buffer.from(stream).reduce(
			(hash, byte) => Math.imul(hash ^ byte, 0x01000193),
			0x811c9dc5 ^ seed,
		);
	}

	/** A number in [0, 1). */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32;
	}

	/** An id in Cobalt's format: 32 hex digits. */
	id(): string {
		let id = '';
		while (id.length < 32) id += Math.floor(this.next() * 16).toString(16);
		return id;
	}

	/** A whole number with this many digits, as EHRs number their records. */
	digits(length: number): string {
		const lowest = 10 ** (length - 1);
		return String(lowest + Math.floor(this.next() * 9 * lowest));
	}

	/** A log-normal draw: mostly near the median, sometimes several times as long. */
	logNormal(median: number, sigma: number): number {
		const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
		return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.next()));
	}
}
