import type { Candidate, CandidateNames } from './candidateNames';

/**
 * Whether an item may be submitted:
 * - `free`: yes. The note is for {@link OtherExecutions.release}.
 * - `lost`: the original may have submitted it.
 * - `taken`: another retry may have submitted it.
 * - `unclear`: n8n's table does not respond.
 */
export type Reservation =
	| { status: 'free'; note?: string }
	| { status: 'lost' }
	| { status: 'taken' }
	| { status: 'unclear' };

/** Why the submission of another execution is in the way. */
export const SENT_ELSEWHERE = {
	lost: 'an earlier execution may already have submitted it, and n8n no longer knows the result',
	taken: 'another retry of the same execution may have submitted it, or is about to',
};

/** How often an item is submitted in all retries of an execution. */
const MAX_ATTEMPTS = 50;

/** Access to n8n's table of processed data. */
export interface NameTable {
	/** @returns the names that another execution has; undefined if that is unknown */
	reserve(names: string[]): Promise<ReadonlySet<string> | undefined>;
	release(names: string[]): void;
}

/**
 * Reserves items for a retry, against other retries of the same execution. Each attempt has its own name,
 * which stays open until the attempt has certainly failed.
 *
 * @param onFree called with the note of each item as soon as it is granted
 * @returns the reservations, by the candidates' keys
 */
export async function reserveForRetry(
	candidates: readonly Candidate[],
	names: CandidateNames,
	table: NameTable,
	onFree: (note: string) => void,
): Promise<Map<string, Reservation>> {
	const reservations = new Map<string, Reservation>();
	let waiting = [...candidates];
	for (let attempt = 0; waiting.length > 0 && attempt < MAX_ATTEMPTS; attempt += 1) {
		const asked = waiting.map((candidate) => ({ candidate, ...names.attempt(candidate, attempt) }));
		const had = await table.reserve(asked.flatMap(({ used, open, sent }) => [used, open, ...sent]));
		const written: string[] = [];
		waiting = [];
		for (const { candidate, used, open, sent } of asked) {
			const isOpen = had?.has(open) ?? false;
			const isSent = sent.some((name) => had?.has(name));
			if (!isSent) written.push(...sent);
			if (had === undefined) reservations.set(candidate.key, { status: 'unclear' });
			else if (isSent) reservations.set(candidate.key, { status: 'lost' });
			else if (isOpen) reservations.set(candidate.key, { status: 'taken' });
			else if (!had.has(used)) {
				onFree(open);
				reservations.set(candidate.key, { status: 'free', note: open });
			} else {
				written.push(open);
				waiting.push(candidate);
			}
		}
		// Looking up the names has written them.
		if (written.length > 0) table.release(written);
	}
	for (const { key } of waiting) reservations.set(key, { status: 'taken' });
	return reservations;
}
