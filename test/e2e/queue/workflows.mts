import type { INode, INodeParameters } from 'n8n-workflow';

import { node, to, type WorkflowFile } from '../../../tools/n8n-host/workflowFile.mts';
import { bookingNode, splitOutNode, webhookNode } from '../nodes.mts';

/** Starts when the staff has changed a patient, by polling. */
export function polledPatients(): WorkflowFile {
	return startedBy('Polled patients', { mode: 'polling', events: ['patient.updated'] });
}

/** Starts when the staff has booked an appointment, by webhook. It looks once a minute for what was missed. */
export function deliveredBookings(): WorkflowFile {
	return startedBy(
		'Delivered bookings',
		{
			mode: 'webhook',
			events: ['appointment.created'],
			source: 'ehr_staff',
			pollTimes: { item: [{ mode: 'everyMinute' }] },
		},
		{ webhookId: 'f3c1a5de-3b0e-4a51-9d6f-5f2f4f6c0a11' },
	);
}

function startedBy(
	name: string,
	parameters: INodeParameters,
	more: Partial<INode> = {},
): WorkflowFile {
	return {
		name,
		nodes: [
			node('Cobalt Trigger', 'n8n-nodes-cobalt.cobaltTrigger', { parameters, ...more }),
			node('Told', 'n8n-nodes-base.noOp'),
		],
		connections: { 'Cobalt Trigger': { main: [to('Told')] } },
	};
}

/**
 * Books what it is sent, as `{ bookings: […] }`.
 *
 * @param path of its webhook, after /webhook/
 * @param options of the Cobalt node
 */
export function bookingDesk(path: string, options: INodeParameters = {}): WorkflowFile {
	return {
		name: `Booking desk ${path}`,
		nodes: [
			webhookNode('Webhook', path),
			splitOutNode('Split Out', 'bookings'),
			bookingNode({ options }),
		],
		connections: {
			Webhook: { main: [to('Split Out')] },
			'Split Out': { main: [to('Book')] },
		},
	};
}

/** The nodes, the Cobalt nodes among them with other options. */
export function withOptions(nodes: INode[], options: INodeParameters): INode[] {
	return nodes.map((one) =>
		one.type === 'n8n-nodes-cobalt.cobalt'
			? { ...one, parameters: { ...one.parameters, options } }
			: one,
	);
}
