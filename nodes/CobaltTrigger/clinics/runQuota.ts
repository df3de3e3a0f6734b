/** How many events one log may still bring into a run. */
export interface LogQuota {
	/** Whether there is no room for any more. */
	readonly isUsedUp: boolean;
	/** @returns whether there was room for one more event */
	reserve(): boolean;
	/** Leaves to the other logs what this one did not need. */
	close(): void;
}

/**
 * How many events one run may have, from the logs of all clinics together. Each log has a share of its own, so that
 * a backlog of one clinic holds up no other, and may use what others leave of theirs.
 */
export class RunQuota {
	private readonly share: number;

	/** Shared by all logs. */
	private surplus: number;

	constructor(events: number, logs: number) {
		this.share = Math.floor(events / logs);
		this.surplus = events - this.share * logs;
	}

	/** The quota of one log: its own share first, then what other logs have left over. */
	open(): LogQuota {
		let own = this.share;
		const left = () => own + this.surplus;
		return {
			get isUsedUp() {
				return left() === 0;
			},
			reserve: () => {
				if (left() === 0) return false;
				if (own > 0) own -= 1;
				else this.surplus -= 1;
				return true;
			},
			close: () => {
				this.surplus += own;
				own = 0;
			},
		};
	}
}
