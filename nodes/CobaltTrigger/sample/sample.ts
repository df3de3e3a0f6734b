import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import type { CobaltEvent } from '../../shared/events/event';
import { findNewestEvent, newestOf } from '../../shared/events/eventLog';
import { createClient } from '../../shared/http/client';
import type { RequestContext } from '../../shared/http/credential/credential';
import { withTimeBudget } from '../../shared/http/timeBudget';
import { systemClock as clock } from '../../shared/retry/clock';
import { createLimiter } from '../../shared/retry/concurrency';
import { accountsToRead, MAX_CONCURRENT_LOGS, type TriggerAccount } from '../clinics/accounts';
import { triggerError } from '../errors';
import { isWanted, queryFor } from '../filter';
import { itemOf } from '../item';
import type { TriggerSettings } from '../settings';

/** Milliseconds that a person waits in the editor. */
const TIME_MS = 60_000;

/**
 * The newest event in the logs that matches the settings: a real one, to build a workflow with. Clinics whose logs
 * cannot be read are left out, as long as there is an event of another one.
 *
 * @throws what reading throws
 */
export async function newestSample(
	context: RequestContext,
	settings: TriggerSettings,
): Promise<CobaltEvent | undefined> {
	const accounts = await accountsToRead(context, settings);
	const endsAt = clock.now() + TIME_MS;
	const limit = createLimiter(MAX_CONCURRENT_LOGS);
	const newestIn = async (account: TriggerAccount) =>
		await withTimeBudget(
			createClient(context, account.credential),
			endsAt - clock.now(),
			async (send) =>
				await findNewestEvent(
					send,
					queryFor(settings),
					(event) => isWanted(event, settings) && accounts.mayBelongTo(account, event),
				),
		);
	const tried = await Promise.allSettled(
		accounts.all.map(async (account) => await limit(async () => await newestIn(account))),
	);
	const newest = newestOf(
		tried.flatMap((one) => (one.status === 'fulfilled' ? (one.value ?? []) : [])),
	);
	const failure = tried.find(({ status }) => status === 'rejected');
	if (newest === undefined && failure?.status === 'rejected') throw failure.reason;
	return newest;
}

/**
 * The items of a manual run of a polling trigger.
 *
 * @throws NodeApiError, or NodeOperationError if no event matches
 */
export async function sampleItems(
	context: IExecuteFunctions,
	settings: TriggerSettings,
): Promise<INodeExecutionData[]> {
	const node = context.getNode();
	const event = await newestSample(context, settings).catch((error: unknown) => {
		throw triggerError(node, error);
	});
	if (event === undefined) {
		throw new NodeOperationError(node, 'No recent event matches this trigger', {
			description:
				"Change something in the EHR and try again in a few minutes, or select more events under 'Trigger On' and remove filters for now.",
		});
	}
	return [itemOf(event, settings)];
}
