import { keysAlike, matchIdentities, setIdentity, type Identity } from './identity';

/** The ids in Cobalt's response to a submission. Nothing else of the response may be stored. */
export interface SubmissionIds {
	/** Absent if Cobalt gave none: such a job cannot be waited for. */
	jobId?: string;
	/** Cobalt's id of the record that is being created, such as an `appointment_id`. */
	recordId?: string;
}

/**
 * The state of a submission:
 * - `sending`: the request is in flight. At the start of a run, it means that the previous run was cut off in
 *   the middle of it, so Cobalt may have accepted it.
 * - `submitted`: Cobalt accepted it; the result is not known yet.
 * - `completed`, `failed`: Cobalt confirmed the result.
 * - `unknown`: Cobalt may have accepted it.
 */
export type Entry =
	| { state: 'sending'; sentAt: number }
	| {
			state: 'unknown';
			/** What happened, in this node's own words. */
			reason: string;
			/** Absent if another execution sent it. */
			sentAt?: number;
	  }
	| {
			state: 'submitted' | 'completed' | 'failed';
			receipt: SubmissionIds;
			/** When the request was sent; epoch milliseconds, as everywhere here. */
			sentAt: number;
	  };

/** @returns undefined unless Cobalt is known to have accepted the submission */
export const receiptIn = (entry: Entry): SubmissionIds | undefined =>
	entry.state === 'sending' || entry.state === 'unknown' ? undefined : entry.receipt;

/** The submissions of one run, by key. Plain JSON: n8n saves it with the execution. */
interface Page {
	entries: Record<string, Entry>;
	identities: Record<string, Identity>;
	/** Accounts by the record ids of failed submissions that were submitted again. */
	replaced?: Record<string, string>;
}

const CONTEXT_KEY = 'cobaltSubmissions';

/** n8n only repeats the latest run of a node; an agent may have a few runs at once. */
const MAX_STORED_RUNS = 20;

/**
 * What is known about an item from earlier tries:
 * - `new`: nothing, or a submission that has failed. The item may be submitted.
 * - `known`: a submission, which decides the item's result, whatever was edited since.
 * - `otherAccount`: a submission to another account.
 * - `otherOperation`: a submission of another operation.
 * - `doubtful`: nothing; but there is a submission that matches no item, and this item may be an edited form
 *   of the submitted one.
 */
export interface Assignment {
	key: string;
	status: 'new' | 'known' | 'otherAccount' | 'otherOperation' | 'doubtful';
}

/**
 * Stores the submissions of this node in this execution. n8n keeps the node context between the tries of
 * Retry On Fail and passes it to a *Retry execution*, where a later try finds the submissions again.
 *
 * A submission belongs to a run of the node (rounds of a loop are different bookings) and to an item (two equal
 * items are two bookings). Workflows can read the node context, so it holds hashes and no patient data.
 */
export class SubmissionStore {
	private readonly runs: Record<string, Page>;
	private readonly page: Page;
	private readonly identities = new Map<string, Identity>();

	/** Whether an earlier try has started this run. If not, it is new, or n8n has lost its data. */
	readonly isKnownRun: boolean;

	/**
	 * @param context n8n's node context, which is written to
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

	/** To be called before the first submission, after checking what other executions have submitted. */
	begin(): void {
		const { context, page, run, runs } = this;
		context[CONTEXT_KEY] = runs;
		runs[run] = page;
		for (const index of Object.keys(runs)) {
			if (Number(index) <= run - MAX_STORED_RUNS) delete runs[index];
		}
	}

	/** Finds the submissions of all items of a run. The result is in the order of the items. */
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
	 * Finds the submission of an agent's call. What an agent requests twice is submitted once. A call with any
	 * change is another record, unless the earlier submission is from another execution, or not completed: then
	 * the call may be a repetition of it.
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

	/** The entry of a submission, written by this execution or by the one that it retries. */
	read(key: string): Entry | undefined {
		return this.page.entries[key];
	}

	/** Notes the state of a submission, in place of an earlier one. */
	write(key: string, entry: Entry): void {
		this.keepReplaced(key, entry);
		this.page.entries[key] = entry;
		const identity = this.identities.get(key);
		if (identity) setIdentity(this.page.identities, key, identity);
	}

	/** To be called for a submission that certainly did not reach Cobalt. */
	forget(key: string): void {
		delete this.page.entries[key];
		delete this.page.identities[key];
	}

	/** Sets the note of a submission. To be called before {@link write}. */
	note(key: string, note: string | undefined): void {
		const identity = this.identities.get(key);
		if (identity) this.identities.set(key, { ...identity, note });
	}

	/** The identity that a submission had when it was made. */
	identityOf(key: string): Identity | undefined {
		return this.identities.get(key) ?? this.page.identities[key];
	}

	/** Whether another run of the node submitted the same request with an unknown outcome. */
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

	/** The live entries of other submissions with the same request, in all runs of the node. */
	alikeOf(key: string): Entry[] {
		const own = this.identityOf(key);
		if (own === undefined) return [];
		return [...new Set([...Object.values(this.runs), this.page])].flatMap((page) =>
			keysAlike(page.identities, own).flatMap((other) => {
				const { [other]: entry } = page.entries;
				const isOwn = page === this.page && other === key;
				return entry && !isOwn && entry.state !== 'failed' ? [entry] : [];
			}),
		);
	}

	/** To be called before a failed submission is repeated, with the item's current identity. */
	renew(key: string, identity: Identity): void {
		this.identities.set(key, identity);
	}

	/** Whether a record of an account certainly comes from another submission. */
	hasRecord(recordId: string, account = ''): boolean {
		return [...Object.values(this.runs), this.page].some(
			({ entries, identities, replaced = {} }) =>
				replaced[recordId] === account ||
				Object.entries(entries).some(
					([key, entry]) =>
						receiptIn(entry)?.recordId === recordId && (identities[key]?.account ?? '') === account,
				),
		);
	}

	/** Whether Cobalt has, or may have, a submission that has not failed. */
	isLive(key: string): boolean {
		const state = this.read(key)?.state;
		return state !== undefined && state !== 'failed';
	}

	private statusOf(key: string, { account, operation }: Identity): Assignment['status'] {
		const submitted = this.page.identities[key];
		// The outcome of an appointment says nothing about a patient.
		if (submitted?.operation !== operation) return 'otherOperation';
		return submitted?.account === account ? 'known' : 'otherAccount';
	}

	/** Keeps the id of a failed record, so that it is not mistaken for the record of a later submission. */
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
