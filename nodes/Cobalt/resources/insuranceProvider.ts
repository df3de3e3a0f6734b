import { nameText, boolean } from '../declarations/field';
import { GET_MANY, type Resource } from '../declarations/operation';
import { filters } from './sharedFields';

export const insuranceProvider: Resource = {
	value: 'insuranceProvider',
	name: 'Insurance Provider',
	defaultOperation: GET_MANY,
	operations: [
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many insurance providers',
			description: 'List the insurance companies that Cobalt knows, with the IDs that writes need',
			path: '/insurance-providers',
			key: 'insurance_providers',
			pageSize: 100,
			fields: [],
			optional: filters([
				boolean('active', 'Active', {
					description: 'Whether to list the active ones, or those that are not',
				}),
				nameText('name', 'Name', {
					placeholder: 'e.g. blue cross',
					description: 'A part of the name, in capitals or not',
				}),
			]),
			simplified: ['name', 'payer_id', 'active', ['insurance_provider_id', 'id']],
		},
	],
};
