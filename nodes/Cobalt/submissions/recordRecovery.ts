import type { IDataObject } from 'n8n-workflow';

import { CLOCK_SKEW_MS } from '../../shared/events/logTail';
import { readRecords } from '../../shared/pagination/pages';
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
import type { SubmissionStore } from './submissionStore';

/** How far back an item is looked for of which nobody knows when it was sent. */
const UNDATED_MS = 86_400_000;

/** How long after the time is over a look may still begin, when many stand in line. */
const MAX_LATE_LOOKUP_MS = 30_000;

const PAUSE = { firstMs: 2_000, longestMs: 30_000 };

/**
 * How far the clocks may be apart where a record that failed is to be sent again. It must not be that of
 * an earlier submission, while the one in question does not show yet.
 */
const FAILED_SKEW_MS = 5_000;

/** A record that can only come from the submission in question. */
export interface FoundRecord {
	state: RecordState;
	/** As the list has it. */
	status?: string;
	recordId: string;
	/** As the list has it. */
	record: IDataObject;
}

/** What to tell of a search after which nobody knows what became of the submission. */
export function describeSearch(found: FoundRecord | 'unread' | 'unclear'): string {
	if (found === 'unread') return "Cobalt's list, in which it could be found, cannot be read.";
	if (found === 'unclear') {
		return "Cobalt's list does not show it, or shows more than one that it could be.";
	}
	const { state, status } = found;
	const has =
		status === undefined ? 'without a status' : `with the status '${status.slice(0, 60)}'`;
	return state === 'gone'
		? `Cobalt's list shows no such record but one ${has}, which does not count any more. It may be this one, or an earlier one.`
		: `Cobalt's list shows the record ${has}, and that does not say whether it is in the EHR.`;
}

/**
 * Looks in Cobalt's lists for what a submission made whose answer was lost. It takes the EHR a while to
 * make it, so the search goes on for as long as a job would be waited for.
 */
export class RecordRecovery {
	/** Which items of the run could be taken for each other, by what they have in common. */
	private readonly alike = new Map<string, string[]>();

	constructor(
		private readonly run: Run,
		private readonly store: SubmissionStore,
		private readonly trace: RecordMatcher,
		/** How long to look where no job is waited for. */
		private readonly usualMs: number,
	) {}

	/**
	 * To be told of every item of the run.
	 *
	 * @param key by which the store knows its submission
	 */
	prepare(input: ItemInput, key: string): void {
		const identity = this.identityOf(input);
		this.alike.set(identity, [...(this.alike.get(identity) ?? []), key]);
	}

	/**
	 * Comes back early with a record that is completed. Whatever else it finds may still change, and counts
	 * when time is over. Completed and failed records are entered into the store: the others are looked for
	 * again by a retry.
	 *
	 * @param key as in {@link prepare}
	 * @param sentAt when the submission went out, where that is known
	 * @returns `unread` where the list could not be read, `unclear` where it shows nothing, or nothing of
	 *   which it can be told whose it is
	 */
	async find(
		input: ItemInput,
		key: string,
		sentAt?: number,
	): Promise<FoundRecord | 'unread' | 'unclear'> {
		const { store, run } = this;
		const { account, wait } = input;
		const deadline = clock.now() + (wait?.timeoutMs ?? this.usualMs);
		const since = sentAt ?? clock.now() - UNDATED_MS;
		let isRead = false;
		let latest: FoundRecord | undefined;
		for (let pauseMs = PAUSE.firstMs; ; pauseMs = Math.min(pauseMs * 2, PAUSE.longestMs)) {
			const listed = await this.look(input, since, deadline);
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
				return end;
			}
			if (isOver) return isRead ? 'unclear' : 'unread';
			await clock.sleep(Math.min(pauseMs, restMs), run.signal);
		}
	}

	/** What failed is to be sent again: it has to be younger than the submission. */
	private isReliable({ state, record }: FoundRecord, sentAt = Infinity): boolean {
		return state !== 'failed' || madeByCobaltAt(record) >= sentAt - FAILED_SKEW_MS;
	}

	/**
	 * Whether another item, of this run or of another one, asked for the same, and it is not known (yet) which
	 * record came of that: then nobody can say whose a record is.
	 */
	private isAmbiguous(input: ItemInput, key: string): boolean {
		if (this.store.isOpenElsewhere(key)) return true;
		const alike = this.alike.get(this.identityOf(input)) ?? [];
		return alike.some((other) => {
			const entry = other === key ? undefined : this.store.read(other);
			return entry && !('receipt' in entry && entry.receipt.recordId !== undefined);
		});
	}

	/** Records of two accounts are never taken for each other. */
	private identityOf({ account, request }: ItemInput): string {
		return `${account.fingerprint} ${matchKey(this.trace, request.body ?? {})}`;
	}

	/** @returns undefined where the list cannot be read, or the turn comes long after the time is over */
	private async look(
		{ account, request: { body: submitted = {} } }: ItemInput,
		sentAt: number,
		deadline: number,
	): Promise<FoundRecord[] | undefined> {
		const { signal } = this.run;
		const { rateLimiter, limit, send } = account;
		const list = searchQuery(this.trace, submitted);
		const records = await limit(async () => {
			const mayAsk = clock.now() <= deadline + MAX_LATE_LOOKUP_MS && (await rateLimiter.acquire());
			if (!mayAsk || signal.aborted) return undefined;
			const read = readRecords(async (request) => await rateLimiter.track(send(request)), list);
			return await read.then((found) => found.records).catch(() => undefined);
		});
		return (
			records &&
			matchingRecords(this.trace, submitted, records, sentAt - CLOCK_SKEW_MS).flatMap((record) => {
				const recordId = recordIdOf(this.trace, record);
				const state = stateOf(this.trace, record);
				const status = statusOf(this.trace, record);
				return recordId === undefined ? [] : [{ state, status, recordId, record }];
			})
		);
	}
}
