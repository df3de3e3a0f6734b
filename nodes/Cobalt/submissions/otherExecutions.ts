import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import {
	recordProcessedKeys,
	releaseProcessedKeys,
	reserveProcessedKeys,
} from '../../shared/dedupe/processedKeys';
import { CandidateNames, type Candidate } from './candidateNames';
import { originOf } from './executionOrigin';
import { reserveForRetry, type Reservation } from './retryReservations';

/** Enough for about 3,000 submissions of a node. */
const MIN_NAMES = 15_000;

/** How many names a submission has, unless it is retried many times. */
const MAX_NAMES_PER_ITEM = 6;

/**
 * How many items are noted together before they are sent. Few, because after a crash it is unknown which of
 * them were sent; but not too few, because n8n rewrites the whole list for each note.
 */
const MIN_CHUNK_SIZE = 20;
const MAX_CHUNKS = 25;

const LOST_KEY = 'cobaltLostSubmissions';
const MET_RETRIES_KEY = 'cobaltMetRetries';

/** Candidates that are noted together, before the first of them is sent. */
interface Chunk {
	candidates: Candidate[];
	next?: Chunk;
	reservations?: Promise<Map<string, Reservation>>;
}

/**
 * Which items of this execution other executions may have submitted. n8n starts each *Retry execution* from
 * what the original saved, or from nothing if that was stopped by hand or crashed, so a retry knows nothing
 * about other retries. They share only n8n's table of processed data, which holds hashes of names. To look up
 * a name there means to write it.
 *
 * So a name in the table means that something may have been submitted. It is removed once it is certain that
 * nothing was. If that fails, an item is refused that could have been sent, which is the safe side.
 */
export class OtherExecutions {
	private readonly isRetry: boolean;

	/** Whether n8n has lost what the original submitted, if anything. */
	private readonly isLost: boolean;

	/** Shared by an original and its retries, and by no other execution; '' if unknown. */
	private readonly origin: string;

	private readonly names: CandidateNames;

	/** n8n's node context, which lasts for the whole execution and is passed on to its retries. */
	private readonly memory: IDataObject;

	private readonly chunks = new Map<string, Chunk>();

	/** Notes of what this run may have submitted. */
	private readonly open = new Set<string>();

	/** Whether an earlier try submitted anything in this run of the node. */
	private isBegun: boolean;

	private maxNames = MIN_NAMES;

	/**
	 * @param run `$runIndex`
	 * @param isKnownRun whether it is known what this run of the node submitted before
	 * @param isTool whether the calls of an agent share one run
	 */
	constructor(
		private readonly context: IExecuteFunctions,
		run: number,
		isKnownRun: boolean,
		isTool: boolean,
	) {
		this.isRetry = context.getMode() === 'retry';
		this.memory = context.getContext('node');
		this.isLost = this.isRetry && (!isKnownRun || (isTool && LOST_KEY in this.memory));
		this.isBegun = isKnownRun && !this.isLost;
		this.origin = originOf(context);
		const { origin, isRetry, isLost } = this;
		this.names = new CandidateNames({ origin, run, isRetry, isLost });
	}

	/**
	 * Notes the items to be submitted.
	 *
	 * @returns the keys of those that the original (`lost`) or another retry (`taken`) may have submitted, with
	 *   these contents or others
	 */
	async prepare(candidates: readonly Candidate[]): Promise<Map<string, 'lost' | 'taken'>> {
		this.maxNames = Math.max(MIN_NAMES, candidates.length * MAX_NAMES_PER_ITEM);
		const names = candidates.flatMap((candidate) => [
			this.names.seen(candidate),
			...candidate.looseNames,
		]);
		if (!this.isRetry) {
			const first = this.divide(candidates);
			if (first) first.reservations = this.noteSent(first.candidates, names);
			await first?.reservations;
			return new Map();
		}
		if (candidates.length === 0) return new Map();
		const isAsked = this.origin !== '';
		const recorded = await this.record(isAsked ? [...names, this.names.begun] : names);
		if (isAsked) this.isBegun = recorded?.has(this.names.begun) ?? true;
		// Looking up the name has written it, but nothing has been sent yet.
		if (isAsked && !this.isBegun) releaseProcessedKeys(this.context, [this.names.begun]);
		const suspects = this.suspects(candidates, recorded);
		// All of them are noted as seen now, which must not mislead the next retry.
		const refused = suspects.flatMap((candidate) => this.names.refusal(candidate));
		if (refused.length > 0) await this.record(refused);
		const status = this.isLost ? 'lost' : 'taken';
		const statuses = new Map(suspects.map(({ key }) => [key, status] as const));
		this.divide(candidates.filter(({ key }) => !statuses.has(key)));
		return statuses;
	}

	/**
	 * Adds an item that will be submitted after all.
	 *
	 * @param isOfOriginal whether the original submitted it. Then its name in all retries is that of its entry
	 *   in the store, because previous nodes may have given each retry a different item.
	 */
	add(candidate: Candidate, isOfOriginal: boolean): void {
		const { key } = candidate;
		const isKnownByPlace = isOfOriginal && this.isRetry && !this.isLost;
		const named = isKnownByPlace ? { ...candidate, name: `entry ${key}` } : candidate;
		this.chunks.set(key, { candidates: [named] });
	}

