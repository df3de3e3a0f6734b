import { matchIdentities, type Identity } from './identity';

/** What Cobalt answered to a submission, as far as it may be kept: ids, no patient data. */
export interface SubmissionIds {
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
			receipt: SubmissionIds;
			/** When the request went out; epoch milliseconds, as everywhere here. */
			sentAt: number;
	  };

/** The submissions of one run, by key. Plain JSON: n8n saves it with the execution. */
interface Page {
	entries: Record<string, Entry>;
	identities: Record<string, Identity>;
	/** The records of submissions that failed and were made afresh, with their accounts. */
	replaced?: Record<string, string>;
}

const CONTEXT_KEY = 'cobaltSubmissions';

/** n8n repeats only the latest run of a node; an agent may have a few under way side by side. */
const MAX_STORED_RUNS = 20;

/**
 * What a run already has of an item:
 * - `new`: nothing, or a submission that is known to have failed. It may be submitted.
 * - `known`: a submission that decides what becomes of the item, whatever was edited since.
 * - `otherAccount`: such a submission, but to another account.
 * - `otherOperation`: such a submission, but of another operation.
 * - `doubtful`: nothing of this item; but there is a submission that belongs to none of the items as they
 *   are now, and this may be its item in an edited form.
 */
export interface Assignment {
	key: string;
	status: 'new' | 'known' | 'otherAccount' | 'otherOperation' | 'doubtful';
}

/**
 * Remembers which submissions of this node have been made in this execution. n8n keeps the node
 * context between the tries of Retry On Fail and hands it to a *Retry execution*, so what was
 * submitted once is found again there.
 *
 * A submission belongs to a run of the node (rounds of a loop are different bookings) and to an item (two
 * equal items are two bookings). Digests keep patient data out of a place that workflows can read.
 */
export class SubmissionStore {
	private readonly runs: Record<string, Page>;

	private readonly page: Page;

	/** By key. */
	private readonly identities = new Map<string, Identity>();

	/** Whether an earlier try has begun this run; if not, it is new, or n8n has lost what was known of it. */
	readonly isKnownRun: boolean;

	/**
	 * @param context n8n's node context, kept by reference
	 * @param run `$runIndex`
	 */
	constructor(
		private readonly context: Record<string, unknown>,
		private readonly run: number,
	) {
		this.runs = (context[CONTEXT_KEY] ?? {}) as Record<string, Page>;
		this.isKnownRun = this.runs[run] !== undefined;
		this.page = this.runs[run] ?? { entries: {}, identities: {} };
	}

	/** To be called before the first submission, once it is known what other executions have made. */
	begin(): void {
		const { context, page, run, runs } = this;
		context[CONTEXT_KEY] = runs;
		runs[run] = page;
		for (const kept of Object.keys(runs)) {
			if (Number(kept) <= run - MAX_STORED_RUNS) delete runs[kept];
		}
	}

	/**
	 * Finds the submissions of all items of a run.
	 *
	 * @returns in the order of the items
	 */
	assign(present: readonly Identity[]): Assignment[] {
		const { entries, identities } = this.page;
		const known = new Map(Object.entries(identities).filter(([key]) => key in entries));
		const matches = matchIdentities(present, known);
		const claimed = new Set(matches.values());
		const isUnclaimed = [...known.keys()].some((key) => this.isLive(key) && !claimed.has(key));
		return present.map((identity) => {
			const match = matches.get(identity.index);
			if (match === undefined) {
				const key = this.newKey(String(identity.index), identity);
				return { key, status: isUnclaimed ? 'doubtful' : 'new' };
			}
			if (this.isLive(match)) return { key: match, status: this.statusOf(match, identity) };
			this.identities.set(match, identity);
			return { key: match, status: 'new' };
		});
	}

