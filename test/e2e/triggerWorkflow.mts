import { randomUUID } from 'node:crypto';
import type { INode, INodeParameters } from 'n8n-workflow';

import type { DeliveryAttempt, LoggedRequest, Webhook } from '../../tools/fake-cobalt/index.mts';
import { node, to } from '../../tools/n8n-host/workflowFile.mts';
import { eventually, itemsOf, until, type StoredExecution } from '../../tools/n8n/session.mts';
import type { Stage } from '../../tools/n8n/stage.mts';

/** The names of the nodes. */
const TRIGGER = 'Trigger';
const NEXT = 'Next';

/** A minute, and what a slow machine adds to it. */
const NEXT_POLL_SECONDS = 150;

export interface TriggerWorkflowOptions {
	/** Of events that nothing else in the test makes: this workflow's own. */
	readonly eventType: string;
	/** Of the trigger. */
	readonly parameters: INodeParameters;
	/** What comes after the trigger. Default: a node that does nothing. */
	readonly next?: Pick<INode, 'type' | 'typeVersion' | 'parameters'>;
}

/** Trigger → Next in a whole n8n, and what there is to see of it there and at Cobalt. */
export class TriggerWorkflow {
	private constructor(
		private readonly stage: Stage,
		readonly eventType: string,
		private readonly webhookId: string,
		readonly id: string,
	) {}

	/** Imports it. It is not active yet. */
	static async import(
		stage: Stage,
		{ eventType, parameters, next }: TriggerWorkflowOptions,
	): Promise<TriggerWorkflow> {
		const webhookId = randomUUID();
		const { id } = await stage.import({
			name: eventType,
			nodes: [
				node(TRIGGER, 'n8n-nodes-cobalt.cobaltTrigger', {
					typeVersion: 1.1,
					webhookId,
					parameters: { events: ['other'], otherEventTypes: eventType, ...parameters },
				}),
				node(NEXT, 'n8n-nodes-base.noOp', next),
			],
			connections: { [TRIGGER]: { main: [to(NEXT)] } },
			// So that what a run has come to can be seen before its end.
			settings: { executionOrder: 'v1', saveExecutionProgress: true },
		});
		return new TriggerWorkflow(stage, eventType, webhookId, id);
	}

	async activate(): Promise<void> {
		await this.stage.session.activate(this.id);
	}

	async deactivate(): Promise<void> {
		await this.stage.session.deactivate(this.id);
	}

	/** Saves the trigger, changed, and activates the workflow again: the trigger then looks at once. */
	async change(change: (trigger: INode) => Partial<INode>): Promise<void> {
		await this.stage.session.changeWorkflow(this.id, ({ nodes }) => {
			const changed = nodes.map((node) =>
				node.name === NEXT ? node : { ...node, ...change(node) },
			);
			const [trigger = NEXT] = changed.map(({ name }) => name).filter((name) => name !== NEXT);
			return { nodes: changed, connections: { [trigger]: { main: [to(NEXT)] } } };
		});
		await this.activate();
	}

	/** Events of its own type happen, one after the other, and Cobalt sets out to deliver them. */
	happen(...names: string[]): void {
		for (const name of names) {
			this.stage.cobalt.world.addEvent({
				id: name + this.suffix,
				type: this.eventType,
				data: { mrn: '44235', updated_fields: { phone: '555-0100' } },
			});
		}
	}

	/** Its registrations at Cobalt, that of a test in the editor among them. */
	registrations(): Webhook[] {
		return this.stage.cobalt.world.webhooks().filter(({ url }) => url.includes(this.webhookId));
	}

	/** The one that there must be. */
	get registration(): Webhook {
		const [registration, ...further] = this.registrations();
		if (registration && further.length === 0) return registration;
		throw new Error(`${this.eventType}: not registered, or more than once`);
	}

	/** Where Cobalt delivers to. */
	get url(): string {
		return this.registration.url;
	}

