import type { IDataObject } from 'n8n-workflow';

import { CLOCK_SKEW_MS } from '../../shared/events/logTail';
import { readWholeList } from '../../shared/pagination/wholeList';
import { systemClock as clock } from '../../shared/retry/clock';
import type { RecordMatcher } from '../declarations/recordMatcher';
import type { ItemInput } from '../parameters/itemInput';
import type { Run } from '../run/run';
import {
	matchingRecords,
	matchKey,
	searchQuery,
	madeByCobaltAt,
	recordIdOf,
	stateOf,
	statusOf,
	type RecordState,
} from './recordMatcher';
import { receiptIn, type SubmissionStore } from './submissionStore';

/** How far back a record is searched if it is unknown when its submission was sent. */
const UNDATED_MS = 86_400_000;

/** How long after the end of the wait a queued lookup may still begin. */
const MAX_LATE_LOOKUP_MS = 30_000;

const PAUSE = { firstMs: 2_000, longestMs: 30_000 };

/**
 * Tolerated clock difference for a failed record, which leads to another submission. The record must not come
 * from an earlier submission while that of the one in question is not in the list yet.
 */
const FAILED_SKEW_MS = 5_000;

/** The record of a submission. */
export interface FoundRecord {
	state: RecordState;
	/** Its status in the list. */
	status?: string;
	recordId: string;
	/** As the list returns it. */
	record: IDataObject;
}

/**
 * The result of a search:
 * - `found`: the record of the submission, and of no other.
 * - `unread`: the list could not be read.
 * - `unclear`: the list shows no such record, or several.
 */
export type SearchResult =
	{ status: 'found'; found: FoundRecord } | { status: 'unread' | 'unclear' };

/** What a search has shown, for the text of an error. */
export function describeSearch(search: SearchResult): string {
	if (search.status === 'unread')
		return "Cobalt's list, in which it might be found, could not be read.";
	if (search.status !== 'found') {
		return "Cobalt's list shows no match, or more than one.";
	}
	const { state, status } = search.found;
	const has =
		status === undefined ? 'without a status' : `with the status '${status.slice(0, 60)}'`;
	return state === 'gone'
		? `Cobalt's list shows no such record but one ${has}, which no longer counts. It may be this one, or an earlier one.`
		: `Cobalt's list shows the record ${has}, and that does not say whether it is in the EHR.`;
}

/**
 * Searches Cobalt's lists for the record of a submission whose response was lost. The EHR takes a while to
 * create it, so the search lasts as long as the wait for a job.
 */
export class RecordRecovery {
	/** Keys of the items that could be confused with each other, by what they have in common. */
	private readonly alike = new Map<string, string[]>();

	constructor(
		private readonly run: Run,
		private readonly store: SubmissionStore,
		private readonly matcher: RecordMatcher,
		/** How long to search if the item does not wait for its job; milliseconds. */
		private readonly usualMs: number,
	) {}

	/**
	 * To be called for every item of the run.
	 *
	 * @param key of its entry in the store
	 */
	prepare(input: ItemInput, key: string): void {
		const identity = this.identityOf(input);
		this.alike.set(identity, [...(this.alike.get(identity) ?? []), key]);
	}

	/**
	 * Searches for the record of an item. Returns as soon as it finds a completed one; any other state may still
	 * change, and counts at the end of the wait. Completed and failed records are saved in the store; for
	 * others, a retry searches again.
	 *
	 * @param key as in {@link prepare}
	 * @param sentAt when the submission was sent, if known; epoch milliseconds
	 */
	async find(input: ItemInput, key: string, sentAt?: number): Promise<SearchResult> {
		const { store, run } = this;
		const { account, wait } = input;
		const deadline = clock.now() + (wait?.timeoutMs ?? this.usualMs);
		const since = sentAt ?? clock.now() - UNDATED_MS;
		let isRead = false;
		let latest: FoundRecord | undefined;
		for (let pauseMs = PAUSE.firstMs; ; pauseMs = Math.min(pauseMs * 2, PAUSE.longestMs)) {
			const listed = await this.readList(input, since, deadline);
			if (listed) {
				isRead = true;
				const own = listed.filter(
					({ recordId }) => !store.hasRecord(recordId, account.fingerprint),
				);
				const inForce = own.filter(({ state }) => state !== 'gone');
				const [found, ...others] = inForce.length > 0 ? inForce : own;
				const isSure = others.length === 0 && !this.isAmbiguous(input, key);
				latest = isSure ? found : undefined;
			}
			const restMs = deadline - clock.now();
			const isOver = restMs <= 0 || run.signal.aborted;
			const end = isOver || latest?.state === 'completed' ? latest : undefined;
			if (end && this.isReliable(end, sentAt)) {
				const { recordId, state } = end;
				if (state === 'completed' || state === 'failed') {
					store.write(key, { state, receipt: { recordId }, sentAt: since });
				}
				return { status: 'found', found: end };
			}
			if (isOver) return { status: isRead ? 'unclear' : 'unread' };
			await clock.sleep(Math.min(pauseMs, restMs), run.signal);
		}
	}

	/** A failed record leads to another submission, so it must not be older than this one. */
	private isReliable({ state, record }: FoundRecord, sentAt = Infinity): boolean {
		return state !== 'failed' || madeByCobaltAt(record) >= sentAt - FAILED_SKEW_MS;
	}

	/**
	 * Whether another item, in this run or another one, requested the same, and its record is not known (yet).
	 * Then a record cannot be attributed to either item.
	 */
	private isAmbiguous(input: ItemInput, key: string): boolean {
		if (this.store.isOpenElsewhere(key)) return true;
		const alike = this.alike.get(this.identityOf(input)) ?? [];
		return alike.some((other) => {
			const entry = other === key ? undefined : this.store.read(other);
			return entry && receiptIn(entry)?.recordId === undefined;
		});
	}

	/** Includes the account: records of two accounts are never confused. */
	private identityOf({ account, request }: ItemInput): string {
		return `${account.fingerprint} ${matchKey(this.matcher, request.body ?? {})}`;
	}

	/** @returns undefined if the list cannot be read, or not until long after the end of the wait */
	private async readList(
		{ account, request: { body: submitted = {} } }: ItemInput,
		sentAt: number,
		deadline: number,
	): Promise<FoundRecord[] | undefined> {
		const { signal } = this.run;
		const { rateLimiter, limit, send } = account;
		const list = searchQuery(this.matcher, submitted);
		const records = await limit(async () => {
			const mayAsk = clock.now() <= deadline + MAX_LATE_LOOKUP_MS && (await rateLimiter.acquire());
			if (!mayAsk || signal.aborted) return undefined;
			// A record missing from an incomplete list could be the one that counts.
			const read = readWholeList(async (part) => await rateLimiter.track(send(part)), list);
			return await read.catch(() => undefined);
		});
		return (
			records &&
			matchingRecords(this.matcher, submitted, records, sentAt - CLOCK_SKEW_MS).flatMap(
				(record) => {
					const recordId = recordIdOf(this.matcher, record);
					const state = stateOf(this.matcher, record);
					const status = statusOf(this.matcher, record);
					return recordId === undefined ? [] : [{ state, status, recordId, record }];
				},
			)
		);
	}
}
