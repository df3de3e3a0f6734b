import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { recordProcessedKeys } from '../shared/dedupe/processedKeys';
import { firstText } from '../shared/json';
import { TriggerAccounts } from './clinics/accounts';
import { processStateFor } from './processState';

/** How many events are remembered for each clinic, and for all together. */
const MAX_REMEMBERED = { each: 2_000, max: 10_000 };

/**
 * Drops the events that started a run of this node before. n8n's processes share its database, which outlives
 * them, so it knows of deliveries that another process received, and of a batch that was handed over just
 * before a crash. Neither this process nor the position in the log can know of these.
 */
export async function dropProcessed(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	// A run does not need the credential. If it is gone by now, its events merely look new.
	const accounts = await processStateFor(context)
		.accounts.get(context)
		.catch(() => new TriggerAccounts([], false));
	const names = items.map(({ json }) => {
		const account = accounts.idOf(firstText(json.access_token_reference_id));
		return `${account} ${firstText(json.event_id, json.event_digest) ?? ''}`;
	});
	const wanted = Math.min(MAX_REMEMBERED.each * accounts.all.length, MAX_REMEMBERED.max);
	const maxKeys = Math.max(MAX_REMEMBERED.each, wanted, names.length * 2);
	const processed = await recordProcessedKeys(context, names, maxKeys);
	const fresh = items.filter((_, index) => !processed?.has(names[index] ?? ''));
	const repeats = items.length - fresh.length;
	if (repeats > 0) {
		context.logger.debug(
			`Cobalt: events left out because a run began with them before: ${repeats}`,
		);
	}
	return fresh;
}