	/**
	 * Finds the submission of one call among those of others: calls of an agent. What an agent asks for twice is
	 * made once. With anything changed in it, it is another record, unless what was submitted before is the
	 * work of another execution, or nobody has seen it done: then the call may be a repetition of it.
	 */
	assignCall(identity: Identity): Assignment {
		const key = `call ${identity.account} ${identity.request ?? identity.item}`;
		this.identities.set(key, identity);
		if (this.isLive(key)) return { key, status: this.statusOf(key, identity) };
		const isRepetition = Object.entries(this.page.identities).some(
			([other, { account, execution, subject }]) =>
				subject !== undefined &&
				subject === identity.subject &&
				account === identity.account &&
				this.isLive(other) &&
				(execution !== identity.execution || this.read(other)?.state !== 'completed'),
		);
		return { key, status: isRepetition ? 'doubtful' : 'new' };
	}

	read(key: string): Entry | undefined {
		return this.page.entries[key];
	}

	write(key: string, entry: Entry): void {
		this.keepReplaced(key, entry);
		this.page.entries[key] = entry;
		const identity = this.identities.get(key);
		if (identity) this.page.identities[key] = identity;
	}

	/** For a submission that certainly did not reach Cobalt. */
	forget(key: string): void {
		delete this.page.entries[key];
		delete this.page.identities[key];
	}

	/** To be called before a submission is written. */
	note(key: string, note: string | undefined): void {
		const identity = this.identities.get(key);
		if (identity) this.identities.set(key, { ...identity, note });
	}

	/** What was submitted: an entry keeps the identity that it had then. */
	identityOf(key: string): Identity | undefined {
		return this.identities.get(key) ?? this.page.identities[key];
	}

	/** Whether the same was asked for in another run of the node, and nobody knows what became of it. */
	isOpenElsewhere(key: string): boolean {
		const own = this.identityOf(key);
		return Object.values(this.runs)
			.filter((page) => page !== this.page)
			.some(({ entries, identities }) =>
				Object.entries(identities).some(([other, { account, item, request }]) => {
					const isSame = item === own?.item || (request !== undefined && request === own?.request);
					return (
						isSame &&
						account === own?.account &&
						['sending', 'unknown'].includes(entries[other]?.state ?? '')
					);
				}),
			);
	}

	/** To be called before a submission that has failed is made afresh, as it is now. */
	renew(key: string, identity: Identity): void {
		this.identities.set(key, identity);
	}

	/** Whether a record of an account is known to come from another submission. */
	hasRecord(recordId: string, account = ''): boolean {
		return [...Object.values(this.runs), this.page].some(
			({ entries, identities, replaced = {} }) =>
				replaced[recordId] === account ||
				Object.entries(entries).some(
					([key, entry]) =>
						'receipt' in entry &&
						entry.receipt.recordId === recordId &&
						(identities[key]?.account ?? '') === account,
				),
		);
	}

	/** Whether it may have been made: everything but what is known to have failed. */
	isLive(key: string): boolean {
		const state = this.read(key)?.state;
		return state !== undefined && state !== 'failed';
	}

	private statusOf(key: string, { account, operation }: Identity): Assignment['status'] {
		const submitted = this.page.identities[key];
		// What an appointment came to says nothing of a patient.
		if (submitted?.operation !== operation) return 'otherOperation';
		return submitted?.account === account ? 'known' : 'otherAccount';
	}

	/** A failed record that is forgotten could be taken for that of a later submission. */
	private keepReplaced(key: string, entry: Entry): void {
		const { entries, identities } = this.page;
		const before = entries[key];
		if (before?.state !== 'failed' || before.receipt.recordId === undefined) return;
		if (entry.state === 'failed') return;
		this.page.replaced ??= {};
		this.page.replaced[before.receipt.recordId] = identities[key]?.account ?? '';
	}

	private newKey(wanted: string, identity: Identity): string {
		let key = wanted;
		for (let count = 1; key in this.page.entries; count += 1) key = `${wanted}.${count}`;
		this.identities.set(key, identity);
		return key;
	}
}
