import { randomUUID } from 'node:crypto';
import type { IHookFunctions } from 'n8n-workflow';

import { LruCache } from '../shared/lruCache';
import { RecentAccounts } from './clinics/recentAccounts';
import { LogMemories } from './poll/logMemory';
import { Deliveries } from './webhook/deliveries';
import type { Probe } from './webhook/probe';
import { RegistrationProgress } from './webhook/registrationProgress';
import { Secrets } from './webhook/secrets';

/** Identifies this process among those of n8n. */
export const processId = randomUUID().slice(0, 8);

/** How many triggers are remembered: more than one n8n has active. */
const MAX_TRIGGERS = 2_000;

/**
 * What this process remembers of one trigger node. n8n's static data cannot hold it: writes of `webhook()` are
 * not saved, a worker may wipe all of it, and secrets do not belong there. Everything here may be lost at any
 * time, and differs between the processes of n8n's queue mode.
 */
export interface ProcessState {
	/** Whether a poll is in progress: n8n starts the next one regardless. */
	isPolling: boolean;
	/** Since when Cobalt delivers to us. Epoch milliseconds of our clock. */
	registeredAt?: number;
	readonly logs: LogMemories;
	readonly accounts: RecentAccounts;
	readonly deliveries: Deliveries;
	readonly secrets: Secrets;
	readonly registration: RegistrationProgress;
	/** The probe of a test in the editor, while it checks whether n8n can reach itself. */
	probe?: Probe;
}

const states = new LruCache<ProcessState>(MAX_TRIGGERS, () => ({
	isPolling: false,
	logs: new LogMemories(),
	accounts: new RecentAccounts(),
	deliveries: new Deliveries(),
	secrets: new Secrets(),
	registration: new RegistrationProgress(),
}));

/**
 * The state of a node, by its id, which it keeps when it is renamed.
 *
 * @param isTest whether it is for a test in the editor, which must not touch the active trigger
 */
export function processStateOf(
	workflowId: string | undefined,
	nodeId: string,
	isTest = false,
): ProcessState {
	return states.get(`${workflowId ?? ''} ${nodeId} ${isTest ? 'test' : ''}`);
}

/** The part of n8n's contexts that identifies a node. */
type Context = Pick<IHookFunctions, 'getMode' | 'getNode' | 'getWorkflow'>;

/** Whether this is n8n's "Execute step" in the editor, which has a webhook address of its own. */
export const isTest = (context: Pick<Context, 'getMode'>): boolean =>
	context.getMode() === 'manual';

/** The state of the trigger that a context belongs to. */
export function processStateFor(context: Context): ProcessState {
	return processStateOf(context.getWorkflow().id, context.getNode().id, isTest(context));
}
