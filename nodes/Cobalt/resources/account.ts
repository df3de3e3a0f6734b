import type { Resource } from '../declarations/operation';

export const account: Resource = {
	value: 'account',
	name: 'Account',
	defaultOperation: 'getSettings',
	operations: [
		{
			kind: 'record',
			value: 'getSettings',
			name: 'Get Settings',
			action: 'Get account settings',
			description:
				'Retrieve the visit types, visit statuses, required patient fields and timezone of the account',
			path: '/settings',
			key: 'data',
			fields: [],
		},
	],
};
