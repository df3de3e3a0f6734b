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

const MET_RETRIES_KEY = 'cobaltMetRetries';

/** What is to be submitted, by what other executions may know it. */
export interface Candidate {
	/** By which the store knows it. */
	key: string;
	/** Tells it apart from the others of this run of the node, in each retry, whatever the access token is by then. */
	name: string;
	/** The account that it is sent to. */
	account: string;
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
	 * @returns the keys of those that the original (`lost`) or another retry (`taken`) may have submitted, in
	 *   this form or another
	 */
	async prepare(candidates: readonly Candidate[]): Promise<Map<string, 'lost' | 'taken'>> {
		this.namesKept = Math.max(NAMES_KEPT, candidates.length * NAMES_PER_ITEM);
		const names = candidates.flatMap((candidate) => [
			this.seen(candidate),
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
		const recorded = await this.record(isAsked ? [...names, this.begun] : names);
		if (isAsked) this.isBegun = recorded?.has(this.begun) ?? true;
		// To ask for a name was to write it. Nothing is begun yet.
		if (isAsked && !this.isBegun) releaseProcessedKeys(this.context, [this.begun]);
		const suspects = this.suspects(candidates, recorded);
		// By now they all count as seen, and the next one must not take that for true.
		const refused = suspects.flatMap((candidate) => this.refusalOf(candidate));
		if (refused.length > 0) await this.record(refused);
		const status = this.isLost ? 'lost' : 'taken';
		const statuses = new Map(suspects.map(({ key }) => [key, status] as const));
		this.divide(candidates.filter(({ key }) => !statuses.has(key)));
		return statuses;
	}

	/**
	 * One more that is to be submitted after all.
	 *
	 * @param isOfOriginal whether the original had submitted it. All retries know that submission by its place
	 *   in the store: what comes before the node may have given each of them another item.
	 */
	add(candidate: Candidate, isOfOriginal: boolean): void {
		const { key } = candidate;
		const isKnownByPlace = isOfOriginal && this.isRetry && !this.isLost;
		const named = isKnownByPlace ? { ...candidate, name: `entry ${key}` } : candidate;
		this.chunks.set(key, { candidates: [named] });
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

	/** What the original has submitted, a retry knows from n8n, unless that is lost; never what another has. */
	private get begun(): string {
		return this.isRetry && !this.isLost ? `${this.everBegun} again` : this.everBegun;
	}

	private get everBegun(): string {
		return `${this.origin} ${this.run} begun`;
	}

	/** An item of one execution stays the same when its access token is renewed; others are told apart by it. */
	private seen({ name, account }: Candidate): string {
		return `${this.origin || account} ${this.run} ${name}`;
	}

	private sent(candidate: Candidate): string {
		return `${this.seen(candidate)} sent`;
	}

	private refusalOf(candidate: Candidate): string[] {
		if (this.isLost) return [this.sent(candidate)];
		const { used, open } = this.namesOf(candidate, 0);
		return [used, open];
	}

	private suspects(
		candidates: readonly Candidate[],
		recorded: ReadonlySet<string> | undefined,
	): Candidate[] {
		const isBegun = this.isBegunElsewhere();
		const isSuspect = (candidate: Candidate): boolean => {
			if (this.origin !== '') return isBegun && !recorded?.has(this.seen(candidate));
			if (!this.isLost) return false;
			const { looseNames } = candidate;
			return looseNames.map((looseName) => this.wasThere(looseName, recorded)).includes(true);
		};
		return candidates.filter((candidate) => isSuspect(candidate) && !candidate.resubmitsForgotten);
	}

	/** What this execution itself has begun, in an earlier try or an agent's call before, does not count. */
	private isBegunElsewhere(): boolean {
		const key = this.isLost ? LOST_KEY : MET_RETRIES_KEY;
		const met = (this.memory[key] ??= {}) as Record<string, boolean>;
		const name = this.isLost ? this.begun : `${this.context.getExecutionId()} ${this.begun}`;
		return (met[name] ??= this.isBegun);
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
		const notes = candidates.map((candidate) => this.sent(candidate));
		await this.record([this.begun, ...notes, ...more]);
		return new Map(candidates.map((candidate) => [candidate.key, this.free(this.sent(candidate))]));
	}

	/** Several retries may be at it. Each attempt has a name of its own, and is open until it has failed. */
	private async reserveAlone(candidates: readonly Candidate[]): Promise<Map<string, Reservation>> {
		const reservations = new Map<string, Reservation>();
		let waiting = candidates.filter(({ key, resubmitsForgotten }) => {
			const isNotKept = resubmitsForgotten && this.origin === '';
			if (isNotKept) reservations.set(key, { status: 'free' });
			return !isNotKept;
		});
		if (this.origin !== '' && waiting.length > 0) await this.record([this.begun, this.everBegun]);
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

	private namesOf(candidate: Candidate, attempt: number) {
		const { resubmitsForgotten } = candidate;
		const base = `${this.seen(candidate)} ${resubmitsForgotten ? 'resubmitted' : 'retried'} ${attempt}`;
		const isAskedFor = this.isLost && attempt === 0 && !resubmitsForgotten;
		return { used: base, open: `${base} open`, sent: isAskedFor ? [this.sent(candidate)] : [] };
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
