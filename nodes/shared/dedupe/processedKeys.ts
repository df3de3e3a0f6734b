import { randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { SharedStore, type RemoveKeys, type WriteKeys } from './sharedStore';

/** By workflow and node. */
const lists = new Map<string, SharedStore>();

/**
 * Writes names down in n8n's database, in its table of processed data, and tells which of them were written
 * down by this node before. The database outlives an execution that is stopped by hand, and n8n itself,
 * and its processes share it. It keeps digests alone.
 *
 * @param mostKept how many names of this node are kept. n8n rewrites the whole list at each call: about 27
 *   bytes for each
 * @returns the names that are not new; undefined where that cannot be told, for example because the host
 *   has no such store (a workflow that was never saved)
 */
export async function recordProcessedKeys(
	context: IExecuteFunctions,
	names: string[],
	mostKept: number,
): Promise<ReadonlySet<string> | undefined> {
	return await listOf(context).add(names, writeFor(context, mostKept));
}

/**
 * Writes names down for this execution alone. Takes about a second: see {@link SharedStore.reserve}.
 *
 * @returns the names that another execution has, or may have; undefined where that cannot be told
 */
export async function reserveProcessedKeys(
	context: IExecuteFunctions,
	names: string[],
	mostKept: number,
): Promise<ReadonlySet<string> | undefined> {
	return await listOf(context).reserve(names, randomUUID(), writeFor(context, mostKept));
}

/** Removes names from n8n's table again, later. */
export function releaseProcessedKeys(context: IExecuteFunctions, names: string[]): void {
	listOf(context).remove(names, removeFor(context));
}

function listOf(context: IExecuteFunctions): SharedStore {
	const place = `${context.getWorkflow().id ?? ''} ${context.getNode().id}`;
	const list = lists.get(place) ?? new SharedStore();
	lists.set(place, list);
	return list;
}

/** It outlives the execution, and keeps nothing of it in memory but the workflow. */
function writeFor({ helpers }: IExecuteFunctions, mostKept: number): WriteKeys {
	const { checkProcessedAndRecord } = helpers;
	return async (names) => {
		try {
			const { processed } = await checkProcessedAndRecord(names, 'node', {
				mode: 'entries',
				maxEntries: Math.max(mostKept, names.length),
			});
			return new Set(processed.map(String));
		} catch {
			return undefined;
		}
	};
}

function removeFor({ helpers }: IExecuteFunctions): RemoveKeys {
	const { removeProcessed } = helpers;
	return async (names) => {
		await removeProcessed(names, 'node', { mode: 'entries' });
	};
}
