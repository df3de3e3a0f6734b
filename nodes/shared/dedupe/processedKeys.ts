import { randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { LruCache } from '../lruCache';
import { SharedStore } from './sharedStore';
import type { RemoveKeys, WriteKeys } from './writeBatcher';

/**
 * More than the nodes that write at the same time in one process: a store that the cache drops has no checks
 * left.
 */
const MAX_STORES = 2_000;

/** Stores by workflow and node. */
const stores = new LruCache(MAX_STORES, () => new SharedStore());

/**
 * Writes names into n8n's table of processed data, and returns those that this node had written before. The
 * database outlives n8n and executions that are stopped by hand, and n8n's processes share it. It stores hashes.
 *
 * @param maxKept how many names of this node are kept. n8n rewrites the whole list in each call, with about 27
 *   bytes per name.
 * @returns the names that are not new; undefined if that is unknown, for example because the host has no such
 *   table (a workflow that was never saved)
 */
export async function recordProcessedKeys(
	context: IExecuteFunctions,
	names: string[],
	maxKept: number,
): Promise<ReadonlySet<string> | undefined> {
	return await storeOf(context).add(names, writeFor(context, maxKept));
}

/**
 * Writes names for this execution alone. Takes about a second: see {@link SharedStore.reserve}.
 *
 * @returns the names that another execution has, or may have; undefined if that is unknown
 */
export async function reserveProcessedKeys(
	context: IExecuteFunctions,
	names: string[],
	maxKept: number,
): Promise<ReadonlySet<string> | undefined> {
	return await storeOf(context).reserve(names, randomUUID(), writeFor(context, maxKept));
}

/** Queues names for removal from n8n's table. */
export function releaseProcessedKeys(context: IExecuteFunctions, names: string[]): void {
	storeOf(context).remove(names, removeFor(context));
}

function storeOf(context: IExecuteFunctions): SharedStore {
	return stores.get(`${context.getWorkflow().id ?? ''} ${context.getNode().id}`);
}

/**
 * The returned function may be called after the execution, so it does not hold on to the execution's context.
 */
function writeFor({ helpers }: IExecuteFunctions, maxKept: number): WriteKeys {
	const { checkProcessedAndRecord } = helpers;
	return async (names) => {
		try {
			const { processed } = await checkProcessedAndRecord(names, 'node', {
				mode: 'entries',
				maxEntries: Math.max(maxKept, names.length),
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
