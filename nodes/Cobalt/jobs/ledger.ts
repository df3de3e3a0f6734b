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
	| { state: 'sending'; sentAt: number }
	| {
			state: 'unknown';
			/** What happened, in our own words. */
			reason: string;
			/** Absent where another execution sent it. */
			sentAt?: number;
	  }
	| {
			state: 'submitted' | 'completed' | 'failed';
			receipt: Receipt;
			/** When the request went out; epoch milliseconds, as everywhere here. */
			sentAt: number;
	  };

/** The submissions of one run. Plain JSON: n8n saves it with the execution. */
interface Page {
	entries: Record<string, Entry>;
	/** The names of an entry, see {@link Ledger.keys}. Several lead to one entry. */
	names: Record<string, string>;
}

const CONTEXT_KEY = 'cobaltSubmissions';

/** n8n repeats only the latest run of a node; an agent may have a few under way side by side. */
const RUNS_KEPT = 20;

/** 96 bits: enough to tell the items of an execution apart, and short, for n8n saves them all. */
const DIGEST_LENGTH = 24;

/**
 * Remembers which submissions of this node have been made in this execution. n8n keeps the node
 * context between the tries of Retry On Fail and hands it to a *Retry execution*, so what was
 * submitted once is found again there.
 *
 * A submission is known by the run of the node (rounds of a loop are different bookings), the item
 * (two equal items are two bookings), and what it says: see {@link Ledger.keys}. Digests keep patient
 * data out of a place that workflows can read.
 */
export class Ledger {
	private readonly runs: Record<string, Page>;

	private readonly page: Page;

	/** Whether nothing is known of any run: it is the first try, or what the first one knew is lost. */
	readonly isFirst: boolean;

	/**
	 * @param context n8n's node context, kept by reference
	 * @param run `$runIndex`
	 */
	constructor(context: Record<string, unknown>, run: number) {
		this.isFirst = context[CONTEXT_KEY] === undefined;
		this.runs = (context[CONTEXT_KEY] ??= {}) as Record<string, Page>;
		for (const kept of Object.keys(this.runs)) {
			if (Number(kept) <= run - RUNS_KEPT) delete this.runs[kept];
		}
		this.page = this.runs[run] ??= { entries: {}, names: {} };
	}

	/**
	 * The names of a submission, one for each of its contents; any of them is enough to know it again.
	 *
	 * @param contents JSON, such as what the user set up and the request that came of it
	 */
	static keys(itemIndex: number, ...contents: unknown[]): string[] {
		return contents.map((content) => {
			const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
			return `${itemIndex}:${digest.slice(0, DIGEST_LENGTH)}`;
		});
	}

	read(keys: readonly string[]): Entry | undefined {
		const found = this.find(keys);
		return found === undefined ? undefined : this.page.entries[found];
	}

	write(keys: readonly string[], entry: Entry): void {
		const id = this.find(keys) ?? keys.join();
		this.page.entries[id] = entry;
		for (const key of keys) this.page.names[key] = id;
	}

	/** For a submission that certainly did not reach Cobalt. */
	forget(keys: readonly string[]): void {
		const found = this.find(keys);
		if (found !== undefined) delete this.page.entries[found];
	}

	/** Whether the same was asked for in another run of the node, and nobody knows what became of it. */
	isOpenElsewhere(keys: readonly string[]): boolean {
		const contents = new Set(keys.map(contentOf));
		return Object.values(this.runs)
			.filter((page) => page !== this.page)
			.some(({ entries, names }) =>
				Object.entries(names).some(([name, id]) => {
					const isSame = contents.has(contentOf(name));
					return isSame && ['sending', 'unknown'].includes(entries[id]?.state ?? '');
				}),
			);
	}

	/** Whether a record of Cobalt's is known to come from another submission. */
	hasRecord(recordId: string): boolean {
		return Object.values(this.runs)
			.flatMap(({ entries }) => Object.values(entries))
			.some((entry) => 'receipt' in entry && entry.receipt.recordId === recordId);
	}

	/** Where names lead to different entries, a failed one counts least: it would be sent again. */
	private find(keys: readonly string[]): string | undefined {
		const { entries, names } = this.page;
		const found = keys.flatMap((key) => names[key] ?? []).filter((id) => id in entries);
		return found.find((id) => entries[id]?.state !== 'failed') ?? found[0];
	}
}

/** The digest in a name: that of the content, without the item. */
function contentOf(name: string): string {
	return name.slice(name.indexOf(':') + 1);
}
