import type { IDataObject } from 'n8n-workflow';

import { Ledger, type Receipt } from '../jobs/ledger';
import { submitOnce, type Submitted } from '../jobs/submission';
import { systemClock as clock } from '../pacing/clock';
import { createLimit } from '../pacing/limit';
import { withoutEnvelope } from '../transport/envelope';
import { firstText } from '../transport/json';
import { leftUndone, outcomeUnknown, refused, riskOf, type ItemPlace } from './failures';
import type { ItemInput } from './input';
import { recordInJournal } from './journal';
import type { Result } from './result';
import type { Run } from './run';

/** How many writes are on their way at once. */
const WRITES_SIDE_BY_SIDE = 5;

/** A write that Cobalt took. */
export interface Taken {
	receipt: Receipt;
	/** What Cobalt answered, when this run sent it. */
	answer?: IDataObject;
	/** By which the ledger knows it. */
	keys: readonly string[];
}

/** Everything that is sent once: through the ledger, and noted in the journal. */
export class Writes {
	private readonly ledger: Ledger;

	private readonly limit = createLimit(WRITES_SIDE_BY_SIDE);

	constructor(
		private readonly run: Run,
		/** The key of the record's own id in Cobalt's answer. */
		private readonly recordKey: string | undefined,
	) {
		this.ledger = new Ledger(run.context.getContext('node'), this.runIndex());
	}

	/**
	 * A *Retry execution* that finds no ledger either comes to this node for the first time, or the
	 * execution that it retries was stopped by hand or cut off, and n8n lost what it knew. The journal
	 * tells the two apart.
	 */
	async prepare(inputs: readonly ItemInput[]): Promise<void> {
		const names = inputs.flatMap((input) => this.namesOf(input));
		if (names.length === 0) return;
		const { context } = this.run;
		const recorded = await recordInJournal(context, names);
		if (context.getMode() !== 'retry' || !this.ledger.isNew) return;
		for (const name of recorded ?? names) {
			this.ledger.write([name], {
				state: 'unknown',
				reason: 'the execution that this one retries was cut off',
			});
		}
	}

	/** Sends the request of an item, unless an earlier try has done so. */
	async send(input: ItemInput, place: ItemPlace): Promise<Taken | Result> {
		const { ledger, run } = this;
		const keys = this.namesOf(input);
		const sent = await this.limit(
			async () =>
				await submitOnce({
					ledger,
					keys,
					send: async () => await run.send(input.request),
					receiptOf: (answer) => this.receiptOf(answer, input),
					riskOf,
					clock,
					signal: run.halted,
				}),
		);
		return this.taken(sent, keys, place);
	}

	/** Notes how a job ended. */
	settle({ keys, receipt }: Taken, state: 'completed' | 'failed'): void {
		this.ledger.write(keys, { state, receipt });
	}

	isCompleted({ keys }: Taken): boolean {
		return this.ledger.read(keys)?.state === 'completed';
	}

	private taken(
		sent: Submitted<IDataObject>,
		keys: readonly string[],
		place: ItemPlace,
	): Taken | Result {
		switch (sent.state) {
			case 'halted':
				return { state: 'left', failure: leftUndone(place) };
			case 'refused':
				return { state: 'bad', failure: refused(place, sent.error) };
			case 'unknown':
				return { state: 'bad', failure: outcomeUnknown(place, sent.reason, sent.error) };
			case 'accepted': {
				const { receipt, answer, reused } = sent;
				const name = receipt.jobId === undefined ? place.title : `job ${receipt.jobId}`;
				this.run.context.logger.debug(
					`Cobalt: ${name} was submitted${reused ? ' by an earlier try' : ''}`,
					{ itemIndex: place.itemIndex },
				);
				return { receipt, answer, keys };
			}
		}
	}

	/**
	 * The names by which the ledger knows a write: what the user set up for the item, and what is sent.
	 * The first stays the same when an expression gives something else on each try (`$now`), the second
	 * when the node is edited between a run and its retry without changing what is sent. A corrected item
	 * changes both, and is a new booking. As the tool of an agent, the node has the same set-up for all of
	 * its calls: there only the second counts.
	 */
	private namesOf({ itemIndex, request }: ItemInput): string[] {
		const { items, node, isTool } = this.run;
		const setUp = [node.parameters, items[itemIndex]?.json];
		return Ledger.keys(itemIndex, ...(isTool ? [] : [setUp]), request);
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

	/** An update's answer leaves out the id that its path has. */
	private receiptOf(answer: IDataObject, { values }: ItemInput): Receipt {
		const { recordKey } = this;
		const told = withoutEnvelope(answer);
		const idInPath = [values.id].flat().at(-1);
		return {
			jobId: firstText(told.job_id, told.job_execution_id),
			recordId: recordKey && firstText(told[recordKey], told.id, idInPath),
		};
	}
}