	/** How often an address of it was registered. */
	timesRegistered(): number {
		const requests = this.stage.cobalt.world.requests({ method: 'POST', path: '/webhook' });
		return requests.filter(({ body }) => JSON.stringify(body).includes(this.webhookId)).length;
	}

	/** What Cobalt has sent it of its own events, and how it went. */
	deliveries(): { name: string; status: DeliveryAttempt['status'] }[] {
		return this.stage.cobalt.deliveries
			.filter(({ url, eventId }) => url.includes(this.webhookId) && eventId.endsWith(this.suffix))
			.map(({ eventId, status }) => ({ name: this.nameOf(eventId), status }));
	}

	/** Its requests for the event log. */
	logReads(): LoggedRequest[] {
		const requests = this.stage.cobalt.world.requests({ path: '/webhook-events' });
		return requests.filter(({ query }) => query.event_type === this.eventType);
	}

	/** Resolves when it has asked for the event log after now, as its schedule has it. */
	async nextPoll(): Promise<void> {
		const before = this.logReads().length;
		const isPolling = () => this.logReads().length > before;
		await until(`${this.eventType} is looked for`, isPolling, NEXT_POLL_SECONDS);
	}

	async executions(): Promise<StoredExecution[]> {
		const { session } = this.stage;
		const summaries = await session.executions(this.id);
		return await Promise.all(summaries.map(async ({ id }) => await session.execution(id)));
	}

	/** The events that the workflow went on with, run by run, without those of tests in the editor. */
	async runs(): Promise<string[][]> {
		const executions = await this.executions();
		return executions
			.filter(({ mode }) => mode !== 'manual')
			.map((execution) => this.namesOf(execution, NEXT))
			.filter(({ length }) => length > 0);
	}

	/** Waits until the workflow has gone on with all of these. @returns the runs so far */
	async emitted(...names: string[]): Promise<string[][]> {
		return await eventually(`${this.eventType}: ${names.join()} are told`, async () => {
			const runs = await this.runs();
			const emitted = new Set(runs.flat());
			return names.every((name) => emitted.has(name)) ? runs : undefined;
		});
	}

	/** The events of runs that ended with n8n itself: n8n keeps what they began with, for a retry. */
	async crashed(): Promise<string[]> {
		const executions = await this.executions();
		return executions
			.filter(({ status }) => status === 'crashed')
			.flatMap(({ run }) => run.executionData?.nodeExecutionStack ?? [])
			.flatMap(({ data }) => data.main?.[0] ?? [])
			.map(({ json }) => this.nameOf(json.event_id as string));
	}

	/** Resolves when a run has gone past the trigger: n8n then knows what it began with. */
	async begun(): Promise<void> {
		await eventually(`${this.eventType}: a run has begun`, async () => {
			const executions = await this.executions();
			const isUnderWay = executions.some(({ run }) => TRIGGER in run.resultData.runData);
			return isUnderWay || undefined;
		});
	}

	/** *Execute step* of the trigger in the editor. */
	async executeStep(): Promise<void> {
		await this.stage.session.executeStep(this.id, TRIGGER);
	}

	/** What *Execute step* gave, once it has ended. */
	async sample(): Promise<string[]> {
		const { session } = this.stage;
		const { id } = await eventually(`${this.eventType}: the step is executed`, async () => {
			const executions = await session.executions(this.id);
			return executions.find(({ mode }) => mode === 'manual');
		});
		return this.namesOf(await session.ended(id), TRIGGER);
	}

	/** What the IDs of its events end with: in a test, events of several workflows go by the same name. */
	private get suffix(): string {
		return ` ${this.eventType}`;
	}

	private nameOf(eventId: string): string {
		return eventId.slice(0, -this.suffix.length);
	}

	private namesOf(execution: StoredExecution, nodeName: string): string[] {
		// In place of items that ended with n8n itself, it shows others, which are nobody's.
		const ids = itemsOf(execution, nodeName).map(({ event_id: id }) => id);
		return ids.filter((id) => typeof id === 'string').map((id) => this.nameOf(id));
	}
}
