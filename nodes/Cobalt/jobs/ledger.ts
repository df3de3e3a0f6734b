import { createHash } from 'node:crypto';

/** What Cobalt answered to a submission, as far as it may be kept: ids, no patient data. */
export interface Receipt {
	/** Absent where Cobalt gave none: such a job cannot be waited for. */
	jobId?: string;
	/** Cobalt's id of the record that is being made, such as an `appointment_id`. */
	recordId?: string;
}

/**
 * How far one submission has come:
 * - `sending`: the request is on its way. Found at the start of a run, it means that the run before
 *   was cut off in the middle of it, so that nobody knows whether Cobalt took it.
 * - `submitted`: Cobalt took it; the job was not seen to end.
 * - `completed`, `failed`: Cobalt confirmed the end of the job.
 * - `unknown`: Cobalt may have taken it.
 */
export type Entry =
	| { state: 'sending' | 'unknown' }
	| { state: 'submitted' | 'completed' | 'failed'; receipt: Receipt };

/** Submissions by key, for each run of the node. Plain JSON: n8n saves it with the execution. */
type Runs = Record<string, Record<string, Entry>>;

const CONTEXT_KEY = 'cobaltSubmissions';

/** n8n repeats only the latest run of a node; an agent may have a few under way side by side. */
const RUNS_KEPT = 20;

/**
 * Remembers which submissions of this node have been made in this execution. n8n keeps the node
 * context between the tries of Retry On Fail and hands it to a *Retry execution*, so what was
 * submitted once is found again there.
 *
 * A submission is known by the run of the node (rounds of a loop are different bookings), the item
 * (two equal items are two bookings) and a digest of the request (an edited item is a new booking).
 * The digest keeps patient data out of a place that workflows can read.
 */
export class Ledger {
	private readonly entries: Record<string, Entry>;

	/**
	 * @param context n8n's node context, kept by reference
	 * @param run `$runIndex`
	 */
	constructor(context: Record<string, unknown>, run: number) {
		const runs = (context[CONTEXT_KEY] ??= {}) as Runs;
		for (const kept of Object.keys(runs)) {
			if (Number(kept) <= run - RUNS_KEPT) delete runs[kept];
		}
		this.entries = runs[run] ??= {};
	}

	static key(itemIndex: number, request: unknown): string {
		const digest = createHash('sha256').update(JSON.stringify(request)).digest('hex');
		return `${itemIndex}:${digest}`;
	}

	read(key: string): Entry | undefined {
		return this.entries[key];
	}

	write(key: string, entry: Entry): void {
		this.entries[key] = entry;
	}

	/** For a submission that certainly did not reach Cobalt. */
	forget(key: string): void {
		delete this.entries[key];
	}
}
