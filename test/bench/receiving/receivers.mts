import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';

import type { Webhook } from '../../../tools/fake-cobalt/index.mts';
import { node, to } from '../../../tools/n8n-host/workflowFile.mts';
import type { Stage } from '../../../tools/n8n/stage.mts';

/** Which node receives. */
export type ReceiverName = 'webhookNode' | 'otherTrigger' | 'trigger' | 'clinicsTrigger';

/** What all of them are sent. The triggers take no other. */
export const EVENT_TYPE = 'appointment.updated';

const TRIGGER = 'n8n-nodes-cobalt.cobaltTrigger';

const ONLY_UPDATES = { mode: 'webhook', events: [EVENT_TYPE] };

const NODES: Record<ReceiverName, Partial<INode> & Pick<INode, 'type'>> = {
	webhookNode: {
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2.1,
		parameters: { httpMethod: 'POST' },
	},
	otherTrigger: {
		type: 'n8n-nodes-base.chargebeeTrigger',
		parameters: { events: ['*'] },
	},
	trigger: { type: TRIGGER, typeVersion: 1.1, parameters: ONLY_UPDATES },
	clinicsTrigger: {
		type: TRIGGER,
		typeVersion: 1.1,
		parameters: { ...ONLY_UPDATES, authentication: 'multipleClinics' },
		credentials: { cobaltMultipleClinicsApi: { id: null, name: '' } },
	},
};

/** A published workflow that starts with a webhook and does nothing else. */
export interface Receiver {
	workflowId: string;
	/** Where it listens, and what signs deliveries to it. n8n's own nodes check no signature. */
	webhook: Webhook;
}

/** Publishes a workflow that starts with this node. */
export async function publish(stage: Stage, name: ReceiverName): Promise<Receiver> {
	const webhookId = randomUUID();
	const { type, parameters, ...settings } = NODES[name];
	// n8n's Webhook node has its path as a parameter.
	const path = name === 'webhookNode' ? { path: webhookId } : {};
	const trigger = { webhookId, parameters: { ...parameters, ...path }, ...settings };
	const { id } = await stage.import({
		name,
		nodes: [node('Trigger', type, trigger), node('Next', 'n8n-nodes-base.noOp')],
		connections: { Trigger: { main: [to('Next')] } },
	});
	await stage.session.activate(id);
	const registered = stage.cobalt.world.webhooks().find(({ url }) => url.includes(webhookId));
	const end = name === 'webhookNode' ? '' : '/webhook';
	const unsigned = {
		id: '',
		url: `${stage.url}/webhook/${webhookId}${end}`,
		secret: '',
		previous: null,
	};
	return { workflowId: id, webhook: registered ?? unsigned };
}
