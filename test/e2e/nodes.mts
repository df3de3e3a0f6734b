import type { INode, INodeParameters } from 'n8n-workflow';

import { node } from '../../tools/n8n-host/workflowFile.mts';

/** A Webhook node that starts the workflow on a POST to /webhook/path. */
export function webhookNode(name: string, path: string): INode {
	return node(name, 'n8n-nodes-base.webhook', {
		typeVersion: 2,
		webhookId: path,
		parameters: { httpMethod: 'POST', path },
	});
}

/** A Split Out node: one item for each entry of this list in the webhook's body. */
export function splitOutNode(name: string, list: string): INode {
	return node(name, 'n8n-nodes-base.splitOut', { parameters: { fieldToSplitOut: `body.${list}` } });
}

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/**
 * A Cobalt node that books each item, `{ mrn, datetime }`, with the same provider at the same location.
 *
 * @param parameters beside or instead of the usual ones
 * @param settings n8n's own settings of the node
 */
export function bookingNode(
	parameters: INodeParameters = {},
	settings: Partial<INode> = {},
): INode {
	return node('Book', 'n8n-nodes-cobalt.cobalt', {
		parameters: {
			resource: 'appointment',
			operation: 'create',
			mrn: '={{ $json.mrn }}',
			datetime: '={{ $json.datetime }}',
			provider: byId('118'),
			location: byId('2'),
			type: byId('follow_up'),
			...parameters,
		},
		...settings,
	});
}
