import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Writes names down in n8n's database, in its table of processed data, and tells which of them were written
 * down by this node before. The database outlives an execution that is stopped by hand, and n8n itself,
 * and its processes share it. It keeps digests alone.
 *
 * @param mostKept how many names of this node are kept. n8n rewrites the whole list at each call: about 35
 *   bytes for each
 * @returns the names that are not new; undefined where the host has no such store (a workflow that was
 *   never saved, for one)
 */
export async function recordInJournal(
	context: IExecuteFunctions,
	names: string[],
	mostKept: number,
): Promise<ReadonlySet<string> | undefined> {
	try {
		const { processed } = await context.helpers.checkProcessedAndRecord(names, 'node', {
			mode: 'entries',
			maxEntries: mostKept,
		});
		return new Set(processed.map(String));
	} catch {
		return undefined;
	}
}
