import { required } from '../declarations/field';
import { GET_MANY, type Resource } from '../declarations/operation';
import { startBeforeEnd } from '../declarations/rules';
import { days, filters, patientMrn } from './sharedFields';

export const order: Resource = {
	value: 'order',
	name: 'Order',
	defaultOperation: GET_MANY,
	operations: [
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many orders',
			description: "Retrieve a list of a patient's orders, such as lab tests, with their results",
			path: '/orders',
			key: 'orders',
			fields: [required(patientMrn())],
			optional: filters(days('to include')),
			rules: [startBeforeEnd],
			simplified: [
				'mrn',
				'order_name',
				['order_date', 'ordered_date'],
				'status',
				'type',
				'lab_results',
				'details',
				'provider_id',
				'appointment_id',
				['order_id', 'id'],
			],
		},
	],
};
