import type { IExecuteFunctions } from 'n8n-workflow';

/** Two names for each submission. n8n rewrites the whole list at each call: about 30 bytes for each. */
const NAMES_KEPT = 10_000;

/**
 * Writes down in n8n's database, before anything is sent, what is about to be submitted, and tells what
 * was written down before. The database outlives what the ledger does not: an execution that is stopped
 * by hand, and the end of n8n itself. It keeps digests alone, and cannot say what became of them.
 *
 * @returns the names that are not new; undefined where the host has no such store (a workflow that was
 *   never saved, for one)
 */
export async function recordInJournal(
	context: IExecuteFunctions,
	names: string[],
): Promise<Set<string> | undefined> {
	try {
		const { processed } = await context.helpers.checkProcessedAndRecord(names, 'node', {
			mode: 'entries',
			maxEntries: Math.max(NAMES_KEPT, names.length),
		});
		return new Set(processed.map(String));
	} catch {
		return undefined;
	}
}