	/** To be called right before an item is sent. */
	async reserve(key: string): Promise<Reservation> {
		const chunk = this.chunks.get(key);
		if (chunk === undefined) return { status: 'free' };
		const reservations = this.reserveChunk(chunk);
		if (chunk.next) void this.reserveChunk(chunk.next);
		return (await reservations).get(key) ?? { status: 'free' };
	}

	/** To be called when an item certainly was not sent, or not accepted. */
	giveUp(key: string): void {
		void this.chunks.get(key)?.reservations?.then((reservations) => {
			const reservation = reservations.get(key);
			if (reservation?.status === 'free' && reservation.note) this.release(reservation.note);
		});
	}

	/** To be called when the submission of a note has certainly failed. */
	release(note: string): void {
		this.open.delete(note);
		const isNothingOpen = this.open.size === 0 && !this.isBegun;
		releaseProcessedKeys(this.context, isNothingOpen ? [note, this.names.begun] : [note]);
	}

	private suspects(
		candidates: readonly Candidate[],
		recorded: ReadonlySet<string> | undefined,
	): Candidate[] {
		const isBegun = this.isBegunElsewhere();
		const isSuspect = (candidate: Candidate): boolean => {
			if (this.origin !== '') return isBegun && !recorded?.has(this.names.seen(candidate));
			if (!this.isLost) return false;
			const { looseNames } = candidate;
			return looseNames.map((looseName) => this.wasThere(looseName, recorded)).includes(true);
		};
		return candidates.filter((candidate) => isSuspect(candidate) && !candidate.resubmitsForgotten);
	}

	/** Ignores what this execution itself has sent, in an earlier try or in an agent's earlier call. */
	private isBegunElsewhere(): boolean {
		const key = this.isLost ? LOST_KEY : MET_RETRIES_KEY;
		const met = (this.memory[key] ??= {}) as Record<string, boolean>;
		const name = this.isLost
			? this.names.begun
			: `${this.context.getExecutionId()} ${this.names.begun}`;
		return (met[name] ??= this.isBegun);
	}

	/** Whether a name was there before this execution, whose items may have equal names, first looked it up. */
	private wasThere(name: string, recorded: ReadonlySet<string> | undefined): boolean {
		const met = (this.memory[LOST_KEY] ??= {}) as Record<string, boolean>;
		return (met[name] ??= recorded?.has(name) ?? true);
	}

	/** @returns the first chunk */
	private divide(candidates: readonly Candidate[]): Chunk | undefined {
		const first = chunked(candidates);
		for (let chunk = first; chunk; chunk = chunk.next) {
			for (const { key } of chunk.candidates) this.chunks.set(key, chunk);
		}
		return first;
	}

	private async reserveChunk(chunk: Chunk): Promise<Map<string, Reservation>> {
		chunk.reservations ??= this.isRetry
			? this.reserveAsRetry(chunk.candidates)
			: this.noteSent(chunk.candidates);
		return await chunk.reservations;
	}

	/** For an original, with which no other execution competes. The notes are for a retry after a crash. */
	private async noteSent(
		candidates: readonly Candidate[],
		more: readonly string[] = [],
	): Promise<Map<string, Reservation>> {
		const notes = candidates.map((candidate) => this.names.sent(candidate));
		await this.record([this.names.begun, ...notes, ...more]);
		for (const note of notes) this.open.add(note);
		const reservations = candidates.map(({ key }, index): [string, Reservation] => [
			key,
			{ status: 'free', note: notes[index] },
		]);
		return new Map(reservations);
	}

	private async reserveAsRetry(
		candidates: readonly Candidate[],
	): Promise<Map<string, Reservation>> {
		const { context, names, maxNames, origin } = this;
		const canReserve = ({ resubmitsForgotten }: Candidate) => !resubmitsForgotten || origin !== '';
		const reservable = candidates.filter(canReserve);
		if (origin !== '' && reservable.length > 0) await this.record([names.begun, names.everBegun]);
		const table = {
			reserve: async (wanted: string[]) => await reserveProcessedKeys(context, wanted, maxNames),
			release: (written: string[]) => releaseProcessedKeys(context, written),
		};
		return await reserveForRetry(reservable, names, table, (note) => this.open.add(note));
	}

	private async record(names: string[]): Promise<ReadonlySet<string> | undefined> {
		return await recordProcessedKeys(this.context, names, this.maxNames);
	}
}

/** @returns the first of the chunks, each of which leads to the next */
function chunked(candidates: readonly Candidate[]): Chunk | undefined {
	const size = Math.max(MIN_CHUNK_SIZE, Math.ceil(candidates.length / MAX_CHUNKS));
	let next: Chunk | undefined;
	for (let end = candidates.length; end > 0; end -= size) {
		next = { candidates: candidates.slice(Math.max(0, end - size), end), next };
	}
	return next;
}
