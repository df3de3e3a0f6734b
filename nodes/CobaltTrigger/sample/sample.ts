import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import type { CobaltEvent } from '../../shared/events/event';
import { findNewestEvent } from '../../shared/events/eventLog';
import type { RequestContext } from '../../shared/http/credential/credential';
import { withTimeBudget } from '../../shared/http/timeBudget';
import { triggerError } from '../errors';
import { isWanted, queryFor } from '../filter';
import { itemOf } from '../item';
import type { TriggerSettings } from '../settings';

/** Milliseconds that a person waits in the editor. */
const TIME_MS = 60_000;

/** The newest event in the log that matches the settings: a real one, to build a workflow with. */
export async function newestSample(
	context: RequestContext,
	settings: TriggerSettings,
): Promise<CobaltEvent | undefined> {
	const query = queryFor(settings);
	return await withTimeBudget(
		context,
		TIME_MS,
		async (send) => await findNewestEvent(send, query, (event) => isWanted(event, settings)),
	);
}

/** The items of a manual run of a polling trigger. */
export async function sampleItems(
	context: IExecuteFunctions,
	settings: TriggerSettings,
): Promise<INodeExecutionData[]> {
	const node = context.getNode();
	const event = await newestSample(context, settings).catch((error: unknown) => {
		throw triggerError(node, error);
	});
	if (event === undefined) {
		throw new NodeOperationError(node, 'Cobalt has no recent event that is wanted here', {
			description:
				"Change something in the EHR and wait until Cobalt has seen it, or choose more under 'Trigger On' and in the options for the time being.",
		});
	}
	return [itemOf(event, settings)];
}
