import type { INode, INodeParameters } from 'n8n-workflow';

import { node, to, type WorkflowFile } from '../../../tools/n8n-host/workflowFile.mts';

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
			node('Webhook', 'n8n-nodes-base.webhook', {
				typeVersion: 2,
				webhookId: path,
				parameters: { httpMethod: 'POST', path },
			}),
			node('Split Out', 'n8n-nodes-base.splitOut', {
				parameters: { fieldToSplitOut: 'body.bookings' },
			}),
			node('Book', 'n8n-nodes-cobalt.cobalt', {
				parameters: {
					resource: 'appointment',
					operation: 'create',
					mrn: '={{ $json.mrn }}',
					datetime: '={{ $json.datetime }}',
					provider: byId('118'),
					location: byId('2'),
					type: byId('follow_up'),
					options,
				},
			}),
		],
		connections: {
			Webhook: { main: [to('Split Out')] },
			'Split Out': { main: [to('Book')] },
		},
	};
}

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** The nodes, the Cobalt nodes among them with other options. */
export function withOptions(nodes: INode[], options: INodeParameters): INode[] {
	return nodes.map((one) =>
		one.type === 'n8n-nodes-cobalt.cobalt'
			? { ...one, parameters: { ...one.parameters, options } }
			: one,
	);
}
