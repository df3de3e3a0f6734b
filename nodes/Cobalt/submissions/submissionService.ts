import type { IDataObject } from 'n8n-workflow';

import { systemClock as clock } from '../../shared/retry/clock';
import { methodOf, type Mutation, type Submission } from '../declarations/operation';
import type { ItemInput } from '../parameters/itemInput';
import {
	cancelledWhileUnknown,
	cancelledBeforeDone,
	notAsked,
	outcomeUnknown,
	recordFailed,
	rejected,
	submittedOtherwise,
	type ItemContext,
} from '../run/failures';
import type { Result } from '../run/result';
import type { Run } from '../run/run';
import { fingerprint } from './fingerprint';
import type { Identity } from './identity';
import { OtherExecutions, type Candidate } from './otherExecutions';
import { receiptOf } from './receipt';
import { describeSearch, RecordRecovery, type FoundRecord } from './recordRecovery';
import { submitOnce, type SubmitResult } from './submission';
import { SubmissionStore, type Assignment, type SubmissionIds } from './submissionStore';

/** Why another execution stands in the way. */
const SENT_ELSEWHERE = {
	lost: 'an earlier execution may have sent the same, and n8n has lost what became of it',
	taken: 'another retry of the same execution may have sent it, or is about to',
};

/** A write that Cobalt took. */
export interface AcceptedSubmission {
	receipt: SubmissionIds;
	/** When it was sent; epoch milliseconds. */
	sentAt?: number;
	/** What Cobalt answered, when this run sent it. */
	answer?: IDataObject;
	/** The record that it made, where the answer was lost and the record was found in a list. */
	found?: { state: 'completed' | 'pending'; record: IDataObject };
	/** By which the store knows it. */
	key: string;
	/** Whether an earlier try sent something else for the item. */
	isOtherwise: boolean;
}

/** Everything that is sent once: through the store, and noted for other executions. */
export class SubmissionService {
	private readonly store: SubmissionStore;

	private readonly others: OtherExecutions;

	/** Absent where Cobalt has no list in which a lost answer's record could be known again. */
	private readonly search?: RecordRecovery;

	/** What the store has of each item, by the item's index. */
	private readonly assignments = new Map<number, Assignment>();

	/** What other executions may know of each item, and by what it is known in a retry; by its index. */
	private readonly candidates = new Map<number, Candidate>();

	private identities: readonly Identity[] = [];

	constructor(
		private readonly run: Run,
		private readonly operation: Submission | Mutation,
	) {
		const { context } = run;
		const runIndex = this.runIndex();
		this.store = new SubmissionStore(context.getContext('node'), runIndex);
		this.others = new OtherExecutions(context, runIndex, this.store.isKnownRun, run.isTool);
		if (operation.kind === 'submission' && operation.recordMatcher) {
			const { timeoutSeconds, recordMatcher } = operation;
			this.search = new RecordRecovery(run, this.store, recordMatcher, timeoutSeconds * 1000);
		}
	}

	/** Finds out what earlier tries and other executions have made, and notes what is about to be sent. */
	async prepare(inputs: readonly ItemInput[]): Promise<void> {
		if (inputs.length === 0) return;
		const { store } = this;
		const identities = this.identify(inputs);
		this.identities = identities;
		const assigned = this.run.isTool
			? identities.map((identity) => store.assignCall(identity))
			: store.assign(identities);
		assigned.forEach((assignment, index) => this.assignments.set(index, assignment));
		for (const input of inputs) this.search?.prepare(input, this.assignmentOf(input).key);
		this.nameCandidates(inputs);
		const fresh = [...this.candidates].filter(([index]) => this.statusOf(index) === 'new');
		const suspects = await this.others.prepare(fresh.map(([, candidate]) => candidate));
		for (const [key, status] of suspects) {
			store.write(key, { state: 'unknown', reason: SENT_ELSEWHERE[status] });
		}
		store.begin();
	}

