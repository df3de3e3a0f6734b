import { required } from '../declarations/field';
import { GET_MANY, type Resource } from '../declarations/operation';
import { pick } from '../declarations/pick';
import { activity } from './sharedFields';

export const location: Resource = {
	value: 'location',
	name: 'Location',
	defaultOperation: GET_MANY,
	operations: [
		{
			kind: 'list',
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many locations',
			description:
				'Retrieve a list of the locations of the clinic, with the IDs that other operations need',
			path: '/locations',
			key: 'locations',
			fields: [],
			simplified: ['name', 'status', 'address', 'phone', 'fax', 'ehr_id', ['location_id', 'id']],
		},
		{
			kind: 'change',
			value: 'update',
			name: 'Update',
			action: 'Update location',
			description: 'Activate or deactivate a location in Cobalt',
			method: 'PATCH',
			path: '/locations/{id}',
			recordKey: 'location_id',
			fields: [
				pick('locations', 'id', 'id', 'Location', {
					name: 'locationId',
					placeholder: 'Select a location…',
					idPlaceholder: 'e.g. 7f3b9c1d2e4a5b6c7d8e9f0a1b2c3d4e',
					description:
						'The location to update. Expects the Cobalt ID (location_id), not the EHR ID.',
				}),
				activity,
			].map(required),
		},
	],
};
