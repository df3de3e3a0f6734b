/** An item to be submitted, with the names under which other executions may know it. */
export interface Candidate {
	/** Key of its entry in the store. */
	key: string;
	/** Distinguishes it from the other items of this run of the node, in every retry and with any access token. */
	name: string;
	/** The account that it is sent to. */
	account: string;
	/** Names for an execution that nothing identifies in a retry. One match is enough. */
	looseNames: string[];
	/** Whether the user confirms that no submission is missing from n8n's data. */
	resubmitsForgotten: boolean;
}

/** What n8n knows about an execution. */
export interface ExecutionOptions {
	/** Shared by an original and its retries, and by no other execution; '' if unknown. */
	origin: string;
	/** `$runIndex` */
	run: number;
	isRetry: boolean;
	/** Whether n8n has lost what the original submitted, if anything. */
	isLost: boolean;
}

/** The names that an execution writes into n8n's table of processed data. */
export class CandidateNames {
	constructor(private readonly options: ExecutionOptions) {}

	/**
	 * Written when this run of the node has sent anything. A retry learns from n8n what the original submitted,
	 * unless that is lost. It never learns what other retries submitted, so retries have a name of their own.
	 */
	get begun(): string {
		const { isRetry, isLost } = this.options;
		return isRetry && !isLost ? `${this.everBegun} again` : this.everBegun;
	}

	get everBegun(): string {
		const { origin, run } = this.options;
		return `${origin} ${run} begun`;
	}

	/**
	 * Written when an item is seen. Within an execution, an item stays the same when its access token is
	 * renewed; between executions, the account distinguishes items.
	 */
	seen({ name, account }: Candidate): string {
		const { origin, run } = this.options;
		return `${origin || account} ${run} ${name}`;
	}

	/** Written before the original sends an item. */
	sent(candidate: Candidate): string {
		return `${this.seen(candidate)} sent`;
	}

	/** Written for each attempt of a retry: `open` until it has certainly failed, `used` for good. */
	attempt(candidate: Candidate, attempt: number): { used: string; open: string; sent: string[] } {
		const { resubmitsForgotten } = candidate;
		const base = `${this.seen(candidate)} ${resubmitsForgotten ? 'resubmitted' : 'retried'} ${attempt}`;
		const isAskedFor = this.options.isLost && attempt === 0 && !resubmitsForgotten;
		return { used: base, open: `${base} open`, sent: isAskedFor ? [this.sent(candidate)] : [] };
	}

	/** Written to refuse an item in later retries, too. */
	refusal(candidate: Candidate): string[] {
		if (this.options.isLost) return [this.sent(candidate)];
		const { used, open } = this.attempt(candidate, 0);
		return [used, open];
	}
}
