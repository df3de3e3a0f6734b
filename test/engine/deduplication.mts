import type { ICheckProcessedContextData, IDataDeduplicator } from 'n8n-workflow';

import { n8nCore } from './n8n.mts';

/** What n8n keeps in its table of processed data, by workflow and node; here it is kept in memory. */
const stored = new Map<string, Set<string>>();

function entriesOf({ workflow, node }: ICheckProcessedContextData): Set<string> {
	const place = `${workflow.id} ${node?.id ?? ''}`;
	const entries = stored.get(place) ?? new Set<string>();
	stored.set(place, entries);
	return entries;
}

const deduplicator: IDataDeduplicator = {
	async checkProcessedAndRecord(items, _scope, contextData, { maxEntries = Infinity }) {
		const entries = entriesOf(contextData);
		const output = {
			new: items.filter((item) => !entries.has(String(item))),
			processed: items.filter((item) => entries.has(String(item))),
		};
		// Those that were recorded last are kept: the last of them, by when they were first.
		for (const item of items) entries.add(String(item));
		for (const entry of entries) {
			if (entries.size <= maxEntries) break;
			entries.delete(entry);
		}
		return Promise.resolve(output);
	},
	async removeProcessed(items, _scope, contextData) {
		for (const item of items) entriesOf(contextData).delete(String(item));
		return Promise.resolve();
	},
	async clearAllProcessedItems(_scope, contextData) {
		entriesOf(contextData).clear();
		return Promise.resolve();
	},
	async getProcessedDataCount(_scope, contextData) {
		return Promise.resolve(entriesOf(contextData).size);
	},
};

await n8nCore.DataDeduplicationService.init(deduplicator);

/** A new database. */
export function clearProcessedData(): void {
	stored.clear();
}
