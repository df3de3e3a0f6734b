import { eventLog } from '../../shared/events/eventLog';
import { eventTypes } from '../../shared/events/eventTypes';
import { whenTrue } from '../../shared/parsers/boolean';
import { eventType } from '../../shared/parsers/eventType';
import { options, identifier, boolean } from '../declarations/field';
import { GET_MANY, type Resource } from '../declarations/operation';
import { startBeforeEnd } from '../declarations/rules';
import { days, filters } from './sharedFields';

const byName = [...eventTypes].sort((one, other) => one.name.localeCompare(other.name));

export const webhookEvent: Resource = {
	value: 'webhookEvent',
	name: 'Webhook Event',
	defaultOperation: GET_MANY,
	operations: [
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many webhook events',
			description: "Retrieve a list of events from Cobalt's event log, newest first",
			...eventLog,
			namesClinic: true,
			fields: [],
			optional: filters([
				options('status', 'Delivery Status', [
					{ name: 'Failed', value: 'failed' },
					{ name: 'Pending', value: 'pending' },
					{ name: 'Success', value: 'success' },
				]),
				...days('to include'),
				options('event_type', 'Event Type', byName, {
					read: eventType,
					initially: 'appointment.created',
					description: 'Only events of this type. An expression may name any other type.',
				}),
				identifier('job_id', 'Job ID', {
					placeholder: 'e.g. 15550942',
					description: 'Only events of this job',
				}),
				boolean('sort', 'Oldest First', {
					name: 'oldestFirst',
					read: whenTrue('created'),
					description: 'Whether to sort by oldest first',
				}),
			]),
			rules: [startBeforeEnd],
			simplified: [
				['event_type', 'type'],
				['event_created_at', 'created_at', 'created', 'timestamp'],
				'data',
				['delivery_status', 'status'],
				['access_token_reference_id', 'user_id'],
				['job_id', 'job_execution_id'],
				['event_id', 'id'],
			],
		},
	],
};
