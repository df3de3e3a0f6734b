import type { IDataObject } from 'n8n-workflow';

import { CLOCK_SKEW_MS } from '../events/logTail';
import type { Ledger } from '../jobs/ledger';
import { candidates, identityOf, listToSearch, recordIdOf, type Trace } from '../jobs/trace';
import { readRecords } from '../lists/pages';
import { systemClock as clock } from '../pacing/clock';
import type { ItemInput } from './input';
import type { Run } from './run';

/** How far back an item is looked for of which nobody knows when it was sent. */
const UNDATED_MS = 86_400_000;

const PAUSE = { firstMs: 2_000, longestMs: 30_000 };

/** A record that can only come from the submission in question. */
export interface Found {
	recordId: string;
	/** As the list has it. */
	record: IDataObject;
}

/**
 * Looks in Cobalt's lists for what a submission made whose answer was lost. It takes the EHR a while to
 * make it, so the search goes on for as long as a job would be waited for; without a wait, one look is made.
 */
export class Search {
	/** Which items of the run could be taken for each other, by what they have in common. */
	private readonly alike = new Map<string, Array<readonly string[]>>();

	constructor(
		private readonly run: Run,
		private readonly ledger: Ledger,
		private readonly trace: Trace,
	) {}

	/**
	 * To be told of every item of the run.
	 *
	 * @param keys by which the ledger knows its submission; always the same array
	 */
	prepare({ request }: ItemInput, keys: readonly string[]): void {
		const identity = identityOf(this.trace, request.body ?? {});
		this.alike.set(identity, [...(this.alike.get(identity) ?? []), keys]);
	}

	/**
	 * What it finds is entered into the ledger.
	 *
	 * @param keys as in {@link prepare}
	 * @param sentAt when the submission went out, where that is known
	 * @returns undefined where nothing is found, or where it cannot be told whose it is
	 */
	async find(
		{ request, wait }: ItemInput,
		keys: readonly string[],
		sentAt = clock.now() - UNDATED_MS,
	): Promise<Found | undefined> {
		const { ledger, run } = this;
		const submitted = request.body ?? {};
		const deadline = clock.now() + (wait?.timeoutMs ?? 0);
		for (let pauseMs = PAUSE.firstMs; ; pauseMs = Math.min(pauseMs * 2, PAUSE.longestMs)) {
			const listed = await this.look(submitted, sentAt);
			const [found, ...others] = listed.filter(({ recordId }) => !ledger.hasRecord(recordId));
			if (found && others.length === 0 && !this.hasOpenTwin(submitted, keys)) {
				const { recordId } = found;
				ledger.write(keys, { state: 'completed', receipt: { recordId }, sentAt });
				return found;
			}
			const restMs = deadline - clock.now();
			if (restMs <= 0 || run.halted.aborted) return undefined;
			await clock.sleep(Math.min(pauseMs, restMs), run.halted);
		}
	}

	/**
	 * Whether another item of the run asked for the same, and Cobalt's answer to that is not known either
	 * (yet): then nobody can say whose a record is.
	 */
	private hasOpenTwin(submitted: IDataObject, keys: readonly string[]): boolean {
		const alike = this.alike.get(identityOf(this.trace, submitted)) ?? [];
		return alike.some((other) => {
			const state = this.ledger.read(other)?.state;
			return other !== keys && (state === 'sending' || state === 'unknown');
		});
	}

	/** A list that cannot be read shows nothing. */
	private async look(submitted: IDataObject, sentAt: number): Promise<Found[]> {
		const { run, trace } = this;
		const list = listToSearch(trace, submitted);
		const { records } = await run
			.limit(async () => await readRecords(async (request) => await run.read(request), list))
			.catch(() => ({ records: [] }));
		return candidates(trace, submitted, records, sentAt - CLOCK_SKEW_MS).flatMap((record) => {
			const recordId = recordIdOf(trace, record);
			return recordId === undefined ? [] : [{ recordId, record }];
		});
	}
}
