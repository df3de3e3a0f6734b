import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import type { Cobalt, CobaltOptions } from '../../tools/fake-cobalt/index.mts';
import {
	startHost,
	triggerWorkflow,
	type Host,
	type HostOptions,
} from '../../tools/n8n-host/host.mts';
import { inVirtualTime } from '../../tools/n8n-host/virtualTime.mts';
import type { Ended } from '../../tools/n8n-host/workflow.mts';
import { cobaltForTest, credentialOf } from '../Cobalt/setup.mts';

/** An n8n, and the Cobalt that its credential leads to. */
export interface Scene {
	cobalt: Cobalt;
	host: Host;
}

export interface SceneOptions {
	cobalt?: CobaltOptions;
	host?: Partial<HostOptions>;
	/** When it begins, as ISO 8601. */
	now?: string;
	/** How many requests another server of the test holds back. */
	heldBack?: () => number;
}

/** Plays a scene on the virtual clock. */
export async function play<T>(
	work: (scene: Scene) => Promise<T>,
	options: SceneOptions = {},
): Promise<T> {
	const cobalt = await cobaltForTest({ loopbackWebhooks: true, ...options.cobalt });
	let host: Host | undefined;
	return await inVirtualTime(
		async () => {
			host = await startHost({ credential: credentialOf(cobalt), ...options.host });
			return await work({ cobalt, host });
		},
		() => cobalt.faults.heldBack + (host?.heldBack ?? 0) + (options.heldBack?.() ?? 0),
		options.now,
	);
}

/** Trigger → After, polling for changes of patients. */
export function polling(parameters: INodeParameters = {}, settings: Partial<INode> = {}) {
	return triggerWorkflow({ mode: 'polling', events: ['patient.updated'], ...parameters }, settings);
}

/** Trigger → After, called for changes of patients. */
export function webhook(parameters: INodeParameters = {}, settings: Partial<INode> = {}) {
	return triggerWorkflow({ mode: 'webhook', events: ['patient.updated'], ...parameters }, settings);
}

/** What the workflow got, run by run: what came out of the trigger, and on to the next node. */
export function runs({ host }: Scene): IDataObject[][] {
	return host.executions
		.map((ended: Ended) => ended.json('After'))
		.filter(({ length }) => length > 0);
}

/** All that the workflow got, in order. */
export function emitted(scene: Scene): IDataObject[] {
	return runs(scene).flat();
}

export function emittedIds(scene: Scene): string[] {
	return emitted(scene).map(({ event_id }) => event_id as string);
}

/** The staff changes the phone number of a patient, again and again. */
export function changePatients({ cobalt }: Scene, ...ids: string[]): void {
	for (const id of ids) cobalt.world.addEvent(patientUpdated(id));
}

export function patientUpdated(id: string) {
	return {
		id,
		type: 'patient.updated',
		data: { mrn: '44235', patient_name: 'Ada Byron', updated_fields: { phone: '555-0100' } },
	};
}

/** The same, and Cobalt delivers it to whom it may concern. */
export async function deliverChanges(scene: Scene, ...names: string[]): Promise<void> {
	changePatients(scene, ...names);
	await allDelivered(scene);
}

/** Everything is delivered, and what it started is over. */
export async function allDelivered({ cobalt, host }: Scene): Promise<void> {
	await cobalt.delivered();
	await host.settled();
}

/** Somebody uses Cobalt's API by hand. */
export async function atCobalt(
	{ cobalt }: Scene,
	path: string,
	body?: object,
): Promise<Record<string, unknown>> {
	const { clientId, clientSecret, accessToken } = cobalt.keys;
	const response = await fetch(`${cobalt.url}/v1${path}`, {
		method: 'POST',
		headers: {
			client_id: clientId,
			client_secret: clientSecret,
			access_token: accessToken,
			...(body && { 'content-type': 'application/json' }),
		},
		body: body && JSON.stringify(body),
	});
	if (!response.ok) throw new Error(`Cobalt refuses: ${await response.text()}`);
	return (await response.json()) as Record<string, unknown>;
}

/** So many ids, in order: e1, e2 … */
export function ids(count: number, from = 1): string[] {
	return Array.from({ length: count }, (_, index) => `e${index + from}`);
}

/** How often Cobalt was asked for events. */
export function logReads({ cobalt }: Scene): number {
	return cobalt.world.requests({ path: '/webhook-events' }).length;
}

export async function minutes(count: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, count * 60_000));
}
