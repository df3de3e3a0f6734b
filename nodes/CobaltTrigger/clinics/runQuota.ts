/** How many more events one log may add to a run. */
export interface LogQuota {
	/** Whether there is no room for any more. */
	readonly isUsedUp: boolean;
	/** @returns whether there was room for one more event */
	reserve(): boolean;
	/** Gives the unused rest to the other logs. */
	close(): void;
}

/** For a log that is not read in this run. */
export const NO_QUOTA: LogQuota = {
	isUsedUp: true,
	reserve: () => false,
	close: () => undefined,
};

/**
 * How many events one run may have, from the logs of all clinics together. Each log has its own share, so
 * that a backlog of one clinic holds up no other, and may use the rest of other shares.
 */
export class RunQuota {
	/** @param left how many events the run may have that are in no log's share; all of them at first */
	constructor(private left: number) {}

	/**
	 * Divides what is left.
	 *
	 * @returns the quotas of as many of the logs as can have one event at least
	 */
	divide(logs: number): LogQuota[] {
		const count = Math.min(logs, this.left);
		if (count === 0) return [];
		const share = Math.floor(this.left / count);
		this.left -= share * count;
		return Array.from({ length: count }, () => this.open(share));
	}

	/** The quota of one log: its own share first, then what other logs have left over. */
	private open(share: number): LogQuota {
		let own = share;
		const remaining = () => own + this.left;
		return {
			get isUsedUp() {
				return remaining() === 0;
			},
			reserve: () => {
				if (remaining() === 0) return false;
				if (own > 0) own -= 1;
				else this.left -= 1;
				return true;
			},
			close: () => {
				this.left += own;
				own = 0;
			},
		};
	}
}
