import { nameText, boolean } from '../declarations/field';
import { GET_MANY, type Resource } from '../declarations/operation';
import { PART_OF_NAME, filters } from './sharedFields';

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
			description:
				'Retrieve a list of insurance providers, with the IDs that other operations need',
			path: '/insurance-providers',
			key: 'insurance_providers',
			pageSize: 100,
			fields: [],
			optional: filters([
				boolean('active', 'Active', {
					description: 'Whether to return active (on) or inactive (off) insurance providers',
				}),
				nameText('name', 'Name', {
					placeholder: 'e.g. blue cross',
					description: PART_OF_NAME,
				}),
			]),
			simplified: ['name', 'payer_id', 'active', ['insurance_provider_id', 'id']],
		},
	],
};
