import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import { onTestFinished } from 'vitest';

import { startCobalt, type Cobalt, type CobaltOptions } from '../../tools/fake-cobalt/index.mts';
import { clearProcessedData } from '../../tools/n8n-host/deduplication.mts';
import { after, inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import {
	cobaltWorkflow,
	retryExecution,
	retryFromStart,
	startWorkflow,
	type CobaltWorkflowOptions,
	type Ended,
	type Execution,
} from '../../tools/n8n-host/workflow.mts';
import { node, to, type WorkflowFile } from '../../tools/n8n-host/workflowFile.mts';

/** A fake Cobalt for one test, and an n8n that has not run anything yet. */
export async function cobaltForTest(options?: CobaltOptions): Promise<Cobalt> {
	clearProcessedData();
	const cobalt = await startCobalt(options);
	onTestFinished(async () => {
		await cobalt.close();
	});
	return cobalt;
}

export function credentialOf(cobalt: Cobalt) {
	return { ...cobalt.keys, baseUrl: cobalt.url };
}

/** Bookings that do not get in each other's way: one patient, an hour apart. */
export function bookings(count: number): IDataObject[] {
	return Array.from({ length: count }, (_, index) => {
		const start = new Date(Date.UTC(2025, 5, 2, 13 + index)).toISOString();
		return { mrn: '44235', datetime: start, provider: '118', location: '2', type: 'follow_up' };
	});
}

/** Appointment: Create, with each field taken from the item. */
export const CREATE: INodeParameters = {
	resource: 'appointment',
	operation: 'create',
	mrn: '={{ $json.mrn }}',
	datetime: '={{ $json.datetime }}',
	provider: '={{ $json.provider }}',
	location: '={{ $json.location }}',
	type: '={{ $json.type }}',
};

export interface Timing {
	/** Told the execution as soon as it runs, for example to cancel it. */
	meanwhile?: (execution: Execution) => void;
	/** When it begins, as ISO 8601. */
	now?: string;
	/** For how many seconds n8n lives on after it: then what is left over shows itself. */
	linger?: number;
	/** Fields of the credential that are not those of the first clinic. */
	credential?: ICredentialDataDecryptedObject;
}

export interface RunOptions extends CobaltWorkflowOptions, Timing {
	parameters?: INodeParameters;
}

/** Runs the node on the engine and on a virtual clock. Default: one booking that is waited for. */
export async function run(
	cobalt: Cobalt,
	{
		parameters = CREATE,
		items = bookings(1),
		meanwhile,
		now,
		linger,
		credential,
		...workflow
	}: RunOptions = {},
): Promise<Ended> {
	const file = cobaltWorkflow(parameters, { items, ...workflow });
	return await runFile(cobalt, file, { meanwhile, now, linger, credential });
}

/** Runs a whole workflow. */
export async function runFile(cobalt: Cobalt, file: WorkflowFile, timing?: Timing): Promise<Ended> {
	const options = optionsOf(cobalt, timing);
	return await bringToEnd(cobalt, () => startWorkflow(file, options), timing);
}

interface RetryOptions extends Timing {
	/** The workflow to go on with, when it was changed since. */
	file?: WorkflowFile;
}

/** *Retry execution* from n8n's list. */
export async function retry(
	cobalt: Cobalt,
	ended: Ended,
	{ file, ...timing }: RetryOptions = {},
): Promise<Ended> {
	const options = optionsOf(cobalt, timing);
	return await bringToEnd(cobalt, () => retryExecution(ended, options, file), timing);
}

/** *Retry execution* of one of which n8n has lost everything but its start. */
export async function retryLost(
	cobalt: Cobalt,
	file: WorkflowFile,
	timing?: Timing,
): Promise<Ended> {
	const options = optionsOf(cobalt, timing);
	return await bringToEnd(cobalt, () => retryFromStart(file, options), timing);
}

const optionsOf = (cobalt: Cobalt, { credential }: Timing = {}) => ({
	credential: { ...credentialOf(cobalt), ...credential },
});

async function bringToEnd(
	cobalt: Cobalt,
	begin: () => Execution,
	{ meanwhile, now, linger = 0 }: Timing = {},
): Promise<Ended> {
	return await inVirtualTime(
		async () => {
			const execution = begin();
			meanwhile?.(execution);
			const ended = await execution.result;
			if (linger > 0) await passed(linger);
			return ended;
		},
		() => cobalt.faults.heldBack,
		now,
	);
}

/** Resolves when that much virtual time has passed. */
export async function passed(seconds: number): Promise<void> {
	await new Promise<void>((resolve) => {
		after(seconds, resolve);
	});
}

/** Two ways lead from the trigger to the node: it runs twice in one execution, with the same items. */
export function twice(file: WorkflowFile): WorkflowFile {
	file.nodes.push(node('Detour', 'n8n-nodes-base.noOp'));
	file.connections.Trigger?.main?.[0]?.push(...to('Detour'));
	file.connections.Detour = { main: [to('Cobalt')] };
	return file;
}

/** Cobalt turns a request away before it takes it. */
export const refuse = {
	kind: 'status',
	status: 400,
	body: { success: false, message: 'Closed.' },
} as const;

/** How often Cobalt was asked for events. */
export function lookups(cobalt: Cobalt): number {
	return cobalt.world.requests({ path: '/webhook-events' }).length;
}

/** How often Cobalt was asked to book. */
export function submissions(cobalt: Cobalt): number {
	return cobalt.world.requests({ method: 'POST', path: '/appointments' }).length;
}

/** Cobalt turns a booking away and asks to come back later. */
export function tooManyRequests(retryAfterSeconds: number) {
	return {
		kind: 'status',
		status: 429,
		headers: { 'retry-after': String(retryAfterSeconds) },
		path: '/appointments',
	} as const;
}
