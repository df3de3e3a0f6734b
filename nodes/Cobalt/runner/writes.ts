import type { IDataObject } from 'n8n-workflow';

import { Ledger, type Receipt } from '../jobs/ledger';
import { receiptOf } from '../jobs/receipt';
import { submitOnce, type Submitted } from '../jobs/submission';
import { recordInJournal } from '../journal/journal';
import { systemClock as clock } from '../pacing/clock';
import { riskOf } from '../pacing/knownErrors';
import type { Change, Submission } from '../resources/operation';
import { leftInDoubt, leftUndone, outcomeUnknown, refused, type ItemPlace } from './failures';
import type { ItemInput } from './input';
import { LostSubmissions } from './lostSubmissions';
import type { Result } from './result';
import type { Run } from './run';
import { Search } from './search';

/** Two names for each submission. */
const NAMES_KEPT = 10_000;

const MAY_BE_SENT =
	'an earlier execution may have sent the same, and n8n has lost what became of it';

/** A write that Cobalt took. */
export interface Taken {
	receipt: Receipt;
	/** When it was sent; epoch milliseconds. */
	sentAt?: number;
	/** What Cobalt answered, when this run sent it. */
	answer?: IDataObject;
	/** The record that it made, where the answer was lost and the record was found in a list. */
	found?: IDataObject;
	/** By which the ledger knows it. */
	keys: readonly string[];
}

/** Everything that is sent once: through the ledger, and noted in the journal. */
export class Writes {
	private readonly ledger: Ledger;

	private readonly lost: LostSubmissions;

	/** Absent where Cobalt has no list in which a lost answer's record could be known again. */
	private readonly search?: Search;

	/** By item: see {@link namesOf}. */
	private readonly names = new Map<number, string[]>();

	constructor(
		private readonly run: Run,
		private readonly operation: Submission | Change,
	) {
		const { context } = run;
		this.ledger = new Ledger(context.getContext('node'), this.runIndex());
		const isOrphan = context.getMode() === 'retry' && this.ledger.isFirst;
		this.lost = new LostSubmissions(context.getContext('node'), isOrphan);
		if (operation.kind === 'submission' && operation.trace) {
			const { timeoutSeconds, trace } = operation;
			this.search = new Search(run, this.ledger, trace, timeoutSeconds * 1000);
		}
	}

	/** Notes what is about to be sent, and finds out what an execution before may have sent. */
	async prepare(inputs: readonly ItemInput[]): Promise<void> {
		const names = inputs.flatMap((input) => this.namesOf(input));
		if (names.length === 0) return;
		for (const input of inputs) this.search?.prepare(input, this.namesOf(input));
		const recorded = await recordInJournal(
			this.run.context,
			names,
			Math.max(NAMES_KEPT, names.length),
		);
		const guarded = inputs.filter(({ resubmitsForgotten }) => !resubmitsForgotten);
		const suspects = guarded.flatMap((input) => this.namesOf(input));
		for (const name of this.lost.among(suspects, recorded)) {
			if (this.ledger.read([name]) === undefined) {
				this.ledger.write([name], { state: 'unknown', reason: MAY_BE_SENT });
			}
		}
	}

	/** Sends the request of an item, unless an earlier try has done so. */
	async send(input: ItemInput, place: ItemPlace): Promise<Taken | Result> {
		const { ledger, run } = this;
		const keys = this.namesOf(input);
		// An agent may change something there and back again; only what creates is made once.
		if (run.isTool && input.request.method !== 'POST' && this.isCompleted({ keys })) {
			ledger.forget(keys);
		}
		const sent = await run.limit(
			async () =>
				await submitOnce({
					ledger,
					keys,
					send: async () => await run.send(input.request),
					receiptOf: (answer) =>
						receiptOf(answer, this.operation.recordKey, [input.values.id].flat().at(-1)),
					riskOf,
					clock,
					brake: run.brake,
					signal: run.halted,
				}),
		);
		switch (sent.state) {
			case 'halted':
				return { state: 'left', failure: leftUndone(place) };
			case 'refused':
				return { state: 'bad', failure: refused(place, sent.error) };
			case 'unknown':
				return await this.resolveDoubt(input, place, sent);
			case 'accepted': {
				const { receipt, sentAt, answer, reused } = sent;
				const name = receipt.jobId === undefined ? place.title : `job ${receipt.jobId}`;
				run.context.logger.debug(
					`Cobalt: ${name} was submitted${reused ? ' by an earlier try' : ''}`,
					{ itemIndex: place.itemIndex },
				);
				return { receipt, sentAt, answer, keys };
			}
		}
	}

	/** Notes how a job ended. */
	settle({ keys, receipt, sentAt = clock.now() }: Taken, state: 'completed' | 'failed'): void {
		this.ledger.write(keys, { state, receipt, sentAt });
	}

	isCompleted({ keys }: Pick<Taken, 'keys'>): boolean {
		return this.ledger.read(keys)?.state === 'completed';
	}

	/** Nobody knows whether Cobalt took it. It may be possible to see what became of it. */
	private async resolveDoubt(
		input: ItemInput,
		place: ItemPlace,
		{ reason, sentAt, error }: Extract<Submitted<IDataObject>, { state: 'unknown' }>,
	): Promise<Taken | Result> {
		const { halted } = this.run;
		const keys = this.namesOf(input);
		const found = input.looksFirst ? await this.search?.find(input, keys, sentAt) : undefined;
		if (typeof found === 'object') {
			return { receipt: { recordId: found.recordId }, sentAt, found: found.record, keys };
		}
		return found && halted.aborted
			? { state: 'left', failure: leftInDoubt(place, reason) }
			: { state: 'bad', failure: outcomeUnknown(place, reason, { error, search: found }) };
	}

	/**
	 * The names by which the ledger knows a write: what the user set up for the item, and what is sent.
	 * The first stays the same when an expression gives something else on each try (`$now`), the second
	 * when the node is edited between a run and its retry without changing what is sent. A corrected item
	 * changes both, and is a new booking. As the tool of an agent, the node has the same set-up for all of
	 * its calls: there only the second counts.
	 *
	 * They are digests of all of it, and files may be in it: made once for each item.
	 */
	private namesOf({ itemIndex, request }: ItemInput): string[] {
		const { items, node, isTool } = this.run;
		const known = this.names.get(itemIndex);
		if (known) return known;
		const setUp = [node.parameters, items[itemIndex]?.json];
		const names = Ledger.keys(itemIndex, ...(isTool ? [] : [setUp]), request);
		this.names.set(itemIndex, names);
		return names;
	}

	/**
	 * The run that the ledger belongs to. As the tool of an agent, the node is given a new run index even
	 * when n8n only repeats the same call, so there all calls share one: an agent that asks for the same
	 * booking twice gets the first one.
	 */
	private runIndex(): number {
		const { context, isTool } = this.run;
		return isTool ? 0 : (context.getWorkflowDataProxy(0).$runIndex as number);
	}
}
