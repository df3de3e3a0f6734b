/**
 * Cobalt's own clock, which may be ahead of the true time or behind it. It says what Cobalt writes into
 * events and records. When things happen is a matter of the true time.
 */
export class CobaltClock {
	readonly #aheadMs: number;

	constructor(aheadSeconds: number) {
		this.#aheadMs = aheadSeconds * 1000;
	}

	/** What Cobalt writes for this moment. */
	at(moment: number): number {
		return moment + this.#aheadMs;
	}

	/** What Cobalt writes now. */
	now(): string {
		return new Date(this.at(Date.now())).toISOString();
	}
}