	/** Sends the request of an item, unless an earlier try has done so. */
	async send(input: ItemInput, place: ItemContext): Promise<AcceptedSubmission | Result> {
		const { store, run } = this;
		const { key, status } = this.assignmentOf(input);
		if (status !== 'new' && status !== 'known') {
			return { state: 'bad', failure: submittedOtherwise(place, status, store.read(key)) };
		}
		// An agent may change something there and back again; only what creates is made once.
		if (run.isTool && input.request.method !== 'POST' && this.isCompleted({ key })) {
			store.forget(key);
		}
		const sent = await input.account.limit(async () => await this.submit(input, key));
		switch (sent.state) {
			case 'unclear':
				return { state: 'bad', failure: notAsked(place) };
			case 'halted':
				return { state: 'left', failure: cancelledBeforeDone(place) };
			case 'refused':
				return { state: 'bad', failure: rejected(place, sent.error) };
			case 'unknown':
				return await this.resolveDoubt(input, place, sent);
			case 'accepted': {
				const { receipt, sentAt, answer, reused } = sent;
				const name = receipt.jobId === undefined ? place.title : `job ${receipt.jobId}`;
				run.context.logger.debug(
					`Cobalt: ${name} was submitted${reused ? ' by an earlier try' : ''}`,
					{ itemIndex: place.itemIndex },
				);
				const isOtherwise = store.identityOf(key)?.request !== fingerprint(input.request);
				return { receipt, sentAt, answer, key, isOtherwise };
			}
		}
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
	 * Submits afresh what an earlier try had submitted, and what has failed since: nobody would come to it
	 * otherwise, for n8n starts every retry from what the first run knew.
	 */
	async sendAfresh(input: ItemInput, place: ItemContext): Promise<AcceptedSubmission | Result> {
		const { itemIndex } = input;
		const identity = this.identities[itemIndex];
		const candidate = this.candidates.get(itemIndex);
		const { key, status } = this.assignmentOf(input);
		if (identity) this.store.renew(key, identity);
		if (candidate) this.others.add(candidate, status === 'known');
		return await this.send(input, place);
	}

	isCompleted({ key }: Pick<AcceptedSubmission, 'key'>): boolean {
		return this.store.read(key)?.state === 'completed';
	}

	/** Submits what may be submitted, as far as earlier tries and other executions are concerned. */
	private async submit(
		input: ItemInput,
		key: string,
	): Promise<SubmitResult<IDataObject> | { state: 'unclear' }> {
		const { store, run } = this;
		const { account } = input;
		if (!store.isLive(key) && !run.signal.aborted) {
			const reservation = await this.others.reserve(key);
			const { status } = reservation;
			if (status === 'unclear') return { state: 'unclear' };
			if (status === 'free') store.note(key, reservation.note);
			else store.write(key, { state: 'unknown', reason: SENT_ELSEWHERE[status] });
		}
		const sent = await submitOnce({
			store,
			key,
			send: async () => await account.send(input.request),
			receiptOf: (answer) =>
				receiptOf(answer, this.operation.recordKey, [input.values.id].flat().at(-1)),
			clock,
			rateLimiter: account.rateLimiter,
			signal: run.signal,
		});
		if (sent.state === 'refused' || sent.state === 'halted') this.others.giveUp(key);
		return sent;
	}

	/** Nobody knows whether Cobalt took it. It may be possible to see what became of it. */
	private async resolveDoubt(
		input: ItemInput,
		place: ItemContext,
		{ reason, sentAt, error }: Extract<SubmitResult<IDataObject>, { state: 'unknown' }>,
	): Promise<AcceptedSubmission | Result> {
		const { signal } = this.run;
		const { key } = this.assignmentOf(input);
		const found = input.searchesOnUnknown ? await this.search?.find(input, key, sentAt) : undefined;
		if (typeof found === 'object') {
			const accepted = { receipt: { recordId: found.recordId }, sentAt, key, isOtherwise: false };
			const isOfEarlierTry = error === undefined;
			if (found.state !== 'failed' || !isOfEarlierTry) {
				return this.adopt(found, place, { accepted, reason });
			}
			this.settle(accepted, 'failed');
			return await this.sendAfresh(input, place);
		}
		if (found && signal.aborted) {
			return { state: 'left', failure: cancelledWhileUnknown(place, reason) };
		}
		const search = found && describeSearch(found);
		return { state: 'bad', failure: outcomeUnknown(place, reason, { error, search }) };
	}

	/** Tells of a record that was found as what it is. */
	private adopt(
		found: FoundRecord,
		place: ItemContext,
		{ accepted, reason }: { accepted: AcceptedSubmission; reason: string },
	): AcceptedSubmission | Result {
		const { state, recordId, record } = found;
		const { recordKey } = this.operation;
		if (recordKey && state !== 'gone') place.ids = { [recordKey]: recordId };
		switch (state) {
			case 'completed':
			case 'pending':
				return { ...accepted, found: { state, record } };
			case 'failed':
				this.settle(accepted, 'failed');
				return { state: 'bad', failure: recordFailed(place) };
			case 'gone':
			case 'unrecognized': {
				const search = describeSearch(found);
				return { state: 'bad', failure: outcomeUnknown(place, reason, { search }) };
			}
		}
	}

	private statusOf(itemIndex: number): Assignment['status'] | undefined {
		return this.assignments.get(itemIndex)?.status;
	}

	private assignmentOf({ itemIndex }: ItemInput): Assignment {
		const assignment = this.assignments.get(itemIndex);
		if (assignment === undefined) throw new Error('An item was not prepared');
		return assignment;
	}

	/** All items of the run: one that cannot be sent now may have been submitted by an earlier try. */
	private identify(inputs: readonly ItemInput[]): Identity[] {
		const { context, isTool, items } = this.run;
		const ready = new Map(inputs.map((input) => [input.itemIndex, input]));
		return items.map(({ json }, index) => {
			const input = ready.get(index);
			return {
				index,
				item: fingerprint(json),
				operation: `${methodOf(this.operation)} ${this.operation.path}`,
				...(input && {
					request: fingerprint(input.request),
					account: input.account.fingerprint,
					subject: this.subjectOf(input),
				}),
				...(isTool && { execution: context.getExecutionId() }),
			};
		});
	}

	/** Of equal items, each has a name of its own. */
	private nameCandidates(inputs: readonly ItemInput[]): void {
		const { identities } = this;
		const { isTool } = this.run;
		const counts = new Map<string, number>();
		const numbered = (name: string) => {
			const count = counts.get(name) ?? 0;
			counts.set(name, count + 1);
			return `${name} ${count}`;
		};
		// An agent may put the same in other words; what it is about stays the same.
		const names = identities.map(({ item, request, subject = request }) =>
			numbered(isTool ? `call ${subject}` : `item ${item}`),
		);
		for (const input of inputs) {
			const { account, item, request, subject } = identities[input.itemIndex] ?? {};
			const looseNames = [`item ${item}`, `request ${request}`];
			if (subject !== undefined) looseNames.push(`subject ${subject}`);
			this.candidates.set(input.itemIndex, {
				key: this.assignmentOf(input).key,
				name: names[input.itemIndex] ?? '',
				account: input.account.fingerprint,
				looseNames: looseNames.map((name) => numbered(`${name} ${account}`)),
				resubmitsForgotten: input.resubmitsUntracked,
			});
		}
	}

	/** Of what is created: a digest of the fields that the operation cannot do without. */
	private subjectOf({ request: { method, path }, values }: ItemInput): string | undefined {
		const required = this.operation.fields.filter(({ isRequired }) => isRequired);
		return method === 'POST' && required.length > 0
			? fingerprint([path, required.map(({ key }) => values[key])])
			: undefined;
	}

	/**
	 * The run that the store belongs to. As the tool of an agent, the node is given a new run index even
	 * when n8n only repeats the same call, so there all calls share one: an agent that asks for the same
	 * booking twice gets the first one.
	 */
	private runIndex(): number {
		const { context, isTool } = this.run;
		return isTool ? 0 : (context.getWorkflowDataProxy(0).$runIndex as number);
	}
}
