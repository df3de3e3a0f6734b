import type { IPollFunctions } from 'n8n-workflow';

import { systemClock as clock } from '../../shared/retry/clock';
import { readLogStates, type LogState } from '../poll/pollState';
import type { WebhookTarget } from '../poll/undelivered';
import type { ProcessState } from '../processState';
import type { TriggerSettings } from '../settings';
import { ourAddress } from '../webhook/registrationState';
import { accountsToRead, type TriggerAccounts } from './accounts';
import { RunQuota } from './runQuota';
import { UnnamedEvents } from './unnamedEvents';

/** One poll: what the reads of all logs share. */
export interface Poll {
	context: IPollFunctions;
	settings: TriggerSettings;
	processState: ProcessState;
	accounts: TriggerAccounts;
	/** All saved positions, including those in logs that are not read anymore. */
	places: readonly LogState[];
	address: WebhookTarget;
	quota: RunQuota;
	unnamed: UnnamedEvents;
	/** Epoch milliseconds of our clock. */
	beganAt: number;
}

/**
 * Opens a poll. Forgets the logs of accounts that are no longer in the credential.
 *
 * @throws CobaltApiError or NodeOperationError
 */
export async function openPoll(
	context: IPollFunctions,
	settings: TriggerSettings,
	processState: ProcessState,
): Promise<Poll> {
	const beganAt = clock.now();
	const accounts = await accountsToRead(context, settings);
	const data = context.getWorkflowStaticData('node');
	const places = [...readLogStates(data, settings.overlapMs), ...processState.logs.states];
	processState.logs.keepOnly(new Set(accounts.all.map(({ id }) => id)));
	return {
		context,
		settings,
		processState,
		accounts,
		places,
		address: ourAddress(context),
		quota: new RunQuota(settings.eventsPerRun),
		unnamed: new UnnamedEvents(places),
		beganAt,
	};
}
