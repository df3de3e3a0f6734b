import { GET_MANY, type Resource } from '../declarations/operation';

export const pharmacy: Resource = {
	value: 'pharmacy',
	name: 'Pharmacy',
	defaultOperation: GET_MANY,
	operations: [
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many pharmacies',
			description:
				'Retrieve a list of the pharmacies in the EHR, with the IDs that other operations need',
			path: '/pharmacies',
			key: 'pharmacies',
			fields: [],
			simplified: ['name', 'address', 'phone', 'email', 'status', 'ehr_id', ['pharmacy_id', 'id']],
		},
	],
};
