import type { IDataObject } from 'n8n-workflow';

import { idInText } from '../../shared/output/ids';
import { systemClock as clock } from '../../shared/retry/clock';
import type { Mutation, Submission } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import { completed } from '../parameters/recordId';
import type { ItemContext } from '../run/itemFailure';
import { cancelledBeforeDone, rejected } from '../run/requestFailures';
import type { Run } from '../run/run';
import {
	cancelledWhileUnknown,
	notAsked,
	outcomeUnknown,
	submittedOtherwise,
} from '../run/submissionFailures';
import {
	adoptRecord,
	submissionOf,
	type AcceptedSubmission,
	type Precheck,
	type Sent,
} from './acceptedSubmission';
import type { Candidate } from './candidateNames';
import { fingerprint } from './fingerprint';
import type { Identity } from './identity';
import { candidatesOf, identitiesOf, runIndexOf } from './itemIdentities';
import { OtherExecutions } from './otherExecutions';
import { receiptOf } from './receipt';
import { describeSearch, RecordRecovery } from './recordRecovery';
import { SENT_ELSEWHERE } from './retryReservations';
import { submitOnce, type SubmitResult } from './submission';
import { receiptIn, SubmissionStore, type Assignment, type Entry } from './submissionStore';

/** Sends every write at most once, counting what this execution and what other executions have sent. */
export class SubmissionService {
	private readonly store: SubmissionStore;
	private readonly others: OtherExecutions;

	/** Absent if none of Cobalt's lists shows which records come from a submission. */
	private readonly recovery?: RecordRecovery;

	/** The entry of each item in the store, by the item's index. */
	private readonly assignments = new Map<number, Assignment>();

	/** The names under which other executions may know each item, by its index. */
	private candidates: ReadonlyMap<number, Candidate> = new Map();

	private identities: readonly Identity[] = [];

	constructor(
		private readonly run: Run,
		private readonly operation: Submission | Mutation,
		private readonly precheck: Precheck = async (input, itemContext) =>
			await completed(operation, input, itemContext),
	) {
		const { context } = run;
		const runIndex = runIndexOf(run);
		this.store = new SubmissionStore(context.getContext('node'), runIndex);
		this.others = new OtherExecutions(context, runIndex, this.store.isKnownRun, run.isTool);
		if (operation.kind === 'submission' && operation.recordMatcher) {
			const { timeoutSeconds, recordMatcher } = operation;
			this.recovery = new RecordRecovery(run, this.store, recordMatcher, timeoutSeconds * 1000);
		}
	}

	/** Finds what earlier tries and other executions submitted, and notes what is about to be sent. */
	async prepare(inputs: readonly ItemInput[]): Promise<void> {
		if (inputs.length === 0) return;
		const { store } = this;
		const identities = identitiesOf(this.run, this.operation, inputs);
		this.identities = identities;
		const assigned = this.run.isTool
			? identities.map((identity) => store.assignCall(identity))
			: store.assign(identities);
		assigned.forEach((assignment, index) => this.assignments.set(index, assignment));
		for (const input of inputs) this.recovery?.prepare(input, this.assignmentOf(input).key);
		this.candidates = candidatesOf(
			this.run.isTool,
			identities,
			inputs,
			(input) => this.assignmentOf(input).key,
		);
		const fresh = [...this.candidates].filter(
			([index]) => this.assignments.get(index)?.status === 'new',
		);
		const suspects = await this.others.prepare(fresh.map(([, candidate]) => candidate));
		for (const [key, status] of suspects) {
			store.write(key, { state: 'unknown', reason: SENT_ELSEWHERE[status] });
		}
		store.begin();
	}

	/** Sends the request of an item, unless an earlier try has done so. */
	async send(input: ItemInput, itemContext: ItemContext): Promise<Sent> {
		const { store, run } = this;
		const { key, status } = this.assignmentOf(input);
		if (status !== 'new' && status !== 'known') {
			const entry = store.read(key);
			const jobId = entry && receiptIn(entry)?.jobId;
			return { status: 'failed', failure: submittedOtherwise(itemContext, status, jobId) };
		}
		// An agent may change a value and later change it back, so only the creation of records is deduplicated.
		if (run.isTool && input.request.method !== 'POST' && this.isCompleted({ key })) {
			store.forget(key);
		}
		const sent = await input.account.limit(async () => await this.submit(input, itemContext, key));
		switch (sent.status) {
			case 'decided':
				return sent.result;
			case 'cancelled':
				return { status: 'cancelled', failure: cancelledBeforeDone(itemContext) };
			case 'rejected':
				return { status: 'failed', failure: rejected(itemContext, sent.error) };
			case 'unknown':
				return await this.resolveUnknown(input, itemContext, sent);
			case 'accepted':
				return this.accept(input, itemContext, key, sent);
		}
	}

