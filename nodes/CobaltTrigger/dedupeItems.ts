import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { recordProcessedKeys } from '../shared/dedupe/processedKeys';
import { firstText } from '../shared/json';
import { accountsOf, TriggerAccounts } from './clinics/accounts';

/** How many events are remembered of each clinic, and of all together. */
const KEPT = { each: 2_000, max: 10_000 };

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
	const accounts = await accountsOf(context).catch(() => new TriggerAccounts([], false));
	const names = items.map(({ json }) => {
		const account = accounts.idOf(firstText(json.access_token_reference_id));
		return `${account} ${firstText(json.event_id, json.event_digest) ?? ''}`;
	});
	const kept = Math.min(KEPT.each * accounts.all.length, KEPT.max);
	const maxKept = Math.max(KEPT.each, kept, names.length * 2);
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
