import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { recordProcessedKeys } from '../shared/dedupe/processedKeys';
import { firstText } from '../shared/json';
import { accountOf } from './account';

/** Events. */
const KEPT = 2_000;

/**
 * Leaves out what a run of this node began with before. The processes of n8n share its database, and it
 * outlives them: it knows what neither this process nor the place in the log can know, such as a delivery
 * that another process took, or a batch that went out just before a crash.
 */
export async function dropProcessed(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	// A run does not need the credential: one that is gone by then only makes its events look new.
	const account = await accountOf(context).catch(() => '');
	const names = items.map(
		({ json }) => `${account} ${firstText(json.event_id, json.event_digest) ?? ''}`,
	);
	const mostKept = Math.max(KEPT, names.length * 2);
	const processed = await recordProcessedKeys(context, names, mostKept);
	const fresh = items.filter((_, index) => !processed?.has(names[index] ?? ''));
	const repeats = items.length - fresh.length;
	if (repeats > 0) {
		context.logger.debug(
			`Cobalt: events left out because a run began with them before: ${repeats}`,
		);
	}
	return fresh;
}