	private accept(
		{ request }: ItemInput,
		{ title, itemIndex }: ItemContext,
		key: string,
		{ isReused, ...sent }: Extract<SubmitResult<IDataObject>, { status: 'accepted' }>,
	): AcceptedSubmission {
		this.run.context.logger.debug(
			`Cobalt: ${title} was submitted${isReused ? ' by an earlier try' : ''} (job ID: ${idInText(sent.receipt.jobId ?? 'none')})`,
			{ itemIndex },
		);
		const hasOtherContents =
			isReused && this.store.identityOf(key)?.request !== fingerprint(request);
		return { ...sent, key, hasOtherContents };
	}

	/** Notes how a job ended. */
	settle(
		{ key, receipt, sentAt = clock.now() }: AcceptedSubmission,
		state: 'completed' | 'failed',
	): void {
		this.store.write(key, { state, receipt, sentAt });
		const note = this.store.identityOf(key)?.note;
		if (state === 'failed' && note !== undefined) this.others.release(note);
	}

	/**
	 * Submits an item again if the submission of an earlier try has failed since. Otherwise it would never be
	 * submitted, because n8n starts every retry from what the first run knew.
	 */
	async sendAfresh(input: ItemInput, itemContext: ItemContext): Promise<Sent> {
		const identity = this.identities[input.itemIndex];
		const candidate = this.candidates.get(input.itemIndex);
		const { key, status } = this.assignmentOf(input);
		if (identity) this.store.renew(key, identity);
		if (candidate) this.others.add(candidate, status === 'known');
		return await this.send(input, itemContext);
	}

	/** Whether an earlier try has submitted an item, or may have. */
	isLive(input: ItemInput): boolean {
		return this.store.isLive(this.assignmentOf(input).key);
	}

	/** The entries of this execution's other submissions with the same request, except for failed ones. */
	alikeOf(input: ItemInput): Entry[] {
		return this.store.alikeOf(this.assignmentOf(input).key);
	}

	/** Whether the job of a submission is known to have completed. */
	isCompleted({ key }: Pick<AcceptedSubmission, 'key'>): boolean {
		return this.store.read(key)?.state === 'completed';
	}

	/** Submits an item, unless an earlier try or another execution has done so. */
	private async submit(
		given: ItemInput,
		itemContext: ItemContext,
		key: string,
	): Promise<SubmitResult<IDataObject> | { status: 'decided'; result: Sent }> {
		const { store, run } = this;
		let input = given;
		if (!store.isLive(key) && !run.signal.aborted) {
			const checked = await this.precheck(given, itemContext);
			if (checked.status === 'failed' && run.signal.aborted) return { status: 'cancelled' };
			if (checked.status !== 'ready') {
				this.others.giveUp(key);
				return { status: 'decided', result: checked };
			}
			({ input } = checked);
			const reservation = await this.others.reserve(key);
			const { status } = reservation;
			if (status === 'unclear') {
				const result: Sent = { status: 'failed', failure: notAsked(itemContext) };
				return { status: 'decided', result };
			}
			if (status === 'free') store.note(key, reservation.note);
			else store.write(key, { state: 'unknown', reason: SENT_ELSEWHERE[status] });
		}
		const sent = await submitOnce({
			store,
			key,
			send: async () => await input.account.send(input.request),
			receiptOf: (response) =>
				receiptOf(response, this.operation.recordKey, [input.values.id].flat().at(-1)),
			clock,
			rateLimiter: input.account.rateLimiter,
			signal: run.signal,
		});
		if (sent.status === 'rejected' || sent.status === 'cancelled') this.others.giveUp(key);
		return sent;
	}

	/** Handles a submission that Cobalt may have accepted. Cobalt's list may show its record. */
	private async resolveUnknown(
		input: ItemInput,
		itemContext: ItemContext,
		{ reason, sentAt, error }: Extract<SubmitResult<IDataObject>, { status: 'unknown' }>,
	): Promise<Sent> {
		const { key } = this.assignmentOf(input);
		const search = input.searchesOnUnknown
			? await this.recovery?.find(input, key, sentAt)
			: undefined;
		if (search?.status === 'found') {
			const { found } = search;
			const submission = submissionOf(found, key, sentAt);
			if (found.state === 'failed') {
				this.settle(submission, 'failed');
				const isOfEarlierTry = error === undefined;
				if (isOfEarlierTry) return await this.sendAfresh(input, itemContext);
			}
			return adoptRecord(found, submission, itemContext, reason, this.operation.recordKey);
		}
		if (search && this.run.signal.aborted) {
			return { status: 'cancelled', failure: cancelledWhileUnknown(itemContext, reason) };
		}
		const finding = search && describeSearch(search);
		return {
			status: 'failed',
			failure: outcomeUnknown(itemContext, reason, { error, search: finding }),
		};
	}

	private assignmentOf({ itemIndex }: ItemInput): Assignment {
		const assignment = this.assignments.get(itemIndex);
		if (assignment === undefined) throw new Error('An item was not prepared');
		return assignment;
	}
}
