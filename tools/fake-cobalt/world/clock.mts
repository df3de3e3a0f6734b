/**
 * Cobalt's own clock, which may be ahead of the real time or behind it. It affects only the times that Cobalt writes
 * into events and records, not when things happen.
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
