import { randomUUID } from 'node:crypto';

import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import {
	recordProcessedKeys,
	releaseProcessedKeys,
	reserveProcessedKeys,
} from '../../shared/dedupe/processedKeys';

/** For about 3,000 submissions of a node. */
const NAMES_KEPT = 15_000;

/** So many names has each submission, at most, unless it is tried again and again. */
const NAMES_PER_ITEM = 6;

/**
 * How many items are noted together as about to be sent, while those before them are being sent: few, for
 * nobody knows of those that were sent when n8n dies; but each note is a rewrite of the whole list.
 */
const MIN_CHUNK_SIZE = 20;
const MAX_CHUNKS = 25;

/** How often an item is tried in all retries of an execution. */
const MAX_ATTEMPTS = 50;

const LOST_KEY = 'cobaltLostSubmissions';

const ORIGIN_KEY = 'cobaltOrigin';

/** What is to be submitted, by what other executions may know it. */
export interface Candidate {
	/** By which the store knows it. */
	key: string;
	/** Tells it apart from the others of this run of the node, in each retry. */
	name: string;
	/** Tells it apart where nothing tells this execution apart from others. One is enough. */
	looseNames: string[];
	/** Whether the user knows that nothing was submitted that n8n has forgotten. */
	resubmitsForgotten: boolean;
}

/**
 * Whether a submission may go out: the original may have made it (`lost`), or another retry (`taken`), or
 * n8n's table does not answer. The note is what is to be given to {@link OtherExecutions.release}.
 */
export type Reservation =
	{ status: 'free'; note?: string } | { status: 'lost' | 'taken' | 'unclear' };

/** Candidates that are noted together, when the first of them is about to be sent. */
interface Chunk {
	candidates: Candidate[];
	next?: Chunk;
	reservations?: Promise<Map<string, Reservation>>;
}

/**
 * What other executions may have submitted of the items of this one. n8n starts each *Retry execution* from
 * what the original had saved, or from nothing where that was stopped by hand or cut off: a retry knows
 * nothing of another one. What they share is the journal, which holds names alone, and which can only be
 * asked for a name by writing it.
 *
 * So a name there means that something may have been submitted, and it is taken out again when that is known
 * not to be so. Where that does not succeed, an item is refused that could have been sent.
 */
export class OtherExecutions {
	private readonly isRetry: boolean;

	/** Whether n8n has lost what was submitted before, if anything was. */
	private readonly isLost: boolean;

	/** What an original and its retries have in common, and no other execution; empty where it is not known. */
	private readonly origin: string;

	private readonly memory: IDataObject;

	private readonly chunks = new Map<string, Chunk>();

	/** The notes of what this run may have submitted. */
	private readonly open = new Set<string>();

	/** Whether something was submitted in this run of the node before this try. */
	private isBegun: boolean;

	private namesKept = NAMES_KEPT;

