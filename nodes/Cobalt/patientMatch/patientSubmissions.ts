import { NodeOperationError } from 'n8n-workflow';

import type { List } from '../../shared/pagination/pages';
import { onAbort } from '../../shared/retry/abort';
import { systemClock as clock } from '../../shared/retry/clock';
import type { Submission } from '../declarations/operation';
import { AccountSettings } from '../parameters/accountSettings';
import type { ItemInput } from '../parameters/itemInput';
import type { Ready } from '../parameters/recordId';
import { RequiredFields } from '../parameters/requiredFields';
import type { ItemContext } from '../run/itemFailure';
import { patientAmbiguous, SUBMITTED_BY_OTHER } from '../run/patientFailures';
import { cancelledBeforeDone, rejected } from '../run/requestFailures';
import type { Result } from '../run/result';
import type { Run } from '../run/run';
import { outcomeUnknown } from '../run/submissionFailures';
import type { AcceptedSubmission, Sent } from '../submissions/acceptedSubmission';
import { fingerprint } from '../submissions/fingerprint';
import { SubmissionService } from '../submissions/submissionService';
import { foundPatient } from './foundPatient';
import {
	furtherFieldsOf,
	isContradicted,
	matchByOf,
	matchPatient,
	personKey,
	type MatchBy,
	type PatientMatch,
} from './patientMatch';
import { PatientSearch } from './patientSearch';
import { PersonClaims, type Claim } from './personClaims';

/** Shared by all executions of this process. */
const claims = new PersonClaims(clock);

/**
 * Submits patients who are new: not in Cobalt's list, and not submitted by another item or, recently, by
 * another execution of this process.
 */
export class PatientSubmissions {
	private readonly submissions: SubmissionService;

	private readonly search: PatientSearch;

	private readonly required: RequiredFields;

	private readonly cancelled: Promise<unknown>;

	/** People by their submissions, to forget those that fail. */
	private readonly people = new WeakMap<AcceptedSubmission, string>();

	/** Submissions by other items or executions, and whether they are known to have been completed. */
	private readonly shared = new WeakMap<AcceptedSubmission, boolean>();

	/** Indexes of the items that share a submission. */
	private readonly sharing = new Set<number>();

	/** Jobs that have certainly failed, with the person they are about. */
	private readonly failedJobs = new Set<string>();

	/** The time from which a search counts for an item, by the item's index; epoch milliseconds. */
	private readonly searchSince = new Map<number, number>();

	constructor(
		private readonly run: Run,
		private readonly operation: Submission,
		list: List,
	) {
		this.search = new PatientSearch(list, clock);
		this.submissions = new SubmissionService(
			run,
			operation,
			async (input, itemContext) => await this.precheck(input, itemContext),
		);
		this.required = new RequiredFields(run, operation, new AccountSettings(run));
		this.cancelled = new Promise((resolve) => {
			onAbort(run.signal, () => resolve(undefined));
		});
	}

	async prepare(inputs: readonly ItemInput[]): Promise<void> {
		await this.submissions.prepare(inputs);
	}

	async send(input: ItemInput, itemContext: ItemContext): Promise<Sent> {
		return await this.inTurn(input, itemContext, async () => {
			return await this.submissions.send(input, itemContext);
		});
	}

	async sendAfresh(input: ItemInput, itemContext: ItemContext): Promise<Sent> {
		this.searchSince.set(input.itemIndex, clock.now());
		return await this.inTurn(input, itemContext, async () => {
			return await this.submissions.sendAfresh(input, itemContext);
		});
	}

	settle(submission: AcceptedSubmission, state: 'completed' | 'failed'): void {
		const person = this.people.get(submission) ?? '';
		const { jobId } = submission.receipt;
		if (state === 'failed') {
			this.failedJobs.add(`${person} ${jobId}`);
			claims.removeJob(person, jobId);
		}
		if (!this.shared.has(submission)) this.submissions.settle(submission, state);
	}

	isCompleted(submission: AcceptedSubmission): boolean {
		return this.shared.get(submission) ?? this.submissions.isCompleted(submission);
	}

	/** Whether the patient of an item was submitted by another item or execution. */
	isSharing({ itemIndex }: ItemInput): boolean {
		return this.sharing.has(itemIndex);
	}

	/**
	 * Finds the patient of an item in Cobalt's list.
	 *
	 * @param since only a read of the list that started later counts; epoch milliseconds
	 * @throws CobaltApiError and others, if the list cannot be read
	 */
	async find(
		{ account, values }: ItemInput,
		since?: number,
		matchBy: MatchBy = matchByOf(values),
	): Promise<PatientMatch> {
		const records = await this.search.find(account, { dob: values.dob as string }, since);
		return matchPatient(values, records, matchBy);
	}

