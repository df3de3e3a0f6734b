import type { Resource } from '../declarations/operation';

export const settings: Resource = {
	value: 'settings',
	name: 'Settings',
	defaultOperation: 'get',
	operations: [
		{
			kind: 'record',
			value: 'get',
			name: 'Get',
			action: 'Get settings of account',
			description:
				"Read the account's visit types, visit statuses, required patient fields and timezone",
			path: '/settings',
			key: 'data',
			fields: [],
		},
	],
};
