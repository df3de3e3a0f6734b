import type { Clock } from '../../shared/retry/clock';
import type { AcceptedSubmission } from '../submissions/acceptedSubmission';

/** A patient whom this process submitted, or may have submitted, within the last minutes. */
export interface Claim {
	/**
	 * Hashed fields that tell apart people with the same name and birth date, by Cobalt's names for the fields.
	 */
	given: ReadonlyMap<string, string>;
	/** Absent if it is unknown whether Cobalt accepted the submission. */
	submission?: Pick<AcceptedSubmission, 'receipt' | 'sentAt'>;
}

/**
 * How long a submission is remembered. Cobalt's list may not show the patient until after the job has ended,
 * and people who send a form twice do so within minutes.
 */
const MEMORY_MS = 300_000;

/**
 * Submits a person's items one after the other, across all executions of this process. It knows people by
 * hashes only, and forgets them after minutes.
 */
export class PersonClaims {
	/** By person: resolves when the last task in the queue has ended. */
	private readonly queues = new Map<string, Promise<unknown>>();

	/** By person, in the order of their latest claims, oldest first. */
	private readonly claims = new Map<string, Array<Claim & { until: number }>>();

	constructor(private readonly clock: Clock) {}

	/**
	 * Runs a task after all earlier tasks for the same person.
	 *
	 * @param cancelled ends the wait for them, but not the task
	 * @returns undefined if the wait was cancelled
	 */
	async inTurn<Value>(
		person: string,
		cancelled: Promise<unknown>,
		task: () => Promise<Value>,
	): Promise<Value | undefined> {
		const before = this.queues.get(person) ?? Promise.resolve();
		let leave = (): void => undefined;
		const turn = new Promise<void>((resolve) => (leave = resolve));
		const queue = before.then(async () => await turn);
		this.queues.set(person, queue);
		try {
			const isTurn = await Promise.race([before.then(() => true), cancelled.then(() => false)]);
			return isTurn ? await task() : undefined;
		} finally {
			leave();
			void queue.then(() => {
				if (this.queues.get(person) === queue) this.queues.delete(person);
			});
		}
	}

	/** The remembered submissions for a person, without those that have certainly failed. */
	of(person: string): readonly Claim[] {
		const now = this.clock.now();
		return (this.claims.get(person) ?? []).filter(({ until }) => until > now);
	}

	/** Remembers a submission of a person, and forgets those that are too old to matter. */
	add(person: string, claim: Claim): void {
		const now = this.clock.now();
		const earlier = (this.claims.get(person) ?? []).filter(({ until }) => until > now);
		this.claims.delete(person);
		this.claims.set(person, [...earlier, { ...claim, until: now + MEMORY_MS }]);
		for (const [other, claims] of this.claims) {
			if (claims.some(({ until }) => until > now)) break;
			this.claims.delete(other);
		}
	}

	/** To be called when a job has certainly failed. */
	removeJob(person: string, jobId: string | undefined): void {
		const others = (this.claims.get(person) ?? []).filter(
			({ submission }) => submission === undefined || submission.receipt.jobId !== jobId,
		);
		this.claims.set(person, others);
	}
}
