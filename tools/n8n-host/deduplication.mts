import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ICheckProcessedContextData, IDataDeduplicator } from 'n8n-workflow';

import { databaseWork } from './host/databaseWork.mts';
import { n8nCore } from './n8n.mts';

/** n8n's table of processed data, by workflow and node, in memory. */
let rows = new Map<string, readonly string[]>();

/** Delays the next write of a row, after it was read. */
let hold: Promise<void> | undefined;

async function turn(): Promise<void> {
	databaseWork.underWay += 1;
	await nextTurn();
	databaseWork.underWay -= 1;
}

const placeOf = ({ workflow, node }: ICheckProcessedContextData): string =>
	`${workflow.id} ${node?.id ?? ''}`;

/** Like n8n's deduplication-helper: a row is read, changed and written back without a lock. */
const deduplicator: IDataDeduplicator = {
	async checkProcessedAndRecord(items, _scope, contextData, { maxEntries = Infinity }) {
		const place = placeOf(contextData);
		// Leftovers of an earlier test continue in that test's database.
		const table = rows;
		await turn();
		const row = table.get(place);
		const known = new Set(row);
		const output = {
			new: items.filter((item) => !known.has(String(item))),
			processed: items.filter((item) => known.has(String(item))),
		};
		const held = hold;
		hold = undefined;
		await (held ?? turn());
		if (row === undefined && table.has(place)) throw new Error('UNIQUE constraint failed');
		table.set(place, [...(row ?? []), ...output.new.map(String)].slice(-maxEntries));
		return output;
	},
	async removeProcessed(items, _scope, contextData) {
		const place = placeOf(contextData);
		const table = rows;
		const removed = new Set(items.map(String));
		await turn();
		const row = table.get(place);
		const held = hold;
		hold = undefined;
		await (held ?? turn());
		if (row)
			table.set(
				place,
				row.filter((entry) => !removed.has(entry)),
			);
	},
	async clearAllProcessedItems(_scope, contextData) {
		rows.delete(placeOf(contextData));
		return Promise.resolve();
	},
	async getProcessedDataCount(_scope, contextData) {
		return Promise.resolve(rows.get(placeOf(contextData))?.length ?? 0);
	},
};

await n8nCore.DataDeduplicationService.init(deduplicator);

/** Starts with an empty table. */
export function clearProcessedData(): void {
	rows = new Map();
	hold = undefined;
}

/** Makes the next writer slow: it has read its row, and writes it back only after this promise. */
export function holdNextWrite(until: Promise<void>): void {
	hold = until;
}