	/**
	 * @param run `$runIndex`
	 * @param isKnownRun whether it is known what this run of the node has submitted before
	 * @param isTool whether the calls of an agent share one run
	 */
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly run: number,
		isKnownRun: boolean,
		isTool: boolean,
	) {
		this.isRetry = context.getMode() === 'retry';
		this.memory = context.getContext('node');
		this.isLost = this.isRetry && (!isKnownRun || (isTool && LOST_KEY in this.memory));
		this.isBegun = isKnownRun && !this.isLost;
		this.origin = this.findOrigin();
	}

	/**
	 * Notes what is there to be submitted.
	 *
	 * @returns the keys of those that an execution before may have submitted, in this form or another
	 */
	async prepare(candidates: readonly Candidate[]): Promise<Set<string>> {
		this.namesKept = Math.max(NAMES_KEPT, candidates.length * NAMES_PER_ITEM);
		const names = candidates.flatMap(({ name, looseNames }) => [this.seen(name), ...looseNames]);
		if (!this.isRetry) {
			const first = this.divide(candidates);
			if (first) first.reservations = this.noteSent(first.candidates, names);
			await first?.reservations;
			return new Set();
		}
		const isAsked = this.isLost && this.origin !== '';
		const recorded = await this.record(isAsked ? [...names, this.begun] : names);
		if (isAsked) this.isBegun = this.wasThere(this.begun, recorded);
		// To ask for a name was to write it. Nothing is begun yet.
		if (isAsked && !this.isBegun) releaseProcessedKeys(this.context, [this.begun]);
		const suspects = this.suspects(candidates, recorded);
		// By now they all count as seen, and the next one must not take that for true.
		if (suspects.length > 0) await this.record(suspects.map(({ name }) => this.sent(name)));
		const keys = new Set(suspects.map(({ key }) => key));
		this.divide(candidates.filter(({ key }) => !keys.has(key)));
		return keys;
	}

	/** One more that is to be submitted after all. */
	add(candidate: Candidate): void {
		this.chunks.set(candidate.key, { candidates: [candidate] });
	}

	/** To be called right before a submission goes out. */
	async reserve(key: string): Promise<Reservation> {
		const chunk = this.chunks.get(key);
		if (chunk === undefined) return { status: 'free' };
		const reservations = this.reserveChunk(chunk);
		if (chunk.next) void this.reserveChunk(chunk.next);
		return (await reservations).get(key) ?? { status: 'free' };
	}

	/** To be called when a submission certainly did not go out, or was not taken. */
	giveUp(key: string): void {
		void this.chunks.get(key)?.reservations?.then((reservations) => {
			const reservation = reservations.get(key);
			if (reservation?.status === 'free' && reservation.note) this.release(reservation.note);
		});
	}

	/** To be called when it is certain that what a note stands for has failed. */
	release(note: string): void {
		this.open.delete(note);
		const isNothingOpen = this.open.size === 0 && !this.isBegun;
		releaseProcessedKeys(this.context, isNothingOpen ? [note, this.begun] : [note]);
	}

	private get begun(): string {
		return `${this.origin} ${this.run} begun`;
	}

	private seen(name: string): string {
		return `${this.origin} ${this.run} ${name}`;
	}

	private sent(name: string): string {
		return `${this.seen(name)} sent`;
	}

	private suspects(
		candidates: readonly Candidate[],
		recorded: ReadonlySet<string> | undefined,
	): Candidate[] {
		if (!this.isLost) return [];
		const isSuspect = ({ name, looseNames }: Candidate): boolean => {
			if (this.origin !== '') return this.isBegun && !recorded?.has(this.seen(name));
			return looseNames.map((looseName) => this.wasThere(looseName, recorded)).includes(true);
		};
		return candidates.filter((candidate) => isSuspect(candidate) && !candidate.resubmitsForgotten);
	}

	/** Before this execution first came to it: rounds of a loop, and calls of an agent, may be alike. */
	private wasThere(name: string, recorded: ReadonlySet<string> | undefined): boolean {
		const met = (this.memory[LOST_KEY] ??= {}) as Record<string, boolean>;
		return (met[name] ??= recorded?.has(name) ?? true);
	}

	/** @returns the first chunk */
	private divide(candidates: readonly Candidate[]): Chunk | undefined {
		const size = Math.max(MIN_CHUNK_SIZE, Math.ceil(candidates.length / MAX_CHUNKS));
		let next: Chunk | undefined;
		for (let end = candidates.length; end > 0; end -= size) {
			const chunk: Chunk = { candidates: candidates.slice(Math.max(0, end - size), end), next };
			for (const { key } of chunk.candidates) this.chunks.set(key, chunk);
			next = chunk;
		}
		return next;
	}

	private async reserveChunk(chunk: Chunk): Promise<Map<string, Reservation>> {
		chunk.reservations ??= this.isRetry
			? this.reserveAlone(chunk.candidates)
			: this.noteSent(chunk.candidates);
		return await chunk.reservations;
	}

	/** No other execution can be at it: it is noted for a retry after a crash. */
	private async noteSent(
		candidates: readonly Candidate[],
		more: readonly string[] = [],
	): Promise<Map<string, Reservation>> {
		const notes = candidates.map(({ name }) => this.sent(name));
		await this.record([this.begun, ...notes, ...more]);
		return new Map(candidates.map(({ key, name }) => [key, this.free(this.sent(name))]));
	}

	/** Several retries may be at it. Each attempt has a name of its own, and is open until it has failed. */
	private async reserveAlone(candidates: readonly Candidate[]): Promise<Map<string, Reservation>> {
		const reservations = new Map<string, Reservation>();
		let waiting = candidates.filter(({ key, resubmitsForgotten }) => {
			const isNotKept = resubmitsForgotten && this.origin === '';
			if (isNotKept) reservations.set(key, { status: 'free' });
			return !isNotKept;
		});
		if (this.isLost && waiting.length > 0) await this.record([this.begun]);
		for (let attempt = 0; waiting.length > 0 && attempt < MAX_ATTEMPTS; attempt += 1) {
			const asked = waiting.map((candidate) => ({
				candidate,
				...this.namesOf(candidate, attempt),
			}));
			const had = await reserveProcessedKeys(
				this.context,
				asked.flatMap(({ used, open, sent }) => [used, open, ...sent]),
				this.namesKept,
			);
			const written: string[] = [];
			waiting = [];
			for (const { candidate, used, open, sent } of asked) {
				const isOpen = had?.has(open) ?? false;
				const isSent = sent.some((name) => had?.has(name));
				if (!isSent) written.push(...sent);
				if (had === undefined) reservations.set(candidate.key, { status: 'unclear' });
				else if (isSent) reservations.set(candidate.key, { status: 'lost' });
				else if (isOpen) reservations.set(candidate.key, { status: 'taken' });
				else if (!had.has(used)) reservations.set(candidate.key, this.free(open));
				else {
					written.push(open);
					waiting.push(candidate);
				}
			}
			// To ask for a name was to write it.
			if (written.length > 0) releaseProcessedKeys(this.context, written);
		}
		for (const { key } of waiting) reservations.set(key, { status: 'taken' });
		return reservations;
	}

	private namesOf({ name, resubmitsForgotten }: Candidate, attempt: number) {
		const base = `${this.seen(name)} ${resubmitsForgotten ? 'resubmitted' : 'retried'} ${attempt}`;
		const isAskedFor = this.isLost && attempt === 0 && !resubmitsForgotten;
		return { used: base, open: `${base} open`, sent: isAskedFor ? [this.sent(name)] : [] };
	}

	private free(note: string): Reservation {
		this.open.add(note);
		return { status: 'free', note };
	}

	private async record(names: string[]): Promise<ReadonlySet<string> | undefined> {
		return await recordProcessedKeys(this.context, names, this.namesKept);
	}

	private findOrigin(): string {
		// n8n notes when an execution was established, before anything else, and keeps that in its retries.
		// Where it could not keep it, the retry is established anew.
		const { establishedAt, source } = this.context.getExecutionContext() ?? {};
		if (establishedAt !== undefined && source !== 'retry') return String(establishedAt);
		if (!this.isRetry) this.memory[ORIGIN_KEY] ??= randomUUID();
		return String(this.memory[ORIGIN_KEY] ?? '');
	}
}
