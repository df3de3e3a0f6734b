import { randomUUID } from 'node:crypto';
import type { IHookFunctions } from 'n8n-workflow';

import type { LogPosition } from '../shared/events/logReader';
import type { LogState } from './poll/pollState';
import { Deliveries } from './webhook/deliveries';
import type { Probe } from './webhook/probe';
import { RegistrationProgress } from './webhook/registrationProgress';
import { Secrets } from './webhook/secrets';

/** Another one for each process of n8n. */
export const processId = randomUUID().slice(0, 8);

/** How many triggers are remembered: more than an n8n has at work. */
const MAX_TRIGGERS = 2_000;

/**
 * What this process remembers of one trigger node. n8n's static data cannot hold it: what `webhook()`
 * writes there is not saved, a worker may wipe all of it, and a secret has no place in it. Everything here
 * may be lost at any time, and differs between the processes of n8n's queue mode.
 */
export interface ProcessState {
	/** Whether a poll is on its way: n8n starts the next one all the same. */
	isPolling: boolean;
	/** When the last look began that succeeded. Epoch milliseconds of our clock. */
	lookedAt?: number;
	/** For a host that does not keep what the poll at activation writes. */
	log?: LogState;
	/**
	 * When Cobalt stopped delivering to us, while what happened since is not made up for. Epoch milliseconds
	 * of our clock.
	 */
	gapStart?: number;
	/** Since when Cobalt delivers to us; likewise. */
	registeredAt?: number;
	/** Where the log was read last, also by a look that did not come to its end. */
	logPosition?: LogPosition;
	readonly deliveries: Deliveries;
	readonly secrets: Secrets;
	readonly registration: RegistrationProgress;
	/** Of a test in the editor, while it finds out whether n8n reaches itself. */
	probe?: Probe;
}

const memories = new Map<string, ProcessState>();

/**
 * By the node's id, which it keeps when it is renamed.
 *
 * @param isTest whether it is for a test in the editor, which must not touch what is at work
 */
export function processStateOf(
	workflowId: string | undefined,
	nodeId: string,
	isTest = false,
): ProcessState {
	const key = `${workflowId ?? ''} ${nodeId} ${isTest ? 'test' : ''}`;
	const memory = memories.get(key) ?? {
		isPolling: false,
		deliveries: new Deliveries(),
		secrets: new Secrets(),
		registration: new RegistrationProgress(),
	};
	memories.delete(key);
	memories.set(key, memory);
	const [oldest] = memories.keys();
	if (memories.size > MAX_TRIGGERS && oldest !== undefined) memories.delete(oldest);
	return memory;
}

/** What is needed of n8n's contexts to tell whose memory it is. */
type Context = Pick<IHookFunctions, 'getMode' | 'getNode' | 'getWorkflow'>;

/** n8n's "Execute step" in the editor: for a webhook, it has an address of its own. */
export const isTest = (context: Pick<Context, 'getMode'>): boolean =>
	context.getMode() === 'manual';

/** The memory of the trigger that a context is of. */
export function processStateFor(context: Context): ProcessState {
	return processStateOf(context.getWorkflow().id, context.getNode().id, isTest(context));
}
