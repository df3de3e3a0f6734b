import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { openPoll } from '../clinics/sharedPoll';
import { triggerError } from '../errors';
import { itemOf } from '../item';
import { processStateFor } from '../processState';
import { readSettings } from '../settings';
import { parametersOfTrigger } from '../settingsSource';
import { isRegistrationRefused } from './activation';
import { readLogs } from './readLogs';

/** The limit that n8n sets for a poll. Hosts before 2.39 do not report it. */
const MAX_POLL_MS = 5 * 60_000;

/**
 * Reads the event log once: everything since the last poll, or in the mode *Webhook* everything that could
 * not be delivered since.
 *
 * @returns the new events that match the settings, oldest first; null if there are none
 * @throws NodeApiError or NodeOperationError
 */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const settings = readSettings(parametersOfTrigger(this));
	if (settings.mode === 'webhook' && !settings.recoversMissed) return null;
	if (settings.mode === 'webhook' && (await isRegistrationRefused(this))) return null;
	const node = this.getNode();
	const processState = processStateFor(this);
	if (processState.isPolling) {
		this.logger.debug('Cobalt: the last poll is still on its way, so this one is left out');
		return null;
	}
	processState.isPolling = true;
	try {
		const timeMs = Math.min(this.getPollBudgetMs?.() ?? MAX_POLL_MS, MAX_POLL_MS);
		const poll = await openPoll(this, settings, processState);
		const events = await readLogs(poll, timeMs);
		if (events.length === 0) return null;
		return [events.map((event) => itemOf(event, settings))];
	} catch (error) {
		throw triggerError(node, error);
	} finally {
		processState.isPolling = false;
	}
}
