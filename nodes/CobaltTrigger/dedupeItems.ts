import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { recordProcessedKeys } from '../shared/dedupe/processedKeys';
import { firstText } from '../shared/json';
import { accountOf } from './account';

/** How many events are remembered. */
const KEPT = 2_000;

/**
 * Drops events with which this node has started a run before. n8n's database is shared by its processes and
 * outlives them, so it knows what neither this process nor the position in the log can know, such as a delivery
 * that another process received, or a batch that was handed over just before a crash.
 */
export async function dropProcessed(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	// A run does not need the credential. If it is gone by now, its events merely look new.
	const account = await accountOf(context).catch(() => '');
	const names = items.map(
		({ json }) => `${account} ${firstText(json.event_id, json.event_digest) ?? ''}`,
	);
	const maxKept = Math.max(KEPT, names.length * 2);
	const processed = await recordProcessedKeys(context, names, maxKept);
	const fresh = items.filter((_, index) => !processed?.has(names[index] ?? ''));
	const repeats = items.length - fresh.length;
	if (repeats > 0) {
		context.logger.debug(
			`Cobalt: events left out because a run began with them before: ${repeats}`,
		);
	}
	return fresh;
}
