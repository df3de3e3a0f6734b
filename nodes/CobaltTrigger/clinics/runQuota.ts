/** How many more events one log may add to a run. */
export interface LogQuota {
	/** Whether there is no room for any more. */
	readonly isUsedUp: boolean;
	/** @returns whether there was room for one more event */
	reserve(): boolean;
	/** Gives the unused rest to the other logs. */
	close(): void;
}

/**
 * How many events one run may have, from the logs of all clinics together. Each log has its own share, so
 * that a backlog of one clinic holds up no other, and may use the rest of other shares.
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
		const remaining = () => own + this.surplus;
		return {
			get isUsedUp() {
				return remaining() === 0;
			},
			reserve: () => {
				if (remaining() === 0) return false;
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