	/**
	 * Checks the fields that the account requires of a new patient.
	 *
	 * @throws NodeOperationError that names the missing fields
	 */
	async checkRequired(input: ItemInput): Promise<Ready> {
		return { status: 'ready', input: await this.required.check(input) };
	}

	/** The result of an item whose search or check failed: nothing was sent for it. */
	notSent(itemContext: ItemContext, error: unknown): Result {
		if (this.run.signal.aborted) {
			return { status: 'cancelled', failure: cancelledBeforeDone(itemContext) };
		}
		if (!(error instanceof NodeOperationError)) {
			return { status: 'failed', failure: rejected(itemContext, error) };
		}
		const details = { description: error.description, job_status: 'not_submitted' };
		return { status: 'failed', failure: { error, details } };
	}

	/** Sends items about the same person one after the other. */
	private async inTurn(
		input: ItemInput,
		itemContext: ItemContext,
		send: () => Promise<Sent>,
	): Promise<Sent> {
		const person = personOf(input);
		const wasLive = this.submissions.isLive(input);
		this.sharing.delete(input.itemIndex);
		const sendAndNote = async () => {
			const sent = await send();
			const isUnknown = sent.status !== 'accepted' && !wasLive && this.submissions.isLive(input);
			if (sent.status === 'accepted') this.people.set(sent, person);
			if (isUnknown || (sent.status === 'accepted' && !this.shared.has(sent))) {
				// Nothing else of the submission, such as Cobalt's response, may outlive the run.
				const submission =
					sent.status === 'accepted' ? { receipt: sent.receipt, sentAt: sent.sentAt } : undefined;
				claims.add(person, { given: givenOf(input), submission });
			}
			return sent;
		};
		// What an earlier try submitted is not sent again, and need not wait for others.
		const sent = wasLive
			? await sendAndNote()
			: await claims.inTurn(person, this.cancelled, sendAndNote);
		return sent ?? { status: 'cancelled', failure: cancelledBeforeDone(itemContext) };
	}

	/** Whether an item's patient already exists, or must not be created. */
	private async precheck(input: ItemInput, itemContext: ItemContext): Promise<Ready | Sent> {
		try {
			const match = await this.find(input, this.searchSince.get(input.itemIndex));
			switch (match.status) {
				case 'found':
					return foundPatient(input, this.operation, match.patient);
				case 'ambiguous':
					return { status: 'failed', failure: patientAmbiguous(itemContext, match.patients) };
				case 'none':
					return this.share(input, itemContext) ?? (await this.checkRequired(input));
			}
		} catch (error) {
			return this.notSent(itemContext, error);
		}
	}

	/** The submission of the same patient by another item, or by another execution of this process. */
	private share(input: ItemInput, itemContext: ItemContext): Sent | undefined {
		const others = this.othersOf(input);
		if (others.some(({ submission }) => submission === undefined)) {
			return { status: 'failed', failure: outcomeUnknown(itemContext, SUBMITTED_BY_OTHER, {}) };
		}
		const byJob = new Map(
			others.flatMap(({ submission, isCompleted = false }) =>
				submission ? [[JSON.stringify(submission.receipt), { submission, isCompleted }]] : [],
			),
		);
		const [first, ...more] = byJob.values();
		if (first === undefined) return undefined;
		if (more.length > 0) {
			const records = [first, ...more].map(({ submission }) => ({
				id: submission.receipt.recordId,
			}));
			return { status: 'failed', failure: patientAmbiguous(itemContext, records) };
		}
		const { receipt, sentAt } = first.submission;
		const sent = { status: 'accepted', receipt, sentAt, key: '', hasOtherContents: true } as const;
		this.shared.set(sent, first.isCompleted);
		this.sharing.add(input.itemIndex);
		return sent;
	}

	/** Submissions of the same patient that have not failed. */
	private othersOf(input: ItemInput): Array<Claim & { isCompleted?: boolean }> {
		const person = personOf(input);
		const given = givenOf(input);
		const isByName = matchByOf(input.values) === 'nameAndBirthDate';
		const claimed = claims
			.of(person)
			.filter((claim) => isByName || !isContradicted(given, claim.given));
		const stored = this.submissions.alikeOf(input).map((entry) => ({
			given,
			...('receipt' in entry && { submission: entry, isCompleted: entry.state === 'completed' }),
		}));
		// The store comes last, because it knows what was completed.
		return [...claimed, ...stored].filter(
			({ submission }) => !this.failedJobs.has(`${person} ${submission?.receipt.jobId}`),
		);
	}
}

/** Identifies a person at one clinic. */
const personOf = ({ account, values }: ItemInput): string =>
	fingerprint([account.fingerprint, personKey(values)]);

const givenOf = ({ values }: ItemInput): Map<string, string> =>
	new Map([...furtherFieldsOf(values)].map(([key, value]) => [key, fingerprint(value)]));
